//! `OpenEphemeralResource`: in a plan, and once more in its apply. What is opened needs neither to be
//! renewed nor to be closed.

use std::sync::Arc;

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, read_data_source};
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::open_ephemeral_resource::{Request, Response};

pub(super) async fn handle(engine: Arc<Engine>, context: Context, request: Request) -> Response {
    respond(&engine, context, request).await.unwrap_or_else(Response::failed)
}

async fn respond(
    engine: &Engine,
    context: Context,
    request: Request,
) -> Result<Response, Diagnostic> {
    let resource = engine.ephemeral_resource(&request.type_name)?;
    let ty = resource.schema().ty();
    let config = from_wire::value(request.config, &ty)?;
    // No core puts it off.
    let answer = read_data_source(resource.as_ref(), &context, config, false).await;
    Ok(Response {
        result: Some(to_wire::value(&answer.state, &ty)?),
        diagnostics: to_wire::diagnostics(answer.diagnostics),
        ..Default::default()
    })
}
