//! Requests as core fills them.

use bytes::Bytes;
use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    ClientCapabilities, RawState, ResourceIdentityData, apply_resource_change, call_function,
    configure_provider, generate_resource_config, import_resource_state, move_resource_state,
    plan_resource_change, read_data_source, read_resource, upgrade_resource_identity,
    upgrade_resource_state, validate_data_resource_config, validate_resource_config,
};

use super::{core_rules::proposed, streams::TYPE, values::encode};

/// What Terraform 1.11 and later say of themselves.
pub const CAPABILITIES: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
    store_planned_private: false,
    computed_blocks_allowed: false,
};

/// What is kept beside a state.
const PRIVATE: &[u8] = br#"{"schema_version":"0"}"#;

pub fn configure_request(block: &Json) -> configure_provider::Request {
    configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(encode(block)),
        client_capabilities: Some(CAPABILITIES),
    }
}

pub fn validate_request(config: &Json) -> validate_resource_config::Request {
    validate_resource_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(config)),
        client_capabilities: Some(CAPABILITIES),
    }
}

pub fn plan_request(prior: &Json, config: &Json) -> plan_resource_change::Request {
    plan_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: Some(encode(prior)),
        proposed_new_state: Some(encode(&proposed(prior, config))),
        config: Some(encode(config)),
        prior_private: if prior.is_null() { Bytes::new() } else { PRIVATE.into() },
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}

pub fn apply_request(
    prior: &Json,
    planned: &plan_resource_change::Response,
    config: &Json,
) -> apply_resource_change::Request {
    apply_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: Some(encode(prior)),
        planned_state: planned.planned_state.clone(),
        config: Some(encode(config)),
        planned_private: planned.planned_private.clone(),
        ..Default::default()
    }
}

pub fn read_request(state: &Json) -> read_resource::Request {
    read_resource::Request {
        type_name: TYPE.to_owned(),
        current_state: Some(encode(state)),
        private: PRIVATE.into(),
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}

pub fn validate_data_request(config: &Json) -> validate_data_resource_config::Request {
    validate_data_resource_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(config)),
    }
}

pub fn read_data_request(config: &Json) -> read_data_source::Request {
    read_data_source::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(config)),
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}

pub fn call_request(name: &str, arguments: &[Json]) -> call_function::Request {
    let arguments = arguments.iter().map(encode).collect();
    call_function::Request { name: name.to_owned(), arguments }
}

pub fn upgrade_request(stored: &Json) -> upgrade_resource_state::Request {
    upgrade_resource_state::Request {
        type_name: TYPE.to_owned(),
        version: 0,
        raw_state: Some(RawState { json: stored.to_string().into(), ..Default::default() }),
    }
}

pub fn upgrade_identity_request(id: &str) -> upgrade_resource_identity::Request {
    let json = json!({"id": id}).to_string().into();
    upgrade_resource_identity::Request {
        type_name: TYPE.to_owned(),
        version: 0,
        raw_identity: Some(RawState { json, ..Default::default() }),
    }
}

/// The official provider in the registry of Terraform.
pub const OFFICIAL: &str = "registry.terraform.io/auth0/auth0";

/// A `moved` block across providers.
pub fn move_request(
    provider: &str,
    type_name: &str,
    stored: &Json,
) -> move_resource_state::Request {
    move_resource_state::Request {
        source_provider_address: provider.to_owned(),
        source_type_name: type_name.to_owned(),
        source_state: Some(RawState { json: stored.to_string().into(), ..Default::default() }),
        target_type_name: TYPE.to_owned(),
        source_private: "bnVsbA==".into(),
        ..Default::default()
    }
}

pub fn generate_request(state: &Json) -> generate_resource_config::Request {
    generate_resource_config::Request { type_name: TYPE.to_owned(), state: Some(encode(state)) }
}

/// Import by identity, which comes without an id.
pub fn import_by_identity_request(identity: &Json) -> import_resource_state::Request {
    import_resource_state::Request {
        identity: Some(ResourceIdentityData { identity_data: Some(encode(identity)) }),
        ..import_request("")
    }
}

pub fn import_request(id: &str) -> import_resource_state::Request {
    import_resource_state::Request {
        type_name: TYPE.to_owned(),
        id: id.to_owned(),
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}
