//! From the model to what Auth0 is sent.

use secrecy::{ExposeSecret, SecretString};

use super::changes::Changes;
use super::model::{EventStreamModel, Method, WebhookAuthorization as AuthorizationModel};
use super::plan::missing_secret;
use crate::auth0::{
    CreateEventStream, Destination, Subscription, UpdateEventStream, WebhookAuthorization,
};
use crate::framework::path::{Path, path};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics};
use crate::redact;

/// Expands a planned stream into the body of `POST /api/v2/event-streams`. Secrets come from the
/// configuration: write-only ones are nowhere else.
pub fn expand_create(
    planned: &EventStreamModel,
    config: &EventStreamModel,
) -> Result<CreateEventStream, Diagnostics> {
    Ok(CreateEventStream {
        name: known(&planned.name, path("name"))?.clone(),
        status: planned.status.known().cloned(),
        subscriptions: expand_subscriptions(planned)?,
        destination: expand_destination(planned, config)?,
    })
}

/// Expands what differs between `prior` and `planned` into the body of
/// `PATCH /api/v2/event-streams/{id}`. Equal members stay out of it: Auth0 keeps what it is not sent.
/// A destination goes whole and with its secret, because Auth0 replaces it as a whole.
pub fn expand_update(
    prior: &EventStreamModel,
    planned: &EventStreamModel,
    config: &EventStreamModel,
) -> Result<UpdateEventStream, Diagnostics> {
    let changes = Changes::between(prior, planned, config);
    let mut update = UpdateEventStream::default();
    if changes.name {
        update.name = Some(known(&planned.name, path("name"))?.clone());
    }
    if changes.status {
        update.status = Some(known(&planned.status, path("status"))?.clone());
    }
    if changes.subscriptions {
        update.subscriptions = Some(expand_subscriptions(planned)?);
    }
    if changes.destination() {
        update.destination = Some(expand_destination(planned, config)?);
    }
    Ok(update)
}

/// Each event type once: what Auth0 does with repetitions is not documented.
fn expand_subscriptions(planned: &EventStreamModel) -> Result<Vec<Subscription>, Diagnostics> {
    let here = path("subscriptions");
    let mut names: Vec<&String> = Vec::new();
    for (i, name) in known(&planned.subscriptions, here.clone())?.iter().enumerate() {
        let name = known(name, here.index(i))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names.into_iter().map(|name| Subscription { event_type: name.clone() }).collect())
}

fn expand_destination(
    planned: &EventStreamModel,
    config: &EventStreamModel,
) -> Result<Destination, Diagnostics> {
    match known(&planned.destination_type, path("destination_type"))?.as_str() {
        "action" => {
            let here = path("action_configuration");
            let action = only(&planned.action_configuration, &here)?;
            let action_id = known(&action.action_id, here.index(0).attribute("action_id"))?.clone();
            Ok(Destination::Action { action_id })
        }
        "eventbridge" => {
            let here = path("eventbridge_configuration");
            let eventbridge = only(&planned.eventbridge_configuration, &here)?;
            let here = here.index(0);
            Ok(Destination::EventBridge {
                aws_account_id: known(
                    &eventbridge.aws_account_id,
                    here.attribute("aws_account_id"),
                )?
                .clone(),
                aws_region: known(&eventbridge.aws_region, here.attribute("aws_region"))?.clone(),
            })
        }
        "webhook" => {
            let here = path("webhook_configuration");
            let webhook = only(&planned.webhook_configuration, &here)?;
            let here = here.index(0);
            let endpoint = known(&webhook.webhook_endpoint, here.attribute("webhook_endpoint"))?;
            let here = here.attribute("webhook_authorization");
            let authorization = only(&webhook.webhook_authorization, &here)?;
            Ok(Destination::Webhook {
                webhook_endpoint: endpoint.clone(),
                webhook_authorization: expand_authorization(authorization, config, &here.index(0))?,
            })
        }
        other => Err(Diagnostic::error(
            format!("Unknown destination type {other:?}"),
            "The provider cannot send a destination of this type.",
        )
        .at(path("destination_type"))
        .into()),
    }
}

fn expand_authorization(
    planned: &AuthorizationModel,
    config: &EventStreamModel,
    here: &Path,
) -> Result<WebhookAuthorization, Diagnostics> {
    let name = known(&planned.method, here.attribute("method"))?;
    let Some(method) = Method::from_name(name) else {
        return Err(Diagnostic::error(
            format!("Unknown method {name:?}"),
            "The provider cannot send an authorization by this method.",
        )
        .at(here.attribute("method"))
        .into());
    };
    let public = |name| known(planned.public_value(method), here.attribute(name)).cloned();
    let secret = configured_secret(config, method)?;
    Ok(match method {
        Method::Basic => {
            let username = public("username")?;
            // The base64 of both is the header that the webhook gets.
            redact::register(&format!("{username}:{}", secret.expose_secret()));
            WebhookAuthorization::Basic { username, password: secret }
        }
        Method::Bearer => WebhookAuthorization::Bearer { token: secret },
        Method::CustomHeader => WebhookAuthorization::CustomHeader {
            header_key: public("header_key")?,
            header_value: secret,
        },
    })
}

fn configured_secret(
    config: &EventStreamModel,
    method: Method,
) -> Result<SecretString, Diagnostics> {
    config
        .authorization()
        .map(|authorization| authorization.secret(method))
        .and_then(|secret| secret.write_only.known().or(secret.plain.known()))
        .map(|secret| SecretString::from(secret.as_str()))
        .ok_or_else(|| missing_secret(config).map_or_else(|| unexpected(&Path::root()), Into::into))
}

fn known<T>(value: &Value<T>, at: Path) -> Result<&T, Diagnostics> {
    value.known().ok_or_else(|| unexpected(&at))
}

fn only<'a, T>(blocks: &'a Value<Vec<T>>, at: &Path) -> Result<&'a T, Diagnostics> {
    known(blocks, at.clone())?.first().ok_or_else(|| unexpected(at))
}

/// Validation and core let no such plan pass; sending a guess would overwrite what the tenant has.
fn unexpected(at: &Path) -> Diagnostics {
    Diagnostic::error(
        format!("{at} is not known"),
        "Nothing has been sent, because a value is missing that was validated before. Please report \
         this.",
    )
    .at(at.clone())
    .into()
}
