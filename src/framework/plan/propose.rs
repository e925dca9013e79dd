//! The reference planning algorithm: from what core proposes to what is planned.

use super::conform::conform;
use super::walk::{each, visit, visit_blocks};
use crate::framework::path::Path;
use crate::framework::schema::Block;
use crate::framework::value::{Raw, Value};

/// What of the plan of a change follows from the schema: the planned state, and the paths of what
/// replaces the object. `proposed` is what core would plan by itself; `prior` is null for a create.
pub fn plan(block: &Block, config: &Raw, prior: &Raw, proposed: Raw) -> (Raw, Vec<Path>) {
    let mut planned = propose(block, config, prior, proposed);
    if planned != *prior {
        planned = mark_unknown(block, config, prior, planned);
    }
    let replaced = requires_replace(block, config, prior, &planned);
    (planned, replaced)
}

/// What is planned before anything becomes unknown: defaults are in, write-only values are out, and
/// what only differs in spelling from `prior` is spelled as in `prior`.
fn propose(block: &Block, config: &Raw, prior: &Raw, proposed: Raw) -> Raw {
    let planned = each(block, config, prior, proposed, &mut |place, value| {
        if !place.configured {
            return value;
        }
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
fn mark_unknown(block: &Block, config: &Raw, prior: &Raw, planned: Raw) -> Raw {
    each(block, config, prior, planned, &mut |place, value| {
        let attribute = place.attribute;
        let decided_here = place.configured
            && attribute.computed
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
/// place. What is configured and not known yet counts as different; what the provider decides later
/// does not. Empty for a create.
///
/// Where blocks or nested attributes as a whole are not known yet, and some were there, nobody can
/// tell whether one of their attributes will differ: their own path is in the answer.
fn requires_replace(block: &Block, config: &Raw, prior: &Raw, planned: &Raw) -> Vec<Path> {
    let mut paths = Vec::new();
    if prior.is_null() {
        return paths;
    }
    visit(block, config, prior, planned, &mut |place, value| {
        let attribute = place.attribute;
        let replaces = match value {
            Value::Unknown => {
                let may_differ = attribute.requires_replace || holds_any(place.prior);
                place.config.is_unknown() && attribute.may_replace() && may_differ
            }
            value => attribute.requires_replace && value != place.prior,
        };
        if replaces {
            paths.push(place.path.clone());
        }
    });
    visit_blocks(block, prior, planned, &mut |blocks, value| {
        if value.is_unknown() && holds_any(blocks.prior) && blocks.nested.block.may_replace() {
            paths.push(blocks.path.clone());
        }
    });
    paths
}

fn holds_any(container: &Raw) -> bool {
    container.elements().is_some_and(|elements| !elements.is_empty())
        || container.members().is_some_and(|members| !members.is_empty())
}

/// Spells what `value` holds as `current` does, wherever both mean the same: an API that answers in
/// another spelling has not changed anything.
pub fn keep_spelling(block: &Block, current: &Raw, value: Raw) -> Raw {
    each(block, &Raw::Null, current, value, &mut |place, value| {
        let is_same = !place.in_set && place.attribute.is_same(place.prior, &value);
        if is_same { place.prior.clone() } else { value }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::{Attribute, Nesting, nested, string};
    use crate::framework::value::Data;

    fn one(attribute: Attribute) -> Block {
        Block::new([("a", attribute), ("name", string().required())])
    }

    fn state(a: Raw, name: &str) -> Raw {
        Raw::map_of([("a", a), ("name", Raw::string(name))])
    }

    fn inner(b: Raw) -> Raw {
        Raw::map_of([("b", b)])
    }

    /// Who does not configure an object leaves all of it to the provider.
    #[test]
    fn a_default_is_for_objects_that_are_configured() {
        let b = string().optional().computed().default(Raw::string("default"));
        let block = one(nested(Nesting::Single, [("b", b)]).optional().computed());
        let prior = state(inner(Raw::string("decided")), "n");
        let config = state(Value::Null, "n");
        assert_eq!(plan(&block, &config, &prior, prior.clone()), (prior, vec![]));
    }

    #[test]
    fn a_default_does_not_replace_what_is_not_known_yet() {
        let b = string().optional().computed().default(Raw::string("default"));
        let block = one(nested(Nesting::List, [("b", b)]).optional());
        let list = |element| Value::Known(Data::List(vec![element]));
        let config = state(list(Value::Unknown), "n");
        let proposed = state(list(inner(Value::Unknown)), "n");
        let prior = state(list(inner(Raw::string("b"))), "n");
        assert_eq!(plan(&block, &config, &prior, proposed.clone()), (proposed, vec![]));
    }

    /// A stable value stays whole, also with nulls in it.
    #[test]
    fn a_stable_set_stays_when_something_else_changes() {
        let inner_b = [("b", string().computed())];
        let block = one(nested(Nesting::Set, inner_b).computed().stable());
        let set = Value::Known(Data::set(vec![inner(Value::Null), inner(Raw::string("b"))]));
        let (prior, planned) = (state(set.clone(), "n"), state(set, "m"));
        let config = state(Value::Null, "m");
        assert_eq!(plan(&block, &config, &prior, planned.clone()), (planned, vec![]));
    }
}
