//! `auth0_event_types`: the types of events that a stream can subscribe to.

use async_trait::async_trait;

use crate::auth0::catalog::{self, EVENT_TYPES, EventType};
use crate::framework::data_source::DataSource;
use crate::framework::resource::Context;
use crate::framework::schema::{Block, Nesting, Schema, Validator, nested, string};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Outcome};
use crate::model;

model! {
    /// The pattern, and the types that are spelled so.
    pub struct EventTypesModel {
        pub pattern: Value<String>,
        pub event_types: Value<Vec<EventTypeModel>>,
    }
}

model! {
    /// One type of events.
    pub struct EventTypeModel {
        pub name: Value<String>,
        pub family: Value<String>,
        pub description: Value<String>,
    }
}

/// The data source `auth0_event_types`. It asks nothing of Auth0, which has no list of them.
pub struct EventTypes;

#[async_trait]
impl DataSource for EventTypes {
    type Model = EventTypesModel;
    const TYPE_NAME: &'static str = "auth0_event_types";

    fn schema(&self) -> Schema {
        let text = |description| string().computed().description(description);
        let event_type = [
            ("name", text("As a subscription names it, such as `user.created`.")),
            (
                "family",
                text(
                    "What it belongs to, such as `organization.member`: the beginning of the \
                     names of its family.",
                ),
            ),
            ("description", text("What has happened, in a sentence.")),
        ];
        Schema::new(
            Block::new([
                (
                    "pattern",
                    string()
                        .optional()
                        .validate(Validator::text("must fit a known type", fits_a_type))
                        .description(
                            "Only types that are spelled so. `*` stands for any characters, dots \
                             included: `user.*`, `*.deleted`.",
                        ),
                ),
                (
                    "event_types",
                    nested(Nesting::List, event_type)
                        .computed()
                        .description("The types, by name."),
                ),
            ])
            .description(
                "The types of events that an event stream can subscribe to, as far as this version \
                 of the provider knows them. No request is sent: Auth0 has no list of them, and may \
                 know more.",
            ),
        )
    }

    async fn read(&self, _: &Context, config: EventTypesModel) -> Outcome<EventTypesModel> {
        let pattern = config.pattern.known().map_or("*", String::as_str);
        let fits = |known: &&EventType| catalog::matches(pattern, known.name);
        let found = EVENT_TYPES.iter().filter(fits).map(|known| EventTypeModel {
            name: known.name.into(),
            family: known.family.into(),
            description: known.description.into(),
        });
        let event_types = Value::Known(found.collect());
        Outcome::state(EventTypesModel { event_types, ..config })
    }
}

fn fits_a_type(pattern: &str) -> Option<Diagnostic> {
    let fits = EventType::names().any(|name| catalog::matches(pattern, name));
    (!fits).then(|| {
        Diagnostic::error(
            format!("No event type is spelled {pattern:?}"),
            format!(
                "The nearest type that is known to this provider is {:?}. * stands for any \
                 characters, as in user.*.",
                catalog::nearest(pattern, EventType::names())
            ),
        )
    })
}
