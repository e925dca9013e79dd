//! `GetResourceIdentitySchemas`: which attributes identify an object of each type.

use crate::framework::engine::Engine;
use crate::framework::value::Type;
use crate::wire::tfplugin6::ResourceIdentitySchema;
use crate::wire::tfplugin6::get_resource_identity_schemas::Response;
use crate::wire::tfplugin6::resource_identity_schema::IdentityAttribute;

pub(super) fn handle(engine: &Engine) -> Response {
    let schemas = engine.resources().filter_map(|resource| {
        let name = resource.identity()?;
        let attribute = IdentityAttribute {
            name: name.to_owned(),
            r#type: Type::String.to_json().into(),
            required_for_import: true,
            description: resource.schema().block.attributes[name].description.to_owned(),
            ..Default::default()
        };
        let schema = ResourceIdentitySchema { version: 0, identity_attributes: vec![attribute] };
        Some((resource.type_name().to_owned(), schema))
    });
    Response { identity_schemas: schemas.collect(), ..Default::default() }
}
