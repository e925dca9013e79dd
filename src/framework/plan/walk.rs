//! Walks the attributes of a schema and the values that stand at them.

use std::collections::BTreeMap;

use crate::framework::path::Path;
use crate::framework::schema::{
    Attribute, AttributeKind, Block, BlockNesting, NestedBlock, Nesting,
};
use crate::framework::value::{Data, Raw, Value};

/// One attribute of an object, with its values on both sides of a comparison.
pub struct Place<'a> {
    /// Its rules.
    pub attribute: &'a Attribute,
    /// Where it stands. What is inside an element of a set stands at the set: elements have no path.
    pub path: &'a Path,
    /// What is configured there.
    pub config: &'a Raw,
    /// What was there before.
    pub prior: &'a Raw,
    /// The object that it stands in is configured. Of another one, the whole was decided at once.
    pub configured: bool,
    /// Inside an element of a set, which has no `prior` because elements cannot be matched.
    pub in_set: bool,
}

impl Place<'_> {
    /// True when `value` is a nested attribute that is there: what is in it is visited next, and
    /// decided attribute by attribute.
    pub(super) fn is_container(&self, value: &Raw) -> bool {
        matches!((&self.attribute.kind, value), (AttributeKind::Nested(..), Value::Known(_)))
    }
}

/// All nested blocks of one name in an object.
pub(super) struct Blocks<'a> {
    /// Their rules.
    pub(super) nested: &'a NestedBlock,
    /// Where they stand.
    pub(super) path: &'a Path,
    /// The blocks that were there before.
    pub(super) prior: &'a Raw,
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
    let walk = Walk { rule, see_blocks: &mut |_, _| (), in_set: false };
    walk.top(block, config, prior, value)
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

/// Visits the nested blocks of `value`, outer ones before what is nested in them, but not those
/// inside an element of a set, which have no `prior`.
pub(super) fn visit_blocks(
    block: &Block,
    prior: &Raw,
    value: &Raw,
    see: &mut dyn FnMut(&Blocks<'_>, &Raw),
) {
    let walk = Walk { rule: &mut |_, value| value, see_blocks: see, in_set: false };
    walk.top(block, &Raw::Null, prior, value.clone());
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
    see_blocks: &'r mut dyn FnMut(&Blocks<'_>, &Raw),
    in_set: bool,
}

impl Walk<'_> {
    fn top(mut self, block: &Block, config: &Raw, prior: &Raw, value: Raw) -> Raw {
        self.object(Fields::of_block(block), &Path::root(), config, prior, value)
    }

    fn object(
        &mut self,
        fields: Fields<'_>,
        path: &Path,
        config: &Raw,
        prior: &Raw,
        value: Raw,
    ) -> Raw {
        let Value::Known(Data::Map(mut members)) = value else { return value };
        let (configured, in_set) = (!config.is_null(), self.in_set);
        for (name, attribute) in fields.attributes {
            let path = self.below(path, |path| path.attribute(name));
            let (config, prior) = (member(config, name), member(prior, name));
            let value = members.remove(*name).unwrap_or_default();
            let place = Place { attribute, path: &path, config, prior, configured, in_set };
            let mut value = (self.rule)(&place, value);
            if let AttributeKind::Nested(nesting, attributes) = &attribute.kind {
                let fields = Fields { attributes, block: None };
                value = self.container((*nesting).into(), fields, &path, config, prior, value);
            }
            members.insert((*name).to_owned(), value);
        }
        for (name, nested) in fields.block.iter().flat_map(|block| &block.blocks) {
            let path = self.below(path, |path| path.attribute(name));
            let (config, prior) = (member(config, name), member(prior, name));
            let value = members.remove(*name).unwrap_or_default();
            if !self.in_set {
                (self.see_blocks)(&Blocks { nested, path: &path, prior }, &value);
            }
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
                    let path = self.below(path, |path| path.index(i));
                    self.object(fields, &path, config.element(i), prior.element(i), value)
                };
                Data::List(elements.into_iter().enumerate().map(walk).collect())
            }
            Data::Map(members) if matches!(container, Container::Map) => {
                let walk = |(key, value): (String, Raw)| {
                    let path = self.below(path, |path| path.key(&key));
                    let (config, prior) = (config.member(&key), prior.member(&key));
                    let value = self.object(fields, &path, config, prior, value);
                    (key, value)
                };
                Data::Map(members.into_iter().map(walk).collect())
            }
            Data::Set(elements) if matches!(container, Container::Set) => {
                let outer = std::mem::replace(&mut self.in_set, true);
                let walk = |value: Raw| {
                    let config = if config.is_null() { Value::Null } else { value.clone() };
                    self.object(fields, path, &config, &Raw::Null, value)
                };
                let elements = elements.into_iter().map(walk).collect();
                self.in_set = outer;
                Data::set(elements)
            }
            data => data,
        })
    }

    /// One step below `path`, except inside a set.
    fn below(&self, path: &Path, step: impl FnOnce(&Path) -> Path) -> Path {
        if self.in_set { path.clone() } else { step(path) }
    }
}

/// The member `name` of an object. Of one that is not known yet, nothing is known yet.
fn member<'a>(object: &'a Raw, name: &str) -> &'a Raw {
    if object.is_unknown() { object } else { object.member(name) }
}
