//! `GetProviderSchema` and `GetMetadata`: what core and tools learn of the provider.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    ActionSchema, Function, Schema, ServerCapabilities, StringKind,
    function::Parameter,
    get_functions, get_metadata, get_provider_schema,
    schema::{
        Attribute, Block, NestedBlock, Object, nested_block::NestingMode,
        object::NestingMode as ObjectMode,
    },
};

use super::{
    answers::{assert_answer, diagnostics},
    streams::{TYPE, stream},
};
use crate::support::provider;

#[tokio::test]
async fn the_schema_is_the_one_that_was_reviewed() {
    let (_plugin, mut client) = provider().await;
    let answer = client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    assert_answer("get_provider_schema", &shown(&answer.into_inner()));
}

#[tokio::test]
async fn metadata_agree_with_the_schema() {
    let (_plugin, mut client) = provider().await;
    let request = get_provider_schema::Request {};
    let schema = client.get_provider_schema(request).await.unwrap().into_inner();
    let request = get_metadata::Request {};
    let metadata = client.get_metadata(request).await.unwrap().into_inner();
    let resources: Vec<_> = metadata.resources.iter().map(|r| r.type_name.as_str()).collect();
    assert_eq!(resources, [TYPE, "auth0_event_stream_test_event"]);
    let sources: Vec<_> = metadata.data_sources.iter().map(|d| d.type_name.as_str()).collect();
    assert_eq!(sources, [TYPE, "auth0_event_streams", "auth0_event_types"]);
    let functions: Vec<_> = metadata.functions.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(
        functions,
        schema.functions.keys().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
    let ephemeral: Vec<_> =
        metadata.ephemeral_resources.iter().map(|e| e.type_name.as_str()).collect();
    assert_eq!(ephemeral, schema.ephemeral_resource_schemas.keys().collect::<Vec<_>>());
    assert_eq!(ephemeral, ["auth0_access_token"]);
    let lists: Vec<_> = metadata.list_resources.iter().map(|l| l.type_name.as_str()).collect();
    assert_eq!(lists, schema.list_resource_schemas.keys().collect::<Vec<_>>());
    assert_eq!(lists, [TYPE]);
    let actions: Vec<_> = metadata.actions.iter().map(|a| a.type_name.as_str()).collect();
    assert_eq!(actions, schema.action_schemas.keys().collect::<Vec<_>>());
    assert_eq!(actions, ["auth0_event_stream_test"]);
    let sources: BTreeSet<_> = sources.into_iter().collect();
    assert_eq!(sources, schema.data_source_schemas.keys().map(String::as_str).collect());
    let want = get_metadata::Response {
        server_capabilities: schema.server_capabilities,
        resources: metadata.resources.clone(),
        data_sources: metadata.data_sources.clone(),
        functions: metadata.functions.clone(),
        ephemeral_resources: metadata.ephemeral_resources.clone(),
        list_resources: metadata.list_resources.clone(),
        actions: metadata.actions.clone(),
        ..Default::default()
    };
    assert_eq!(metadata, want);
}

/// OpenTofu asks for functions that the schema it has does not know.
#[tokio::test]
async fn functions_are_those_of_the_schema() {
    let (_plugin, mut client) = provider().await;
    let request = get_provider_schema::Request {};
    let schema = client.get_provider_schema(request).await.unwrap().into_inner();
    let answer = client.get_functions(get_functions::Request {}).await.unwrap().into_inner();
    assert_eq!(answer.functions, schema.functions);
    assert_eq!(answer.diagnostics, []);
}

/// The other tests write values by hand.
#[tokio::test]
async fn the_streams_of_these_tests_have_the_attributes_of_the_schema() {
    let (_plugin, mut client) = provider().await;
    let request = get_provider_schema::Request {};
    let schema = client.get_provider_schema(request).await.unwrap().into_inner();
    let block = schema.resource_schemas[TYPE].block.as_ref().unwrap();
    let attributes = block.attributes.iter().map(|attribute| attribute.name.clone());
    let blocks = block.block_types.iter().map(|nested| nested.type_name.clone());
    let mut names: Vec<_> = attributes.chain(blocks).collect();
    names.sort();
    let template = stream(&json!({}));
    assert_eq!(names, template.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
}

/// The whole answer. A field that the protocol may get later does not compile until it is shown.
fn shown(answer: &get_provider_schema::Response) -> Json {
    let get_provider_schema::Response {
        provider,
        resource_schemas,
        data_source_schemas,
        diagnostics: messages,
        provider_meta,
        server_capabilities,
        functions,
        ephemeral_resource_schemas,
        list_resource_schemas,
        state_store_schemas,
        action_schemas,
    } = answer;
    let schemas = |schemas: &std::collections::HashMap<String, Schema>| {
        schemas.iter().map(|(name, s)| (name.clone(), schema(s))).collect::<Map<_, _>>()
    };
    let action = |ActionSchema { schema: of }: &ActionSchema| of.as_ref().map(schema);
    json!({
        "action_schemas": action_schemas.iter().map(|(name, a)| (name.clone(), json!(action(a)))).collect::<Map<_, _>>(),
        "data_source_schemas": schemas(data_source_schemas),
        "diagnostics": diagnostics(messages),
        "ephemeral_resource_schemas": schemas(ephemeral_resource_schemas),
        "functions": functions.iter().map(|(name, f)| (name.clone(), function(f))).collect::<Map<_, _>>(),
        "list_resource_schemas": schemas(list_resource_schemas),
        "provider": provider.as_ref().map(schema),
        "provider_meta": provider_meta.as_ref().map(schema),
        "resource_schemas": schemas(resource_schemas),
        "server_capabilities": server_capabilities.as_ref().map(capabilities),
        "state_store_schemas": schemas(state_store_schemas),
    })
}

fn capabilities(capabilities: &ServerCapabilities) -> Json {
    let ServerCapabilities {
        plan_destroy,
        get_provider_schema_optional,
        move_resource_state,
        generate_resource_config,
    } = *capabilities;
    flags(&[
        ("plan_destroy", plan_destroy),
        ("get_provider_schema_optional", get_provider_schema_optional),
        ("move_resource_state", move_resource_state),
        ("generate_resource_config", generate_resource_config),
    ])
}

fn function(function: &Function) -> Json {
    let Function {
        parameters,
        variadic_parameter,
        r#return,
        summary,
        description,
        description_kind,
        deprecation_message,
    } = function;
    assert_eq!(deprecation_message, "");
    json!({
        "description": described(description, *description_kind),
        "parameters": parameters.iter().map(parameter).collect::<Vec<_>>(),
        "return": shown_type(&r#return.as_ref().unwrap().r#type),
        "summary": summary,
        "variadic_parameter": variadic_parameter.as_ref().map(parameter),
    })
}

fn parameter(parameter: &Parameter) -> Json {
    let Parameter {
        name,
        r#type,
        allow_null_value,
        allow_unknown_values,
        description,
        description_kind,
    } = parameter;
    assert_eq!((*allow_null_value, *allow_unknown_values), (false, false), "{name}");
    json!({
        "description": described(description, *description_kind),
        "name": name,
        "type": shown_type(r#type),
    })
}

fn shown_type(ty: &[u8]) -> Json {
    serde_json::from_slice(ty).unwrap()
}

fn schema(schema: &Schema) -> Json {
    json!({"block": schema.block.as_ref().map(block), "version": schema.version})
}

/// In the order of the wire, which is stable too.
fn block(block: &Block) -> Json {
    let Block {
        version,
        attributes,
        block_types,
        description,
        description_kind,
        deprecated,
        deprecation_message,
        computed,
    } = block;
    assert_eq!((*version, deprecation_message.as_str()), (0, ""));
    json!({
        "attributes": attributes.iter().map(attribute).collect::<Vec<_>>(),
        "block_types": block_types.iter().map(nested_block).collect::<Vec<_>>(),
        "description": described(description, *description_kind),
        "flags": flags(&[("deprecated", *deprecated), ("computed", *computed)]),
    })
}

fn nested_block(nested: &NestedBlock) -> Json {
    let NestedBlock { type_name, block: content, nesting, min_items, max_items } = nested;
    json!({
        "block": content.as_ref().map(block),
        "max_items": max_items,
        "min_items": min_items,
        "nesting": NestingMode::try_from(*nesting).unwrap().as_str_name(),
        "type_name": type_name,
    })
}

fn attribute(attribute: &Attribute) -> Json {
    let Attribute {
        name,
        r#type,
        nested_type,
        description,
        required,
        optional,
        computed,
        sensitive,
        description_kind,
        deprecated,
        write_only,
        deprecation_message,
    } = attribute;
    assert_eq!(*deprecated, !deprecation_message.is_empty(), "{name}");
    let ty = match nested_type {
        Some(object) => {
            assert!(r#type.is_empty(), "{name} has two types");
            nested(object)
        }
        None => shown_type(r#type),
    };
    let mut shown = json!({
        "description": described(description, *description_kind),
        "flags": flags(&[
            ("required", *required),
            ("optional", *optional),
            ("computed", *computed),
            ("sensitive", *sensitive),
            ("write_only", *write_only),
            ("deprecated", *deprecated),
        ]),
        "name": name,
        "type": ty,
    });
    if *deprecated {
        shown["deprecation_message"] = deprecation_message.as_str().into();
    }
    shown
}

fn nested(object: &Object) -> Json {
    let nesting = ObjectMode::try_from(object.nesting).unwrap().as_str_name();
    json!({"attributes": object.attributes.iter().map(attribute).collect::<Vec<_>>(), "nesting": nesting})
}

fn described(text: &str, kind: i32) -> String {
    format!("{}: {text}", StringKind::try_from(kind).unwrap().as_str_name())
}

/// The names of those that are set, in one line.
fn flags(flags: &[(&str, bool)]) -> Json {
    let set = flags.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| *name);
    set.collect::<Vec<_>>().join(", ").into()
}
