//! `ValidateListResourceConfig`: every fault that can be seen in the filters alone.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, validate};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::validate_list_resource_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let list = engine.list_resource(&request.type_name)?;
    let config = from_wire::value(request.config, &list.schema().ty())?;
    // Filters are stored nowhere, so none of them is write-only.
    let diagnostics = to_wire::diagnostics(validate(list.as_ref(), &config, true));
    Ok(Response { diagnostics })
}
