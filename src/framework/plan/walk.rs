//! Walks the attributes of a schema and the values that stand at them.

use std::collections::BTreeMap;

use crate::framework::path::Path;
use crate::framework::schema::{Attribute, AttributeKind, Block, BlockNesting, Nesting};
use crate::framework::value::{Data, Raw, Value};

/// One attribute of an object, with its values on both sides of a comparison.
pub struct Place<'a> {
    /// Its rules.
    pub attribute: &'a Attribute,
    /// Where it stands.
    pub path: &'a Path,
    /// What is configured there.
    pub config: &'a Raw,
    /// What was there before.
    pub prior: &'a Raw,
    /// Inside an element of a set, which has no `prior` because elements cannot be matched.
    pub in_set: bool,
}

/// Rebuilds `value` by `rule`, which gets each attribute and the value that stands there, outer
/// attributes before what is nested in them, and answers what shall stand there.
///
/// Elements are matched with those of `config` and `prior` by index and key. Those of a set cannot
/// be: each is taken for its own configuration, and for new.
pub fn each(
    block: &Block,
    config: &Raw,
    prior: &Raw,
    value: Raw,
    rule: &mut dyn FnMut(&Place<'_>, Raw) -> Raw,
) -> Raw {
    let fields = Fields::of_block(block);
    Walk { rule, in_set: false }.object(fields, &Path::root(), config, prior, value)
}

/// Visits each attribute of `value` without changing anything.
pub(super) fn visit(
    block: &Block,
    config: &Raw,
    prior: &Raw,
    value: &Raw,
    see: &mut dyn FnMut(&Place<'_>, &Raw),
) {
    each(block, config, prior, value.clone(), &mut |place, value| {
        see(place, &value);
        value
    });
}

#[derive(Clone, Copy)]
struct Fields<'a> {
    attributes: &'a BTreeMap<&'static str, Attribute>,
    block: Option<&'a Block>,
}

impl<'a> Fields<'a> {
    fn of_block(block: &'a Block) -> Self {
        Self { attributes: &block.attributes, block: Some(block) }
    }
}

/// How the objects of a nested attribute or block are held.
#[derive(Clone, Copy)]
enum Container {
    One,
    List,
    Set,
    Map,
}

impl From<Nesting> for Container {
    fn from(nesting: Nesting) -> Self {
        match nesting {
            Nesting::Single => Self::One,
            Nesting::List => Self::List,
            Nesting::Set => Self::Set,
            Nesting::Map => Self::Map,
        }
    }
}

impl From<BlockNesting> for Container {
    fn from(nesting: BlockNesting) -> Self {
        match nesting {
            BlockNesting::Single | BlockNesting::Group => Self::One,
            BlockNesting::List => Self::List,
            BlockNesting::Set => Self::Set,
            BlockNesting::Map => Self::Map,
        }
    }
}

struct Walk<'r> {
    rule: &'r mut dyn FnMut(&Place<'_>, Raw) -> Raw,
    in_set: bool,
}

impl Walk<'_> {
    fn object(
        &mut self,
        fields: Fields<'_>,
        path: &Path,
        config: &Raw,
        prior: &Raw,
        value: Raw,
    ) -> Raw {
        let Value::Known(Data::Map(mut members)) = value else { return value };
        for (name, attribute) in fields.attributes {
            let path = path.attribute(name);
            let (config, prior) = (config.member(name), prior.member(name));
            let value = members.remove(*name).unwrap_or_default();
            let place = Place { attribute, path: &path, config, prior, in_set: self.in_set };
            let mut value = (self.rule)(&place, value);
            if let AttributeKind::Nested(nesting, attributes) = &attribute.kind {
                let fields = Fields { attributes, block: None };
                value = self.container((*nesting).into(), fields, &path, config, prior, value);
            }
            members.insert((*name).to_owned(), value);
        }
        for (name, nested) in fields.block.iter().flat_map(|block| &block.blocks) {
            let path = path.attribute(name);
            let (config, prior) = (config.member(name), prior.member(name));
            let value = members.remove(*name).unwrap_or_default();
            let fields = Fields::of_block(&nested.block);
            let value = self.container(nested.nesting.into(), fields, &path, config, prior, value);
            members.insert((*name).to_owned(), value);
        }
        Value::Known(Data::Map(members))
    }

    fn container(
        &mut self,
        container: Container,
        fields: Fields<'_>,
        path: &Path,
        config: &Raw,
        prior: &Raw,
        value: Raw,
    ) -> Raw {
        let data = match (container, value) {
            (Container::One, value) => return self.object(fields, path, config, prior, value),
            (_, Value::Known(data)) => data,
            (_, value) => return value,
        };
        Value::Known(match data {
            Data::List(elements) if matches!(container, Container::List) => {
                let walk = |(i, value)| {
                    self.object(fields, &path.index(i), config.element(i), prior.element(i), value)
                };
                Data::List(elements.into_iter().enumerate().map(walk).collect())
            }
            Data::Map(members) if matches!(container, Container::Map) => {
                let walk = |(key, value): (String, Raw)| {
                    let (config, prior) = (config.member(&key), prior.member(&key));
                    let value = self.object(fields, &path.key(&key), config, prior, value);
                    (key, value)
                };
                Data::Map(members.into_iter().map(walk).collect())
            }
            Data::Set(elements) if matches!(container, Container::Set) => {
                let outer = std::mem::replace(&mut self.in_set, true);
                let walk = |value: Raw| {
                    let config = value.clone();
                    self.object(fields, path, &config, &Raw::Null, value)
                };
                let elements = elements.into_iter().map(walk).collect();
                self.in_set = outer;
                Data::set(elements)
            }
            data => data,
        })
    }
}
