//! Answers as text for people: values as JSON, paths as HCL writes them.

use std::fmt::Debug;

use prost::Message;
use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    AttributePath, Diagnostic, ResourceIdentityData, ResourceIdentitySchema, apply_resource_change,
    attribute_path::step::Selector, diagnostic::Severity, get_resource_identity_schemas,
    import_resource_state, plan_resource_change, read_resource,
    resource_identity_schema::IdentityAttribute, upgrade_resource_identity, upgrade_resource_state,
};

use super::values::decode;
use crate::support::golden::assert_golden;

/// Compares an answer with the file `tests/protocol/golden/{name}.json`.
#[track_caller]
pub fn assert_answer(name: &str, answer: &Json) {
    let text = serde_json::to_string_pretty(answer).unwrap();
    assert_golden(&format!("tests/protocol/golden/{name}.json"), &format!("{text}\n"));
}

/// The whole answer. A field that the protocol may get later does not compile until it is shown.
#[track_caller]
pub fn plan(answer: &plan_resource_change::Response) -> Json {
    let plan_resource_change::Response {
        planned_state,
        requires_replace,
        planned_private,
        diagnostics: messages,
        legacy_type_system,
        deferred,
        planned_identity,
    } = answer;
    assert_eq!((*legacy_type_system, deferred), (false, &None));
    json!({
        "diagnostics": diagnostics(messages),
        "planned_identity": identity(planned_identity.as_ref()),
        "planned_private": private(planned_private),
        "planned_state": decode(planned_state.as_ref()),
        "requires_replace": requires_replace.iter().map(path).collect::<Vec<_>>(),
    })
}

#[track_caller]
pub fn apply(answer: &apply_resource_change::Response) -> Json {
    let apply_resource_change::Response {
        new_state,
        private: bytes,
        diagnostics: messages,
        legacy_type_system,
        new_identity,
    } = answer;
    assert!(!*legacy_type_system);
    json!({
        "diagnostics": diagnostics(messages),
        "new_identity": identity(new_identity.as_ref()),
        "new_state": decode(new_state.as_ref()),
        "private": private(bytes),
    })
}

#[track_caller]
pub fn read(answer: &read_resource::Response) -> Json {
    let read_resource::Response {
        new_state,
        diagnostics: messages,
        private: bytes,
        deferred,
        new_identity,
    } = answer;
    assert_eq!(*deferred, None);
    json!({
        "diagnostics": diagnostics(messages),
        "new_identity": identity(new_identity.as_ref()),
        "new_state": decode(new_state.as_ref()),
        "private": private(bytes),
    })
}

#[track_caller]
pub fn upgraded_identity(answer: &upgrade_resource_identity::Response) -> Json {
    let upgrade_resource_identity::Response { upgraded_identity, diagnostics: messages } = answer;
    assert_eq!(*messages, []);
    identity(upgraded_identity.as_ref())
}

#[track_caller]
pub fn identity_schemas(answer: &get_resource_identity_schemas::Response) -> Json {
    let get_resource_identity_schemas::Response { identity_schemas, diagnostics: messages } =
        answer;
    assert_eq!(*messages, []);
    let attribute = |attribute: &IdentityAttribute| {
        let IdentityAttribute {
            name,
            r#type,
            required_for_import,
            optional_for_import,
            description,
        } = attribute;
        json!({
            "description": description,
            "name": name,
            "optional_for_import": optional_for_import,
            "required_for_import": required_for_import,
            "type": serde_json::from_slice::<Json>(r#type).unwrap(),
        })
    };
    let schema = |schema: &ResourceIdentitySchema| {
        let attributes: Vec<_> = schema.identity_attributes.iter().map(attribute).collect();
        json!({"attributes": attributes, "version": schema.version})
    };
    let shown = identity_schemas.iter().map(|(name, shown)| (name.clone(), schema(shown)));
    shown.collect::<serde_json::Map<_, _>>().into()
}

pub fn identity(identity: Option<&ResourceIdentityData>) -> Json {
    identity.map_or(Json::Null, |identity| decode(identity.identity_data.as_ref()))
}

#[track_caller]
pub fn upgrade(answer: &upgrade_resource_state::Response) -> Json {
    let upgrade_resource_state::Response { upgraded_state, diagnostics: messages } = answer;
    json!({
        "diagnostics": diagnostics(messages),
        "upgraded_state": decode(upgraded_state.as_ref()),
    })
}

#[track_caller]
pub fn import(answer: &import_resource_state::Response) -> Json {
    let import_resource_state::Response { imported_resources, diagnostics: messages, deferred } =
        answer;
    assert_eq!(*deferred, None);
    let imported = imported_resources.iter().map(|imported| {
        json!({
            "identity": identity(imported.identity.as_ref()),
            "private": private(&imported.private),
            "state": decode(imported.state.as_ref()),
            "type_name": imported.type_name,
        })
    });
    json!({
        "diagnostics": diagnostics(messages),
        "imported_resources": imported.collect::<Vec<_>>(),
    })
}

/// Messages in their order. One without a path is about the whole block.
pub fn diagnostics(messages: &[Diagnostic]) -> Json {
    let shown = messages.iter().map(|message| {
        let severity = match message.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Invalid => panic!("a message of no severity: {message:?}"),
        };
        json!({
            "attribute": message.attribute.as_ref().map(path),
            "detail": message.detail,
            "severity": severity,
            "summary": message.summary,
        })
    });
    shown.collect()
}

/// `webhook_configuration[0].webhook_endpoint`
pub fn path(path: &AttributePath) -> String {
    let mut text = String::new();
    for step in &path.steps {
        match step.selector.as_ref().unwrap() {
            Selector::AttributeName(name) if text.is_empty() => text.push_str(name),
            Selector::AttributeName(name) => text.push_str(&format!(".{name}")),
            Selector::ElementKeyString(key) => text.push_str(&format!("[{key:?}]")),
            Selector::ElementKeyInt(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Private bytes, which other providers can read only where they are a JSON object.
#[track_caller]
pub fn private(bytes: &[u8]) -> Json {
    let json: Json = serde_json::from_slice(bytes).unwrap_or_default();
    assert!(json.is_object(), "private is {:?}", String::from_utf8_lossy(bytes));
    json
}

/// The errors, each by its path and its summary.
pub fn errors(messages: &[Diagnostic]) -> Vec<(String, String)> {
    let errors = messages.iter().filter(|message| message.severity() == Severity::Error);
    errors
        .map(|e| (e.attribute.as_ref().map(path).unwrap_or_default(), e.summary.clone()))
        .collect()
}

/// Proves that nothing in an answer holds `secret`, whatever field it might be in.
#[track_caller]
pub fn assert_holds_no(secret: &str, answer: &(impl Message + Debug)) {
    let bytes = answer.encode_to_vec();
    let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(!found, "{secret} is in {answer:?}");
}
