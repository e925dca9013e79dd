//! `ImportResourceState`: the state that an id gives; core reads the rest next.

use crate::framework::Diagnostics;
use crate::framework::engine::{Engine, import};
use crate::framework::private::Private;
use crate::plugin::convert::to_wire;
use crate::wire::tfplugin6::import_resource_state::{ImportedResource, Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(|diagnostics| Response {
        diagnostics: to_wire::diagnostics(diagnostics),
        ..Default::default()
    })
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostics> {
    let resource = engine.resource(&request.type_name)?;
    let state = import(resource.as_ref(), &request.id)?;
    let imported = ImportedResource {
        type_name: request.type_name,
        state: Some(to_wire::value(&state, &resource.schema().ty())?),
        private: Private::default().to_bytes().into(),
        ..Default::default()
    };
    Ok(Response { imported_resources: vec![imported], ..Default::default() })
}
