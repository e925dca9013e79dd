//! Values whose type is known from a schema only.

use std::collections::BTreeMap;

use super::{Number, Type, Value};

/// A value of any type.
pub type Raw = Value<Data>;

/// What a known value holds. Which type it has is said by the schema, not by the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(Debug))]
pub enum Data {
    /// A string.
    String(String),
    /// A bool.
    Bool(bool),
    /// A number of any size.
    Number(Number),
    /// A list or a tuple: the elements in order.
    List(Vec<Raw>),
    /// A set: see [`Data::set`].
    Set(Vec<Raw>),
    /// A map or an object. An object has every attribute of its type.
    Map(BTreeMap<String, Raw>),
    /// A value of dynamic type carries its type with it.
    Dynamic(Box<Typed>),
}

/// A value together with its type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(Debug))]
pub struct Typed {
    /// Never [`Type::Dynamic`] itself.
    pub ty: Type,
    /// Of that type.
    pub value: Raw,
}

impl Data {
    /// A set of `elements`, in one canonical order and without repetitions, so that two sets are
    /// equal when they hold the same elements. Elements that are not wholly known stay apart: two
    /// unknowns may turn out different.
    pub fn set(mut elements: Vec<Raw>) -> Self {
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Self::Set(elements)
    }
}

static NULL: Raw = Value::Null;

impl Raw {
    /// A known string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::Known(Data::String(text.into()))
    }

    /// A known object or map.
    pub fn map_of<K: Into<String>>(members: impl IntoIterator<Item = (K, Raw)>) -> Self {
        Self::Known(Data::Map(members.into_iter().map(|(k, v)| (k.into(), v)).collect()))
    }

    /// The member `name` of an object or map; null where this is no known object or lacks it.
    pub fn member(&self, name: &str) -> &Raw {
        self.members().and_then(|members| members.get(name)).unwrap_or(&NULL)
    }

    /// The members of a known object or map.
    pub fn members(&self) -> Option<&BTreeMap<String, Raw>> {
        match self {
            Self::Known(Data::Map(members)) => Some(members),
            _ => None,
        }
    }

    /// The elements of a known list, tuple or set.
    pub fn elements(&self) -> Option<&[Raw]> {
        match self {
            Self::Known(Data::List(elements) | Data::Set(elements)) => Some(elements),
            _ => None,
        }
    }

    /// Element `index` of a list, tuple or set; null where there is none.
    pub fn element(&self, index: usize) -> &Raw {
        self.elements().and_then(|elements| elements.get(index)).unwrap_or(&NULL)
    }

    /// True when nothing in it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Unknown => false,
            Self::Known(data) => match data {
                Data::String(_) | Data::Bool(_) | Data::Number(_) => true,
                Data::List(elements) | Data::Set(elements) => {
                    elements.iter().all(Raw::is_wholly_known)
                }
                Data::Map(members) => members.values().all(Raw::is_wholly_known),
                Data::Dynamic(typed) => typed.value.is_wholly_known(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_equal_whatever_their_order_and_repetition() {
        let a = Data::set(vec![Raw::string("b"), Raw::string("a"), Raw::string("b")]);
        let b = Data::set(vec![Raw::string("a"), Raw::string("b")]);
        assert_eq!(a, b);
    }

    #[test]
    fn unknown_elements_of_a_set_are_not_taken_for_one() {
        let set = Value::Known(Data::set(vec![Value::Unknown, Value::Unknown]));
        assert_eq!(set.elements().map(<[Raw]>::len), Some(2));
    }
}
