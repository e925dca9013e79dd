//! Validation of a configuration: every fault at once, each with its path.

use super::{BlockType, secrets};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::plan::each;
use crate::framework::schema::Block;
use crate::framework::value::{Raw, Value};

/// Faults of the configuration of a block. Unknown values are let through: they are checked
/// again when they are known, at the latest before anything is sent.
///
/// `keeps_write_only` says whether the client knows write-only attributes. One that does not would
/// store their values.
pub fn validate(of: &dyn BlockType, config: &Raw, keeps_write_only: bool) -> Diagnostics {
    let mut diagnostics = by_schema(&of.schema().block, config);
    if !keeps_write_only {
        diagnostics.append(write_only_values(&of.schema().block, config));
    }
    diagnostics.append(of.validate(config));
    secrets::point_beside(&of.schema().block, config, diagnostics)
}

/// Faults that the schema's validators see, and what is configured and deprecated, of which core says
/// nothing.
pub(super) fn by_schema(block: &Block, config: &Raw) -> Diagnostics {
    // Whatever is found below must not repeat them.
    secrets::register(block, config);
    let mut diagnostics = Diagnostics::new();
    each(block, config, &Raw::Null, config.clone(), &mut |place, value| {
        if let Some(message) = place.attribute.deprecated.filter(|_| !value.is_null()) {
            let summary = format!("{} is deprecated", place.path);
            diagnostics.push(Diagnostic::warning(summary, message).at(place.path.clone()));
        }
        if let Value::Known(data) = &value {
            for validator in &place.attribute.validators {
                diagnostics.append(validator.check(data, place.path));
            }
        }
        value
    });
    diagnostics
}

fn write_only_values(block: &Block, config: &Raw) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    each(block, config, &Raw::Null, config.clone(), &mut |place, value| {
        if place.attribute.write_only && !value.is_null() {
            diagnostics.push(
                Diagnostic::error(
                    format!("{} needs a newer Terraform or OpenTofu", place.path),
                    "This attribute is write-only: its value must never be stored. The program \
                     that runs this provider does not know write-only attributes and would store \
                     it in its state. Use Terraform 1.11 or OpenTofu 1.11, or later.",
                )
                .at(place.path.clone()),
            );
        }
        value
    });
    diagnostics
}
