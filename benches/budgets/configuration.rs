//! Configurations of any size, ours and the floor's. Another `version` is a change in place of every
//! object.

pub const TYPE_NAME: &str = "auth0_event_stream";

/// Where the streams go.
#[derive(Clone, Copy, Debug)]
pub enum Destination {
    Webhook,
    Eventbridge,
}

pub fn event_streams(destination: Destination, count: usize, version: &str) -> String {
    match destination {
        Destination::Webhook => webhooks(count, version),
        Destination::Eventbridge => eventbridges(count, version),
    }
}

fn webhooks(count: usize, version: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "many" {{
  count            = {count}
  name             = "stream-${{count.index}}"
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated"]

  webhook_configuration {{
    webhook_endpoint = "https://hooks.example.com/{version}/${{count.index}}"

    webhook_authorization {{
      method = "bearer"
      token  = "s3cr3t-token"
    }}
  }}
}}
"#
    )
}

fn eventbridges(count: usize, version: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "many" {{
  count            = {count}
  name             = "stream-{version}-${{count.index}}"
  destination_type = "eventbridge"
  subscriptions    = ["user.created", "user.updated"]

  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }}
}}
"#
    )
}

/// Resources that core has built in.
pub fn built_in(count: usize, version: &str) -> String {
    format!(
        r#"
resource "terraform_data" "many" {{
  count = {count}
  input = "https://hooks.example.com/{version}/${{count.index}}"
}}
"#
    )
}
