//! The last step before a value leaves the framework.

use crate::framework::schema::{Attribute, AttributeKind, Block, BlockNesting, Nesting};
use crate::framework::value::{Data, Raw, Type, Value};

/// Gives `value` the form that core demands of everything it stores: write-only attributes are
/// null, absent blocks are empty and not null, sets are sets. Null and unknown stay as they are.
///
/// Every answer goes through here, so that no path can forget it.
pub fn conform(block: &Block, value: Raw) -> Raw {
    let Value::Known(Data::Map(mut members)) = value else { return value };
    for (name, attribute) in &block.attributes {
        let value = members.remove(*name).unwrap_or_default();
        members.insert((*name).to_owned(), conform_attribute(attribute, value));
    }
    for (name, nested) in &block.blocks {
        let value = members.remove(*name).unwrap_or_default();
        let inner = |value| conform(&nested.block, value);
        let value = match nested.nesting {
            BlockNesting::Single => inner(value),
            BlockNesting::Group => inner(match value {
                Value::Null => Raw::map_of::<String>([]),
                value => value,
            }),
            BlockNesting::List => elements(value, true, inner, Data::List),
            BlockNesting::Set => elements(value, true, inner, Data::set),
            BlockNesting::Map => values(value, true, inner),
        };
        members.insert((*name).to_owned(), value);
    }
    Value::Known(Data::Map(members))
}

fn conform_attribute(attribute: &Attribute, value: Raw) -> Raw {
    if attribute.write_only {
        return Value::Null;
    }
    let (nesting, attributes) = match &attribute.kind {
        AttributeKind::Plain(ty) => return conform_plain(ty, value),
        AttributeKind::Nested(nesting, attributes) => (nesting, attributes),
    };
    let inner = |value| {
        let Value::Known(Data::Map(mut members)) = value else { return value };
        for (name, attribute) in attributes {
            let value = members.remove(*name).unwrap_or_default();
            members.insert((*name).to_owned(), conform_attribute(attribute, value));
        }
        Value::Known(Data::Map(members))
    };
    match nesting {
        Nesting::Single => inner(value),
        Nesting::List => elements(value, false, inner, Data::List),
        Nesting::Set => elements(value, false, inner, Data::set),
        Nesting::Map => values(value, false, inner),
    }
}

/// Models write the elements of a set as a list.
fn conform_plain(ty: &Type, value: Raw) -> Raw {
    match ty {
        Type::String | Type::Number | Type::Bool | Type::Dynamic => value,
        Type::List(element) => elements(value, false, |v| conform_plain(element, v), Data::List),
        Type::Set(element) => elements(value, false, |v| conform_plain(element, v), Data::set),
        Type::Map(element) => values(value, false, |v| conform_plain(element, v)),
        Type::Tuple(types) => {
            let mut types = types.iter();
            let inner = |value| match types.next() {
                Some(ty) => conform_plain(ty, value),
                None => value,
            };
            elements(value, false, inner, Data::List)
        }
        Type::Object(types) => match value {
            Value::Known(Data::Map(members)) => Value::Known(Data::Map(
                members
                    .into_iter()
                    .map(|(name, value)| match types.get(&name) {
                        Some(ty) => {
                            let value = conform_plain(ty, value);
                            (name, value)
                        }
                        None => (name, value),
                    })
                    .collect(),
            )),
            value => value,
        },
    }
}

fn elements(
    value: Raw,
    is_block: bool,
    inner: impl FnMut(Raw) -> Raw,
    build: fn(Vec<Raw>) -> Data,
) -> Raw {
    match value {
        Value::Null if is_block => Value::Known(build(Vec::new())),
        Value::Known(Data::List(elements) | Data::Set(elements)) => {
            Value::Known(build(elements.into_iter().map(inner).collect()))
        }
        value => value,
    }
}

fn values(value: Raw, is_block: bool, mut inner: impl FnMut(Raw) -> Raw) -> Raw {
    match value {
        Value::Null if is_block => Raw::map_of::<String>([]),
        Value::Known(Data::Map(members)) => Value::Known(Data::Map(
            members.into_iter().map(|(key, value)| (key, inner(value))).collect(),
        )),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::{NestedBlock, nested, set, string};

    fn empty_list() -> Raw {
        Value::Known(Data::List(vec![]))
    }

    #[test]
    fn write_only_values_are_dropped_at_every_depth() {
        let secret = || string().optional().write_only();
        let block = Block::new([
            ("secret", secret()),
            ("one", nested(Nesting::Single, [("secret", secret())]).optional()),
        ])
        .block("rule", NestedBlock::new(BlockNesting::List, Block::new([("secret", secret())])));
        let canary = || Raw::map_of([("secret", Raw::string("canary"))]);
        let value = Raw::map_of([
            ("secret", Raw::string("canary")),
            ("one", canary()),
            ("rule", Value::Known(Data::List(vec![canary()]))),
        ]);
        let nothing = || Raw::map_of([("secret", Value::Null)]);
        let want = Raw::map_of([
            ("secret", Value::Null),
            ("one", nothing()),
            ("rule", Value::Known(Data::List(vec![nothing()]))),
        ]);
        assert_eq!(conform(&block, value), want);
    }

    #[test]
    fn absent_blocks_are_empty_and_absent_attributes_null() {
        let inner = || Block::new([("key", string().optional())]);
        let block = Block::new([("names", set(Type::String).optional())])
            .block("group", NestedBlock::new(BlockNesting::Group, inner()))
            .block("list", NestedBlock::new(BlockNesting::List, inner()))
            .block("map", NestedBlock::new(BlockNesting::Map, inner()))
            .block("set", NestedBlock::new(BlockNesting::Set, inner()))
            .block("single", NestedBlock::new(BlockNesting::Single, inner()));
        let want = Raw::map_of([
            ("names", Value::Null),
            ("group", Raw::map_of([("key", Value::Null)])),
            ("list", empty_list()),
            ("map", Raw::map_of::<String>([])),
            ("set", Value::Known(Data::set(vec![]))),
            ("single", Value::Null),
        ]);
        assert_eq!(conform(&block, Raw::map_of::<String>([])), want);
    }

    #[test]
    fn lists_of_a_model_become_the_sets_of_its_schema() {
        let block = Block::new([("names", set(Type::String).optional())]);
        let names = |data: fn(Vec<Raw>) -> Data| {
            let elements = vec![Raw::string("b"), Raw::string("a")];
            Raw::map_of([("names", Value::Known(data(elements)))])
        };
        assert_eq!(conform(&block, names(Data::List)), names(Data::set));
    }
}
