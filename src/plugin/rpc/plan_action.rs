//! `PlanAction`: where an action will be invoked. Nothing is done yet, and nothing is answered.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::Engine;
use crate::plugin::convert::from_wire;
use crate::wire::tfplugin6::plan_action::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let action = engine.action(&request.action_type)?;
    // Core has had it validated before.
    from_wire::value(request.config, &action.schema().ty())?;
    Ok(Response::default())
}
