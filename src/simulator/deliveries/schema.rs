//! What the calls of deliveries must look like.

use super::super::api::Shape;
use super::super::event_streams::EVENT_TYPES;
use super::super::event_streams::{by_id, id};
use super::super::ids;
use super::super::schema::{
    Property, Schema, Text, integer, list as array, object, one_of_values, optional, required, text,
};
use super::super::switches::{Switches, UnknownEventType};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) fn list(switches: &Switches) -> Shape {
    by_id(switches).query(object([
        optional("statuses", text().pattern("^failed(,failed)*$", is_statuses)),
        optional("event_types", text().format("event-types", is_event_types)),
        optional("date_from", date().at_most(20)),
        optional("date_to", date().at_most(20)),
        optional("from", text()),
        optional("take", integer(1..=100)),
    ]))
}

/// A call that names one event of a stream.
pub(super) fn by_event(_: &Switches) -> Shape {
    Shape::new().path(object([id(), event_id()]))
}

pub(super) fn redeliver_many(switches: &Switches) -> Shape {
    by_id(switches).body(object([
        optional("date_from", date()),
        optional("date_to", date()),
        optional("statuses", array(one_of_values(&["failed"]))),
        optional("event_types", array(one_of_values(EVENT_TYPES))),
    ]))
}

pub(super) fn test_event(switches: &Switches) -> Shape {
    let event_type = match switches.unknown_event_type {
        UnknownEventType::Refuse => one_of_values(EVENT_TYPES),
        UnknownEventType::Accept => text(),
    };
    by_id(switches)
        .body(object([required("event_type", event_type), optional("data", Schema::AnyObject)]))
}

pub(super) fn stats(switches: &Switches) -> Shape {
    by_id(switches).query(object([optional("date_from", date()), optional("date_to", date())]))
}

/// A time that passed the schema.
pub(super) fn read_date(value: &serde_json::Value) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(value.as_str()?, &Rfc3339).ok()
}

fn event_id() -> Property {
    required("event_id", text().format("event-id", ids::is_event))
        .describe("Unique identifier for the event")
}

fn date() -> Text {
    text().format("date-time", |text| OffsetDateTime::parse(text, &Rfc3339).is_ok())
}

fn is_statuses(text: &str) -> bool {
    text.split(',').all(|status| status == "failed")
}

fn is_event_types(text: &str) -> bool {
    text.split(',').all(|event_type| EVENT_TYPES.contains(&event_type))
}
