//! The bodies of requests. Their schema was checked before, so they are read without a refusal.

use super::model::{Authorization, Status};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

/// The body of a create or a patch: what is left out is none.
#[derive(Deserialize)]
pub(super) struct Sent {
    pub(super) name: Option<String>,
    pub(super) status: Option<Status>,
    subscriptions: Option<Vec<Subscription>>,
    pub(super) destination: Option<SentDestination>,
}

#[derive(Deserialize)]
struct Subscription {
    event_type: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "configuration", rename_all = "lowercase")]
pub(super) enum SentDestination {
    Webhook { webhook_endpoint: String, webhook_authorization: Option<SentAuthorization> },
    EventBridge { aws_account_id: String, aws_region: String },
    Action { action_id: String },
}

#[derive(Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub(super) enum SentAuthorization {
    Basic { username: String, password: Option<String> },
    Bearer { token: Option<String> },
    CustomHeader { header_key: String, header_value: Option<String> },
}

impl Sent {
    pub(super) fn read(body: &Value) -> Self {
        Self::deserialize(body).expect("the schema admits only what can be read")
    }

    /// The event types, if `subscriptions` was sent.
    pub(super) fn event_types(&mut self) -> Option<Vec<String>> {
        let subscriptions = self.subscriptions.take()?;
        Some(subscriptions.into_iter().map(|item| item.event_type).collect())
    }
}

impl From<SentAuthorization> for Authorization {
    fn from(sent: SentAuthorization) -> Self {
        let secret = |secret: Option<String>| secret.map(SecretString::from);
        match sent {
            SentAuthorization::Basic { username, password } => {
                Self::Basic { username, password: secret(password) }
            }
            SentAuthorization::Bearer { token } => Self::Bearer { token: secret(token) },
            SentAuthorization::CustomHeader { header_key, header_value } => {
                Self::CustomHeader { header_key, header_value: secret(header_value) }
            }
        }
    }
}
