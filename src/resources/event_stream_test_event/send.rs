//! Sending a test event and looking for its failure.

use std::time::Duration;

use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::auth0::{Auth0, Error, Operation, TestEvent};
use crate::framework::Diagnostic;
use crate::framework::action::Progress;
use crate::framework::value::Value;

/// So long failures are looked for: Auth0 begins to deliver a test event after 13 to 22 seconds.
const USUAL_WAIT: Duration = Duration::from_secs(30);
/// Between two looks.
const STEP: Duration = Duration::from_secs(5);
/// Where the wait is short.
const SHORTEST_STEP: Duration = Duration::from_millis(500);

/// A test event to be sent.
pub struct Test<'a> {
    pub event_stream_id: &'a str,
    pub event_type: &'a str,
    /// A JSON object, validated before.
    pub data: Option<&'a str>,
    pub wait: Duration,
}

/// What is known of a test event that was sent.
pub struct Report {
    pub event: TestEvent,
    /// What was seen, in a sentence that promises no more than Auth0 does.
    pub seen: String,
    /// The failure, where there was one.
    pub failure: Option<Diagnostic>,
}

impl<'a> Test<'a> {
    /// A test by the values of a block.
    pub fn of(
        event_stream_id: &'a Value<String>,
        event_type: &'a Value<String>,
        data: &'a Value<String>,
        wait: &Value<String>,
    ) -> Self {
        let text = |value: &'a Value<String>| value.known().map(String::as_str);
        let wait = wait.known().and_then(|wait| humantime::parse_duration(wait).ok());
        Self {
            event_stream_id: text(event_stream_id).unwrap_or_default(),
            event_type: text(event_type).unwrap_or_default(),
            data: text(data),
            wait: wait.unwrap_or(USUAL_WAIT),
        }
    }

    /// Sends the event, and looks for its failure until the wait is over or `stop` is cancelled. An
    /// error means that nothing is known to be sent.
    pub async fn run(
        &self,
        auth0: &Auth0,
        stop: &CancellationToken,
        progress: &Progress,
    ) -> Result<Report, Diagnostic> {
        let Self { event_stream_id: id, event_type, .. } = *self;
        let data = self.data.and_then(|data| serde_json::from_str::<&RawValue>(data).ok());
        let operation = Operation::default();
        let streams = auth0.event_streams(&operation);
        let event =
            streams.send_test(id, event_type, data).await.map_err(|err| self.not_sent(&err))?;
        progress.say(format!(
            "Auth0 has taken the test event {} ({event_type}). It begins to deliver such events \
             after 13 to 22 seconds, and lists those that failed.",
            event.id
        ));
        let began = Instant::now();
        let step = (self.wait / 6).clamp(SHORTEST_STEP, STEP);
        let mut waited = Duration::ZERO;
        while waited < self.wait {
            waited = (waited + step).min(self.wait);
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    let seen = "The run was stopped before a failure could be seen.".to_owned();
                    return Ok(Report { event, seen, failure: None });
                }
                () = sleep_until(began + waited) => {}
            }
            match streams.failure_of(id, &event).await {
                Ok(None) => progress.say(format!("No failure seen after {}.", in_words(waited))),
                Ok(Some(why)) => {
                    let failure = Some(self.failed(&event, &why));
                    return Ok(Report { event, seen: format!("Delivery failed: {why}"), failure });
                }
                Err(err) => {
                    let failure = Some(self.not_seen(&event, &err));
                    let seen = "The list of failed deliveries could not be read.".to_owned();
                    return Ok(Report { event, seen, failure });
                }
            }
        }
        let seen = format!("No failure seen within {}.", in_words(self.wait));
        Ok(Report { event, seen, failure: None })
    }

    fn not_sent(&self, err: &Error) -> Diagnostic {
        let summary = format!("Unable to test event stream {:?}", self.event_stream_id);
        Diagnostic::error(summary, err.explained())
    }

    fn failed(&self, event: &TestEvent, why: &str) -> Diagnostic {
        Diagnostic::error(
            format!("The test event of event stream {:?} was not delivered", self.event_stream_id),
            format!(
                "Auth0 lists the test event {} ({}) among the deliveries that failed: {why}. Check \
                 the destination of the stream: its address, what it asks for, and what it answers.",
                event.id, self.event_type
            ),
        )
    }

    fn not_seen(&self, event: &TestEvent, err: &Error) -> Diagnostic {
        Diagnostic::error(
            format!("Unable to see what became of a test event of {:?}", self.event_stream_id),
            format!("The test event {} was sent. {}", event.id, err.explained()),
        )
    }
}

/// Seconds, for a sentence.
fn in_words(time: Duration) -> String {
    format!("{} s", (time.as_secs_f64() * 10.0).round() / 10.0)
}
