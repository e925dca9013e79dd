//! Event streams in answers: the members in the order of Auth0, without secrets.

use super::super::clock::milliseconds;
use super::super::switches::SubscriptionsOrder;
use super::model::{Authorization, Destination, EventStream, Status};
use secrecy::ExposeSecret;
use serde::Serialize;

/// Whether secrets are written out. Auth0 never does; the control door does.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Secrets {
    Hidden,
    Shown,
}

/// An event stream, ready to be written.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    id: &'a str,
    status: Status,
    name: &'a str,
    subscriptions: Vec<Subscription<'a>>,
    created_at: String,
    updated_at: String,
    destination: ShownDestination<'a>,
}

#[derive(Serialize)]
struct Subscription<'a> {
    event_type: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "configuration", rename_all = "lowercase")]
enum ShownDestination<'a> {
    Webhook { webhook_endpoint: &'a str, webhook_authorization: ShownAuthorization<'a> },
    EventBridge { aws_region: &'a str, aws_account_id: &'a str, aws_partner_event_source: &'a str },
    Action { action_id: &'a str },
}

#[derive(Serialize)]
#[serde(tag = "method", rename_all = "snake_case")]
enum ShownAuthorization<'a> {
    Basic {
        username: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<&'a str>,
    },
    Bearer {
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<&'a str>,
    },
    CustomHeader {
        header_key: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        header_value: Option<&'a str>,
    },
}

impl<'a> Shown<'a> {
    pub(crate) fn new(
        stream: &'a EventStream,
        order: SubscriptionsOrder,
        secrets: Secrets,
    ) -> Self {
        let event_type = |event_type: &'a String| Subscription { event_type };
        let mut subscriptions: Vec<_> = stream.subscriptions.iter().map(event_type).collect();
        if order == SubscriptionsOrder::Sorted {
            subscriptions.sort_by_key(|subscription| subscription.event_type);
        }
        Self {
            id: &stream.id,
            status: stream.status,
            name: &stream.name,
            subscriptions,
            created_at: milliseconds(stream.created_at),
            updated_at: milliseconds(stream.updated_at),
            destination: ShownDestination::new(&stream.destination, secrets),
        }
    }
}

impl<'a> ShownDestination<'a> {
    fn new(destination: &'a Destination, secrets: Secrets) -> Self {
        match destination {
            Destination::Webhook { endpoint, authorization } => Self::Webhook {
                webhook_endpoint: endpoint,
                webhook_authorization: ShownAuthorization::new(authorization, secrets),
            },
            Destination::EventBridge { aws_account_id, aws_region, aws_partner_event_source } => {
                Self::EventBridge { aws_region, aws_account_id, aws_partner_event_source }
            }
            Destination::Action { action_id } => Self::Action { action_id },
        }
    }
}

impl<'a> ShownAuthorization<'a> {
    fn new(authorization: &'a Authorization, secrets: Secrets) -> Self {
        let secret = authorization
            .secret()
            .filter(|_| secrets == Secrets::Shown)
            .map(ExposeSecret::expose_secret);
        match authorization {
            Authorization::Basic { username, .. } => Self::Basic { username, password: secret },
            Authorization::Bearer { .. } => Self::Bearer { token: secret },
            Authorization::CustomHeader { header_key, .. } => {
                Self::CustomHeader { header_key, header_value: secret }
            }
        }
    }
}
