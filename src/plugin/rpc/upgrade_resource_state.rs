//! `UpgradeResourceState`: reads stored state, on every command that has any.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, upgrade};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::upgrade_resource_state::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.type_name)?;
    let state = upgrade(resource.as_ref(), &from_wire::state(request.raw_state)?)?;
    let upgraded_state = Some(to_wire::value(&state, &resource.schema().ty())?);
    Ok(Response { upgraded_state, ..Default::default() })
}
