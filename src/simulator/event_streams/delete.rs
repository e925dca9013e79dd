//! `DELETE /event-streams/{id}`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::store::Objects;
use super::super::switches::ActionOfDeletedStream;

/// 204 also for a stream that is gone.
pub(super) fn call(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    let switch = call.switches().action_of_deleted_stream;
    delete(&mut call.state.objects, &id, switch);
    Ok(Answer::no_content())
}

/// Deletes the stream with its deliveries and, by the switch, its action. Whether there was one.
pub(crate) fn delete(objects: &mut Objects, id: &str, switch: ActionOfDeletedStream) -> bool {
    let Some(stream) = objects.event_streams.remove(id) else { return false };
    objects.deliveries.forget_stream(id);
    if let (Some(action), ActionOfDeletedStream::Delete) = (stream.action_id(), switch) {
        objects.actions.remove(action);
    }
    true
}
