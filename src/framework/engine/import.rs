//! Taking an existing object under management.

use super::AnyResource;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::plan::conform;
use crate::framework::value::Raw;

/// The state that is known of the object `id` before it is read.
pub fn import(resource: &dyn AnyResource, id: &str) -> Result<Raw, Diagnostics> {
    resource.import(id).map(|state| conform(&resource.schema().block, state))
}
