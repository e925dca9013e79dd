use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::request::Subscription;

/// An event stream as Auth0 describes it, without its secrets. Members that we do not know are
/// left out, so that Auth0 may add some.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventStream {
    pub id: String,
    /// `enabled` or `disabled`.
    pub status: String,
    /// Empty for a stream without a name, which only the API makes.
    #[serde(default, deserialize_with = "null_is_default")]
    pub name: String,
    #[serde(default, deserialize_with = "null_is_default")]
    pub subscriptions: Vec<Subscription>,
    /// As Auth0 spells it, such as `2026-03-02T09:15:27.041Z`; also the one below.
    pub created_at: String,
    pub updated_at: String,
    pub destination: EventStreamDestination,
}

/// Where an event stream delivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventStreamDestination {
    Webhook {
        webhook_endpoint: String,
        webhook_authorization: EventStreamAuthorization,
    },
    EventBridge {
        aws_account_id: String,
        aws_region: String,
        /// The source to associate with an event bus in the AWS account.
        aws_partner_event_source: Option<String>,
    },
    Action {
        action_id: String,
    },
    /// A kind that is newer than we are.
    Other {
        destination_type: String,
    },
}

/// How a webhook knows Auth0: the method, and what of it is no secret. A method that we do not
/// know is kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct EventStreamAuthorization {
    #[serde(default, deserialize_with = "null_is_default")]
    pub method: String,
    /// With the method `basic`.
    pub username: Option<String>,
    /// With the method `custom_header`.
    pub header_key: Option<String>,
}

impl EventStreamDestination {
    /// The kind as Auth0 names it.
    pub fn destination_type(&self) -> &str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::EventBridge { .. } => "eventbridge",
            Self::Action { .. } => "action",
            Self::Other { destination_type } => destination_type,
        }
    }
}

impl<'de> Deserialize<'de> for EventStreamDestination {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Tagged {
            r#type: String,
            #[serde(default)]
            configuration: Value,
        }
        #[derive(Deserialize)]
        struct Webhook {
            webhook_endpoint: String,
            #[serde(default, deserialize_with = "null_is_default")]
            webhook_authorization: EventStreamAuthorization,
        }
        #[derive(Deserialize)]
        struct EventBridge {
            aws_account_id: String,
            aws_region: String,
            aws_partner_event_source: Option<String>,
        }
        #[derive(Deserialize)]
        struct Action {
            action_id: String,
        }

        let Tagged { r#type, configuration } = Tagged::deserialize(deserializer)?;
        Ok(match r#type.as_str() {
            "webhook" => {
                let Webhook { webhook_endpoint, webhook_authorization } = read(configuration)?;
                Self::Webhook { webhook_endpoint, webhook_authorization }
            }
            "eventbridge" => {
                let EventBridge { aws_account_id, aws_region, aws_partner_event_source } =
                    read(configuration)?;
                Self::EventBridge { aws_account_id, aws_region, aws_partner_event_source }
            }
            "action" => {
                let Action { action_id } = read(configuration)?;
                Self::Action { action_id }
            }
            _ => Self::Other { destination_type: r#type },
        })
    }
}

fn read<T: for<'a> Deserialize<'a>, E: serde::de::Error>(configuration: Value) -> Result<T, E> {
    T::deserialize(configuration).map_err(E::custom)
}

fn null_is_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(destination: &str) -> EventStream {
        let text = format!(
            r#"{{"id":"est_4Kq7WnXy2bVt9RmHc3PzLd","status":"enabled","name":"crm-sync","subscriptions":[{{"event_type":"user.created"}}],"created_at":"2026-03-02T09:15:27.041Z","updated_at":"2026-03-02T09:15:27.041Z","destination":{destination},"added_in_2027":[1]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn authorization(method: &str) -> EventStreamAuthorization {
        EventStreamAuthorization { method: method.to_owned(), ..Default::default() }
    }

    #[test]
    fn each_kind_of_destination_is_read() {
        let webhook = |webhook_authorization| EventStreamDestination::Webhook {
            webhook_endpoint: "https://h.test".to_owned(),
            webhook_authorization,
        };
        for (destination, want) in [
            (
                r#"{"type":"webhook","configuration":{"webhook_endpoint":"https://h.test","webhook_authorization":{"method":"bearer"}}}"#,
                webhook(authorization("bearer")),
            ),
            (
                r#"{"type":"webhook","configuration":{"webhook_endpoint":"https://h.test","webhook_authorization":{"method":"basic","username":"hook"}}}"#,
                webhook(EventStreamAuthorization {
                    username: Some("hook".to_owned()),
                    ..authorization("basic")
                }),
            ),
            (
                r#"{"type":"webhook","configuration":{"webhook_endpoint":"https://h.test","webhook_authorization":{"method":"custom_header","header_key":"x-hook-secret"}}}"#,
                webhook(EventStreamAuthorization {
                    header_key: Some("x-hook-secret".to_owned()),
                    ..authorization("custom_header")
                }),
            ),
            (
                r#"{"type":"eventbridge","configuration":{"aws_region":"eu-west-1","aws_account_id":"123456789012","aws_partner_event_source":"aws.partner/auth0.com/x/auth0.events"}}"#,
                EventStreamDestination::EventBridge {
                    aws_account_id: "123456789012".to_owned(),
                    aws_region: "eu-west-1".to_owned(),
                    aws_partner_event_source: Some(
                        "aws.partner/auth0.com/x/auth0.events".to_owned(),
                    ),
                },
            ),
            (
                r#"{"type":"action","configuration":{"action_id":"6f0d1c1e"}}"#,
                EventStreamDestination::Action { action_id: "6f0d1c1e".to_owned() },
            ),
        ] {
            let stream = stream(destination);
            assert_eq!(stream.destination, want);
            assert_eq!(stream.subscriptions, ["user.created".into()]);
            assert_eq!(stream.created_at, "2026-03-02T09:15:27.041Z");
        }
    }

    #[test]
    fn what_is_newer_than_we_are_does_not_fail_the_whole_answer() {
        let other = stream(r#"{"type":"kafka","configuration":{"brokers":["a"]}}"#).destination;
        assert_eq!(other.destination_type(), "kafka");
        for (authorization, method) in [
            (r#"{"method":"mtls","certificate":{"a":1}}"#, "mtls"),
            (r#"{"username":null}"#, ""),
            ("null", ""),
        ] {
            let destination = stream(&format!(
                r#"{{"type":"webhook","configuration":{{"webhook_endpoint":"https://h.test","webhook_authorization":{authorization}}}}}"#
            ))
            .destination;
            let EventStreamDestination::Webhook { webhook_authorization, .. } = destination else {
                panic!("{authorization}")
            };
            assert_eq!(webhook_authorization.method, method);
        }
    }
}
