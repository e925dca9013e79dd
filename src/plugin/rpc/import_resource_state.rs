//! `ImportResourceState`: the state that an id or an identity gives; core reads the rest next.

use crate::framework::Diagnostics;
use crate::framework::engine::{Engine, Import, identity_type, import};
use crate::framework::private::Private;
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::import_resource_state::{ImportedResource, Request, Response};

pub(super) async fn handle(engine: &Engine, context: &Context, request: Request) -> Response {
    respond(engine, context, request).await.unwrap_or_else(|diagnostics| Response {
        diagnostics: to_wire::diagnostics(diagnostics),
        ..Default::default()
    })
}

async fn respond(
    engine: &Engine,
    context: &Context,
    request: Request,
) -> Result<Response, Diagnostics> {
    let resource = engine.resource(&request.type_name)?;
    let by = match (request.identity, resource.identity()) {
        (Some(identity), Some(name)) => {
            Import::Identity(from_wire::value(identity.identity_data, &identity_type(name))?)
        }
        _ => Import::Id(request.id),
    };
    let state = import(resource.as_ref(), context, by).await?;
    let imported = ImportedResource {
        type_name: request.type_name,
        identity: to_wire::identity(resource.as_ref(), &state)?,
        state: Some(to_wire::value(&state, &resource.schema().ty())?),
        private: Private::default().to_bytes().into(),
    };
    Ok(Response { imported_resources: vec![imported], ..Default::default() })
}
