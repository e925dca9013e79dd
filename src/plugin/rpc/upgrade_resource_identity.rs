//! `UpgradeResourceIdentity`: reads an identity that another version stored.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, identity_type, upgrade_identity};
use crate::plugin::convert::to_wire;
use crate::wire::tfplugin6::ResourceIdentityData;
use crate::wire::tfplugin6::upgrade_resource_identity::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.type_name)?;
    // A state that an older core wrote has none; the next read brings it.
    let Some(json) = request.raw_identity.map(|raw| raw.json).filter(|json| !json.is_empty())
    else {
        return Ok(Response::default());
    };
    let identity = upgrade_identity(resource.as_ref(), &json)?;
    let ty = identity_type(resource.identity().unwrap_or_default());
    let identity_data = Some(to_wire::value(&identity, &ty)?);
    Ok(Response {
        upgraded_identity: Some(ResourceIdentityData { identity_data }),
        ..Default::default()
    })
}
