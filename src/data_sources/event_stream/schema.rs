//! The attributes of the official provider's data source, all of them computed.

use crate::auth0::is_event_stream_id;
use crate::framework::Diagnostic;
use crate::framework::schema::{
    Attribute, Block, Nesting, Schema, Validator, list, nested, number, string,
};
use crate::framework::value::Type;

/// The schema of `auth0_event_stream`.
pub(super) fn schema() -> Schema {
    let mut attributes = event_stream();
    for (name, attribute) in &mut attributes {
        match *name {
            "id" => *attribute = id(),
            "name" => *attribute = self::name(),
            _ => {}
        }
    }
    Schema::new(Block::new(attributes).description(
        "Finds one event stream of the tenant, by its `id` or by its `name`. Secrets are never \
         filled: Auth0 does not show them.",
    ))
}

fn id() -> Attribute {
    string()
        .optional()
        .computed()
        .validate(Validator::text("must be `est_` and 22 letters or digits", |id| {
            (!is_event_stream_id(id)).then(|| {
                Diagnostic::error(
                    format!("{id:?} is not the id of an event stream"),
                    "An id has the form est_ and 22 letters or digits, such as \
                     est_4Kq7WnXy2bVt9RmHc3PzLd. To find a stream by its name, set name instead.",
                )
            })
        }))
        .description("Identifier of the event stream. Set this or `name`.")
}

fn name() -> Attribute {
    string()
        .optional()
        .computed()
        .validate(Validator::text("must not be empty", |name| {
            name.is_empty().then(|| {
                Diagnostic::error(
                    "Empty name of an event stream",
                    "No event stream is found by an empty name. Set name, or set id instead.",
                )
            })
        }))
        .description("Name of the event stream, compared letter by letter. Set this or `id`.")
}

/// The attributes of a stream that was found.
pub fn event_stream() -> Vec<(&'static str, Attribute)> {
    let text = |description| string().computed().description(description);
    vec![
        ("id", text("Identifier of the event stream.")),
        ("name", text("Name of the event stream.")),
        ("destination_type", text("Kind of destination: `action`, `eventbridge` or `webhook`.")),
        (
            "subscriptions",
            list(Type::String).computed().description("Types of the events that are delivered."),
        ),
        ("status", text("Whether events are delivered: `enabled` or `disabled`.")),
        ("created_at", text("When the event stream was created, in RFC 3339.")),
        ("updated_at", text("When the event stream was last changed, in RFC 3339.")),
        ("webhook_configuration", webhook_configuration()),
        ("eventbridge_configuration", eventbridge_configuration()),
        ("action_configuration", action_configuration()),
    ]
}

fn webhook_configuration() -> Attribute {
    let endpoint = string().computed().description("URL that events are sent to.");
    nested(
        Nesting::List,
        [("webhook_endpoint", endpoint), ("webhook_authorization", webhook_authorization())],
    )
    .computed()
    .description("The webhook; empty for another kind of destination.")
}

/// The official provider's data source has these attributes, so they are here; those of secrets and
/// of their versions are null.
fn webhook_authorization() -> Attribute {
    const NEVER: &str = "Always null: Auth0 does not show secrets.";
    let text = |description| string().computed().description(description);
    let version = || number().computed().description("Always null: a version is of a resource.");
    nested(
        Nesting::List,
        [
            ("method", text("`basic`, `bearer` or `custom_header`.")),
            ("username", text("User name, with the method `basic`.")),
            ("password", text(NEVER)),
            ("password_wo", text(NEVER)),
            ("password_wo_version", version()),
            ("token", text(NEVER)),
            ("token_wo", text(NEVER)),
            ("token_wo_version", version()),
            ("header_key", text("Name of the header, with the method `custom_header`.")),
            ("header_value", text(NEVER)),
            ("header_value_wo", text(NEVER)),
            ("header_value_wo_version", version()),
        ],
    )
    .computed()
    .description("How Auth0 authenticates itself to the webhook, without the secret.")
}

fn eventbridge_configuration() -> Attribute {
    let text = |description| string().computed().description(description);
    nested(
        Nesting::List,
        [
            ("aws_account_id", text("AWS account that has the partner event source.")),
            ("aws_region", text("AWS region of the partner event source.")),
            ("aws_partner_event_source", text("Name of the partner event source.")),
        ],
    )
    .computed()
    .description("The AWS account; empty for another kind of destination.")
}

fn action_configuration() -> Attribute {
    let id = string().computed().description("Id of the action.");
    nested(Nesting::List, [("action_id", id)])
        .computed()
        .description("The Auth0 Action; empty for another kind of destination.")
}
