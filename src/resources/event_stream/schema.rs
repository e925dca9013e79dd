//! The schema: names, nesting and types of the official provider, with the rules that Auth0 has.

use url::Url;

use super::model::Method;
use crate::framework::Diagnostic;
use crate::framework::schema::{
    Attribute, Block, NestedBlock, Schema, Validator, list, number, string,
};
use crate::framework::value::{Data, Raw, Type, Value};

/// Kinds of destination. Auth0 cannot change the kind of an existing stream.
const DESTINATION_TYPES: [&str; 3] = ["action", "eventbridge", "webhook"];

/// Headers that belong to HTTP itself, so that a webhook cannot be authorized by them.
const FORBIDDEN_HEADERS: [&str; 5] =
    ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection"];

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
    .block("action_configuration", NestedBlock::at_most_one(action_configuration()));
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
                .description("Name of the header for method `custom_header`, in any case."),
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

/// What is wrong with the endpoint of a webhook. Never repeats the URL, which may hold a secret.
fn endpoint_faults(text: &str) -> Vec<Diagnostic> {
    let mut faults: Vec<String> = Vec::new();
    let mut say = |fault: String| faults.push(fault);
    if text.is_empty() {
        say("It is empty. Auth0 needs an https URL to send events to.".to_owned());
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        say("It holds a space, a line break or a control character.".to_owned());
    } else {
        match Url::parse(text) {
            Err(err) => say(format!("It is not a URL: {err}. Write it like https://host/path.")),
            Ok(url) => {
                match text.strip_prefix("https://") {
                    // Auth0 compares the scheme letter by letter.
                    None => say(format!(
                        "Auth0 sends events over https only, so it must start with https://, not \
                         with {}:.",
                        url.scheme()
                    )),
                    // Browsers skip extra slashes and take the first word of the path for the host.
                    Some(rest) if rest.starts_with(['/', '\\', '?', '#']) => {
                        say("It has no host. Write it like https://host/path.".to_owned());
                    }
                    Some(_) => {}
                }
                if !url.username().is_empty() || url.password().is_some() {
                    say("It holds a user name or a password, which would be stored and shown in \
                         clear. Use webhook_authorization with method \"basic\"."
                        .to_owned());
                }
            }
        }
    }
    faults.into_iter().map(|fault| Diagnostic::error("Invalid webhook_endpoint", fault)).collect()
}

fn username_faults(text: &str) -> Vec<Diagnostic> {
    let length = text.chars().count();
    let colon = text.contains(':').then(|| {
        "It holds a colon. HTTP Basic takes the first colon for the end of the user name."
            .to_owned()
    });
    let long =
        (length > 128).then(|| format!("It has {length} characters. Auth0 takes at most 128."));
    [colon, long]
        .into_iter()
        .flatten()
        .map(|fault| Diagnostic::error("Invalid username", fault))
        .collect()
}

fn header_fault(text: &str) -> Option<Diagnostic> {
    let is_token = text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c));
    let detail = if !is_token {
        format!("{text:?} holds a character that no header name may have.")
    } else if let Some(name) = FORBIDDEN_HEADERS.iter().find(|name| name.eq_ignore_ascii_case(text))
    {
        format!("{name} belongs to HTTP itself and cannot carry a secret.")
    } else {
        return None;
    };
    Some(Diagnostic::error("Invalid header_key", detail))
}

fn account_fault(text: &str) -> Option<Diagnostic> {
    let is_account = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    (!is_account).then(|| {
        Diagnostic::error(
            format!("Invalid AWS account id {text:?}"),
            "It must have 12 digits. In HCL, write it in quotes, so that a leading zero stays.",
        )
    })
}

/// A region that is spelled like one may be newer than this provider: that is a warning, given by
/// the resource, which knows the name of the stream.
fn region_fault(text: &str) -> Option<Diagnostic> {
    (!is_region_shaped(text)).then(|| {
        Diagnostic::error(
            format!("Invalid AWS region {text:?}"),
            "A region is written in lower case with a number at the end, such as eu-west-1.",
        )
    })
}

/// `eu-west-1`, `us-gov-east-1`: words of letters, then a number, joined by hyphens.
fn is_region_shaped(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
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
    fn endpoints_must_be_https_without_credentials() {
        for (endpoint, want) in [
            ("https://hooks.example.com/auth0?x=1", &[][..]),
            ("https://[::1]:8443/", &[]),
            ("", &["It is empty"]),
            ("http://hooks.example.com", &["over https only"]),
            ("HTTPS://hooks.example.com", &["over https only"]),
            ("https:hooks.example.com", &["over https only"]),
            ("ftp://hooks.example.com", &["over https only"]),
            ("hooks.example.com", &["not a URL"]),
            ("https://", &["not a URL"]),
            ("https:///path", &["no host"]),
            ("https://?x=1", &["not a URL"]),
            ("https://user@hooks.example.com", &["user name or a password"]),
            ("https://:pass@hooks.example.com", &["user name or a password"]),
            ("http://user:pass@a.test", &["over https only", "user name or a password"]),
            ("https://hooks.example.com/a b", &["a space"]),
            ("https://hooks.example.com/\n", &["a line break"]),
        ] {
            let faults = endpoint_faults(endpoint);
            assert_eq!(faults.len(), want.len(), "{endpoint}");
            for (fault, want) in faults.iter().zip(want) {
                assert!(fault.detail.contains(want), "{endpoint}: {}", fault.detail);
            }
        }
    }

    #[test]
    fn only_what_looks_like_a_region_passes() {
        for region in ["eu-west-1", "us-gov-east-1", "mars-north-12"] {
            assert_eq!(region_fault(region), None, "{region}");
        }
        for region in ["", "eu-west", "EU-WEST-1", "eu_west_1", "eu-west-100", "west-1", "eu--1"] {
            assert!(region_fault(region).is_some(), "{region}");
        }
    }

    #[test]
    fn header_names_are_tokens_and_not_those_of_http() {
        for header in ["Authorization", "x-hook-secret", "X_1!"] {
            assert_eq!(header_fault(header), None, "{header}");
        }
        for header in ["a b", "ä", "a:b", "host", "CONTENT-length", "Connection"] {
            assert!(header_fault(header).is_some(), "{header}");
        }
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
