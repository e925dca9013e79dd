//! What core, and what our own planning, refuse in a schema. Core shows these faults to users, so a
//! test runs this over every schema.

use std::collections::BTreeMap;

use super::{Attribute, AttributeKind, Block, BlockNesting, Nesting, Schema};

/// Names that Terraform's language keeps for itself at the top of a resource or a data source.
pub(super) const RESERVED_IN_RESOURCE: [&str; 9] = [
    "_",
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "provider",
    "provisioner",
];

/// Names that it keeps for itself at the top of a provider block.
pub(super) const RESERVED_IN_PROVIDER: [&str; 9] =
    ["_", "alias", "count", "depends_on", "for_each", "lifecycle", "locals", "source", "version"];

pub(super) fn problems(schema: &Schema, reserved: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if schema.version < 0 {
        found.push("the version is negative".to_owned());
    }
    for name in schema.block.attributes.keys().chain(schema.block.blocks.keys()) {
        if reserved.contains(name) {
            found.push(format!("{name} is a reserved name"));
        }
    }
    block(&mut found, "", &schema.block, InSet::No);
    found
}

/// Whether something stands inside an element of a set.
#[derive(Clone, Copy, PartialEq)]
enum InSet {
    No,
    /// The provider alone makes the elements, so there is no configuration to match them with.
    ReadOnly,
    Configured,
}

fn block(found: &mut Vec<String>, place: &str, block: &Block, in_set: InSet) {
    attributes(found, place, &block.attributes, in_set);
    for (name, nested) in &block.blocks {
        let place = format!("{place}{name}");
        let mut say = |what: &str| found.push(format!("{place}: {what}"));
        if !is_name(name) {
            say("the name is not of a-z, 0-9 and _");
        }
        if block.attributes.contains_key(name) {
            say("is an attribute too");
        }
        let (min, max) = (nested.min_items, nested.max_items);
        let limits_fit = match nested.nesting {
            BlockNesting::Single => min == max && (0..=1).contains(&min),
            BlockNesting::Group | BlockNesting::Map => min == 0 && max == 0,
            BlockNesting::List | BlockNesting::Set => min >= 0 && (max == 0 || min <= max),
        };
        if !limits_fit {
            say("min_items and max_items do not fit its nesting");
        }
        let repeated = !matches!(nested.nesting, BlockNesting::Single | BlockNesting::Group);
        if repeated && nested.block.ty().has_dynamic() {
            // Core would encode each element by a type of its own.
            say("a repeated block cannot hold values of dynamic type");
        }
        let in_set = match nested.nesting {
            BlockNesting::Set => InSet::Configured,
            _ => in_set,
        };
        self::block(found, &format!("{place}."), &nested.block, in_set);
    }
}

fn attributes(
    found: &mut Vec<String>,
    place: &str,
    attributes: &BTreeMap<&'static str, Attribute>,
    in_set: InSet,
) {
    for (name, attribute) in attributes {
        let place = format!("{place}{name}");
        for what in attribute_problems(name, attribute, in_set) {
            found.push(format!("{place}: {what}"));
        }
        if let AttributeKind::Nested(nesting, inner) = &attribute.kind {
            let in_set = match nesting {
                Nesting::Set if in_set == InSet::No && attribute.is_read_only() => InSet::ReadOnly,
                Nesting::Set if in_set == InSet::No => InSet::Configured,
                _ => in_set,
            };
            if attribute.write_only && inner.values().any(|a| !a.write_only) {
                found.push(format!("{place}: what is in a write-only attribute is write-only too"));
            }
            if attribute.sensitive && inner.values().any(|a| !a.sensitive) {
                found.push(format!("{place}: what is in a sensitive attribute is sensitive too"));
            }
            self::attributes(found, &format!("{place}."), inner, in_set);
        }
    }
}

fn attribute_problems(name: &str, attribute: &Attribute, in_set: InSet) -> Vec<&'static str> {
    let Attribute { required, optional, computed, write_only, requires_replace, .. } = *attribute;
    let has_default = attribute.default.is_some();
    let (in_collection, holds_computed) = match &attribute.kind {
        AttributeKind::Plain(ty) => (ty.has_dynamic_elements(), false),
        AttributeKind::Nested(nesting, inner) => (
            *nesting != Nesting::Single && attribute.ty().has_dynamic(),
            inner.values().any(|a| a.computed),
        ),
    };
    let rules = [
        (!is_name(name), "the name is not of a-z, 0-9 and _"),
        (required && (optional || computed), "required excludes optional and computed"),
        (!(required || optional || computed), "is neither required nor optional nor computed"),
        (in_collection, "a collection cannot hold values of dynamic type"),
        (write_only && computed, "write-only excludes computed"),
        (write_only && has_default, "write-only excludes a default"),
        (write_only && in_set != InSet::No, "a set cannot hold write-only values"),
        (
            computed && in_set == InSet::Configured,
            "computed values in a set cannot be matched with their elements",
        ),
        (
            requires_replace && in_set != InSet::No,
            "values in a set have no path at which they could replace",
        ),
        (has_default && !(optional && computed), "a default needs optional and computed"),
        (
            has_default && holds_computed,
            "a default is planned as it is, so nothing in it can be computed",
        ),
        (attribute.stable && !computed, "only computed values are stable"),
        (requires_replace && !(required || optional), "only configured values replace"),
        (attribute.description.is_empty(), "has no description"),
    ];
    rules.into_iter().filter_map(|(broken, what)| broken.then_some(what)).collect()
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::framework::value::{Type, Value};

    fn with(name: &'static str, attribute: Attribute) -> Vec<String> {
        Schema::new(Block::new([(name, attribute)])).problems()
    }

    #[test]
    fn a_good_schema_has_no_problems() {
        let inner = Block::new([("key", string().required().description("Key."))]);
        let block = Block::new([
            ("id", string().computed().stable().description("Id.")),
            ("kind", string().required().requires_replace().description("Kind.")),
            ("secret", string().optional().write_only().description("Secret.")),
            ("any", dynamic().optional().description("Anything.")),
            ("size", number().optional().computed().default(Value::Null).description("Size.")),
        ])
        .block("rule", NestedBlock::at_most_one(inner));
        assert_eq!(Schema::new(block).problems(), Vec::<String>::new());
    }

    #[test]
    fn each_broken_rule_is_named() {
        let fine = || string().optional().description("Text.");
        for (name, attribute, want) in [
            ("count", fine(), "count is a reserved name"),
            ("Name", fine(), "Name: the name is not of a-z, 0-9 and _"),
            ("a", fine().required(), "a: required excludes optional and computed"),
            (
                "a",
                string().description("Text."),
                "a: is neither required nor optional nor computed",
            ),
            (
                "a",
                list(Type::Dynamic).optional().description("Text."),
                "a: a collection cannot hold values of dynamic type",
            ),
            ("a", fine().computed().write_only(), "a: write-only excludes computed"),
            ("a", fine().default(Value::Null), "a: a default needs optional and computed"),
            ("a", fine().stable(), "a: only computed values are stable"),
            (
                "a",
                string().computed().requires_replace().description("Text."),
                "a: only configured values replace",
            ),
            ("a", string().optional(), "a: has no description"),
            (
                "a",
                tuple([Type::map(Type::Dynamic)]).optional().description("Tuple."),
                "a: a collection cannot hold values of dynamic type",
            ),
            (
                "a",
                nested(Nesting::Set, [("b", fine().write_only())]).optional().description("Set."),
                "a.b: a set cannot hold write-only values",
            ),
            (
                "a",
                nested(Nesting::Set, [("b", fine().computed())]).optional().description("Set."),
                "a.b: computed values in a set cannot be matched with their elements",
            ),
            (
                "a",
                nested(Nesting::Set, [("b", fine().requires_replace())])
                    .optional()
                    .description("Set."),
                "a.b: values in a set have no path at which they could replace",
            ),
            (
                "a",
                nested(Nesting::Single, [("b", fine().computed())])
                    .optional()
                    .computed()
                    .default(Value::Null)
                    .description("One."),
                "a: a default is planned as it is, so nothing in it can be computed",
            ),
            (
                "a",
                nested(Nesting::Single, [("b", fine())])
                    .optional()
                    .write_only()
                    .description("One."),
                "a: what is in a write-only attribute is write-only too",
            ),
            (
                "a",
                nested(Nesting::Single, [("b", fine())]).optional().sensitive().description("One."),
                "a: what is in a sensitive attribute is sensitive too",
            ),
        ] {
            assert_eq!(with(name, attribute), [want], "{want}");
        }
    }

    #[test]
    fn objects_and_tuples_may_hold_dynamic_values() {
        let attributes = [
            ("a", object([("b", Type::Dynamic)]).optional().description("Object.")),
            ("c", tuple([Type::Dynamic]).optional().description("Tuple.")),
        ];
        assert_eq!(Schema::new(Block::new(attributes)).problems(), Vec::<String>::new());
    }

    /// Nobody configures its elements, so nobody has to match them.
    #[test]
    fn a_set_that_the_provider_makes_may_hold_computed_values() {
        let inner = nested(Nesting::Set, [("b", string().computed().description("Text."))]);
        let read_only = nested(Nesting::Set, [("inner", inner.computed().description("Set."))]);
        assert_eq!(with("a", read_only.computed().description("Set.")), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_block_has_reserved_names_of_its_own() {
        let one =
            |name| Schema::new(Block::new([(name, string().optional().description("Text."))]));
        for (name, in_resource, in_provider) in [
            ("for_each", true, true),
            ("locals", true, true),
            ("provisioner", true, false),
            ("provider", true, false),
            ("alias", false, true),
            ("source", false, true),
            ("version", false, true),
            ("domain", false, false),
        ] {
            assert_eq!(!one(name).problems().is_empty(), in_resource, "{name}");
            assert_eq!(!one(name).provider_problems().is_empty(), in_provider, "{name}");
        }
    }

    #[test]
    fn blocks_keep_the_rules_of_their_nesting() {
        let inner = || Block::new([("any", dynamic().optional().description("Anything."))]);
        let computed = string().computed().description("Text.");
        for (block, want) in [
            (
                NestedBlock::new(BlockNesting::Group, Block::default()).required(),
                vec!["b: min_items and max_items do not fit its nesting"],
            ),
            (
                NestedBlock::new(BlockNesting::List, inner()),
                vec!["b: a repeated block cannot hold values of dynamic type"],
            ),
            (
                NestedBlock::new(BlockNesting::Set, Block::new([("c", computed)])),
                vec!["b.c: computed values in a set cannot be matched with their elements"],
            ),
            (NestedBlock::new(BlockNesting::Single, inner()), vec![]),
            (NestedBlock::new(BlockNesting::Single, inner()).required(), vec![]),
        ] {
            assert_eq!(Schema::new(Block::default().block("b", block)).problems(), want);
        }
    }
}
