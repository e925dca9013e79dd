//! `POST /event-streams`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::auth0::{Site, State};
use super::super::clock::whole_milliseconds;
use super::super::errors::ApiError;
use super::super::ids;
use super::super::store::Objects;
use super::super::switches::{
    DefaultStatus, RepeatedEventType, SameEventBus, SharedAction, Switches,
};
use super::model::{Authorization, Destination, EventStream, Status};
use super::sent::{Sent, SentDestination};
use super::shown::{Secrets, Shown};
use hyper::StatusCode;
use serde_json::Value;

pub(super) fn post(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let order = call.switches().subscriptions_order;
    let stream = create(call.state, call.site, &call.body)?;
    Ok(Answer::json(StatusCode::CREATED, &Shown::new(&stream, order, Secrets::Hidden)))
}

/// Creates the stream of a body that fits the schema.
pub(crate) fn create(
    state: &mut State,
    site: &Site,
    body: &Value,
) -> Result<EventStream, ApiError> {
    let switches = &state.settings.switches;
    let mut sent = Sent::read(body);
    let subscriptions = sent.event_types().unwrap_or_default();
    let name = sent.name.unwrap_or_default();
    let destination = sent.destination.expect("the schema requires a destination");
    let destination = expand(destination, site);
    check_destination(&destination, &state.objects, switches, None)?;
    check_name(&name, &state.objects, switches, None)?;
    check_room(&state.objects, state.settings.max_event_streams)?;

    let now = whole_milliseconds(state.clock.now());
    let stream = EventStream {
        id: ids::event_stream(),
        status: sent.status.unwrap_or(match switches.default_status {
            DefaultStatus::Enabled => Status::Enabled,
            DefaultStatus::Disabled => Status::Disabled,
        }),
        name,
        subscriptions: stored(subscriptions, switches),
        created_at: now,
        updated_at: now,
        destination,
        failed_total: 0,
    };
    state.objects.event_streams.add(stream.clone());
    Ok(stream)
}

fn expand(sent: SentDestination, site: &Site) -> Destination {
    match sent {
        SentDestination::Webhook { webhook_endpoint, webhook_authorization } => {
            Destination::Webhook {
                endpoint: webhook_endpoint,
                authorization: webhook_authorization
                    .map(Authorization::from)
                    .expect("the schema requires an authorization"),
            }
        }
        SentDestination::EventBridge { aws_account_id, aws_region } => Destination::EventBridge {
            aws_account_id,
            aws_region,
            aws_partner_event_source: format!(
                "aws.partner/auth0.com/{}-{}/auth0.events",
                site.tenant,
                ids::uuid()
            ),
        },
        SentDestination::Action { action_id } => Destination::Action { action_id },
    }
}

/// The texts of these refusals are not known; a client can only show them.
pub(super) fn check_destination(
    destination: &Destination,
    objects: &Objects,
    switches: &Switches,
    id: Option<&str>,
) -> Result<(), ApiError> {
    let mut others = objects.event_streams.iter().filter(|other| Some(other.id.as_str()) != id);
    match destination {
        Destination::Webhook { .. } => Ok(()),
        Destination::EventBridge { aws_account_id, aws_region, .. } => {
            let same = |other: &EventStream| match &other.destination {
                Destination::EventBridge {
                    aws_account_id: account, aws_region: region, ..
                } => account == aws_account_id && region == aws_region,
                Destination::Webhook { .. } | Destination::Action { .. } => false,
            };
            if switches.same_event_bus == SameEventBus::Refuse && others.any(same) {
                return Err(conflict("An event stream to this AWS account and region exists."));
            }
            Ok(())
        }
        Destination::Action { action_id } => {
            objects.actions.check_usable_by_event_stream(action_id)?;
            let taken = others.any(|other| other.action_id() == Some(action_id));
            if switches.shared_action == SharedAction::Refuse && taken {
                return Err(ApiError::invalid_body("The action is used by another event stream."));
            }
            Ok(())
        }
    }
}

/// 409 for a name in use. Text and code are not known.
pub(super) fn check_name(
    name: &str,
    objects: &Objects,
    switches: &Switches,
    id: Option<&str>,
) -> Result<(), ApiError> {
    if objects.event_streams.has_named(name, switches.compare_names, id) {
        return Err(conflict("An event stream with this name already exists."));
    }
    Ok(())
}

/// 409 for a full tenant. Text and code are not known.
fn check_room(objects: &Objects, maximum: Option<usize>) -> Result<(), ApiError> {
    if maximum.is_some_and(|maximum| objects.event_streams.len() >= maximum) {
        return Err(conflict("The maximum number of event streams has been reached."));
    }
    Ok(())
}

fn conflict(message: &str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, message)
}

/// Event types as they are stored: repetitions stay or go.
pub(super) fn stored(mut event_types: Vec<String>, switches: &Switches) -> Vec<String> {
    if switches.repeated_event_type == RepeatedEventType::Drop {
        let mut seen = std::collections::HashSet::new();
        event_types.retain(|event_type| seen.insert(event_type.clone()));
    }
    event_types
}
