use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::auth0::http::json_body;

/// An event stream to be created.
#[derive(Debug, Clone)]
pub struct CreateEventStream {
    pub name: String,
    /// `enabled` or `disabled`; Auth0 takes `enabled` where it is None.
    pub status: Option<String>,
    pub subscriptions: Vec<Subscription>,
    pub destination: Destination,
}

/// What is to change on an event stream. Auth0 leaves alone what is None.
#[derive(Debug, Clone, Default)]
pub struct UpdateEventStream {
    pub name: Option<String>,
    pub status: Option<String>,
    /// All of them: Auth0 replaces the whole list.
    pub subscriptions: Option<Vec<Subscription>>,
    /// The whole destination with its secret, of the kind that it is. Auth0 changes only webhooks.
    pub destination: Option<Destination>,
}

/// A type of events, such as `user.created`, that is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub event_type: String,
}

/// Where events are to be delivered.
#[derive(Debug, Clone)]
pub enum Destination {
    Webhook { webhook_endpoint: String, webhook_authorization: WebhookAuthorization },
    EventBridge { aws_account_id: String, aws_region: String },
    Action { action_id: String },
}

/// How Auth0 shows the webhook who it is. The secrets are never returned.
#[derive(Debug, Clone)]
pub enum WebhookAuthorization {
    Basic { username: String, password: SecretString },
    Bearer { token: SecretString },
    CustomHeader { header_key: String, header_value: SecretString },
}

impl<T: Into<String>> From<T> for Subscription {
    fn from(event_type: T) -> Self {
        Self { event_type: event_type.into() }
    }
}

impl CreateEventStream {
    pub(super) fn body(&self) -> Bytes {
        json_body(&Body {
            name: Some(&self.name),
            status: self.status.as_deref(),
            // Auth0 refuses an empty list here, and takes a missing one for the same.
            subscriptions: (!self.subscriptions.is_empty()).then_some(&self.subscriptions),
            destination: Some((&self.destination).into()),
        })
    }

    pub(super) fn secrets(&self) -> Vec<&SecretString> {
        self.destination.secret().into_iter().collect()
    }
}

impl UpdateEventStream {
    /// Whether nothing is to change. Even then a request would move `updated_at`.
    pub fn is_empty(&self) -> bool {
        let Self { name, status, subscriptions, destination } = self;
        name.is_none() && status.is_none() && subscriptions.is_none() && destination.is_none()
    }

    pub(super) fn body(&self) -> Bytes {
        json_body(&Body {
            name: self.name.as_deref(),
            status: self.status.as_deref(),
            subscriptions: self.subscriptions.as_deref(),
            destination: self.destination.as_ref().map(Into::into),
        })
    }

    pub(super) fn secrets(&self) -> Vec<&SecretString> {
        self.destination.as_ref().and_then(Destination::secret).into_iter().collect()
    }
}

impl Destination {
    fn secret(&self) -> Option<&SecretString> {
        let Self::Webhook { webhook_authorization, .. } = self else { return None };
        Some(match webhook_authorization {
            WebhookAuthorization::Basic { password, .. } => password,
            WebhookAuthorization::Bearer { token } => token,
            WebhookAuthorization::CustomHeader { header_value, .. } => header_value,
        })
    }
}

// What follows is the JSON, apart from the types above so that those cannot be serialized by
// accident: this is the one place where the secrets of a request are exposed.

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<&'a [Subscription]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<DestinationBody<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "configuration", rename_all = "lowercase")]
enum DestinationBody<'a> {
    Webhook { webhook_endpoint: &'a str, webhook_authorization: AuthorizationBody<'a> },
    EventBridge { aws_account_id: &'a str, aws_region: &'a str },
    Action { action_id: &'a str },
}

#[derive(Serialize)]
#[serde(tag = "method", rename_all = "snake_case")]
enum AuthorizationBody<'a> {
    Basic { username: &'a str, password: &'a str },
    Bearer { token: &'a str },
    CustomHeader { header_key: &'a str, header_value: &'a str },
}

impl<'a> From<&'a Destination> for DestinationBody<'a> {
    fn from(destination: &'a Destination) -> Self {
        match destination {
            Destination::Webhook { webhook_endpoint, webhook_authorization } => Self::Webhook {
                webhook_endpoint,
                webhook_authorization: webhook_authorization.into(),
            },
            Destination::EventBridge { aws_account_id, aws_region } => {
                Self::EventBridge { aws_account_id, aws_region }
            }
            Destination::Action { action_id } => Self::Action { action_id },
        }
    }
}

impl<'a> From<&'a WebhookAuthorization> for AuthorizationBody<'a> {
    fn from(authorization: &'a WebhookAuthorization) -> Self {
        match authorization {
            WebhookAuthorization::Basic { username, password } => {
                Self::Basic { username, password: password.expose_secret() }
            }
            WebhookAuthorization::Bearer { token } => Self::Bearer { token: token.expose_secret() },
            WebhookAuthorization::CustomHeader { header_key, header_value } => {
                Self::CustomHeader { header_key, header_value: header_value.expose_secret() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(webhook_authorization: WebhookAuthorization) -> Destination {
        let webhook_endpoint = "https://hooks.example.com/auth0".to_owned();
        Destination::Webhook { webhook_endpoint, webhook_authorization }
    }

    fn created(status: Option<&str>, events: &[&str], destination: Destination) -> String {
        let new = CreateEventStream {
            name: "crm-sync".to_owned(),
            status: status.map(str::to_owned),
            subscriptions: events.iter().copied().map(Into::into).collect(),
            destination,
        };
        String::from_utf8(new.body().to_vec()).unwrap()
    }

    #[test]
    fn a_create_is_written_as_auth0_documents_it() {
        let bearer = WebhookAuthorization::Bearer { token: "s3cr3t-token".into() };
        for (body, want) in [
            (
                created(None, &["user.created", "user.updated"], webhook(bearer)),
                r#"{"name":"crm-sync","subscriptions":[{"event_type":"user.created"},{"event_type":"user.updated"}],"destination":{"type":"webhook","configuration":{"webhook_endpoint":"https://hooks.example.com/auth0","webhook_authorization":{"method":"bearer","token":"s3cr3t-token"}}}}"#,
            ),
            (
                created(
                    Some("enabled"),
                    &["organization.created"],
                    Destination::EventBridge {
                        aws_account_id: "123456789012".to_owned(),
                        aws_region: "eu-west-1".to_owned(),
                    },
                ),
                r#"{"name":"crm-sync","status":"enabled","subscriptions":[{"event_type":"organization.created"}],"destination":{"type":"eventbridge","configuration":{"aws_account_id":"123456789012","aws_region":"eu-west-1"}}}"#,
            ),
            (
                created(None, &[], Destination::Action { action_id: "6f0d1c1e".to_owned() }),
                r#"{"name":"crm-sync","destination":{"type":"action","configuration":{"action_id":"6f0d1c1e"}}}"#,
            ),
        ] {
            assert_eq!(body, want);
        }
    }

    #[test]
    fn each_authorization_carries_its_secret() {
        for (authorization, want) in [
            (
                WebhookAuthorization::Basic {
                    username: "hook".to_owned(),
                    password: "s3cr3t".into(),
                },
                r#"{"method":"basic","username":"hook","password":"s3cr3t"}"#,
            ),
            (
                WebhookAuthorization::CustomHeader {
                    header_key: "x-hook-secret".to_owned(),
                    header_value: "s3cr3t".into(),
                },
                r#"{"method":"custom_header","header_key":"x-hook-secret","header_value":"s3cr3t"}"#,
            ),
        ] {
            let body = created(None, &[], webhook(authorization));
            assert!(body.contains(want), "{body}");
        }
    }

    #[test]
    fn an_update_holds_what_changes_and_nothing_else() {
        let nothing = UpdateEventStream::default();
        assert!(nothing.is_empty());
        for (changes, want) in [
            (
                UpdateEventStream { status: Some("disabled".to_owned()), ..nothing.clone() },
                r#"{"status":"disabled"}"#,
            ),
            (
                UpdateEventStream { subscriptions: Some(Vec::new()), ..nothing.clone() },
                r#"{"subscriptions":[]}"#,
            ),
            (
                UpdateEventStream { name: Some("b".to_owned()), ..nothing.clone() },
                r#"{"name":"b"}"#,
            ),
        ] {
            assert!(!changes.is_empty());
            assert_eq!(changes.body(), want);
        }
        let destination = Some(Destination::Action { action_id: "a".to_owned() });
        assert!(!UpdateEventStream { destination, ..nothing }.is_empty());
    }
}
