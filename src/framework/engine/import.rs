//! Taking an existing object under management.

use super::{AnyResource, identity, identity_of};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::plan::conform;
use crate::framework::resource::Context;
use crate::framework::value::{Data, Raw};

/// How the object is named.
pub enum Import {
    /// By what a person writes for it.
    Id(String),
    /// By what is stored beside its state.
    Identity(Raw),
}

/// The state that is known of the object before it is read.
pub async fn import(
    resource: &dyn AnyResource,
    context: &Context,
    import: Import,
) -> Result<Raw, Diagnostics> {
    let (id, identity) = match import {
        Import::Id(id) => (id, None),
        Import::Identity(identity) => (identity::import_id(resource, &identity)?, Some(identity)),
    };
    let state = resource.import(context, &id).await?;
    // A resource may find an object by more than its identity, such as a name, which another object
    // may have tomorrow.
    if identity.is_some_and(|identity| identity_of(resource, &state) != Some(identity)) {
        return Err(not_identity(resource, &id, &state).into());
    }
    Ok(conform(&resource.schema().block, state))
}

fn not_identity(resource: &dyn AnyResource, id: &str, state: &Raw) -> Diagnostic {
    let name = resource.identity().unwrap_or("id");
    let meant = match state.member(name) {
        Raw::Known(Data::String(meant)) => meant.as_str(),
        _ => "...",
    };
    Diagnostic::error(
        format!("{id:?} is no identity of a resource of type {}", resource.type_name()),
        format!(
            "Write identity = {{ {name} = {meant:?} }} for what it names. The import id, which is the \
             argument id of an import block, may be {id:?}."
        ),
    )
}
