//! `GetProviderSchema`: everything at once, without any request to Auth0.

use std::collections::HashMap;

use super::get_functions::functions;
use crate::framework::engine::{BlockType, Engine};
use crate::plugin::convert::to_wire;
use crate::wire::tfplugin6::get_provider_schema::Response;
use crate::wire::tfplugin6::{ActionSchema, Schema, ServerCapabilities};

pub(super) fn handle(engine: &Engine) -> Response {
    Response {
        provider: Some(to_wire::schema(engine.provider_schema())),
        resource_schemas: schemas(engine.resources().map(|of| of as &dyn BlockType)),
        data_source_schemas: schemas(engine.data_sources().map(|of| of as &dyn BlockType)),
        ephemeral_resource_schemas: schemas(
            engine.ephemeral_resources().map(|of| of as &dyn BlockType),
        ),
        list_resource_schemas: schemas(engine.list_resources().map(|of| of as &dyn BlockType)),
        action_schemas: engine
            .actions()
            .map(|of| {
                let schema = Some(to_wire::schema(of.schema()));
                (of.type_name().to_owned(), ActionSchema { schema })
            })
            .collect(),
        functions: functions(engine),
        server_capabilities: Some(capabilities()),
        ..Default::default()
    }
}

fn schemas<'a>(types: impl Iterator<Item = &'a dyn BlockType>) -> HashMap<String, Schema> {
    types.map(|of| (of.type_name().to_owned(), to_wire::schema(of.schema()))).collect()
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
