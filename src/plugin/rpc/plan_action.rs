//! `PlanAction`: where an action will be invoked. Nothing is done yet; warnings may be told.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::Engine;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::plan_action::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let action = engine.action(&request.action_type)?;
    let config = from_wire::value(request.config, &action.schema().ty())?;
    // Core has had it validated before.
    let diagnostics = to_wire::diagnostics(action.plan(config));
    Ok(Response { diagnostics, ..Default::default() })
}
