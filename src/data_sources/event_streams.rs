//! `auth0_event_streams`: every event stream of the tenant, or those that are asked for.

use async_trait::async_trait;

use super::event_stream::{EventStreamModel, event_stream, flatten};
use super::{client, delayed, failed};
use crate::auth0::catalog::{self, EventType};
use crate::auth0::{ClientSlot, EventStreamFilter, Operation};
use crate::framework::data_source::DataSource;
use crate::framework::path::path;
use crate::framework::resource::Context;
use crate::framework::schema::{Attribute, Block, Nesting, Schema, Validator, nested, string};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics, Outcome};
use crate::model;

model! {
    /// The filters, and what was found.
    pub struct EventStreamsModel {
        pub destination_type: Value<String>,
        pub status: Value<String>,
        pub name_pattern: Value<String>,
        pub subscribed_to: Value<String>,
        pub event_streams: Value<Vec<EventStreamModel>>,
    }
}

/// The data source `auth0_event_streams`.
pub struct EventStreams {
    auth0: ClientSlot,
}

impl EventStreams {
    /// The data source, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl DataSource for EventStreams {
    type Model = EventStreamsModel;
    const TYPE_NAME: &'static str = "auth0_event_streams";

    fn schema(&self) -> Schema {
        let found = nested(Nesting::List, event_stream())
            .computed()
            .description("The event streams, the oldest first.");
        Schema::new(
            Block::new(filters().into_iter().chain([("event_streams", found)])).description(
                "Finds the event streams of the tenant that pass every filter that is set; without \
                 filters, all. A hundred of them cost one request.",
            ),
        )
    }

    fn validate(&self, config: &EventStreamsModel) -> Diagnostics {
        check_filters(&config.subscribed_to).into_iter().collect()
    }

    async fn read(&self, _: &Context, config: EventStreamsModel) -> Outcome<EventStreamsModel> {
        let auth0 = match client(&self.auth0) {
            Ok(auth0) => auth0,
            Err(outcome) => return outcome,
        };
        let (operation, what) = (Operation::default(), "the event streams of the tenant");
        let outcome = match auth0.event_streams(&operation).all().await {
            Ok(streams) => {
                let filter = config.filter();
                let found = streams.into_iter().filter(|stream| filter.passes(stream));
                let event_streams = Value::Known(found.map(flatten).collect());
                Outcome::state(EventStreamsModel { event_streams, ..config })
            }
            Err(err) => Outcome::failed(failed(what, &err)),
        };
        outcome.with_all(delayed(what, &operation))
    }
}

impl EventStreamsModel {
    /// The filters that are set.
    pub(super) fn filter(&self) -> EventStreamFilter {
        let Self { destination_type, status, name_pattern, subscribed_to, .. } = self;
        filter_of([destination_type, status, name_pattern, subscribed_to])
    }
}

/// The filters that are set, of those of [`filters`], in this order: the kind of destination, the
/// status, the spelling of the name and that of a type of events.
pub fn filter_of(filters: [&Value<String>; 4]) -> EventStreamFilter {
    let [destination_type, status, name_pattern, subscribed_to] =
        filters.map(|filter| filter.known().cloned());
    EventStreamFilter { destination_type, status, name_pattern, subscribed_to }
}

/// The attributes by which event streams are looked for.
pub fn filters() -> Vec<(&'static str, Attribute)> {
    vec![
        (
            "destination_type",
            string()
                .optional()
                .validate(Validator::one_of(
                    "destination type",
                    &["action", "eventbridge", "webhook"],
                ))
                .description("Only streams with this kind of destination."),
        ),
        (
            "status",
            string()
                .optional()
                .validate(Validator::one_of("status", &["enabled", "disabled"]))
                .description("Only streams with this status."),
        ),
        (
            "name_pattern",
            string().optional().description(
                "Only streams whose name is spelled so. `*` stands for any characters, as \
                 in `crm-*`.",
            ),
        ),
        (
            "subscribed_to",
            string().optional().description(
                "Only streams that deliver events of this type. `*` stands for any \
                 characters: `user.*` finds streams with at least one type of users.",
            ),
        ),
    ]
}

/// A warning, where no known type of events is spelled as `subscribed_to` is.
pub fn check_filters(subscribed_to: &Value<String>) -> Option<Diagnostic> {
    let unknown = |pattern: &&String| !EventType::names().any(|n| catalog::matches(pattern, n));
    let pattern = subscribed_to.known().filter(unknown)?;
    let warning = Diagnostic::warning(
        format!("Unknown event type {pattern:?} in subscribed_to"),
        format!(
            "No type of events that is known to this provider is spelled so, so probably no stream \
             is found. The nearest one is {:?}.",
            catalog::nearest(pattern, EventType::names())
        ),
    );
    Some(warning.at(path("subscribed_to")))
}
