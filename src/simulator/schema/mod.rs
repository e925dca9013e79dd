//! A JSON schema, as far as Auth0's refusals need one: closed objects, no coercion, and faults in
//! the words of the validator that Auth0 uses.

mod query;
mod validate;

pub(crate) use query::read_query;
pub(crate) use validate::{Place, refuse_faults, validate};

/// What a value must be.
pub(crate) enum Schema {
    /// Any object, whatever its members.
    AnyObject,
    Boolean,
    Integer {
        minimum: i64,
        maximum: i64,
    },
    Text(Text),
    List(List),
    Object(Vec<Property>),
    /// Exactly one of several. A fault inside shows only as "no match".
    OneOf(Vec<Schema>),
}

/// A member of a closed object.
pub(crate) struct Property {
    name: &'static str,
    required: bool,
    description: Option<&'static str>,
    schema: Schema,
}

/// What a string must be.
#[derive(Default)]
pub(crate) struct Text {
    minimum: Option<usize>,
    maximum: Option<usize>,
    pattern: Option<Pattern>,
    format: Option<Format>,
    values: Option<&'static [&'static str]>,
}

/// A regular expression: how Auth0 writes it, and what it says.
#[derive(Clone, Copy)]
pub(crate) struct Pattern {
    pub(crate) source: &'static str,
    pub(crate) matches: fn(&str) -> bool,
}

/// A named format.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) matches: fn(&str) -> bool,
}

/// What an array must be.
pub(crate) struct List {
    items: Box<Schema>,
    minimum: Option<usize>,
    maximum: Option<usize>,
    unique: bool,
}

pub(crate) fn text() -> Text {
    Text::default()
}

/// A string that is one of `values`.
pub(crate) fn one_of_values(values: &'static [&'static str]) -> Text {
    Text { values: Some(values), ..Text::default() }
}

impl Text {
    /// Lengths count characters.
    pub(crate) fn at_least(mut self, characters: usize) -> Self {
        self.minimum = Some(characters);
        self
    }

    pub(crate) fn at_most(mut self, characters: usize) -> Self {
        self.maximum = Some(characters);
        self
    }

    pub(crate) fn pattern(mut self, source: &'static str, matches: fn(&str) -> bool) -> Self {
        self.pattern = Some(Pattern { source, matches });
        self
    }

    pub(crate) fn format(mut self, name: &'static str, matches: fn(&str) -> bool) -> Self {
        self.format = Some(Format { name, matches });
        self
    }
}

pub(crate) fn list(items: impl Into<Schema>) -> List {
    List { items: Box::new(items.into()), minimum: None, maximum: None, unique: false }
}

impl List {
    pub(crate) fn at_least(mut self, items: usize) -> Self {
        self.minimum = Some(items);
        self
    }

    pub(crate) fn at_most(mut self, items: usize) -> Self {
        self.maximum = Some(items);
        self
    }

    pub(crate) fn unique(mut self, unique: bool) -> Self {
        self.unique = unique;
        self
    }
}

pub(crate) fn integer(range: std::ops::RangeInclusive<i64>) -> Schema {
    Schema::Integer { minimum: *range.start(), maximum: *range.end() }
}

/// A closed object.
pub(crate) fn object(properties: impl Into<Vec<Property>>) -> Schema {
    Schema::Object(properties.into())
}

pub(crate) fn required(name: &'static str, schema: impl Into<Schema>) -> Property {
    Property { name, required: true, description: None, schema: schema.into() }
}

pub(crate) fn optional(name: &'static str, schema: impl Into<Schema>) -> Property {
    Property { required: false, ..required(name, schema) }
}

impl Property {
    /// What Auth0 adds in parentheses to a fault of this member.
    pub(crate) fn describe(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    pub(crate) fn required_if(mut self, required: bool) -> Self {
        self.required = required;
        self
    }
}

impl From<Text> for Schema {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<List> for Schema {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}
