//! Rules that need more than one attribute to see, and warnings that name the stream.

use url::Url;

use super::faults::is_region_shaped;
use super::messages::stream;
use super::model::{
    EventStreamModel, Method, Secret, WebhookAuthorization, authorization_path, is_unset,
    region_path,
};
use crate::auth0::catalog::{self, EventType};
use crate::framework::path::{Path, path};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics};

/// Every fault of a configuration. What is unknown is not judged.
pub fn validate(config: &EventStreamModel) -> Diagnostics {
    let mut found = Diagnostics::new();
    blocks_fit_destination_type(config, &mut found);
    subscriptions(config, &mut found);
    region(config, &mut found);
    endpoint(config, &mut found);
    if let Some(authorization) = config.authorization() {
        fields_fit_method(authorization, &mut found);
        secrets(config, authorization, &mut found);
    }
    found
}

/// How many blocks there are; None when that is not known yet.
fn count<T>(blocks: &Value<Vec<T>>) -> Option<usize> {
    match blocks {
        Value::Null => Some(0),
        Value::Unknown => None,
        Value::Known(blocks) => Some(blocks.len()),
    }
}

fn blocks_fit_destination_type(config: &EventStreamModel, found: &mut Diagnostics) {
    let Some(kind) = config.destination_type.known() else { return };
    let blocks = [
        ("action", "action_configuration", "action_id", count(&config.action_configuration)),
        (
            "eventbridge",
            "eventbridge_configuration",
            "aws_account_id",
            count(&config.eventbridge_configuration),
        ),
        (
            "webhook",
            "webhook_configuration",
            "webhook_endpoint",
            count(&config.webhook_configuration),
        ),
    ];
    if !blocks.iter().any(|(of, ..)| kind == of) {
        return; // no block fits a kind that does not exist
    }
    for (of, block, attribute, count) in blocks {
        match count {
            Some(0) if kind == of => found.push(
                Diagnostic::error(
                    format!("Missing block {block}"),
                    format!("destination_type is {kind:?}, so the block {block} is needed."),
                )
                .at(path("destination_type")),
            ),
            Some(1..) if kind != of => found.push(
                Diagnostic::error(
                    format!("Superfluous block {block}"),
                    format!(
                        "destination_type is {kind:?}, so the block {block} would not be used. \
                         Remove it, or set destination_type to {of:?}."
                    ),
                )
                // Core shows a path that ends at a block at the resource's header.
                .at(path(block).index(0).attribute(attribute)),
            ),
            _ => {}
        }
    }
}

fn subscriptions(config: &EventStreamModel, found: &mut Diagnostics) {
    let Value::Known(names) = &config.subscriptions else { return };
    let here = path("subscriptions");
    if names.is_empty() {
        found.push(
            Diagnostic::error(
                "No subscriptions",
                "An event stream without subscriptions delivers nothing. List at least one event \
                 type, such as \"user.created\".",
            )
            .at(here.clone()),
        );
    }
    for (i, name) in names.iter().enumerate() {
        let here = here.index(i);
        match name {
            Value::Unknown => {}
            Value::Known(name) if !name.trim().is_empty() => {
                if EventType::find(name).is_none() {
                    found.push(unknown_event_type(config, name).at(here));
                }
            }
            Value::Known(_) | Value::Null => found.push(
                Diagnostic::error(
                    "Empty event type",
                    format!("Element {i} of subscriptions is empty. Remove it."),
                )
                .at(here),
            ),
        }
    }
}

/// Auth0 may know more event types than we do, so this is a warning.
fn unknown_event_type(config: &EventStreamModel, name: &str) -> Diagnostic {
    let mut detail = format!(
        "Auth0 may refuse it. The nearest event type known to this provider is {:?}.",
        catalog::nearest(name, EventType::names())
    );
    if looks_like_log_event(name) {
        detail.push_str(
            " The name looks like an event of the tenant's logs. Log-ins and other log events are \
             carried by log streams, not by event streams.",
        );
    }
    Diagnostic::warning(format!("Unknown event type {name:?} in {}", stream(config)), detail)
}

/// Codes of log events are a few letters (`s`, `ss`, `fp`); their categories and older names start
/// with the part of Auth0 that writes them. Those of users share the first word with ours.
fn looks_like_log_event(name: &str) -> bool {
    const LONGEST_CODE: usize = 8;
    const PREFIXES: [&str; 9] = [
        "auth.",
        "authentication.",
        "log.",
        "login.",
        "logout.",
        "management.",
        "scim.",
        "signup.",
        "system.",
    ];
    let is_code = name.len() <= LONGEST_CODE
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_code
        || ["user.success", "user.fail", "user.notification"].contains(&name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// AWS adds regions, so an unknown one that is spelled like a region is a warning.
fn region(config: &EventStreamModel, found: &mut Diagnostics) {
    let region = config.eventbridge().and_then(|eventbridge| eventbridge.aws_region.known());
    let is_new = |region: &&String| {
        is_region_shaped(region) && !catalog::AWS_REGIONS.contains(&region.as_str())
    };
    let Some(region) = region.filter(is_new) else { return };
    found.push(
        Diagnostic::warning(
            format!("Unknown AWS region {region:?} in {}", stream(config)),
            format!(
                "Auth0 may refuse it. The nearest region known to this provider is {:?}.",
                catalog::nearest(region, catalog::AWS_REGIONS)
            ),
        )
        .at(region_path()),
    );
}

/// A secret in the URL is stored and shown in clear.
fn endpoint(config: &EventStreamModel, found: &mut Diagnostics) {
    const CREDENTIALS: [&str; 9] =
        ["auth", "code", "key", "password", "pwd", "secret", "sig", "signature", "token"];
    let endpoint = config.webhook().and_then(|webhook| webhook.webhook_endpoint.known());
    let Some(url) = endpoint.and_then(|text| Url::parse(text).ok()) else { return };
    let is_credential = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| CREDENTIALS.contains(&word))
            || ["apikey", "accesstoken", "authtoken"].contains(&name.as_str())
    };
    for (name, _) in
        url.query_pairs().filter(|(name, value)| is_credential(name) && !value.is_empty())
    {
        found.push(
            Diagnostic::warning(
                format!("The webhook_endpoint of {} seems to hold a credential", stream(config)),
                format!(
                    "The parameter {name:?} of its query looks like one. An endpoint is stored in \
                     the state and shown in plans in clear. A secret in webhook_authorization, best \
                     in a write-only attribute, is not."
                ),
            )
            .at(path("webhook_configuration").index(0).attribute("webhook_endpoint")),
        );
    }
}

fn fields_fit_method(authorization: &WebhookAuthorization, found: &mut Diagnostics) {
    let Some(method) = authorization.known_method() else { return };
    let here = authorization_path();
    if let Some(name) = method.public_attribute()
        && is_unset(authorization.public_value(method))
    {
        found.push(
            Diagnostic::error(
                format!("Missing {name}"),
                format!("method is {:?}, which needs {name}.", method.name()),
            )
            .at(here.attribute(name)),
        );
    }
    for other in Method::ALL.into_iter().filter(|other| *other != method) {
        let mut misfit = |name: &str| {
            found.push(
                Diagnostic::error(
                    format!("{name} does not fit the method"),
                    format!(
                        "method is {:?}, so {name} would not be used. Remove it, or set method to \
                         {:?}.",
                        method.name(),
                        other.name()
                    ),
                )
                .at(here.attribute(name)),
            );
        };
        // An unknown value may turn out null. `""` stands for "not set" in many modules.
        let is_set = |value: &Value<String>| value.known().is_some_and(|text| !text.is_empty());
        if let Some(name) = other.public_attribute()
            && is_set(authorization.public_value(other))
        {
            misfit(name);
        }
        let secret = authorization.secret(other);
        if is_set(secret.plain) {
            misfit(secret.name);
        }
        if is_set(secret.write_only) {
            misfit(&secret.write_only_name());
        }
        if secret.has_version() {
            misfit(&secret.version_name());
        }
    }
}

fn secrets(
    config: &EventStreamModel,
    authorization: &WebhookAuthorization,
    found: &mut Diagnostics,
) {
    for method in Method::ALL {
        let secret = authorization.secret(method);
        // What belongs to another method has been refused as a whole.
        if authorization.known_method().is_some_and(|configured| configured != method) {
            continue;
        }
        pairs(&secret, &authorization_path(), found);
        for (value, name) in
            [(secret.plain, secret.name.to_owned()), (secret.write_only, secret.write_only_name())]
        {
            if let Some(text) = value.known() {
                doubtful_secret(
                    config,
                    method,
                    text,
                    &authorization_path().attribute(&name),
                    found,
                );
            }
        }
    }
}

/// `x_wo` and `x_wo_version` belong together, and exclude `x`.
fn pairs(secret: &Secret<'_>, here: &Path, found: &mut Diagnostics) {
    let (plain, write_only, version) =
        (secret.name, secret.write_only_name(), secret.version_name());
    let mut say = |summary: String, detail: String, name: &str| {
        found.push(Diagnostic::error(summary, detail).at(here.attribute(name)));
    };
    // Unknown values may turn out null.
    let plain_given = secret.plain.known().is_some();
    let write_only_given = secret.write_only.known().is_some();
    if plain_given && write_only_given {
        say(
            format!("Both {plain} and {write_only}"),
            format!("Give the secret once: {write_only} keeps it out of the state."),
            &write_only,
        );
    }
    if write_only_given && secret.version.is_null() {
        say(
            format!("Missing {version}"),
            format!(
                "{write_only} is never stored, so a change of it cannot be seen. Set {version}, and \
                 raise it to send a new secret."
            ),
            &version,
        );
    }
    if secret.has_version() && secret.write_only.is_null() {
        say(
            format!("Missing {write_only}"),
            format!("{version} says which {write_only} to send, but there is none."),
            &version,
        );
    }
}

fn doubtful_secret(
    config: &EventStreamModel,
    method: Method,
    text: &str,
    here: &Path,
    found: &mut Diagnostics,
) {
    let prefix = text.get(..7).filter(|prefix| prefix.eq_ignore_ascii_case("bearer "));
    if method == Method::Bearer && prefix.is_some() {
        found.push(
            Diagnostic::warning(
                format!("The token of {} starts with \"Bearer \"", stream(config)),
                "Auth0 adds that word itself, so the webhook would get it twice. Give the token \
                 alone.",
            )
            .at(here.clone()),
        );
    }
    if text.contains(['\r', '\n']) {
        found.push(
            Diagnostic::warning(
                format!("The secret of {} holds a line break", stream(config)),
                "No HTTP header can carry one, so deliveries would fail. Where the secret is read \
                 from a file, use trimspace().",
            )
            .at(here.clone()),
        );
    }
}
