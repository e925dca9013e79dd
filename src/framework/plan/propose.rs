//! The reference planning algorithm: from what core proposes to what is planned.

use super::conform::conform;
use super::walk::{each, visit};
use crate::framework::path::Path;
use crate::framework::schema::Block;
use crate::framework::value::{Raw, Value};

/// What is planned before anything becomes unknown: defaults are in, write-only values are out, and
/// what only differs in spelling from `prior` is spelled as in `prior`.
///
/// `prior` is null for a create.
pub fn propose(block: &Block, config: &Raw, prior: &Raw, proposed: Raw) -> Raw {
    let planned = each(block, config, prior, proposed, &mut |place, value| {
        let unset = place.config.is_null();
        let planned = match &place.attribute.default {
            Some(default) if unset => default.clone(),
            _ => value,
        };
        // Core takes the prior value in place of a configured one, but no value in place of null.
        let may_keep = if unset { place.attribute.computed } else { !place.prior.is_null() };
        if may_keep && place.attribute.is_same(place.prior, &planned) {
            place.prior.clone()
        } else {
            planned
        }
    });
    conform(block, planned)
}

/// Makes every value unknown that the provider decides and that this change may move: computed
/// ones that are neither configured nor given by a default. A stable value that exists already
/// stays.
///
/// Call it only where something changes; an object that stays as it is keeps all its values.
pub fn mark_unknown(block: &Block, config: &Raw, prior: &Raw, planned: Raw) -> Raw {
    each(block, config, prior, planned, &mut |place, value| {
        let attribute = place.attribute;
        let decided_here = attribute.computed
            && place.config.is_null()
            && attribute.default.is_none()
            && !attribute.write_only;
        match decided_here {
            false => value,
            true if attribute.stable && !place.prior.is_null() => place.prior.clone(),
            true => Value::Unknown,
        }
    })
}

/// The paths at which `planned` differs from `prior` in an attribute that cannot be changed in
/// place. An unknown value counts as different. Empty for a create.
pub fn requires_replace(block: &Block, config: &Raw, prior: &Raw, planned: &Raw) -> Vec<Path> {
    let mut paths = Vec::new();
    if !prior.is_null() {
        visit(block, config, prior, planned, &mut |place, value| {
            if place.attribute.requires_replace && value != place.prior {
                paths.push(place.path.clone());
            }
        });
    }
    paths
}

/// Spells what `value` holds as `current` does, wherever both mean the same: an API that answers in
/// another spelling has not changed anything.
pub fn keep_spelling(block: &Block, current: &Raw, value: Raw) -> Raw {
    each(block, &Raw::Null, current, value, &mut |place, value| {
        if place.attribute.is_same(place.prior, &value) { place.prior.clone() } else { value }
    })
}
