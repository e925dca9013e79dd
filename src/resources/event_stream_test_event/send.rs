//! Sending a test event and looking for its failure.

use std::time::Duration;

use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::auth0::{ClientSlot, Error, Operation, TestEvent};
use crate::framework::action::Progress;
use crate::framework::path::path;
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics};

/// So long failures are looked for. Auth0 begins to deliver a test event after 13 to 22 seconds, and
/// lists it as failed after four attempts with 1, 2 and 4 seconds between them: at 20 to 29 seconds,
/// and the time that the attempts take themselves, of which this leaves 31 seconds.
const USUAL_WAIT: Duration = Duration::from_secs(60);
/// Between two looks.
const STEP: Duration = Duration::from_secs(5);
/// Where the wait is short.
const SHORTEST_STEP: Duration = Duration::from_millis(500);

/// A test event to be sent.
pub struct Test<'a> {
    /// Empty where it is not known yet.
    event_stream_id: &'a str,
    event_type: &'a str,
    /// A JSON object, validated before.
    data: Option<&'a str>,
    wait: Duration,
}

/// What is known of a test event that was sent.
pub struct Report {
    /// The event.
    pub event: TestEvent,
    /// What was seen, in a sentence that promises no more than Auth0 does.
    pub seen: String,
    /// Why the test does not count as passed.
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

    /// A warning for each call that Auth0 will refuse, as far as the token at hand says so.
    pub fn not_allowed(&self, auth0: &ClientSlot) -> Diagnostics {
        let Ok(auth0) = auth0.client() else { return Diagnostics::new() };
        let stream = self.stream();
        let mut warnings = Diagnostics::new();
        if let Some(advice) = auth0.lacks_scope("update:event_streams") {
            warnings.push(Diagnostic::warning(
                format!("The token may not test {stream}"),
                format!(
                    "Auth0 will refuse to send a test event with 403: the token of this run has no \
                     scope update:event_streams. {advice}"
                ),
            ));
        }
        let looks = !self.wait.is_zero();
        let either = auth0.lacks_scope("read:event_deliveries").filter(|_| looks);
        if let Some(advice) = either.and_then(|_| auth0.lacks_scope("read:event_streams")) {
            warnings.push(Diagnostic::warning(
                format!("The token may not list the failed deliveries of {stream}"),
                format!(
                    "The test event will be sent, and Auth0 will refuse with 403 to say whether its \
                     delivery failed: the token of this run has neither the scope \
                     read:event_streams nor read:event_deliveries. {advice} With wait = \"0s\" \
                     nothing is looked for."
                ),
            ));
        }
        warnings
    }

    /// Sends the event, and looks for its failure until the wait is over or `stop` is cancelled. An
    /// error means that nothing is known to be sent.
    pub async fn run(
        &self,
        auth0: &ClientSlot,
        stop: &CancellationToken,
        progress: &Progress,
    ) -> Result<Report, Diagnostic> {
        let auth0 = auth0.client().map_err(|not_ready| Diagnostic::not_configured(&not_ready))?;
        let Self { event_stream_id: id, event_type, wait, .. } = *self;
        let data = self.data.and_then(|data| serde_json::from_str::<&RawValue>(data).ok());
        let operation = Operation::default();
        let streams = auth0.event_streams(&operation);
        let sent = streams.send_test(id, event_type, data).await;
        let event = sent.map_err(|err| self.not_sent(&err))?;
        progress.say(format!("Auth0 has taken the test event {} ({event_type}).", event.id));
        if let Some(delay) = operation.delay() {
            progress.say(delay);
        }
        if wait > SHORTEST_STEP {
            progress.say(format!(
                "Looking for a failure of its delivery for {}. Auth0 begins to deliver test events \
                 after 13 to 22 seconds.",
                in_words(wait)
            ));
        }
        let end = watch(wait, stop, progress, || streams.failure_of(id, &event)).await;
        let (seen, failure) = match end {
            End::NotLooked => ("No failure was looked for.".to_owned(), None),
            End::NothingSeen => (format!("No failure seen within {}.", in_words(wait)), None),
            End::Failed(why) => {
                (format!("Delivery failed: {why}"), Some(self.failed(&event, &why)))
            }
            End::Stopped => (
                "The run was stopped before the wait was over.".to_owned(),
                Some(self.stopped(&event)),
            ),
            End::Unreadable(err) => (
                "The list of failed deliveries could not be read.".to_owned(),
                Some(self.unreadable(&event, &err)),
            ),
        };
        Ok(Report { event, seen, failure })
    }

    /// `event stream "est_..."`, for the middle of a sentence.
    fn stream(&self) -> String {
        match self.event_stream_id {
            "" => "an event stream".to_owned(),
            id => format!("event stream {id:?}"),
        }
    }

    fn not_sent(&self, err: &Error) -> Diagnostic {
        let unable =
            |detail| Diagnostic::error(format!("Unable to test {}", self.stream()), detail);
        if err.is_not_found() {
            let detail = format!(
                "{} No event was sent. Check the id, and that the provider is configured for the \
                 tenant that has the event stream.",
                err.sentence()
            );
            return unable(detail).at(path("event_stream_id"));
        }
        unable(err.explained())
    }

    fn failed(&self, event: &TestEvent, why: &str) -> Diagnostic {
        Diagnostic::error(
            format!("The test event of {} was not delivered", self.stream()),
            format!(
                "Auth0 lists the test event {} ({}) among the deliveries that failed: {why}\n\nCheck \
                 the destination of the event stream: its address, what it asks for, and what it \
                 answers.",
                event.id, self.event_type
            ),
        )
    }

    fn stopped(&self, event: &TestEvent) -> Diagnostic {
        Diagnostic::error(
            format!("The test of {} was not finished", self.stream()),
            format!(
                "The run was stopped after the test event {} was sent and before its failure was \
                 looked for to the end. Run again to send another one.",
                event.id
            ),
        )
    }

    fn unreadable(&self, event: &TestEvent, err: &Error) -> Diagnostic {
        Diagnostic::error(
            format!("Unable to see what became of the test event of {}", self.stream()),
            format!("The test event {} was sent. {}", event.id, err.explained()),
        )
    }
}

/// How looking for a failure ended.
#[derive(Debug)]
enum End {
    NotLooked,
    NothingSeen,
    Failed(String),
    Stopped,
    Unreadable(Error),
}

/// Looks again and again until there is a failure or `wait` is over; the last look comes after that.
async fn watch<F>(
    wait: Duration,
    stop: &CancellationToken,
    progress: &Progress,
    look: impl Fn() -> F,
) -> End
where
    F: Future<Output = Result<Option<String>, Error>>,
{
    if wait.is_zero() {
        return End::NotLooked;
    }
    let began = Instant::now();
    let end = began + wait;
    let step = (wait / 6).clamp(SHORTEST_STEP, STEP);
    let mut next = began;
    while next < end {
        // A look may take long, and those that it leaves no time for are left out.
        next = (Instant::now() + step).min(end);
        tokio::select! {
            biased;
            () = stop.cancelled() => return End::Stopped,
            () = sleep_until(next) => {}
        }
        match look().await {
            Ok(None) if next < end => {
                progress.say(format!("No failure seen after {}.", in_words(next - began)));
            }
            Ok(None) => {}
            Ok(Some(why)) => return End::Failed(why),
            Err(err) if err.is_stopped() => return End::Stopped,
            Err(err) => return End::Unreadable(err),
        }
    }
    End::NothingSeen
}

/// Seconds, for a sentence.
fn in_words(time: Duration) -> String {
    format!("{} s", (time.as_secs_f64() * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// What `watch` ends with and says, how long it takes and how often it looks, where each look takes
    /// `takes` and the failure shows at `fails_at`.
    async fn watched(
        wait: f64,
        takes: f64,
        fails_at: Option<f64>,
        stopped_at: Option<f64>,
    ) -> (End, Vec<String>, f64, usize) {
        let seconds = Duration::from_secs_f64;
        let (listener, mut said) = unbounded_channel();
        let (stop, began, looks) = (CancellationToken::new(), Instant::now(), Cell::new(0));
        if let Some(at) = stopped_at {
            let stop = stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(seconds(at)).await;
                stop.cancel();
            });
        }
        let look = async || {
            looks.set(looks.get() + 1);
            tokio::time::sleep(seconds(takes)).await;
            let failed = fails_at.is_some_and(|at| began.elapsed() >= seconds(at));
            Ok(failed.then(|| "404 - nobody".to_owned()))
        };
        let end = watch(seconds(wait), &stop, &Progress::to(listener), look).await;
        let mut texts = Vec::new();
        while let Ok(text) = said.try_recv() {
            texts.push(text);
        }
        (end, texts, began.elapsed().as_secs_f64(), looks.get())
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_looked_for_until_the_wait_is_over_and_no_longer() {
        for (wait, took, looks, first) in [
            (30.0, 30.0, 6, "No failure seen after 5 s."),
            (60.0, 60.0, 12, "No failure seen after 5 s."),
            (3.0, 3.0, 6, "No failure seen after 0.5 s."),
            (2.0, 2.0, 4, "No failure seen after 0.5 s."),
        ] {
            let (end, said, elapsed, looked) = watched(wait, 0.0, None, None).await;
            assert!(matches!(end, End::NothingSeen), "{wait}: {end:?}");
            assert!((took..took + 0.1).contains(&elapsed), "{wait}: {elapsed}");
            assert_eq!(looked, looks, "{wait}");
            // What the last look shows is the result.
            assert_eq!((said.len(), said[0].as_str()), (looks - 1, first), "{wait}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_ends_the_wait() {
        let (end, said, elapsed, _) = watched(30.0, 0.0, Some(13.0), None).await;
        assert!(matches!(&end, End::Failed(why) if why == "404 - nobody"), "{end:?}");
        assert_eq!(said, ["No failure seen after 5 s.", "No failure seen after 10 s."]);
        assert!((15.0..15.1).contains(&elapsed), "{elapsed}");
    }

    /// Auth0's list may show it late, so the last look is made when all of the wait has passed.
    #[tokio::test(start_paused = true)]
    async fn the_last_look_comes_at_the_very_end() {
        for wait in [0.2, 7.0, 30.0] {
            let (end, ..) = watched(wait, 0.0, Some(wait), None).await;
            assert!(matches!(end, End::Failed(_)), "{wait}: {end:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn looks_that_take_long_do_not_follow_each_other_at_once() {
        let (_, _, elapsed, looks) = watched(30.0, 20.0, None, None).await;
        assert_eq!(looks, 2);
        assert!((50.0..50.1).contains(&elapsed), "{elapsed}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait_at_once() {
        for at in [0.0, 7.3] {
            let (end, _, elapsed, _) = watched(600.0, 0.0, None, Some(at)).await;
            assert!(matches!(end, End::Stopped), "{end:?}");
            assert!((at..at + 0.1).contains(&elapsed), "{elapsed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_wait_nothing_is_looked_for() {
        let (end, said, _, looks) = watched(0.0, 0.0, Some(0.0), None).await;
        assert!(matches!(end, End::NotLooked), "{end:?}");
        assert_eq!((said.len(), looks), (0, 0));
    }
}
