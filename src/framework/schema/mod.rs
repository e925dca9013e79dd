//! Schemas: one definition from which the wire schema, validation, planning and the documentation
//! are derived.

mod attribute;
mod check;
mod misfit;
mod validator;

use std::collections::BTreeMap;

pub use attribute::{
    Attribute, AttributeKind, Nesting, Sameness, boolean, dynamic, list, map, nested, number,
    object, set, string, tuple,
};
pub use validator::Validator;

use super::value::Type;

/// The schema of a resource, a data source or the provider block.
#[derive(Clone)]
pub struct Schema {
    /// Version of the stored state.
    pub version: i64,
    /// The attributes and blocks.
    pub block: Block,
}

impl Schema {
    /// A schema of state version 0.
    pub fn new(block: Block) -> Self {
        Self { version: 0, block }
    }

    /// The type of the values that this schema describes.
    pub fn ty(&self) -> Type {
        self.block.ty()
    }

    /// Every rule of core, and of ours, that this schema of a resource or a data source breaks;
    /// empty for a good one.
    pub fn problems(&self) -> Vec<String> {
        check::problems(self, &check::RESERVED_IN_RESOURCE)
    }

    /// The same for the schema of a provider block, in which other names are reserved.
    pub fn provider_problems(&self) -> Vec<String> {
        check::problems(self, &check::RESERVED_IN_PROVIDER)
    }
}

/// Attributes and nested blocks under one pair of braces.
#[derive(Clone, Default)]
pub struct Block {
    /// Markdown.
    pub description: &'static str,
    /// Why not to use it any more, and what to use.
    pub deprecated: Option<&'static str>,
    /// By name.
    pub attributes: BTreeMap<&'static str, Attribute>,
    /// By name.
    pub blocks: BTreeMap<&'static str, NestedBlock>,
}

impl Block {
    /// A block with these attributes.
    pub fn new(attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> Self {
        Self { attributes: attributes.into_iter().collect(), ..Self::default() }
    }

    /// The same block, described in Markdown.
    #[must_use]
    pub fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// The same block, with the nested block `name`.
    #[must_use]
    pub fn block(mut self, name: &'static str, block: NestedBlock) -> Self {
        self.blocks.insert(name, block);
        self
    }

    /// The same block, deprecated: why, and what to use.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecated = Some(message);
        self
    }

    /// True when a change of something in it may replace the object.
    pub fn may_replace(&self) -> bool {
        self.attributes.values().any(Attribute::may_replace)
            || self.blocks.values().any(|nested| nested.block.may_replace())
    }

    /// The type of the block's value.
    pub fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (*name, attribute.ty()));
        let blocks = self.blocks.iter().map(|(name, block)| (*name, block.ty()));
        Type::object(attributes.chain(blocks))
    }
}

/// How often a nested block may be given, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// At most once; an object, null when absent.
    Single,
    /// At most once; an object, with null attributes when absent.
    Group,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects by the block's one label.
    Map,
}

/// A block inside a block.
#[derive(Clone)]
pub struct NestedBlock {
    /// What is in it.
    pub block: Block,
    /// How it is nested.
    pub nesting: BlockNesting,
    /// Fewest blocks; 0 for no limit.
    pub min_items: i64,
    /// Most blocks; 0 for no limit.
    pub max_items: i64,
}

impl NestedBlock {
    /// `block`, nested so, in any number.
    pub fn new(nesting: BlockNesting, block: Block) -> Self {
        Self { block, nesting, min_items: 0, max_items: 0 }
    }

    /// `block` as a list of at most one element: how the SDK of most providers nests a block.
    pub fn at_most_one(block: Block) -> Self {
        Self { max_items: 1, ..Self::new(BlockNesting::List, block) }
    }

    /// The same nested block, given at least once.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.min_items = 1;
        if self.nesting == BlockNesting::Single {
            self.max_items = 1; // core takes these two equal only
        }
        self
    }

    /// The type of all blocks of this name together.
    pub fn ty(&self) -> Type {
        let object = self.block.ty();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => object,
            BlockNesting::List => Type::list(object),
            BlockNesting::Set => Type::set(object),
            BlockNesting::Map => Type::map(object),
        }
    }
}
