//! Typed models: Rust structs in place of trees of [`Raw`] values.

use std::collections::BTreeMap;

use super::error::ValueError;
use super::{Data, Number, Raw, Value};
use crate::framework::path::Step;

/// A struct whose fields are the attributes and blocks of a schema. Made by [`model!`](crate::model).
pub trait Model: Sized + Clone + PartialEq + Send + Sync + 'static {
    /// Reads the members of an object.
    fn from_members(members: BTreeMap<String, Raw>) -> Result<Self, ValueError>;

    /// Gives the members of an object.
    fn into_members(self) -> BTreeMap<String, Raw>;
}

/// What can be read from a value that may be null or unknown.
pub trait FromRaw: Sized {
    /// Fails where the value is of another type, or null or unknown where that cannot be.
    fn from_raw(raw: Raw) -> Result<Self, ValueError>;
}

/// What can be read from a known value.
pub trait FromData: Sized {
    /// Fails where the value is of another type.
    fn from_data(data: Data) -> Result<Self, ValueError>;
}

/// What can be written as a value.
pub trait IntoRaw {
    /// The same value, untyped.
    fn into_raw(self) -> Raw;
}

/// What can be written as a known value.
pub trait IntoData {
    /// The same value, untyped.
    fn into_data(self) -> Data;
}

impl<T: FromData> FromRaw for Value<T> {
    fn from_raw(raw: Raw) -> Result<Self, ValueError> {
        Ok(match raw {
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
            Value::Known(data) => Value::Known(T::from_data(data)?),
        })
    }
}

impl<T: IntoData> IntoRaw for Value<T> {
    fn into_raw(self) -> Raw {
        self.map(T::into_data)
    }
}

/// A model in the place of an element: a block is never null, and known as a block.
impl<M: Model> FromRaw for M {
    fn from_raw(raw: Raw) -> Result<Self, ValueError> {
        raw.into_known().ok_or(ValueError::new("is not a known object")).and_then(M::from_data)
    }
}

impl<M: Model> IntoRaw for M {
    fn into_raw(self) -> Raw {
        Value::Known(self.into_data())
    }
}

impl<M: Model> FromData for M {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::Map(members) => M::from_members(members),
            _ => Err(ValueError::new("is not an object")),
        }
    }
}

impl<M: Model> IntoData for M {
    fn into_data(self) -> Data {
        Data::Map(self.into_members())
    }
}

impl FromData for String {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::String(text) => Ok(text),
            _ => Err(ValueError::new("is not a string")),
        }
    }
}

impl IntoData for String {
    fn into_data(self) -> Data {
        Data::String(self)
    }
}

impl FromData for bool {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::Bool(value) => Ok(value),
            _ => Err(ValueError::new("is not a bool")),
        }
    }
}

impl IntoData for bool {
    fn into_data(self) -> Data {
        Data::Bool(self)
    }
}

impl FromData for Number {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::Number(number) => Ok(number),
            _ => Err(ValueError::new("is not a number")),
        }
    }
}

impl IntoData for Number {
    fn into_data(self) -> Data {
        Data::Number(self)
    }
}

impl FromData for Data {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        Ok(data)
    }
}

impl IntoData for Data {
    fn into_data(self) -> Data {
        self
    }
}

/// Elements of a list, a tuple or a set.
impl<T: FromRaw> FromData for Vec<T> {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::List(elements) | Data::Set(elements) => {
                let read =
                    |(i, element)| T::from_raw(element).map_err(|err| err.inside(Step::Index(i)));
                elements.into_iter().enumerate().map(read).collect()
            }
            _ => Err(ValueError::new("is not a list")),
        }
    }
}

/// Written as a list; what the schema calls a set is made one by the engine.
impl<T: IntoRaw> IntoData for Vec<T> {
    fn into_data(self) -> Data {
        Data::List(self.into_iter().map(T::into_raw).collect())
    }
}

impl<T: FromRaw> FromData for BTreeMap<String, T> {
    fn from_data(data: Data) -> Result<Self, ValueError> {
        match data {
            Data::Map(members) => members
                .into_iter()
                .map(|(key, member)| match T::from_raw(member) {
                    Ok(value) => Ok((key, value)),
                    Err(err) => Err(err.inside(Step::Key(key))),
                })
                .collect(),
            _ => Err(ValueError::new("is not a map")),
        }
    }
}

impl<T: IntoRaw> IntoData for BTreeMap<String, T> {
    fn into_data(self) -> Data {
        Data::Map(self.into_iter().map(|(key, value)| (key, value.into_raw())).collect())
    }
}

/// Reads the member `name` of an object for a field of a model.
#[doc(hidden)]
pub fn take_member<T: FromRaw>(
    members: &mut BTreeMap<String, Raw>,
    name: &str,
) -> Result<T, ValueError> {
    let inside = |err: ValueError| err.inside(Step::Attribute(name.to_owned()));
    let raw = members.remove(name).ok_or_else(|| inside(ValueError::new("is missing")))?;
    T::from_raw(raw).map_err(inside)
}

/// Writes a field of a model as the member `name` of an object. One copy of it serves every field.
#[doc(hidden)]
#[inline(never)]
pub fn put_member(members: &mut BTreeMap<String, Raw>, name: &str, value: Raw) {
    members.insert(name.to_owned(), value);
}

/// Refuses an object with members that its model lacks.
#[doc(hidden)]
pub fn no_members_left(members: &BTreeMap<String, Raw>) -> Result<(), ValueError> {
    match members.keys().next() {
        None => Ok(()),
        Some(name) => {
            Err(ValueError::new("is not in the model").inside(Step::Attribute(name.clone())))
        }
    }
}

/// Declares a struct as a [`Model`](crate::framework::value::Model): each field is the attribute or
/// block of its name.
///
/// ```
/// use terraform_provider_auth0::framework::value::Value;
///
/// terraform_provider_auth0::model! {
///     /// A topic with its labels.
///     pub struct Topic {
///         pub name: Value<String>,
///         pub labels: Value<Vec<Value<String>>>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! model {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $ty:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Default)]
        #[cfg_attr(test, derive(Debug))]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $ty),*
        }

        impl $crate::framework::value::Model for $name {
            fn from_members(
                mut members: ::std::collections::BTreeMap<String, $crate::framework::value::Raw>,
            ) -> Result<Self, $crate::framework::value::ValueError> {
                let model = Self {
                    $($field: $crate::framework::value::take_member(
                        &mut members,
                        stringify!($field),
                    )?),*
                };
                $crate::framework::value::no_members_left(&members)?;
                Ok(model)
            }

            fn into_members(
                self,
            ) -> ::std::collections::BTreeMap<String, $crate::framework::value::Raw> {
                let mut members = ::std::collections::BTreeMap::new();
                $($crate::framework::value::put_member(
                    &mut members,
                    stringify!($field),
                    $crate::framework::value::IntoRaw::into_raw(self.$field),
                );)*
                members
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::model! {
        struct Inner { pub text: Value<String> }
    }
    crate::model! {
        struct Outer {
            pub number: Value<Number>,
            pub list: Value<Vec<Value<String>>>,
            pub blocks: Value<Vec<Inner>>,
            pub map: Value<BTreeMap<String, Value<bool>>>,
        }
    }

    fn outer() -> Outer {
        Outer {
            number: Value::Unknown,
            list: Value::Known(vec!["a".into(), Value::Null, Value::Unknown]),
            blocks: Value::Known(vec![Inner { text: "x".into() }]),
            map: Value::Null,
        }
    }

    #[test]
    fn a_model_round_trips_with_null_and_unknown_at_every_level() {
        assert_eq!(Outer::from_raw(outer().into_raw()).unwrap(), outer());
    }

    #[test]
    fn the_error_names_the_place() {
        let mut members = outer().into_members();
        members.insert("blocks".into(), Value::Known(Data::List(vec![Value::Unknown])));
        let err = Outer::from_members(members).unwrap_err();
        assert_eq!(err.to_string(), "blocks[0] is not a known object");

        let mut members = outer().into_members();
        members.insert("more".into(), Value::Null);
        assert_eq!(
            Outer::from_members(members).unwrap_err().to_string(),
            "more is not in the model"
        );
    }
}
