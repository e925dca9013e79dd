//! `GetMetadata`: names and capabilities, for tools that do not need the schemas.

use super::get_provider_schema::capabilities;
use crate::framework::engine::Engine;
use crate::wire::tfplugin6::get_metadata::{
    ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata,
    ResourceMetadata, Response,
};

pub(super) fn handle(engine: &Engine) -> Response {
    let resource = |name: &str| ResourceMetadata { type_name: name.to_owned() };
    let data_source = |name: &str| DataSourceMetadata { type_name: name.to_owned() };
    let ephemeral = |name: &str| EphemeralMetadata { type_name: name.to_owned() };
    let list = |name: &str| ListResourceMetadata { type_name: name.to_owned() };
    let action = |name: &str| ActionMetadata { type_name: name.to_owned() };
    let function = |name: &str| FunctionMetadata { name: name.to_owned() };
    Response {
        server_capabilities: Some(capabilities()),
        resources: engine.resources().map(|of| resource(of.type_name())).collect(),
        data_sources: engine.data_sources().map(|of| data_source(of.type_name())).collect(),
        ephemeral_resources: engine
            .ephemeral_resources()
            .map(|of| ephemeral(of.type_name()))
            .collect(),
        list_resources: engine.list_resources().map(|of| list(of.type_name())).collect(),
        actions: engine.actions().map(|of| action(of.type_name())).collect(),
        functions: engine.functions().map(|of| function(of.name())).collect(),
        ..Default::default()
    }
}
