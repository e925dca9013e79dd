//! `GetProviderSchema`: everything at once, without any request to Auth0.

use crate::framework::engine::Engine;
use crate::plugin::convert::to_wire;
use crate::wire::tfplugin6::ServerCapabilities;
use crate::wire::tfplugin6::get_provider_schema::Response;

pub(super) fn handle(engine: &Engine) -> Response {
    Response {
        provider: Some(to_wire::schema(engine.provider_schema())),
        resource_schemas: engine
            .resources()
            .map(|resource| (resource.type_name().to_owned(), to_wire::schema(resource.schema())))
            .collect(),
        server_capabilities: Some(capabilities()),
        ..Default::default()
    }
}

pub(super) fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        // Core then asks for a plan of a destroy too, where we warn of what it costs.
        plan_destroy: true,
        // No call relies on this one having come before, so core may keep the schema.
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}
