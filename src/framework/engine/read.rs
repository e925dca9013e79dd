//! Refreshing one object.

use super::AnyResource;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::plan::{conform, keep_spelling};
use crate::framework::resource::Context;
use crate::framework::value::Raw;

/// What core stores after a refresh.
pub struct ReadAnswer {
    /// The object as it is; null when it is gone.
    pub new_state: Raw,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Reads the object of `current_state`. What means the same as before keeps its spelling, and an
/// error leaves the state as it was.
pub async fn read(resource: &dyn AnyResource, context: &Context, current_state: Raw) -> ReadAnswer {
    let block = &resource.schema().block;
    let outcome = resource.read(context, current_state.clone()).await;
    let new_state = match outcome.state {
        Some(state) => keep_spelling(block, &current_state, conform(block, state)),
        None if outcome.diagnostics.has_errors() => current_state,
        None => Raw::Null,
    };
    ReadAnswer { new_state, diagnostics: outcome.diagnostics }
}
