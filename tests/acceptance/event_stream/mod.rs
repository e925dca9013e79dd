//! `auth0_event_stream`, as its users meet it.

mod action;
mod create;
mod drift;
mod identity;
mod import;
mod messages;
pub mod official_state;
mod rate;
pub mod released;
mod replace;
mod secrets;
mod switches;
mod unknown;
mod update;
mod validation;

use serde_json::{Value as Json, json};

/// A webhook with a write-only token.
pub fn webhook(name: &str, endpoint: &str, token: &str, version: u32) -> String {
    with_authorization(
        name,
        endpoint,
        &format!(
            "method = \"bearer\"\n      token_wo = {token:?}\n      token_wo_version = {version}"
        ),
    )
}

/// A webhook with any authorization.
pub fn with_authorization(name: &str, endpoint: &str, authorization: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "it" {{
  name             = {name:?}
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated"]

  webhook_configuration {{
    webhook_endpoint = {endpoint:?}

    webhook_authorization {{
      {authorization}
    }}
  }}
}}
"#
    )
}

/// A stream to EventBridge, and an output of its source.
pub fn eventbridge(name: &str, region: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "it" {{
  name             = {name:?}
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]

  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = {region:?}
  }}
}}

output "source" {{
  value = auth0_event_stream.it.eventbridge_configuration[0].aws_partner_event_source
}}
"#
    )
}

/// What somebody else has sent to Auth0, for a stream that equals [`eventbridge`] in `eu-west-1`.
pub fn eventbridge_body(name: &str) -> Json {
    json!({
        "name": name,
        "subscriptions": [{"event_type": "user.created"}],
        "destination": {"type": "eventbridge", "configuration": {
            "aws_account_id": "123456789012", "aws_region": "eu-west-1",
        }},
    })
}

/// A stream to an action.
pub fn action(name: &str, id: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "it" {{
  name             = {name:?}
  destination_type = "action"
  subscriptions    = ["user.created"]

  action_configuration {{
    action_id = {id:?}
  }}
}}
"#
    )
}

/// The endpoint of most tests.
pub const ENDPOINT: &str = "https://hooks.example.com/auth0";
