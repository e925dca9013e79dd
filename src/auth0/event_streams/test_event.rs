//! Test events, and what became of them. Auth0 lists deliveries that failed, and no others.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::calls::{EventStreams, PAGE};
use crate::auth0::error::Error;
use crate::auth0::http::json_body;
use crate::auth0::mask::{percent_encoded, printable};

/// A test event that Auth0 has taken for delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestEvent {
    pub id: String,
    pub event_type: String,
    /// When it was made, by the clock of Auth0; None where the answer does not say.
    pub time: Option<OffsetDateTime>,
}

#[derive(Serialize)]
struct Body<'a> {
    event_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Sent {
    id: String,
    event: Option<Event>,
}

#[derive(Deserialize)]
struct Event {
    time: Option<String>,
}

/// A page of failed deliveries. Which member holds the cursor depends on the request.
#[derive(Deserialize)]
struct Failures {
    deliveries: Vec<Delivery>,
    next: Option<String>,
    #[serde(rename = "nextPageToken")]
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Delivery {
    id: String,
    #[serde(default)]
    attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    error_message: Option<String>,
}

impl EventStreams<'_> {
    /// Lets Auth0 send a test event of a type to the destination of a stream, with `data` in place of
    /// a sample. Where an answer is lost it is asked again, so more than one may be sent: its
    /// receivers know them by `a0purpose`.
    pub async fn send_test(
        self,
        id: &str,
        event_type: &str,
        data: Option<&RawValue>,
    ) -> Result<TestEvent, Error> {
        let mut request = self.below(id, "test", Method::POST, "/test")?;
        request.body = Some(json_body(&Body { event_type, data }));
        let Sent { id, event } = self.auth0.json(request).await?;
        let time = event.and_then(|event| OffsetDateTime::parse(&event.time?, &Rfc3339).ok());
        Ok(TestEvent { id, event_type: event_type.to_owned(), time })
    }

    /// Why the delivery of a test event failed, in the words of Auth0; None where it is not listed
    /// among those that have.
    pub async fn failure_of(self, id: &str, event: &TestEvent) -> Result<Option<String>, Error> {
        let mut query =
            format!("/deliveries?event_types={}&take={PAGE}", percent_encoded(&event.event_type));
        // Auth0 takes whole seconds in at most 20 characters, which leaves no room for an offset.
        let second = event.time.and_then(|time| time.to_utc().replace_nanosecond(0).ok());
        if let Some(from) = second.and_then(|second| second.format(&Rfc3339).ok()) {
            query.push_str(&format!("&date_from={}", percent_encoded(&from)));
        }
        let mut cursor: Option<String> = None;
        loop {
            let from = cursor.map(|cursor| format!("&from={}", percent_encoded(&cursor)));
            let path = format!("{query}{}", from.unwrap_or_default());
            let request = self.below(id, "list the failed deliveries of", Method::GET, &path)?;
            let page: Failures = self.auth0.json(request).await?;
            if let Some(failed) = page.deliveries.iter().find(|failed| failed.id == event.id) {
                let said = failed.attempts.iter().filter_map(|a| a.error_message.as_deref());
                let why = said.map(printable).rfind(|why| !why.is_empty());
                return Ok(Some(why.unwrap_or_else(|| "Auth0 does not say why.".to_owned())));
            }
            // A page has a cursor even where nothing follows; what follows the last one is empty.
            match page.next.or(page.next_page_token) {
                Some(next) if !page.deliveries.is_empty() => cursor = Some(next),
                _ => return Ok(None),
            }
        }
    }
}
