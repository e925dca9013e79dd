//! What is said of one event stream when a request for it does not end well.

use super::model::EventStreamModel;
use crate::auth0::{Created, Error, EventStreamDestination, Operation};
use crate::framework::{Diagnostic, capitalized};

/// `event stream "orders"`, for the middle of a sentence.
pub fn stream(model: &EventStreamModel) -> String {
    match model.name.known() {
        Some(name) => format!("event stream {name:?}"),
        None => "an event stream".to_owned(),
    }
}

/// Auth0 did not do as it was asked.
pub fn failed(verb: &str, model: &EventStreamModel, err: &Error) -> Diagnostic {
    Diagnostic::error(format!("Unable to {verb} {}", stream(model)), err.explained())
}

/// An import of what does not exist.
pub fn never_there(id: &str, err: &Error) -> Diagnostic {
    Diagnostic::error(
        format!("There is no event stream {id:?}"),
        format!(
            "{} Nothing has been imported. Check the id, and that the provider is configured for \
             the tenant that has the event stream: GET /api/v2/event-streams lists the ids of all \
             event streams of a tenant by name.",
            err.sentence()
        ),
    )
}

/// A creation that did not go straight: Auth0 did not answer, or the stream was there before.
pub fn not_as_usual(planned: &EventStreamModel, created: &Created) -> Option<Diagnostic> {
    let (summary, detail) = match created {
        Created::Answered(_) => return None,
        Created::Settled(found) => (
            format!("The creation of {} was not answered", stream(planned)),
            format!(
                "The answer of Auth0 was lost. The event stream {} was found in the tenant: it has \
                 the name, equals what was sent, and was made since. It is taken for the one that \
                 was created.",
                found.id
            ),
        ),
        Created::Adopted(found) => (
            format!("{} was there before", capitalized(&stream(planned))),
            format!(
                "The event stream {} equals what was to be created in all that Auth0 shows, so it is \
                 taken over, as adopt_existing asks for.{}",
                found.id,
                match &found.destination {
                    EventStreamDestination::Webhook { .. } => {
                        " The secret of its configuration was sent to it."
                    }
                    _ => "",
                }
            ),
        ),
    };
    Some(Diagnostic::warning(summary, detail))
}

/// A deletion of what this run has taken over for another resource.
pub fn kept(prior: &EventStreamModel, id: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{} was not deleted", capitalized(&stream(prior))),
        format!(
            "This run has taken over the event stream {id} for a new resource of the same name and \
             content, as adopt_existing asks for, so it stays in the tenant: the new resource has it, \
             and this one leaves the state. To replace an event stream, do without \
             create_before_destroy, or change its name."
        ),
    )
}

/// An operation that spent more than a few seconds waiting.
pub fn delayed(model: &EventStreamModel, operation: &Operation) -> Option<Diagnostic> {
    let delay = operation.delay()?;
    let summary = format!("An operation on {} had to wait", stream(model));
    Some(Diagnostic::warning(summary, delay))
}

/// A refresh of what has been deleted elsewhere.
pub fn gone(state: &EventStreamModel, id: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{} is gone", capitalized(&stream(state))),
        format!(
            "Auth0 no longer has the event stream {id}: it was deleted outside of this \
             configuration. It is removed from the state, and the plan offers to create it again."
        ),
    )
}

/// An update of what has been deleted elsewhere.
pub fn vanished(prior: &EventStreamModel, id: &str, err: &Error) -> Diagnostic {
    Diagnostic::error(
        format!("Unable to update {}", stream(prior)),
        format!(
            "{} The event stream {id} was deleted outside of this configuration after this run \
             had refreshed the state. Nothing has been changed. Plan again: the refresh removes it \
             from the state, and the plan offers to create it again.",
            err.sentence()
        ),
    )
}
