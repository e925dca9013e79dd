//! `GetMetadata`: names and capabilities, for tools that do not need the schemas.

use super::get_provider_schema::capabilities;
use crate::framework::engine::Engine;
use crate::wire::tfplugin6::get_metadata::{ResourceMetadata, Response};

pub(super) fn handle(engine: &Engine) -> Response {
    let metadata = |type_name: &str| ResourceMetadata { type_name: type_name.to_owned() };
    Response {
        server_capabilities: Some(capabilities()),
        resources: engine.resources().map(|resource| metadata(resource.type_name())).collect(),
        ..Default::default()
    }
}
