//! The configuration of an object that nobody has configured yet.

use super::{AnyResource, validate};
use crate::framework::diagnostics::{Diagnostic, Severity};
use crate::framework::plan::{conform, each};
use crate::framework::value::{Data, Raw};
use crate::redact::printable;

/// What to write down so that `state` is what is configured: everything that can be, and null for what
/// the provider decides and for what is stored nowhere.
pub fn generate(resource: &dyn AnyResource, state: Raw) -> Raw {
    let block = &resource.schema().block;
    let config = each(block, &Raw::Null, &Raw::Null, state, &mut |place, value| {
        if place.attribute.is_read_only() { Raw::Null } else { value }
    });
    conform(block, config)
}

/// What validation would refuse in the configuration of `state`, on one line.
pub fn refused(resource: &dyn AnyResource, state: &Raw) -> Option<String> {
    let found = validate(resource, &generate(resource, state.clone()), true);
    let errors = found.iter().filter(|found| found.severity == Severity::Error);
    let faults: Vec<_> = errors.map(|it| format!("{}. {}", it.summary, it.detail)).collect();
    (!faults.is_empty()).then(|| printable(&faults.join(" ")))
}

/// A warning, where the configuration of `state` would be refused.
pub fn left_out(resource: &dyn AnyResource, state: &Raw) -> Option<Diagnostic> {
    let faults = refused(resource, state)?;
    let id = resource.identity().and_then(|name| match state.member(name) {
        Raw::Known(Data::String(id)) => Some(format!(" ({name} {id})")),
        _ => None,
    });
    Some(Diagnostic::warning(
        format!("{}{} is left out", resource.describe(state), id.unwrap_or_default()),
        format!("Its configuration would be refused. {faults}"),
    ))
}
