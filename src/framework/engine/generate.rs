//! The configuration of an object that nobody has configured yet.

use super::AnyResource;
use crate::framework::plan::{conform, each};
use crate::framework::value::Raw;

/// What to write down so that `state` is what is configured: everything that can be, and null for what
/// the provider decides and for what is stored nowhere.
pub fn generate(resource: &dyn AnyResource, state: Raw) -> Raw {
    let block = &resource.schema().block;
    let config = each(block, &Raw::Null, &Raw::Null, state, &mut |place, value| {
        if place.attribute.is_read_only() { Raw::Null } else { value }
    });
    conform(block, config)
}
