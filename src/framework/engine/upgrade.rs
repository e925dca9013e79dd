//! Reading stored state, which core asks for on every command, also when no version has changed.

use super::{AnyResource, secrets};
use crate::framework::diagnostics::Diagnostic;
use crate::framework::plan::conform;
use crate::framework::value::{Raw, decode_json};

/// The state in `json`, which this or another provider of the same resource type wrote. Attributes
/// that the schema lacks are dropped, missing ones are null.
pub fn upgrade(resource: &dyn AnyResource, json: &[u8]) -> Result<Raw, Diagnostic> {
    let schema = resource.schema();
    match decode_json(json, &schema.ty()) {
        Ok(state) => {
            secrets::register(&schema.block, &state);
            Ok(conform(&schema.block, state))
        }
        Err(err) => Err(Diagnostic::error(
            format!(
                "Unable to read the stored state of a resource of type {}",
                resource.type_name()
            ),
            format!(
                "In the state, {err}. The state may have been edited, or written by a provider \
                 whose resource of this type has another schema. Restore the state from a backup, \
                 or remove the resource from the state and import it again."
            ),
        )
        .at(err.path())),
    }
}
