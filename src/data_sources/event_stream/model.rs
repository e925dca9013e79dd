//! The schema as a struct, filled from Auth0's answer.

use crate::auth0;
use crate::framework::value::Value;
use crate::model;
use crate::resources::event_stream::{
    ActionConfiguration, EventbridgeConfiguration, WebhookConfiguration, listed,
};

model! {
    /// One event stream, as it is asked for or as it was found: as the resource shows it, without
    /// what only a configuration has.
    pub struct EventStreamModel {
        pub id: Value<String>,
        pub name: Value<String>,
        pub destination_type: Value<String>,
        pub subscriptions: Value<Vec<Value<String>>>,
        pub status: Value<String>,
        pub created_at: Value<String>,
        pub updated_at: Value<String>,
        pub webhook_configuration: Value<Vec<WebhookConfiguration>>,
        pub eventbridge_configuration: Value<Vec<EventbridgeConfiguration>>,
        pub action_configuration: Value<Vec<ActionConfiguration>>,
    }
}

/// Flattens an answer. Configurations of other kinds of destination are empty lists.
pub fn flatten(stream: auth0::EventStream) -> EventStreamModel {
    let stream = listed(stream);
    EventStreamModel {
        id: stream.id,
        name: stream.name,
        destination_type: stream.destination_type,
        subscriptions: stream.subscriptions,
        status: stream.status,
        created_at: stream.created_at,
        updated_at: stream.updated_at,
        webhook_configuration: or_empty(stream.webhook_configuration),
        eventbridge_configuration: or_empty(stream.eventbridge_configuration),
        action_configuration: or_empty(stream.action_configuration),
    }
}

fn or_empty<T>(blocks: Value<Vec<T>>) -> Value<Vec<T>> {
    if blocks.is_null() { Value::Known(Vec::new()) } else { blocks }
}
