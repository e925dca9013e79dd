//! `POST /event-streams/{id}/test`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::event_streams::{Status, find};
use super::super::switches::TestOfDisabledStream;
use super::model::Delivery;
use hyper::StatusCode;

/// A pending delivery. It is not kept: only failed ones are listed.
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
    Ok(Answer::json(StatusCode::ACCEPTED, &delivery.show_test()))
}
