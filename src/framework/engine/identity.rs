//! What identifies an object whatever else is known of it. Core stores it beside the state, from
//! Terraform 1.12 and OpenTofu 1.12 on, and takes it in place of an import id.

use super::AnyResource;
use crate::framework::diagnostics::Diagnostic;
use crate::framework::value::{Data, Raw, Type, decode_json};

/// The type of the identity of a resource whose identity is the attribute `name`.
pub fn identity_type(name: &str) -> Type {
    Type::object([(name, Type::String)])
}

/// The identity within `state`. None where nothing is identified yet: core takes an identity of nulls
/// for another object, and Terraform 1.15 cannot show a plan that holds an unknown one.
pub fn identity_of(resource: &dyn AnyResource, state: &Raw) -> Option<Raw> {
    let name = resource.identity()?;
    match state.member(name) {
        Raw::Null | Raw::Unknown => None,
        value => Some(Raw::map_of([(name, value.clone())])),
    }
}

/// The import id that an identity stands for.
pub fn import_id(resource: &dyn AnyResource, identity: &Raw) -> Result<String, Diagnostic> {
    let text = resource.identity().and_then(|name| match identity.member(name) {
        Raw::Known(Data::String(text)) => Some(text.clone()),
        _ => None,
    });
    text.ok_or_else(|| {
        Diagnostic::error(
            "Incomplete identity",
            format!(
                "A resource of type {} is imported by the identity {{ {} = \"...\" }}.",
                resource.type_name(),
                resource.identity().unwrap_or("id"),
            ),
        )
    })
}

/// The identity in `json`, as another version of this provider stored it.
pub fn upgrade_identity(resource: &dyn AnyResource, json: &[u8]) -> Result<Raw, Diagnostic> {
    let name = resource.identity().ok_or_else(|| {
        Diagnostic::error(
            "No identity",
            format!("A resource of type {} has no identity.", resource.type_name()),
        )
    })?;
    decode_json(json, &identity_type(name)).map_err(|err| {
        Diagnostic::error(
            format!(
                "Unable to read the stored identity of a resource of type {}",
                resource.type_name()
            ),
            format!("In the identity, {err}. The state may have been edited."),
        )
    })
}
