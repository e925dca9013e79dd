//! `ValidateEphemeralResourceConfig`: every fault that can be seen in the configuration alone.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, validate};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::validate_ephemeral_resource_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.ephemeral_resource(&request.type_name)?;
    let config = from_wire::value(request.config, &resource.schema().ty())?;
    // Nothing of it is stored, so none of its attributes is write-only.
    let diagnostics = to_wire::diagnostics(validate(resource.as_ref(), &config, true));
    Ok(Response { diagnostics })
}
