//! Values of Terraform's language (cty): null, unknown or known at every level, and the codecs that
//! core speaks.

mod data;
mod error;
mod json;
mod model;
mod msgpack;
mod number;
mod ty;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod codec_tests;

pub use data::{Data, Raw, Typed};
pub use error::ValueError;
pub use json::decode as decode_json;
pub use model::{FromData, FromRaw, IntoData, IntoRaw, Model};
#[doc(hidden)]
pub use model::{no_members_left, put_member, take_member};
pub use msgpack::{decode as decode_msgpack, encode as encode_msgpack};
pub use number::Number;
pub use ty::Type;

/// A value that may be null (not set) or unknown (not known before apply).
///
/// Code that reads one has to say what it does in all three cases. There is no `Debug` outside of
/// tests: values hold secrets, and what cannot be printed is not printed by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(test, derive(Debug))]
pub enum Value<T> {
    /// Not set.
    #[default]
    Null,
    /// Decided during apply.
    Unknown,
    /// Set.
    Known(T),
}

impl<T> Value<T> {
    /// True when not set.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// True when decided during apply only.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The value, where it is known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, where it is known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Applies `f` to what is known.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Value<U> {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => Value::Known(f(value)),
        }
    }

    /// The same value, borrowed.
    pub fn as_ref(&self) -> Value<&T> {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => Value::Known(value),
        }
    }
}

impl<T> From<Option<T>> for Value<T> {
    /// None is null.
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Value<String> {
    fn from(text: &str) -> Self {
        Self::Known(text.to_owned())
    }
}
