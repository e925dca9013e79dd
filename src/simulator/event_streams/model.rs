//! An event stream as it is stored, with the secrets that no answer shows.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// An event stream as it is stored.
#[derive(Clone, Debug)]
pub struct EventStream {
    /// The id, `est_…`.
    pub id: String,
    /// Whether events are forwarded.
    pub status: Status,
    /// The name; empty when the stream was created without one.
    pub name: String,
    /// Event types in the order they were sent.
    pub subscriptions: Vec<String>,
    /// Time of creation.
    pub created_at: OffsetDateTime,
    /// Time of the last change; every PATCH moves it.
    pub updated_at: OffsetDateTime,
    /// Where events go.
    pub destination: Destination,
    /// Failed deliveries in total. Auth0 does not let a stream with 5 000 of them be enabled.
    pub failed_total: u32,
}

/// Whether a stream forwards events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Events are forwarded.
    Enabled,
    /// Events are dropped.
    Disabled,
}

/// Where events go. The kind never changes.
#[derive(Clone, Debug)]
pub enum Destination {
    /// An HTTPS endpoint.
    Webhook {
        /// The URL.
        endpoint: String,
        /// What is sent along to prove that Auth0 calls.
        authorization: Authorization,
    },
    /// An Amazon EventBridge partner event source.
    EventBridge {
        /// Twelve digits.
        aws_account_id: String,
        /// Name of the region.
        aws_region: String,
        /// Made by Auth0 at creation.
        aws_partner_event_source: String,
    },
    /// A deployed action.
    Action {
        /// Id of the action.
        action_id: String,
    },
}

/// How Auth0 proves itself to a webhook. A secret that was cleared is none.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// HTTP Basic.
    Basic {
        /// Name of the user.
        username: String,
        /// Never shown.
        password: Option<SecretString>,
    },
    /// A bearer token.
    Bearer {
        /// Never shown.
        token: Option<SecretString>,
    },
    /// A header of one's own.
    CustomHeader {
        /// Name of the header.
        header_key: String,
        /// Never shown.
        header_value: Option<SecretString>,
    },
}

impl EventStream {
    /// The stored password, token or header value of a webhook.
    pub fn secret(&self) -> Option<&str> {
        match &self.destination {
            Destination::Webhook { authorization, .. } => {
                authorization.secret().map(ExposeSecret::expose_secret)
            }
            Destination::EventBridge { .. } | Destination::Action { .. } => None,
        }
    }

    /// Id of the action that receives the events.
    pub fn action_id(&self) -> Option<&str> {
        match &self.destination {
            Destination::Action { action_id } => Some(action_id),
            Destination::Webhook { .. } | Destination::EventBridge { .. } => None,
        }
    }
}

impl Authorization {
    pub(super) fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::Basic { password: secret, .. }
            | Self::Bearer { token: secret }
            | Self::CustomHeader { header_value: secret, .. } => secret.as_ref(),
        }
    }

    pub(super) fn secret_mut(&mut self) -> &mut Option<SecretString> {
        match self {
            Self::Basic { password: secret, .. }
            | Self::Bearer { token: secret }
            | Self::CustomHeader { header_value: secret, .. } => secret,
        }
    }

    pub(super) fn has_method_of(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
