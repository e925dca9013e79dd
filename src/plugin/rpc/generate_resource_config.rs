//! `GenerateResourceConfig`: what to write down for an object that is imported or listed.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, generate};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::generate_resource_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.type_name)?;
    let ty = resource.schema().ty();
    let config = generate(resource.as_ref(), from_wire::value(request.state, &ty)?);
    Ok(Response { config: Some(to_wire::value(&config, &ty)?), ..Default::default() })
}
