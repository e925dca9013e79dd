//! What core, and what our own planning, refuse in a schema. Core shows these faults to users, so a
//! test runs this over every schema.

use std::collections::BTreeMap;

use super::{Attribute, AttributeKind, Block, BlockNesting, Nesting, Schema};

/// Names that Terraform's language keeps for itself at the top of a resource.
const RESERVED: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

pub(super) fn problems(schema: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    if schema.version < 0 {
        found.push("the version is negative".to_owned());
    }
    for name in schema.block.attributes.keys().chain(schema.block.blocks.keys()) {
        if RESERVED.contains(name) {
            found.push(format!("{name} is a reserved name"));
        }
    }
    block(&mut found, "", &schema.block, false);
    found
}

fn block(found: &mut Vec<String>, place: &str, block: &Block, in_set: bool) {
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
        let in_set = in_set || nested.nesting == BlockNesting::Set;
        self::block(found, &format!("{place}."), &nested.block, in_set);
    }
}

fn attributes(
    found: &mut Vec<String>,
    place: &str,
    attributes: &BTreeMap<&'static str, Attribute>,
    in_set: bool,
) {
    for (name, attribute) in attributes {
        let place = format!("{place}{name}");
        for what in attribute_problems(name, attribute, in_set) {
            found.push(format!("{place}: {what}"));
        }
        if let AttributeKind::Nested(nesting, inner) = &attribute.kind {
            let in_set = in_set || *nesting == Nesting::Set;
            if attribute.write_only && inner.values().any(|a| !a.write_only) {
                found.push(format!("{place}: what is in a write-only attribute is write-only too"));
            }
            self::attributes(found, &format!("{place}."), inner, in_set);
        }
    }
}

fn attribute_problems(name: &str, attribute: &Attribute, in_set: bool) -> Vec<&'static str> {
    let Attribute { required, optional, computed, write_only, .. } = *attribute;
    let in_collection = match &attribute.kind {
        AttributeKind::Plain(ty) => {
            *ty != crate::framework::value::Type::Dynamic && ty.has_dynamic()
        }
        AttributeKind::Nested(nesting, _) => {
            *nesting != Nesting::Single && attribute.ty().has_dynamic()
        }
    };
    let rules = [
        (!is_name(name), "the name is not of a-z, 0-9 and _"),
        (required && (optional || computed), "required excludes optional and computed"),
        (!(required || optional || computed), "is neither required nor optional nor computed"),
        (in_collection, "a collection cannot hold values of dynamic type"),
        (write_only && computed, "write-only excludes computed"),
        (write_only && attribute.default.is_some(), "write-only excludes a default"),
        (write_only && in_set, "a set cannot hold write-only values"),
        (in_set && computed, "computed values in a set cannot be matched with their elements"),
        (
            attribute.default.is_some() && !(optional && computed),
            "a default needs optional and computed",
        ),
        (attribute.stable && !computed, "only computed values are stable"),
        (attribute.requires_replace && !(required || optional), "only configured values replace"),
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
                nested(Nesting::Set, [("b", fine().write_only())]).optional().description("Set."),
                "a.b: a set cannot hold write-only values",
            ),
            (
                "a",
                nested(Nesting::Single, [("b", fine())])
                    .optional()
                    .write_only()
                    .description("One."),
                "a: what is in a write-only attribute is write-only too",
            ),
        ] {
            assert_eq!(with(name, attribute), [want], "{want}");
        }
    }

    #[test]
    fn blocks_keep_the_rules_of_their_nesting() {
        let inner = || Block::new([("any", dynamic().optional().description("Anything."))]);
        for (block, want) in [
            (
                NestedBlock::new(BlockNesting::Group, Block::default()).required(),
                vec!["b: min_items and max_items do not fit its nesting"],
            ),
            (
                NestedBlock::new(BlockNesting::List, inner()),
                vec!["b: a repeated block cannot hold values of dynamic type"],
            ),
            (NestedBlock::new(BlockNesting::Single, inner()), vec![]),
        ] {
            assert_eq!(Schema::new(Block::default().block("b", block)).problems(), want);
        }
    }
}
