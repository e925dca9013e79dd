//! What only this resource knows of a change: whether anything is sent, whether a secret is needed
//! for it, and what a replacement costs.

use super::changes::Changes;
use super::messages::stream;
use super::model::{EventStreamModel, action_id_path, authorization_path};
use crate::auth0::Clash;
use crate::framework::path::path;
use crate::framework::resource::{Change, Planned};
use crate::framework::value::{IntoRaw, Value};
use crate::framework::{Diagnostic, capitalized};

/// Notes for the second half of a replacement which action the first half will delete.
const REPLACED_ACTION: &str = "replaced_action";
/// Notes for the second half of a replacement which stream it is that the first half deletes.
pub const REPLACED: &str = "replaced";

/// What apply will ask of Auth0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Create,
    Update,
    Delete,
}

impl Call {
    fn verb(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The scope that the token needs for it, as the Management API documents for each endpoint.
    pub fn scope(self) -> String {
        format!("{}:event_streams", self.verb())
    }
}

/// Completes the plan of a create or an update, and tells what it will ask of Auth0. The first half of
/// a replacement speaks for both: core drops the warnings of the second, which is a create.
pub fn plan(
    change: &Change<'_, EventStreamModel>,
    planned: &mut Planned<EventStreamModel>,
) -> &'static [Call] {
    match change.prior {
        None => {
            plan_create(change, planned);
            &[Call::Create]
        }
        Some(prior) => plan_update(prior, change, planned),
    }
}

/// A warning that apply will be refused, with what to do about it.
pub fn not_allowed(call: Call, model: &EventStreamModel, advice: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("The token may not {} {}", call.verb(), stream(model)),
        format!(
            "Auth0 will refuse to {} it with 403: the token of this run has no scope {}. {advice}",
            call.verb(),
            call.scope()
        ),
    )
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
                     deletes the old stream, and with it the action {id} that the new one would \
                     use. Nothing has been changed. Point action_id to another deployed action; or, \
                     where the action is managed too, replace both in one run with -replace for \
                     each of them."
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
) -> &'static [Call] {
    // A replacement that was asked for on the command line is not told to the provider. Should this
    // plan be its first half, the second half finds the note.
    if let Some(id) = prior.action_id() {
        planned.private.note_for_plan(REPLACED_ACTION, id);
    }
    if let Some(id) = prior.id.known() {
        planned.private.note_for_plan(REPLACED, id.as_str());
    }
    if !planned.requires_replace.is_empty() {
        let warning = replacement(prior, planned, change.config);
        planned.diagnostics.push(warning);
        return &[Call::Delete, Call::Create];
    }
    let changes = Changes::between(prior, &planned.state, change.config);
    if changes.is_empty() {
        // Nothing is sent, so the time of the last change stays.
        planned.state.updated_at = prior.updated_at.clone();
        return &[];
    }
    if changes.destination_for_certain() {
        plan_secret(&changes, change.config, planned);
    }
    &[Call::Update]
}

/// Tells of the secret that goes with the destination.
fn plan_secret(
    changes: &Changes,
    config: &EventStreamModel,
    planned: &mut Planned<EventStreamModel>,
) {
    match missing_secret(config) {
        Some(missing) => planned.diagnostics.push(missing),
        None if changes.is_first_secret() => {
            planned.diagnostics.push(first_secret(&planned.state, config));
        }
        None => {}
    }
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

fn first_secret(planned: &EventStreamModel, config: &EventStreamModel) -> Diagnostic {
    let secret = config.authorization().and_then(|a| Some(a.secret(a.known_method()?)));
    // Core shows a path that ends at a block at the resource's header.
    let attribute = secret.map(|secret| match secret.write_only.is_null() {
        true => secret.name.to_owned(),
        false => secret.version_name(),
    });
    Diagnostic::warning(
        format!("The secret of {} will be sent", stream(planned)),
        "The state does not say which secret Auth0 holds, for instance because the event stream was \
         imported. The configured secret is sent once, and replaces the one that is in use.",
    )
    .at(attribute.map_or_else(authorization_path, |name| authorization_path().attribute(&name)))
}

fn replacement(
    prior: &EventStreamModel,
    planned: &Planned<EventStreamModel>,
    config: &EventStreamModel,
) -> Diagnostic {
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
    if is_undecided_destination(config) {
        detail.push_str(
            " The new destination is not known yet, and Terraform deletes the old stream before it \
             is: where it then turns out invalid, or to be the action of the old stream, no stream \
             is left. Apply first what it is read from, with -target.",
        );
    }
    detail.push_str(
        " Names are unique in a tenant, so create_before_destroy works only together with another \
         name.",
    );
    let path = planned.requires_replace.first().cloned().unwrap_or_default();
    Diagnostic::warning(format!("{} will be replaced", capitalized(&stream(prior))), detail)
        .at(path)
}

/// True when a part of the new destination is decided during apply.
fn is_undecided_destination(config: &EventStreamModel) -> bool {
    let EventStreamModel {
        destination_type,
        webhook_configuration,
        eventbridge_configuration,
        action_configuration,
        ..
    } = config.clone();
    [
        destination_type.into_raw(),
        webhook_configuration.into_raw(),
        eventbridge_configuration.into_raw(),
        action_configuration.into_raw(),
    ]
    .iter()
    .any(|value| !value.is_wholly_known())
}

fn is_eventbridge(model: &EventStreamModel) -> bool {
    model.destination_type == Value::Known("eventbridge".to_owned())
}

/// What tells a stream from others, where all of it is known. Those of one content may still differ in
/// less than this, which adoption compares too.
pub fn content(model: &EventStreamModel) -> Option<String> {
    let known = |value: &Value<String>| value.known().cloned();
    let destination = match model.destination_type.known()?.as_str() {
        "webhook" => known(&model.webhook()?.webhook_endpoint)?,
        "eventbridge" => {
            let eventbridge = model.eventbridge()?;
            known(&eventbridge.aws_account_id)? + " " + &known(&eventbridge.aws_region)?
        }
        _ => model.action_id()?.to_owned(),
    };
    let types: Option<Vec<String>> = model.subscriptions.known()?.iter().map(known).collect();
    let mut types = types?;
    types.sort();
    Some(format!("{} {destination} {types:?}", model.name.known()?))
}

/// What comes of two changes that a plan cannot put in order, or that cannot both be.
pub fn clashing(model: &EventStreamModel, clash: &Clash, adopts_existing: bool) -> Diagnostic {
    let (id, is_deleted, may_be_equal) = match clash {
        Clash::Name { id, is_deleted, may_be_equal } => (id, *is_deleted, *may_be_equal),
        Clash::Id => return twice_in_the_state(model),
    };
    let (summary, advice) = match is_deleted {
        true => (
            format!("{} is destroyed and created in one plan", capitalized(&stream(model))),
            "Where it is the same event stream under a new address, say so by a moved block: then \
             nothing is sent. Otherwise choose another name for the new one, or destroy the old one \
             first.",
        ),
        false => (
            format!("{} is created beside another one", capitalized(&stream(model))),
            "Choose another name for one of them, and where the other one is about to get another \
             name, apply that first.",
        ),
    };
    let why = format!(
        "The state has the event stream {id} of this name under another address. Names are unique in \
         a tenant, so Auth0 may refuse the new one."
    );
    match adopts_existing && may_be_equal {
        true => Diagnostic::error(
            summary,
            format!("{why} With adopt_existing, it could take over the other one's. {advice}"),
        ),
        false => Diagnostic::warning(summary, format!("{why} {advice}")),
    }
    .at(path("name"))
}

/// Two objects of the state are one event stream, of which one is to be deleted.
fn twice_in_the_state(model: &EventStreamModel) -> Diagnostic {
    let id = model.id.known().map(String::as_str).unwrap_or_default();
    Diagnostic::error(
        format!("{} is in the state twice", capitalized(&stream(model))),
        format!(
            "The plan keeps the event stream {id} for one object of the state and deletes it for \
             another, which would delete it for both: a run that took it over may have been killed. \
             Take the resource that is destroyed out of the state with `terraform state rm`, which \
             deletes nothing. Where it is an old object of the same resource, which the plan calls \
             deposed, that takes both out: then import it again by its id."
        ),
    )
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
