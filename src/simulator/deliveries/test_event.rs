//! `POST /event-streams/{id}/test`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::event_streams::{Status, find};
use super::super::switches::TestOfDisabledStream;
use super::model::Delivery;
use hyper::StatusCode;
use time::Duration;

/// A pending delivery. It is kept only where it will fail: no others are listed.
pub(super) fn post(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id");
    let stream = find(&call.state.objects, id)?;
    let refuse = call.switches().test_of_disabled_stream == TestOfDisabledStream::Refuse;
    if stream.status == Status::Disabled && refuse {
        // Text and code are not known.
        return Err(ApiError::invalid_body("A disabled event stream cannot be tested."));
    }
    let event_type = call.body["event_type"].as_str().expect("the schema requires a string");
    let mut delivery = Delivery::new(call.site, id, event_type, call.state.clock.now());
    if let Some(data) = call.body.get("data") {
        delivery.data = data.clone();
    }
    let answer = Answer::json(StatusCode::ACCEPTED, &delivery.show_test());
    if let Some(ms) = call.state.settings.test_events_fail_after_ms {
        let after = Duration::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX));
        let fails_at = delivery.time.saturating_add(after);
        call.state.under_way.push(fails_at, delivery);
    }
    Ok(answer)
}
