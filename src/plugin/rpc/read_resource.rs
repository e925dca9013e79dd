//! `ReadResource`: refreshes one object.

use std::sync::Arc;

use super::{Answer, ProviderService, panic_diagnostic};
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, read};
use crate::framework::private::Private;
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::read_resource::{Request, Response};

pub(super) async fn handle(service: &ProviderService, request: Request) -> Response {
    let context = Context::new(service.lifecycle.stop_token());
    let engine = service.engine.clone();
    // A failed refresh leaves the state as it was.
    let (new_state, private) = (request.current_state.clone(), request.private.clone());
    let new_identity = request.current_identity.clone();
    let failed =
        |diagnostic| Response { new_state, private, new_identity, ..Response::failed(diagnostic) };
    match service.lifecycle.run(respond(engine, context, request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(diagnostic)) => failed(diagnostic),
        Err(panicked) => failed(panic_diagnostic(&panicked)),
    }
}

async fn respond(
    engine: Arc<Engine>,
    context: Context,
    request: Request,
) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.type_name)?;
    let ty = resource.schema().ty();
    let current_state = from_wire::value(request.current_state, &ty)?;
    let answer = read(resource.as_ref(), &context, current_state).await;
    Ok(Response {
        // Left out, it would be erased.
        new_identity: to_wire::identity(resource.as_ref(), &answer.new_state)?,
        new_state: Some(to_wire::value(&answer.new_state, &ty)?),
        // Core stores an empty answer in place of what was there.
        private: Private::from_bytes(&request.private).to_bytes().into(),
        diagnostics: to_wire::diagnostics(answer.diagnostics),
        ..Default::default()
    })
}
