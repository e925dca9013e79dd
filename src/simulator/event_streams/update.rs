//! `PATCH /event-streams/{id}`: merged at the top level, and replaced as a whole below it.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::auth0::State;
use super::super::clock::whole_milliseconds;
use super::super::errors::ApiError;
use super::super::switches::{PatchToUsedName, PatchUnknownId, PatchWithoutSecret};
use super::create::{check_destination, check_name, stored};
use super::model::{Authorization, Destination, EventStream, Status};
use super::read::missing;
use super::sent::{Sent, SentDestination};
use super::shown::{Secrets, Shown};
use hyper::StatusCode;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// Failed deliveries at which Auth0 keeps a stream disabled.
const TOO_MANY_FAILURES: u32 = 5_000;

pub(super) fn patch(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let order = call.switches().subscriptions_order;
    let id = call.parameter("id").to_owned();
    let stream = change(call.state, &id, &call.body)?;
    Ok(Answer::ok(&Shown::new(&stream, order, Secrets::Hidden)))
}

/// Changes the stream as a body says that fits the schema.
pub(crate) fn change(state: &mut State, id: &str, body: &Value) -> Result<EventStream, ApiError> {
    let switches = state.settings.switches;
    let unknown = || match switches.patch_unknown_id {
        PatchUnknownId::NotFound => missing(StatusCode::NOT_FOUND),
        PatchUnknownId::BadRequest => missing(StatusCode::BAD_REQUEST),
    };
    let mut stream = state.objects.event_streams.get(id).ok_or_else(unknown)?.clone();
    let mut sent = Sent::read(body);
    if let Some(event_types) = sent.event_types() {
        stream.subscriptions = stored(event_types, &switches);
    }
    if let Some(destination) = sent.destination {
        replace_destination(&mut stream, destination, switches.patch_without_secret)?;
        check_destination(&stream.destination, &state.objects, &switches, Some(id))?;
    }
    if let Some(status) = sent.status {
        check_status(&stream, status)?;
        stream.status = status;
    }
    if let Some(name) = sent.name {
        if switches.patch_to_used_name == PatchToUsedName::Conflict {
            check_name(&name, &state.objects, &switches, Some(id))?;
        }
        stream.name = name;
    }
    stream.updated_at = moved(stream.updated_at, state.clock.now());
    state.objects.event_streams.replace(stream.clone());
    Ok(stream)
}

fn replace_destination(
    stream: &mut EventStream,
    sent: SentDestination,
    without_secret: PatchWithoutSecret,
) -> Result<(), ApiError> {
    match (&mut stream.destination, sent) {
        (
            Destination::Webhook { endpoint, authorization },
            SentDestination::Webhook { webhook_endpoint, webhook_authorization },
        ) => {
            *endpoint = webhook_endpoint;
            // Without one, the switch for an endpoint alone let the request through.
            if let Some(sent) = webhook_authorization {
                replace_authorization(authorization, sent.into(), without_secret);
            }
            Ok(())
        }
        (Destination::Action { action_id }, SentDestination::Action { action_id: sent }) => {
            *action_id = sent;
            Ok(())
        }
        // Text and code are not known.
        _ => Err(ApiError::invalid_body(
            "The destination type of an event stream cannot be changed.",
        )),
    }
}

fn replace_authorization(
    stored: &mut Authorization,
    mut sent: Authorization,
    without_secret: PatchWithoutSecret,
) {
    let keep = without_secret == PatchWithoutSecret::Keep && sent.has_method_of(stored);
    if sent.secret().is_none() && keep {
        *sent.secret_mut() = stored.secret_mut().take();
    }
    *stored = sent;
}

/// A stream that failed too often stays disabled. Text and code are not known.
fn check_status(stream: &EventStream, status: Status) -> Result<(), ApiError> {
    let enables = stream.status == Status::Disabled && status == Status::Enabled;
    if enables && stream.failed_total >= TOO_MANY_FAILURES {
        return Err(ApiError::invalid_body(
            "The event stream has too many failed deliveries and cannot be enabled.",
        ));
    }
    Ok(())
}

/// Every change moves `updated_at`, also within a millisecond and under a frozen clock.
pub(crate) fn moved(before: OffsetDateTime, now: OffsetDateTime) -> OffsetDateTime {
    whole_milliseconds(now).max(before + Duration::MILLISECOND)
}
