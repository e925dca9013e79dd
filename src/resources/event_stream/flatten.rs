//! From Auth0's answer to the model.

use super::model::{
    ActionConfiguration, EventStreamModel, EventbridgeConfiguration, WebhookAuthorization,
    WebhookConfiguration,
};
use crate::auth0::{EventStream, EventStreamAuthorization, EventStreamDestination};
use crate::framework::value::Value;

/// Flattens an answer. Auth0 never returns secrets: they are taken from `known`, the planned or
/// stored stream, as long as the method is still the same.
pub fn flatten(stream: EventStream, known: &EventStreamModel) -> EventStreamModel {
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
        timeouts: known.timeouts.clone(),
        ..EventStreamModel::default()
    };
    match stream.destination {
        EventStreamDestination::Webhook { webhook_endpoint, webhook_authorization } => {
            model.webhook_configuration = Value::Known(vec![WebhookConfiguration {
                webhook_endpoint: Value::Known(webhook_endpoint),
                webhook_authorization: Value::Known(vec![flatten_authorization(
                    webhook_authorization,
                    known.authorization(),
                )]),
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

/// A stream of which nothing is known but what Auth0 shows.
pub fn listed(stream: EventStream) -> EventStreamModel {
    flatten(stream, &EventStreamModel::default())
}

fn flatten_authorization(
    answer: EventStreamAuthorization,
    known: Option<&WebhookAuthorization>,
) -> WebhookAuthorization {
    let method = Value::Known(answer.method);
    let secrets = known.filter(|known| known.method == method).cloned().unwrap_or_default();
    WebhookAuthorization {
        method,
        username: answer.username.into(),
        header_key: answer.header_key.into(),
        ..secrets
    }
}
