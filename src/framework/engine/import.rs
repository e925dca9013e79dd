//! Taking an existing object under management.

use super::{AnyResource, identity};
use crate::framework::diagnostics::Diagnostics;
use crate::framework::plan::conform;
use crate::framework::resource::Context;
use crate::framework::value::Raw;

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
    let id = match import {
        Import::Id(id) => id,
        Import::Identity(identity) => identity::import_id(resource, &identity)?,
    };
    let state = resource.import(context, &id).await?;
    Ok(conform(&resource.schema().block, state))
}
