//! Deliveries as they are stored and shown.

use super::super::auth0::{Site, State};
use super::super::clock::milliseconds;
use super::super::errors::ApiError;
use super::super::event_streams::find;
use super::super::ids;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// The failed deliveries of each event stream, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Deliveries(HashMap<String, Arc<Vec<Delivery>>>);

/// One event on its way to the destination of a stream.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(super) event_id: String,
    pub(super) event_stream_id: String,
    pub(super) event_type: String,
    pub(super) attempts: Vec<Attempt>,
    pub(super) time: OffsetDateTime,
    pub(super) data: Value,
    pub(super) tenant: String,
}

/// One try to deliver. A redelivery that was asked for has neither message nor duration.
#[derive(Clone, Serialize)]
pub(super) struct Attempt {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'static str>,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
}

/// A delivery, ready to be written.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    id: &'a str,
    event_stream_id: &'a str,
    event_type: &'a str,
    status: &'static str,
    attempts: &'a [Attempt],
    event: Event<'a>,
}

#[derive(Serialize)]
struct Event<'a> {
    id: &'a str,
    source: String,
    specversion: &'static str,
    r#type: &'a str,
    time: String,
    data: &'a Value,
    a0tenant: &'a str,
    a0stream: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    a0purpose: Option<&'static str>,
}

impl Deliveries {
    pub(super) fn of(&self, stream: &str) -> &[Delivery] {
        self.0.get(stream).map_or(&[], |deliveries| deliveries)
    }

    pub(super) fn of_mut(&mut self, stream: &str) -> &mut Vec<Delivery> {
        Arc::make_mut(self.0.entry(stream.to_owned()).or_default())
    }

    pub(crate) fn forget_stream(&mut self, stream: &str) {
        self.0.remove(stream);
    }
}

impl Delivery {
    pub(super) fn new(site: &Site, stream: &str, event_type: &str, time: OffsetDateTime) -> Self {
        Self {
            event_id: ids::event(),
            event_stream_id: stream.to_owned(),
            event_type: event_type.to_owned(),
            attempts: Vec::new(),
            time,
            data: json!({"object": {}, "context": {"tenant": {"id": site.tenant}}}),
            tenant: site.tenant.clone(),
        }
    }

    /// Whether a redelivery was asked for and has not ended.
    pub(super) fn is_retrying(&self) -> bool {
        self.attempts.last().is_some_and(|attempt| attempt.status == "retrying")
    }

    pub(super) fn retry(&mut self, now: OffsetDateTime) {
        self.attempts.push(Attempt {
            status: "retrying",
            error_message: None,
            timestamp: milliseconds(now),
            duration: None,
        });
    }

    /// As in lists: of the sender only the prefix is left.
    pub(super) fn show_failed(&self) -> Shown<'_> {
        self.show("failed", "urn:auth0:".to_owned(), None)
    }

    /// As in the answer to a test.
    pub(super) fn show_test(&self) -> Shown<'_> {
        let source = format!("urn:auth0:{}.sus.auth0.com", self.tenant);
        self.show("pending", source, Some("test"))
    }

    fn show(
        &self,
        status: &'static str,
        source: String,
        a0purpose: Option<&'static str>,
    ) -> Shown<'_> {
        Shown {
            id: &self.event_id,
            event_stream_id: &self.event_stream_id,
            event_type: &self.event_type,
            status,
            attempts: &self.attempts,
            event: Event {
                id: &self.event_id,
                source,
                specversion: "1.0",
                r#type: &self.event_type,
                time: milliseconds(self.time),
                data: &self.data,
                a0tenant: &self.tenant,
                a0stream: &self.event_stream_id,
                a0purpose,
            },
        }
    }
}

/// Test events that will fail, each with the time at which it does.
#[derive(Default)]
pub(crate) struct UnderWay(Vec<(OffsetDateTime, Delivery)>);

impl UnderWay {
    pub(super) fn push(&mut self, fails_at: OffsetDateTime, delivery: Delivery) {
        self.0.push((fails_at, delivery));
    }
}

/// Lets an event fail: its destination answered 404, which Auth0 tries once. The id of the event.
pub(crate) fn fail(
    state: &mut State,
    site: &Site,
    stream: &str,
    event_type: &str,
) -> Result<String, ApiError> {
    let now = state.clock.now();
    let delivery = Delivery::new(site, stream, event_type, now);
    let id = delivery.event_id.clone();
    store_failed(state, delivery, now)?;
    Ok(id)
}

/// Lets those test events fail whose time has come. One whose stream is gone is forgotten.
pub(crate) fn fail_due(state: &mut State) {
    let now = state.clock.now();
    let due: Vec<_> = state.under_way.0.extract_if(.., |(at, _)| *at <= now).collect();
    for (at, delivery) in due {
        let _ = store_failed(state, delivery, at);
    }
}

fn store_failed(
    state: &mut State,
    mut delivery: Delivery,
    at: OffsetDateTime,
) -> Result<(), ApiError> {
    let mut changed = find(&state.objects, &delivery.event_stream_id)?.clone();
    changed.failed_total += 1;
    state.objects.event_streams.replace(changed);
    delivery.attempts.push(Attempt {
        status: "failed",
        error_message: Some("404 - {\"error\":\"no such route\"}"),
        timestamp: milliseconds(at),
        duration: Some(188.067_137),
    });
    let stream = delivery.event_stream_id.clone();
    state.objects.deliveries.of_mut(&stream).push(delivery);
    Ok(())
}

/// There is no such event. Auth0's text is not known.
pub(super) fn missing_event() -> ApiError {
    ApiError::new(hyper::StatusCode::NOT_FOUND, "The requested event does not exist.")
}
