//! `MoveResourceState`: state of another provider, for a `moved` block. Core asks before it configures
//! the provider.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, Source, relocate};
use crate::framework::private::Private;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::move_resource_state::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.target_type_name)?;
    let source = Source {
        provider: &request.source_provider_address,
        type_name: &request.source_type_name,
        schema_version: request.source_schema_version,
        json: &from_wire::state(request.source_state)?,
    };
    let state = relocate(resource.as_ref(), &source)?;
    Ok(Response {
        target_identity: to_wire::identity(resource.as_ref(), &state)?,
        target_state: Some(to_wire::value(&state, &resource.schema().ty())?),
        // What another provider kept there means nothing here.
        target_private: Private::default().to_bytes().into(),
        ..Default::default()
    })
}
