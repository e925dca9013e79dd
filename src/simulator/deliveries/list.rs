//! `GET /event-streams/{id}/deliveries`, and one of them.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::event_streams::{find, paging};
use super::model::{Delivery, Shown, missing_event};
use super::schema::read_date;
use serde::Serialize;

#[derive(Serialize)]
struct Page<'a> {
    deliveries: Vec<Shown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(rename = "nextPageToken", skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// The cursor is in `next` when the request has `take`, else in `nextPageToken`; it is absent only
/// on an empty page.
pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id");
    find(call.seen(), id)?;
    let list = format!("deliveries of {id}");
    let (from, take) = paging(call, &list, 50)?;
    let from = usize::try_from(from.unwrap_or(0)).unwrap_or(usize::MAX);
    let deliveries = call.seen().deliveries.of(id).iter().enumerate();
    let wanted = deliveries.skip(from).filter(|(_, delivery)| is_wanted(call, delivery));
    let page: Vec<_> = wanted.take(take).collect();
    let cursor = page.last().map(|(index, _)| call.site.cursors.seal(&list, *index as u64 + 1));
    let has_take = call.query.get("take").is_some();
    let (next, next_page_token) = if has_take { (cursor, None) } else { (None, cursor) };
    let deliveries = page.iter().map(|(_, delivery)| delivery.show_failed()).collect();
    Ok(Answer::ok(&Page { deliveries, next, next_page_token }))
}

fn is_wanted(call: &Call<'_>, delivery: &Delivery) -> bool {
    let query = &call.query;
    let event_types = query["event_types"].as_str();
    event_types.is_none_or(|types| types.split(',').any(|name| name == delivery.event_type))
        && read_date(&query["date_from"]).is_none_or(|from| delivery.time >= from)
        && read_date(&query["date_to"]).is_none_or(|to| delivery.time < to)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (id, event) = (call.parameter("id"), call.parameter("event_id"));
    find(call.seen(), id)?;
    let deliveries = call.seen().deliveries.of(id);
    let delivery = deliveries.iter().find(|delivery| delivery.event_id == event);
    Ok(Answer::ok(&delivery.ok_or_else(missing_event)?.show_failed()))
}
