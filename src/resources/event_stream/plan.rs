//! What only this resource knows of a change: whether anything is sent, whether a secret is needed
//! for it, and what a replacement costs.

use super::changes::Changes;
use super::model::{EventStreamModel, action_id_path, authorization_path};
use super::validate::stream;
use crate::framework::resource::{Change, Planned};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, capitalized};

/// Notes for the second half of a replacement which action the first half will delete.
const REPLACED_ACTION: &str = "replaced_action";

/// Completes the plan of a create or an update.
pub fn plan(change: &Change<'_, EventStreamModel>, planned: &mut Planned<EventStreamModel>) {
    match change.prior {
        None => plan_create(change, planned),
        Some(prior) => plan_update(prior, change, planned),
    }
}

fn plan_create(change: &Change<'_, EventStreamModel>, planned: &mut Planned<EventStreamModel>) {
    if let Some(missing) = missing_secret(change.config) {
        planned.diagnostics.push(missing);
    }
    let replaced = change.private.plan_note(REPLACED_ACTION).and_then(|id| id.as_str());
    if let Some(id) = planned.state.action_id().filter(|id| Some(*id) == replaced) {
        planned.diagnostics.push(
            Diagnostic::error(
                format!("Replacing {} would destroy its action", stream(&planned.state)),
                format!(
                    "Auth0 deletes an action together with the event stream that runs it. The plan \
                     deletes the stream and creates it again with the same action {id}, which would \
                     be gone by then. Nothing has been changed. Point action_id to another deployed \
                     action; or, where the action is managed too, replace both in one run with \
                     -replace for each of them."
                ),
            )
            .at(action_id_path()),
        );
    }
}

fn plan_update(
    prior: &EventStreamModel,
    change: &Change<'_, EventStreamModel>,
    planned: &mut Planned<EventStreamModel>,
) {
    // A replacement that was asked for on the command line is not told to the provider. Should this
    // plan be its first half, the second half finds the note.
    if let Some(id) = prior.action_id() {
        planned.private.note_for_plan(REPLACED_ACTION, id);
    }
    if !planned.requires_replace.is_empty() {
        let warning = replacement(prior, planned);
        planned.diagnostics.push(warning);
        return;
    }
    let changes = Changes::between(prior, &planned.state);
    if changes.is_empty() {
        // Nothing is sent, so the time of the last change stays.
        planned.state.updated_at = prior.updated_at.clone();
        return;
    }
    if !changes.destination() || !is_decided(&planned.state) {
        return;
    }
    match missing_secret(change.config) {
        Some(missing) => planned.diagnostics.push(missing),
        None if changes.is_first_secret() => planned.diagnostics.push(first_secret(&planned.state)),
        None => {}
    }
}

/// True when nothing of the webhook is unknown, so that a difference is certain.
fn is_decided(planned: &EventStreamModel) -> bool {
    let Some(webhook) = planned.webhook() else { return false };
    let Some(authorization) = planned.authorization() else { return false };
    let Some(method) = authorization.known_method() else { return false };
    let secret = authorization.secret(method);
    !webhook.webhook_endpoint.is_unknown()
        && !authorization.public_value(method).is_unknown()
        && !secret.plain.is_unknown()
        && !secret.version.is_unknown()
}

/// The error that a secret is needed to send the destination, and not configured.
pub fn missing_secret(config: &EventStreamModel) -> Option<Diagnostic> {
    let authorization = config.authorization()?;
    let method = authorization.known_method()?;
    let secret = authorization.secret(method);
    if secret.is_given() {
        return None;
    }
    let (name, write_only, version) =
        (secret.name, secret.write_only_name(), secret.version_name());
    Some(
        Diagnostic::error(
            format!("Missing secret of {}", stream(config)),
            format!(
                "Auth0 takes a webhook only together with its secret, and never gives the secret \
                 back. For method {:?} set {write_only} with {version}, which keeps it out of the \
                 state, or {name}.",
                method.name()
            ),
        )
        .at(authorization_path().attribute(name)),
    )
}

fn first_secret(planned: &EventStreamModel) -> Diagnostic {
    Diagnostic::warning(
        format!("The secret of {} will be sent", stream(planned)),
        "The state does not say which secret Auth0 holds, for instance because the event stream was \
         imported. The configured secret is sent once, and replaces the one that is in use.",
    )
    .at(authorization_path())
}

fn replacement(prior: &EventStreamModel, planned: &Planned<EventStreamModel>) -> Diagnostic {
    let paths: Vec<_> = planned.requires_replace.iter().map(ToString::to_string).collect();
    let mut detail = format!("Auth0 cannot change {} of an event stream.", paths.join(" and "));
    if prior.status.known().map(String::as_str) != Some("disabled") {
        detail.push_str(
            " Events that happen after the old stream is deleted and before the new one is created \
             are lost.",
        );
    }
    if is_eventbridge(&planned.state) {
        detail.push_str(
            " The new stream gets a new partner event source: associate it with an event bus in the \
             AWS account; until then its events are lost.",
        );
    }
    if let Some(id) = prior.action_id() {
        detail.push_str(&format!(" Auth0 deletes the action {id} together with the old stream."));
    }
    detail.push_str(
        " Names are unique in a tenant, so create_before_destroy works only together with another \
         name.",
    );
    let path = planned.requires_replace.first().cloned().unwrap_or_default();
    Diagnostic::warning(format!("{} will be replaced", capitalized(&stream(prior))), detail)
        .at(path)
}

fn is_eventbridge(model: &EventStreamModel) -> bool {
    model.destination_type == Value::Known("eventbridge".to_owned())
}

/// What a destroy costs beyond the stream itself.
pub fn plan_destroy(prior: &EventStreamModel) -> Option<Diagnostic> {
    let id = prior.action_id()?;
    Some(
        Diagnostic::warning(
            format!("Destroying {} also deletes its action", stream(prior)),
            format!(
                "Auth0 deletes the action {id} together with the event stream that runs it. Keep a \
                 copy of its code if it is needed elsewhere."
            ),
        )
        .at(action_id_path()),
    )
}
