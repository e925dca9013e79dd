//! The schema as structs.

use crate::framework::path::{Path, path};
use crate::framework::timeouts::Timeouts;
use crate::framework::value::{Number, Value};
use crate::model;

model! {
    /// One event stream as it is configured, planned or stored.
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
        pub timeouts: Value<Timeouts>,
    }
}

model! {
    /// Where a webhook is, and how Auth0 authenticates itself there.
    pub struct WebhookConfiguration {
        pub webhook_endpoint: Value<String>,
        pub webhook_authorization: Value<Vec<WebhookAuthorization>>,
    }
}

model! {
    /// The members of all methods. Those of other methods than the configured one are unset.
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
    /// The AWS account that gets a partner event source.
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

impl EventStreamModel {
    /// The webhook, where there is one and it is known.
    pub fn webhook(&self) -> Option<&WebhookConfiguration> {
        self.webhook_configuration.known()?.first()
    }

    /// The authorization of the webhook, where there is one and it is known.
    pub fn authorization(&self) -> Option<&WebhookAuthorization> {
        self.webhook()?.authorization()
    }

    /// The EventBridge destination, where there is one and it is known.
    pub fn eventbridge(&self) -> Option<&EventbridgeConfiguration> {
        self.eventbridge_configuration.known()?.first()
    }

    /// The id of the action, where there is one and it is known.
    pub fn action_id(&self) -> Option<&str> {
        let action = self.action_configuration.known()?.first()?;
        action.action_id.known().map(String::as_str)
    }
}

impl WebhookConfiguration {
    /// The authorization, where there is one and it is known.
    pub fn authorization(&self) -> Option<&WebhookAuthorization> {
        self.webhook_authorization.known()?.first()
    }
}

/// The path of the one block of webhook authorization.
pub fn authorization_path() -> Path {
    path("webhook_configuration").index(0).attribute("webhook_authorization").index(0)
}

/// The path of `aws_region`.
pub fn region_path() -> Path {
    path("eventbridge_configuration").index(0).attribute("aws_region")
}

/// The path of `action_id`.
pub fn action_id_path() -> Path {
    path("action_configuration").index(0).attribute("action_id")
}

/// How a webhook is called, and the attributes that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// HTTP Basic: `username` and `password`.
    Basic,
    /// `Authorization: Bearer` with `token`.
    Bearer,
    /// A header of its own: `header_key` and `header_value`.
    CustomHeader,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 3] = [Method::Basic, Method::Bearer, Method::CustomHeader];

    /// The names of all methods.
    pub const NAMES: [&str; 3] = ["basic", "bearer", "custom_header"];

    /// The method that `name` stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// As Auth0 spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Bearer => "bearer",
            Self::CustomHeader => "custom_header",
        }
    }

    /// The attribute beside the secret, where there is one.
    pub fn public_attribute(self) -> Option<&'static str> {
        match self {
            Self::Basic => Some("username"),
            Self::Bearer => None,
            Self::CustomHeader => Some("header_key"),
        }
    }

    /// The attribute of the plain secret. Its write-only siblings are named after it.
    pub fn secret_attribute(self) -> &'static str {
        match self {
            Self::Basic => "password",
            Self::Bearer => "token",
            Self::CustomHeader => "header_value",
        }
    }
}

/// The three attributes that may give the secret of one method.
pub struct Secret<'a> {
    /// Name of the plain attribute.
    pub name: &'static str,
    /// In the state in clear.
    pub plain: &'a Value<String>,
    /// In the configuration only.
    pub write_only: &'a Value<String>,
    /// A change of it sends the write-only secret.
    pub version: &'a Value<Number>,
}

impl Secret<'_> {
    /// Name of the write-only attribute.
    pub fn write_only_name(&self) -> String {
        format!("{}_wo", self.name)
    }

    /// Name of the version of the write-only attribute.
    pub fn version_name(&self) -> String {
        format!("{}_wo_version", self.name)
    }

    /// True when a version is configured. Modules may write 0 for none, as other providers store it.
    pub fn has_version(&self) -> bool {
        self.version.known().is_some() && !is_zero(self.version)
    }

    /// True when a configuration gives a secret, known or not known yet.
    pub fn is_given(&self) -> bool {
        !self.plain.is_null() || !self.write_only.is_null()
    }

    /// True when a state says which secret Auth0 holds.
    pub fn is_recorded(&self) -> bool {
        !is_unset(self.plain) || !is_zero(self.version)
    }
}

impl WebhookAuthorization {
    /// The configured method, where it is known and there is such a method.
    pub fn known_method(&self) -> Option<Method> {
        Method::from_name(self.method.known()?)
    }

    /// What belongs to `method` beside its secret.
    pub fn public_value(&self, method: Method) -> &Value<String> {
        match method {
            Method::Basic => &self.username,
            Method::Bearer => &Value::Null,
            Method::CustomHeader => &self.header_key,
        }
    }

    /// The secret of `method`.
    pub fn secret(&self, method: Method) -> Secret<'_> {
        let (plain, write_only, version) = match method {
            Method::Basic => (&self.password, &self.password_wo, &self.password_wo_version),
            Method::Bearer => (&self.token, &self.token_wo, &self.token_wo_version),
            Method::CustomHeader => {
                (&self.header_value, &self.header_value_wo, &self.header_value_wo_version)
            }
        };
        Secret { name: method.secret_attribute(), plain, write_only, version }
    }
}

/// Null, or the `""` that the SDK of other providers stores for "not set".
pub fn is_unset(text: &Value<String>) -> bool {
    match text {
        Value::Null => true,
        Value::Unknown => false,
        Value::Known(text) => text.is_empty(),
    }
}

/// Null, or the `0` that the SDK of other providers stores for "not set".
pub fn is_zero(number: &Value<Number>) -> bool {
    match number {
        Value::Null => true,
        Value::Unknown => false,
        Value::Known(number) => *number == Number::from(0_i64),
    }
}
