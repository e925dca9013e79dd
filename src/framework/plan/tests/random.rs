//! Random schemas, and configurations and states of them, read off random bytes: smaller bytes make
//! a simpler case, so that what fails becomes small. Values come from a few, so that they are often
//! equal.

use std::collections::BTreeMap;

use crate::framework::schema::{
    Attribute, AttributeKind, Block, BlockNesting, NestedBlock, Nesting, boolean, dynamic, list,
    map, nested, number, object, set, string, tuple,
};
use crate::framework::value::{Data, Number, Raw, Type, Typed, Value};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const BLOCKS: [&str; 2] = ["x", "y"];

/// What the place of an attribute allows it to be.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Block,
    /// In a configured set, where nothing can be computed.
    Set,
    /// In an attribute that the provider decides unless it is configured.
    Computed,
    ReadOnly,
    WriteOnly,
}

/// Takes decisions by the bytes, one for each; without bytes, the first of all.
#[derive(Clone)]
pub(super) struct Random<'a> {
    bytes: &'a [u8],
    /// Whether configurations hold unknown values. With and without, they are otherwise the same.
    pub(super) unknown: bool,
}

impl<'a> Random<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, unknown: false }
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % bound
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(super) fn block(&mut self, depth: usize, may_be_dynamic: bool) -> Block {
        let mut block = Block::new(self.attributes(Within::Block, depth, may_be_dynamic));
        for name in BLOCKS.iter().take(if depth == 0 { 0 } else { self.below(3) }) {
            let nesting = match self.below(5) {
                0 => BlockNesting::List,
                1 => BlockNesting::Single,
                2 => BlockNesting::Group,
                3 => BlockNesting::Map,
                _ => BlockNesting::Set,
            };
            let one = matches!(nesting, BlockNesting::Single | BlockNesting::Group);
            let inner = match nesting {
                BlockNesting::Set => Block::new(self.attributes(Within::Set, depth - 1, false)),
                _ => self.block(depth - 1, may_be_dynamic && one),
            };
            block = block.block(name, NestedBlock::new(nesting, inner));
        }
        block
    }

    fn attributes(
        &mut self,
        within: Within,
        depth: usize,
        may_be_dynamic: bool,
    ) -> Vec<(&'static str, Attribute)> {
        let count = 1 + self.below(NAMES.len());
        NAMES
            .into_iter()
            .take(count)
            .map(|n| (n, self.attribute(within, depth, may_be_dynamic)))
            .collect()
    }

    fn attribute(&mut self, within: Within, depth: usize, may_be_dynamic: bool) -> Attribute {
        use Within::{Computed, ReadOnly, Set, WriteOnly};
        let is_nested = depth > 0 && self.one_in(3);
        let flags = |attribute: Attribute, flags| match flags {
            0 => attribute.optional(),
            1 => attribute.required(),
            2 => attribute.computed(),
            3 => attribute.optional().computed(),
            4 => attribute.computed().stable(),
            5 => attribute.optional().computed().stable(),
            _ => attribute.optional().write_only(),
        };
        let chosen = match within {
            Within::Block => self.below(7),
            Set => self.below(2),
            Computed => 2 + self.below(4),
            ReadOnly => 2,
            WriteOnly => 6,
        };
        let nesting = [Nesting::Single, Nesting::List, Nesting::Map, Nesting::Set][self.below(4)];
        let mut attribute = if is_nested {
            // Nothing in a configured set is computed, and nothing in any set write-only.
            let (chosen, nesting) = match (chosen, nesting) {
                (3 | 5, Nesting::Set) => (chosen - 1, nesting),
                (6, Nesting::Set) => (chosen, Nesting::List),
                _ => (chosen, nesting),
            };
            let inner = match (chosen, nesting) {
                (2 | 4, _) => ReadOnly,
                (3 | 5, _) => Computed,
                (6, _) => WriteOnly,
                (_, Nesting::Set) => Set,
                (_, _) => within,
            };
            let one = nesting == Nesting::Single;
            let inner = self.attributes(inner, depth - 1, may_be_dynamic && one);
            flags(nested(nesting, inner), chosen)
        } else {
            flags(self.plain(may_be_dynamic), chosen)
        };
        let plain = match &attribute.kind {
            AttributeKind::Plain(ty) => Some(ty.clone()),
            AttributeKind::Nested(..) => None,
        };
        if attribute.optional && attribute.computed && !attribute.stable && self.one_in(2) {
            attribute.default = plain.as_ref().map(|ty| self.known(ty));
        }
        if plain == Some(Type::String) && self.one_in(2) {
            attribute = attribute.same_when(alike);
        }
        if !attribute.is_read_only() && within != Set && self.one_in(3) {
            attribute = attribute.requires_replace();
        }
        attribute.description("Something.")
    }

    fn plain(&mut self, may_be_dynamic: bool) -> Attribute {
        match self.below(if may_be_dynamic { 10 } else { 8 }) {
            0 | 1 => string(),
            2 => number(),
            3 => boolean(),
            4 => list(Type::String),
            5 => set(Type::String),
            6 => map(Type::Number),
            7 => object([("k", Type::String), ("l", Type::list(Type::Bool))]),
            8 => tuple([Type::String, Type::Dynamic]),
            _ => dynamic(),
        }
    }

    /// A known value.
    fn known(&mut self, ty: &Type) -> Raw {
        Value::Known(match ty {
            Type::String => Data::String(["a", "A", "b", ""][self.below(4)].to_owned()),
            Type::Number => Data::Number(Number::from(self.below(3) as u64)),
            Type::Bool => Data::Bool(self.below(2) == 1),
            Type::Dynamic => {
                let ty = [Type::String, Type::set(Type::Number)][self.below(2)].clone();
                Data::Dynamic(Box::new(Typed { value: self.part(&ty), ty }))
            }
            Type::List(ty) => Data::List((0..self.below(3)).map(|_| self.part(ty)).collect()),
            Type::Set(ty) => Data::set((0..self.below(3)).map(|_| self.part(ty)).collect()),
            Type::Map(ty) => Data::Map(self.keys().map(|key| (key, self.part(ty))).collect()),
            Type::Tuple(types) => Data::List(types.iter().map(|ty| self.part(ty)).collect()),
            Type::Object(types) => {
                Data::Map(types.iter().map(|(name, ty)| (name.clone(), self.part(ty))).collect())
            }
        })
    }

    fn part(&mut self, ty: &Type) -> Raw {
        let value = if self.one_in(5) { Value::Null } else { self.known(ty) };
        self.perhaps_unknown(value)
    }

    fn perhaps_unknown(&mut self, value: Raw) -> Raw {
        if self.one_in(6) && self.unknown { Value::Unknown } else { value }
    }

    fn keys(&mut self) -> impl Iterator<Item = String> + use<> {
        ["k", "l"].into_iter().take(self.below(3)).map(str::to_owned)
    }

    /// What may be configured, with unknown values where `unknown` says so.
    pub(super) fn config(&mut self, block: &Block) -> Raw {
        self.object(block, Side::Config)
    }

    /// What may be stored, or answered by an API.
    pub(super) fn state(&mut self, block: &Block) -> Raw {
        let unknown = std::mem::replace(&mut self.unknown, false);
        let state = self.object(block, Side::State);
        self.unknown = unknown;
        state
    }

    fn object(&mut self, block: &Block, side: Side) -> Raw {
        let mut members = self.members(&block.attributes, side);
        for (name, nested) in &block.blocks {
            let mut inner = |random: &mut Self| random.object(&nested.block, side);
            let value = match nested.nesting {
                BlockNesting::Single if self.one_in(3) => Value::Null,
                BlockNesting::Single | BlockNesting::Group => inner(self),
                BlockNesting::List => self.many(Nesting::List, &mut inner),
                BlockNesting::Map => self.many(Nesting::Map, &mut inner),
                BlockNesting::Set => self.many(Nesting::Set, &mut inner),
            };
            members.insert((*name).to_owned(), value);
        }
        Value::Known(Data::Map(members))
    }

    fn members(
        &mut self,
        attributes: &BTreeMap<&'static str, Attribute>,
        side: Side,
    ) -> BTreeMap<String, Raw> {
        attributes.iter().map(|(name, a)| ((*name).to_owned(), self.value(a, side))).collect()
    }

    fn value(&mut self, attribute: &Attribute, side: Side) -> Raw {
        let (never, always) = match side {
            Side::Config => (attribute.is_read_only(), attribute.required),
            Side::State => (attribute.write_only, false),
        };
        if never || (!always && self.one_in(3)) {
            return Value::Null;
        }
        let value = match &attribute.kind {
            AttributeKind::Plain(ty) => self.known(ty),
            AttributeKind::Nested(Nesting::Single, inner) => {
                Value::Known(Data::Map(self.members(inner, side)))
            }
            AttributeKind::Nested(nesting, inner) => self.many(*nesting, &mut |random| {
                let element = Value::Known(Data::Map(random.members(inner, side)));
                let element = random.perhaps_unknown(element);
                // Core itself proposes an object for an unknown element, so that it cannot become null.
                let is_null = *nesting != Nesting::Set && random.one_in(8);
                if is_null { Value::Null } else { element }
            }),
        };
        self.perhaps_unknown(value)
    }

    fn many(&mut self, nesting: Nesting, element: &mut dyn FnMut(&mut Self) -> Raw) -> Raw {
        let value = match nesting {
            Nesting::Map => Data::Map(self.keys().map(|key| (key, element(self))).collect()),
            Nesting::Set => Data::set((0..self.below(3)).map(|_| element(self)).collect()),
            _ => Data::List((0..self.below(3)).map(|_| element(self)).collect()),
        };
        self.perhaps_unknown(Value::Known(value))
    }
}

/// Who wrote a value.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Config,
    State,
}

/// The case does not matter, and an empty text is as good as none.
fn alike(old: &Raw, new: &Raw) -> bool {
    let text = |value: &Raw| match value {
        Value::Null => Some(String::new()),
        Value::Known(Data::String(text)) => Some(text.to_lowercase()),
        _ => None,
    };
    text(old) == text(new)
}
