//! `POST /event-streams/{id}/redeliver`, of all that match or of one.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::event_streams::find;
use super::model::{Delivery, missing_event};
use super::schema::read_date;
use hyper::StatusCode;
use serde_json::{Value, json};

/// Echoes the filters. All or nothing: one event that is on its way already refuses the call.
pub(super) fn many(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    find(&call.state.objects, &id)?;
    let now = call.state.clock.now();
    let deliveries = call.state.objects.deliveries.of_mut(&id);
    let wanted = |delivery: &Delivery| is_wanted(&call.body, delivery);
    if deliveries.iter().any(|delivery| wanted(delivery) && delivery.is_retrying()) {
        return Err(conflict("One or more events is not in a state that allows redelivery."));
    }
    deliveries.iter_mut().filter(|delivery| wanted(delivery)).for_each(|one| one.retry(now));
    Ok(Answer::json(StatusCode::ACCEPTED, &call.body))
}

fn is_wanted(filters: &Value, delivery: &Delivery) -> bool {
    let event_types = filters["event_types"].as_array();
    event_types.is_none_or(|types| types.iter().any(|name| name == &delivery.event_type))
        && read_date(&filters["date_from"]).is_none_or(|from| delivery.time >= from)
        && read_date(&filters["date_to"]).is_none_or(|to| delivery.time < to)
}

pub(super) fn one(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (id, event) = (call.parameter("id").to_owned(), call.parameter("event_id").to_owned());
    find(&call.state.objects, &id)?;
    let now = call.state.clock.now();
    let deliveries = call.state.objects.deliveries.of_mut(&id);
    let delivery = deliveries.iter_mut().find(|delivery| delivery.event_id == event);
    let delivery = delivery.ok_or_else(missing_event)?;
    if delivery.is_retrying() {
        return Err(conflict("The event is not in a state that allows redelivery."));
    }
    delivery.retry(now);
    Ok(Answer::json(StatusCode::ACCEPTED, &json!({})))
}

fn conflict(message: &str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, message)
}
