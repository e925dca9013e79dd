//! One attribute: its type, who sets it, what is allowed, and how it is planned.

use std::collections::BTreeMap;

use super::validator::Validator;
use crate::framework::value::{Raw, Type, Value};

/// What an attribute holds.
#[derive(Clone)]
pub enum AttributeKind {
    /// One value. Core compares it as a whole.
    Plain(Type),
    /// Objects with attributes of their own, each with its own rules.
    Nested(Nesting, BTreeMap<&'static str, Attribute>),
}

/// How the objects of a nested attribute are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// Decides whether two known or null values mean the same though they are spelled differently.
pub type Sameness = fn(&Raw, &Raw) -> bool;

/// An attribute. Build one from [`string()`] and its siblings.
#[derive(Clone)]
pub struct Attribute {
    /// What it holds.
    pub kind: AttributeKind,
    /// Must be configured.
    pub required: bool,
    /// May be configured.
    pub optional: bool,
    /// May be decided by the provider.
    pub computed: bool,
    /// Hidden in what core prints.
    pub sensitive: bool,
    /// Given to the provider, never stored.
    pub write_only: bool,
    /// Why not to use it any more, and what to use.
    pub deprecated: Option<&'static str>,
    /// Markdown.
    pub description: &'static str,
    /// What is allowed.
    pub validators: Vec<Validator>,
    /// Planned where nothing is configured.
    pub default: Option<Raw>,
    /// Never changed by the API, so planned as it is instead of unknown.
    pub stable: bool,
    /// A change of it replaces the object.
    pub requires_replace: bool,
    /// When a new spelling means what the old one meant, so that the old one stays.
    pub same_when: Option<Sameness>,
}

/// Text.
pub fn string() -> Attribute {
    Attribute::plain(Type::String)
}

/// A number of any size.
pub fn number() -> Attribute {
    Attribute::plain(Type::Number)
}

/// True or false.
pub fn boolean() -> Attribute {
    Attribute::plain(Type::Bool)
}

/// A value of any type.
pub fn dynamic() -> Attribute {
    Attribute::plain(Type::Dynamic)
}

/// A list of `element`.
pub fn list(element: Type) -> Attribute {
    Attribute::plain(Type::list(element))
}

/// A set of `element`.
pub fn set(element: Type) -> Attribute {
    Attribute::plain(Type::set(element))
}

/// A map of `element`.
pub fn map(element: Type) -> Attribute {
    Attribute::plain(Type::map(element))
}

/// A fixed number of elements.
pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Attribute {
    Attribute::plain(Type::Tuple(elements.into_iter().collect()))
}

/// An object that is configured as a whole.
pub fn object(attributes: impl IntoIterator<Item = (&'static str, Type)>) -> Attribute {
    Attribute::plain(Type::object(attributes))
}

/// Objects whose attributes have rules of their own.
pub fn nested(
    nesting: Nesting,
    attributes: impl IntoIterator<Item = (&'static str, Attribute)>,
) -> Attribute {
    Attribute::of(AttributeKind::Nested(nesting, attributes.into_iter().collect()))
}

impl Attribute {
    fn plain(ty: Type) -> Self {
        Self::of(AttributeKind::Plain(ty))
    }

    fn of(kind: AttributeKind) -> Self {
        Self {
            kind,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: None,
            description: "",
            validators: Vec::new(),
            default: None,
            stable: false,
            requires_replace: false,
            same_when: None,
        }
    }

    /// Must be configured.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// May be configured.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Decided by the provider where it is not configured.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// Hidden in what core prints.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Given to the provider, never stored; needs a client that knows of it.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Why not to use it any more, and what to use.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecated = Some(message);
        self
    }

    /// What it is, in Markdown.
    #[must_use]
    pub fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// Adds a rule for known values.
    #[must_use]
    pub fn validate(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }

    /// Planned where nothing is configured; needs optional and computed.
    #[must_use]
    pub fn default(mut self, value: Raw) -> Self {
        self.default = Some(value);
        self
    }

    /// Once known it never changes by itself: a plan keeps it, and does not show it as unknown.
    #[must_use]
    pub fn stable(mut self) -> Self {
        self.stable = true;
        self
    }

    /// A change of it replaces the object.
    #[must_use]
    pub fn requires_replace(mut self) -> Self {
        self.requires_replace = true;
        self
    }

    /// A value for which `same(old, new)` holds is no change: the old spelling stays.
    #[must_use]
    pub fn same_when(mut self, same: Sameness) -> Self {
        self.same_when = Some(same);
        self
    }

    /// Whether its value must be shown to nobody.
    pub fn is_secret(&self) -> bool {
        self.sensitive || self.write_only
    }

    /// Computed, and not configurable.
    pub fn is_read_only(&self) -> bool {
        self.computed && !self.optional
    }

    /// True when it may identify an object: text of the API's that never changes.
    pub fn can_identify(&self) -> bool {
        let is_text = matches!(self.kind, AttributeKind::Plain(Type::String));
        is_text && self.is_read_only() && self.stable
    }

    /// True when a change of it, or of something in it, replaces the object.
    pub fn may_replace(&self) -> bool {
        self.requires_replace
            || match &self.kind {
                AttributeKind::Plain(_) => false,
                AttributeKind::Nested(_, attributes) => {
                    attributes.values().any(Attribute::may_replace)
                }
            }
    }

    /// True when `old` and `new` are equal, or spell the same. Unknown equals nothing but unknown.
    pub fn is_same(&self, old: &Raw, new: &Raw) -> bool {
        old == new
            || self.same_when.is_some_and(|same| {
                old.is_wholly_known() && new.is_wholly_known() && same(old, new)
            })
    }

    /// The type of its value.
    pub fn ty(&self) -> Type {
        match &self.kind {
            AttributeKind::Plain(ty) => ty.clone(),
            AttributeKind::Nested(nesting, attributes) => {
                let object = Type::object(attributes.iter().map(|(name, a)| (*name, a.ty())));
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                }
            }
        }
    }

    /// Optional, with null as the planned value where nothing is configured, except that an unset
    /// value keeps the spelling that it has in state.
    ///
    /// State that another provider wrote may spell "not set" as `""` or `0`. Rewriting that would
    /// show up as a change of outputs, so it stays; an attribute that may differ from a null in
    /// configuration has to be computed.
    #[must_use]
    pub fn optional_keeping_empty(self) -> Self {
        self.optional().computed().default(Value::Null).same_when(both_unset)
    }
}

/// Null, `""` and `0` all say "not set".
fn both_unset(old: &Raw, new: &Raw) -> bool {
    is_unset(old) && is_unset(new)
}

fn is_unset(value: &Raw) -> bool {
    use crate::framework::value::{Data, Number};
    match value {
        Value::Null => true,
        Value::Unknown => false,
        Value::Known(Data::String(text)) => text.is_empty(),
        Value::Known(Data::Number(number)) => *number == Number::from(0_i64),
        Value::Known(_) => false,
    }
}
