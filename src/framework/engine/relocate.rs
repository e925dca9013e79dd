//! State that a `moved` block brings from another provider.

use super::{AnyResource, upgrade};
use crate::framework::diagnostics::Diagnostic;
use crate::framework::value::Raw;

/// Where the state comes from, as core tells it.
pub struct Source<'a> {
    /// HOST/NAMESPACE/TYPE of the provider that wrote it.
    pub provider: &'a str,
    /// The type that the resource had there.
    pub type_name: &'a str,
    /// The version of its schema there.
    pub schema_version: i64,
    /// The state.
    pub json: &'a [u8],
}

/// The state of `resource` that another provider's state becomes. The source is a resource of the same
/// type, of a provider with the same name: whose, and from which registry, does not matter.
pub fn relocate(resource: &dyn AnyResource, source: &Source<'_>) -> Result<Raw, Diagnostic> {
    let type_name = resource.type_name();
    let ours = type_name.split('_').next();
    let same = source.type_name == type_name && source.provider.rsplit('/').next() == ours;
    if !same {
        return Err(Diagnostic::error(
            format!("Unable to move state to {type_name}"),
            format!(
                "The state was written by {} for a resource of type {}. Only state of {type_name} of \
                 a provider {:?} can be moved. Remove the moved block, and import the object by its \
                 id.",
                source.provider,
                source.type_name,
                ours.unwrap_or_default(),
            ),
        ));
    }
    if source.schema_version > resource.schema().version {
        return Err(Diagnostic::error(
            format!("Unable to move state to {type_name}"),
            format!(
                "The state has version {} of the schema, and this provider knows {} and earlier. Use \
                 a newer version of this provider, or remove the moved block and import the object \
                 by its id.",
                source.schema_version,
                resource.schema().version,
            ),
        ));
    }
    upgrade(resource, source.json)
}
