//! `ValidateActionConfig`: every fault that can be seen in the configuration alone.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, validate};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::validate_action_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let action = engine.action(&request.type_name)?;
    let config = from_wire::value(request.config, &action.schema().ty())?;
    // Nothing of it is stored, so none of its attributes is write-only.
    let diagnostics = to_wire::diagnostics(validate(action.as_ref(), &config, true));
    Ok(Response { diagnostics })
}
