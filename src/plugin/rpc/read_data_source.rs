//! `ReadDataSource`: reads what a configuration asks for.

use std::sync::Arc;

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, read_data_source};
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::deferred::Reason;
use crate::wire::tfplugin6::read_data_source::{Request, Response};
use crate::wire::tfplugin6::{ClientCapabilities, Deferred};

pub(super) async fn handle(engine: Arc<Engine>, context: Context, request: Request) -> Response {
    respond(&engine, context, request).await.unwrap_or_else(Response::failed)
}

async fn respond(
    engine: &Engine,
    context: Context,
    request: Request,
) -> Result<Response, Diagnostic> {
    let source = engine.data_source(&request.type_name)?;
    let ty = source.schema().ty();
    let config = from_wire::value(request.config, &ty)?;
    let ClientCapabilities { deferral_allowed, .. } =
        request.client_capabilities.unwrap_or_default();
    let answer = read_data_source(source.as_ref(), &context, config, deferral_allowed).await;
    Ok(Response {
        state: Some(to_wire::value(&answer.state, &ty)?),
        diagnostics: to_wire::diagnostics(answer.diagnostics),
        deferred: answer
            .deferred
            .then(|| Deferred { reason: Reason::ProviderConfigUnknown.into() }),
    })
}
