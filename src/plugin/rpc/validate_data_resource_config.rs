//! `ValidateDataResourceConfig`: every fault that can be seen in the configuration alone.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, validate};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::validate_data_resource_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let source = engine.data_source(&request.type_name)?;
    let config = from_wire::value(request.config, &source.schema().ty())?;
    // No data source has write-only attributes.
    let diagnostics = to_wire::diagnostics(validate(source.as_ref(), &config, true));
    Ok(Response { diagnostics })
}
