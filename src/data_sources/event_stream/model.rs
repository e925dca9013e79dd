//! The schema as structs, filled from Auth0's answer.

use crate::auth0::{EventStream, EventStreamAuthorization, EventStreamDestination};
use crate::framework::value::{Number, Value};
use crate::model;

model! {
    /// One event stream, as it is asked for or as it was found.
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

model! {
    /// Where a webhook is.
    pub struct WebhookConfiguration {
        pub webhook_endpoint: Value<String>,
        pub webhook_authorization: Value<Vec<WebhookAuthorization>>,
    }
}

model! {
    /// Of a webhook's authorization, `method`, `username` and `header_key` are ever filled.
    pub struct WebhookAuthorization {
        pub method: Value<String>,
        pub username: Value<String>,
        pub password: Value<String>,
        pub password_wo: Value<String>,
        pub password_wo_version: Value<Number>,
        pub token: Value<String>,
        pub token_wo: Value<String>,
        pub token_wo_version: Value<Number>,
        pub header_key: Value<String>,
        pub header_value: Value<String>,
        pub header_value_wo: Value<String>,
        pub header_value_wo_version: Value<Number>,
    }
}

model! {
    /// A partner event source.
    pub struct EventbridgeConfiguration {
        pub aws_account_id: Value<String>,
        pub aws_region: Value<String>,
        pub aws_partner_event_source: Value<String>,
    }
}

model! {
    /// The Auth0 Action that is run.
    pub struct ActionConfiguration {
        pub action_id: Value<String>,
    }
}

/// Flattens an answer. Blocks of other kinds of destination are empty lists.
pub fn flatten(stream: EventStream) -> EventStreamModel {
    let mut model = EventStreamModel {
        id: Value::Known(stream.id),
        name: Value::Known(stream.name),
        destination_type: Value::Known(stream.destination.destination_type().to_owned()),
        subscriptions: Value::Known(
            stream.subscriptions.into_iter().map(|s| Value::Known(s.event_type)).collect(),
        ),
        status: Value::Known(stream.status),
        created_at: Value::Known(stream.created_at),
        updated_at: Value::Known(stream.updated_at),
        webhook_configuration: Value::Known(Vec::new()),
        eventbridge_configuration: Value::Known(Vec::new()),
        action_configuration: Value::Known(Vec::new()),
    };
    match stream.destination {
        EventStreamDestination::Webhook { webhook_endpoint, webhook_authorization } => {
            let EventStreamAuthorization { method, username, header_key } = webhook_authorization;
            let authorization = WebhookAuthorization {
                method: Value::Known(method),
                username: username.into(),
                header_key: header_key.into(),
                ..WebhookAuthorization::default()
            };
            model.webhook_configuration = Value::Known(vec![WebhookConfiguration {
                webhook_endpoint: Value::Known(webhook_endpoint),
                webhook_authorization: Value::Known(vec![authorization]),
            }]);
        }
        EventStreamDestination::EventBridge {
            aws_account_id,
            aws_region,
            aws_partner_event_source,
        } => {
            model.eventbridge_configuration = Value::Known(vec![EventbridgeConfiguration {
                aws_account_id: Value::Known(aws_account_id),
                aws_region: Value::Known(aws_region),
                aws_partner_event_source: aws_partner_event_source.into(),
            }]);
        }
        EventStreamDestination::Action { action_id } => {
            model.action_configuration =
                Value::Known(vec![ActionConfiguration { action_id: Value::Known(action_id) }]);
        }
        EventStreamDestination::Other { .. } => {}
    }
    model
}
