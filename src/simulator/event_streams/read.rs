//! `GET /event-streams` and `GET /event-streams/{id}`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::store::Objects;
use super::model::EventStream;
use super::shown::{Secrets, Shown};
use hyper::StatusCode;
use serde::Serialize;

const LIST: &str = "event-streams";
const DEFAULT_TAKE: usize = 50;

#[derive(Serialize)]
struct Page<'a> {
    #[serde(rename = "eventStreams")]
    event_streams: Vec<Shown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Oldest first. `next` is absent on the last page.
pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (from, take) = paging(call, LIST, DEFAULT_TAKE)?;
    let order = call.switches().subscriptions_order;
    let (streams, last) = call.seen().event_streams.page(from.unwrap_or(0), take);
    let shown = |stream| Shown::new(stream, order, Secrets::Hidden);
    Ok(Answer::ok(&Page {
        event_streams: streams.into_iter().map(shown).collect(),
        next: last.map(|last| call.site.cursors.seal(LIST, last)),
    }))
}

/// `from` and `take` of a list with cursors.
pub(crate) fn paging(
    call: &Call<'_>,
    list: &str,
    default_take: usize,
) -> Result<(Option<u64>, usize), ApiError> {
    let take = call.query["take"].as_f64().map_or(default_take, |take| take as usize);
    let from = match call.query["from"].as_str() {
        None => None,
        Some(from) => Some(call.site.cursors.open(list, from).ok_or_else(bad_cursor)?),
    };
    Ok((from, take))
}

/// Text and code are not known.
fn bad_cursor() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "Invalid value for query parameter 'from'.")
        .code("invalid_query_string")
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let order = call.switches().subscriptions_order;
    let stream = find(call.seen(), call.parameter("id"))?;
    Ok(Answer::ok(&Shown::new(stream, order, Secrets::Hidden)))
}

/// The stream with this id, or 404.
pub(crate) fn find<'a>(objects: &'a Objects, id: &str) -> Result<&'a EventStream, ApiError> {
    objects.event_streams.get(id).ok_or_else(|| missing(StatusCode::NOT_FOUND))
}

/// There is no such stream. Auth0 gives no `errorCode`.
pub(crate) fn missing(status: StatusCode) -> ApiError {
    ApiError::new(status, "The requested stream does not exist.")
}
