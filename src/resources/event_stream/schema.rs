//! The schema: names, nesting and types of the official provider, with the rules that Auth0 has.

use super::faults::{account_fault, endpoint_faults, header_fault, region_fault, username_faults};
use super::model::Method;
use crate::framework::Diagnostic;
use crate::framework::schema::{
    Attribute, Block, NestedBlock, Schema, Validator, list, number, string,
};
use crate::framework::timeouts::Timeouts;
use crate::framework::value::{Data, Raw, Type, Value};

/// Kinds of destination. Auth0 cannot change the kind of an existing stream.
const DESTINATION_TYPES: [&str; 3] = ["action", "eventbridge", "webhook"];

/// Longest name that Auth0 takes, in characters.
const MAX_NAME: usize = 128;

/// The schema of `auth0_event_stream`.
pub fn schema() -> Schema {
    let block = Block::new([
        ("id", string().computed().stable().description("Identifier of the event stream.")),
        ("name", name()),
        ("destination_type", destination_type()),
        ("subscriptions", subscriptions()),
        ("status", status()),
        ("created_at", created_at()),
        ("updated_at", updated_at()),
    ])
    .description(
        "Delivers events of an Auth0 tenant, such as `user.created`, to a webhook, to Amazon \
         EventBridge, or to an Auth0 Action.",
    )
    .block("webhook_configuration", NestedBlock::at_most_one(webhook_configuration()))
    .block("eventbridge_configuration", NestedBlock::at_most_one(eventbridge_configuration()))
    .block("action_configuration", NestedBlock::at_most_one(action_configuration()))
    .block("timeouts", Timeouts::block());
    Schema::new(block)
}

fn name() -> Attribute {
    string()
        .required()
        .validate(Validator::text(format!("must have 1 to {MAX_NAME} characters"), |name| {
            let length = name.chars().count();
            (length == 0 || length > MAX_NAME).then(|| {
                Diagnostic::error(
                    "Invalid name of an event stream",
                    format!("It has {length} characters. Auth0 takes 1 to {MAX_NAME}."),
                )
            })
        }))
        .description("Name of the event stream, unique in the tenant.")
}

fn destination_type() -> Attribute {
    string()
        .required()
        .validate(Validator::one_of("destination type", &DESTINATION_TYPES))
        .requires_replace()
        .description("Kind of destination; the block of that kind configures it.")
}

fn subscriptions() -> Attribute {
    list(Type::String).required().same_when(same_members).description(
        "Types of the events to deliver, such as `user.created`. Order and repetition do not \
             matter.",
    )
}

fn status() -> Attribute {
    string()
        .optional()
        .computed()
        .stable()
        .validate(Validator::one_of("status", &["enabled", "disabled"]))
        .description(
            "Whether events are delivered. Where it is not set, it stays as it is, and Auth0 \
             decides it for a new event stream. Events that happen while the stream is disabled \
             are not delivered later.",
        )
}

fn created_at() -> Attribute {
    string()
        .computed()
        .stable()
        .same_when(same_instant)
        .description("When the event stream was created, in RFC 3339.")
}

fn updated_at() -> Attribute {
    string()
        .computed()
        .same_when(same_instant)
        .description("When the event stream was last changed, in RFC 3339.")
}

fn webhook_configuration() -> Block {
    Block::new([(
        "webhook_endpoint",
        string()
            .required()
            .validate(Validator::text(
                "must be an `https` URL without credentials",
                endpoint_faults,
            ))
            .description("URL that events are sent to, as `POST` requests with one event each."),
    )])
    .description("Where a webhook is. Needed for `destination_type = \"webhook\"`.")
    .block("webhook_authorization", NestedBlock::at_most_one(webhook_authorization()).required())
}

fn webhook_authorization() -> Block {
    Block::new([
        (
            "method",
            string().required().validate(Validator::one_of("method", &Method::NAMES)).description(
                "How Auth0 authenticates itself: `basic` with `username` and `password`, `bearer` \
                 with `token`, `custom_header` with `header_key` and `header_value`.",
            ),
        ),
        (
            "username",
            string()
                .optional_keeping_empty()
                .validate(Validator::text(
                    "must have at most 128 characters and no colon",
                    username_faults,
                ))
                .description("User name for method `basic`."),
        ),
        ("password", secret("Password for method `basic`. It is stored in the state in clear.")),
        ("password_wo", write_only("Password for method `basic`. It is never stored.")),
        ("password_wo_version", version("A change of it sends `password_wo` again.")),
        ("token", secret("Token for method `bearer`. It is stored in the state in clear.")),
        ("token_wo", write_only("Token for method `bearer`. It is never stored.")),
        ("token_wo_version", version("A change of it sends `token_wo` again.")),
        (
            "header_key",
            string()
                .optional_keeping_empty()
                .same_when(same_header)
                .validate(Validator::text(
                    "must be the name of an HTTP header that does not belong to HTTP itself",
                    header_fault,
                ))
                .description(
                    "Name of the header for method `custom_header`, in any case. `Host`, \
                     `Content-Length`, `Content-Type`, `Transfer-Encoding` and `Connection` are \
                     refused.",
                ),
        ),
        (
            "header_value",
            secret("Value of the header for method `custom_header`. It is stored in the state in clear."),
        ),
        (
            "header_value_wo",
            write_only("Value of the header for method `custom_header`. It is never stored."),
        ),
        ("header_value_wo_version", version("A change of it sends `header_value_wo` again.")),
    ])
    .description("How Auth0 authenticates itself to the webhook.")
}

fn secret(description: &'static str) -> Attribute {
    string().optional_keeping_empty().sensitive().validate(not_empty()).description(description)
}

/// Nobody ever stores it. It is sensitive all the same: core keeps the paths of sensitive values in
/// the state, and plans an update where those of the official provider's state become fewer.
fn write_only(description: &'static str) -> Attribute {
    string().optional().write_only().sensitive().validate(not_empty()).description(description)
}

fn version(description: &'static str) -> Attribute {
    number()
        .optional_keeping_empty()
        .validate(Validator::new("must be a whole number", |data, path| match data {
            Data::Number(number) if !number.is_whole() => Diagnostic::error(
                "Invalid version of a secret",
                format!("{number} is not a whole number."),
            )
            .at(path.clone())
            .into(),
            _ => Default::default(),
        }))
        .description(description)
}

fn not_empty() -> Validator {
    Validator::text("must not be empty", |text| {
        text.is_empty().then(|| {
            Diagnostic::error(
                "Empty secret",
                "An empty secret protects nothing, and Auth0 refuses it. Leave the attribute out, \
                 or set it to null, where there is none.",
            )
        })
    })
}

fn eventbridge_configuration() -> Block {
    Block::new([
        (
            "aws_account_id",
            string()
                .required()
                .requires_replace()
                .validate(Validator::text("must have 12 digits", account_fault))
                .description("AWS account that gets the partner event source."),
        ),
        (
            "aws_region",
            string()
                .required()
                .requires_replace()
                .validate(Validator::text(
                    "must be an AWS region such as `eu-west-1`",
                    region_fault,
                ))
                .description("AWS region of the partner event source."),
        ),
        (
            "aws_partner_event_source",
            string().computed().stable().description(
                "Name of the partner event source that Auth0 made in the AWS account. It must be \
                 associated with an event bus before it expires; until then events are lost.",
            ),
        ),
    ])
    .description("The AWS account to deliver to. Needed for `destination_type = \"eventbridge\"`.")
}

fn action_configuration() -> Block {
    Block::new([(
        "action_id",
        string()
            .required()
            .requires_replace()
            .validate(Validator::text("must not be empty", |id| {
                id.trim().is_empty().then(|| {
                    Diagnostic::error(
                        "Empty action_id",
                        "It must be the id of a deployed action whose trigger is `event-stream`.",
                    )
                })
            }))
            .description(
                "Id of a deployed action whose trigger is `event-stream`. Auth0 deletes the action \
                 together with the event stream.",
            ),
    )])
    .description("The Auth0 Action to run. Needed for `destination_type = \"action\"`.")
}

/// Two lists with the same members, whatever their order and repetitions.
fn same_members(old: &Raw, new: &Raw) -> bool {
    let set = |list: &Raw| list.elements().map(|elements| Data::set(elements.to_vec()));
    set(old).is_some() && set(old) == set(new)
}

/// Two names of one header, or two ways to say "not set".
fn same_header(old: &Raw, new: &Raw) -> bool {
    match (old, new) {
        (Value::Known(Data::String(old)), Value::Known(Data::String(new))) => {
            old.eq_ignore_ascii_case(new)
        }
        (Value::Null, Value::Known(Data::String(text)))
        | (Value::Known(Data::String(text)), Value::Null) => text.is_empty(),
        _ => false,
    }
}

/// Two spellings of one moment: RFC 3339, and the form in which Go prints a time.
fn same_instant(old: &Raw, new: &Raw) -> bool {
    let instant = |value: &Raw| match value {
        Value::Known(Data::String(text)) => instant(text),
        _ => None,
    };
    instant(old).is_some_and(|old| instant(new) == Some(old))
}

fn instant(text: &str) -> Option<time::OffsetDateTime> {
    use time::format_description::well_known::Rfc3339;
    // 2026-03-02 09:15:27.041 +0000 UTC
    let rfc3339 = match text.strip_suffix(" +0000 UTC") {
        Some(utc) => format!("{}Z", utc.replacen(' ', "T", 1)),
        None => text.to_owned(),
    };
    time::OffsetDateTime::parse(&rfc3339, &Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_takes_the_schema() {
        assert_eq!(schema().problems(), Vec::<String>::new());
    }

    #[test]
    fn one_moment_may_be_spelled_in_two_ways() {
        let same = |a: &str, b: &str| same_instant(&Raw::string(a), &Raw::string(b));
        assert!(same("2026-03-02 09:15:27.17 +0000 UTC", "2026-03-02T09:15:27.170Z"));
        assert!(same("2026-03-02 09:15:27 +0000 UTC", "2026-03-02T09:15:27.000Z"));
        assert!(!same("2026-03-02 09:15:27.17 +0000 UTC", "2026-03-02T09:15:27.171Z"));
        assert!(!same("yesterday", "yesterday "));
    }

    #[test]
    fn order_and_repetition_of_subscriptions_mean_nothing() {
        let list = |names: &[&str]| {
            Value::Known(Data::List(names.iter().map(|name| Raw::string(*name)).collect()))
        };
        assert!(same_members(&list(&["a", "b"]), &list(&["b", "a", "b"])));
        assert!(!same_members(&list(&["a", "b"]), &list(&["a"])));
        assert!(!same_members(&Raw::Null, &list(&[])));
    }
}
