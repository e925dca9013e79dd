//! Types of Terraform's language and their JSON form.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::error::ValueError;

/// Types deeper than this are refused. Core's own configurations stay far below.
pub(super) const MAX_DEPTH: usize = 64;

/// A type of Terraform's language.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(Debug))]
pub enum Type {
    /// Text.
    String,
    /// A number of any size.
    Number,
    /// True or false.
    Bool,
    /// A value of any type, which carries its type with it.
    Dynamic,
    /// Elements of one type in order.
    List(Box<Type>),
    /// Elements of one type without order and repetition.
    Set(Box<Type>),
    /// Values of one type by key.
    Map(Box<Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of `element`.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with these attributes.
    pub fn object<K: Into<String>>(attributes: impl IntoIterator<Item = (K, Type)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }

    /// True when a value of dynamic type is somewhere in it. Core encodes a collection of such
    /// blocks as a tuple or an object.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::String | Self::Number | Self::Bool => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Self::Object(attributes) => attributes.values().any(Type::has_dynamic),
        }
    }

    /// True when a list, set or map in it has elements that hold values of dynamic type.
    pub fn has_dynamic_elements(&self) -> bool {
        match self {
            Self::String | Self::Number | Self::Bool | Self::Dynamic => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Type::has_dynamic_elements),
            Self::Object(attributes) => attributes.values().any(Type::has_dynamic_elements),
        }
    }

    /// The type expression that schemas and dynamic values carry: `["list","string"]`.
    pub fn to_json(&self) -> Vec<u8> {
        self.expression().to_string().into_bytes()
    }

    fn expression(&self) -> Json {
        match self {
            Self::String => json!("string"),
            Self::Number => json!("number"),
            Self::Bool => json!("bool"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.expression()]),
            Self::Set(element) => json!(["set", element.expression()]),
            Self::Map(element) => json!(["map", element.expression()]),
            Self::Tuple(elements) => {
                json!(["tuple", elements.iter().map(Type::expression).collect::<Vec<_>>()])
            }
            Self::Object(attributes) => {
                let members: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, ty)| (name.clone(), ty.expression())).collect();
                json!(["object", members])
            }
        }
    }

    /// Reads a type expression.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ValueError> {
        let expression = serde_json::from_slice(bytes)
            .map_err(|_| ValueError::new("is not a type expression"))?;
        Self::from_expression(&expression, 0)
    }

    fn from_expression(expression: &Json, depth: usize) -> Result<Self, ValueError> {
        if depth > MAX_DEPTH {
            return Err(ValueError::new("has a type that is nested too deeply"));
        }
        let inner = |expression| Self::from_expression(expression, depth + 1);
        match expression {
            Json::String(name) => match name.as_str() {
                "string" => return Ok(Self::String),
                "number" => return Ok(Self::Number),
                "bool" => return Ok(Self::Bool),
                "dynamic" => return Ok(Self::Dynamic),
                _ => {}
            },
            Json::Array(parts) => match parts.as_slice() {
                [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
                    return elements.iter().map(inner).collect::<Result<_, _>>().map(Self::Tuple);
                }
                // A third element would list optional attributes, which matter to conversion only.
                [Json::String(kind), Json::Object(members), ..]
                    if kind == "object" && parts.len() <= 3 =>
                {
                    return members
                        .iter()
                        .map(|(name, ty)| Ok((name.clone(), inner(ty)?)))
                        .collect::<Result<_, _>>()
                        .map(Self::Object);
                }
                [Json::String(kind), element] => match kind.as_str() {
                    "list" => return inner(element).map(Self::list),
                    "set" => return inner(element).map(Self::set),
                    "map" => return inner(element).map(Self::map),
                    _ => {}
                },
                _ => {}
            },
            _ => {}
        }
        Err(ValueError::new("has a type that is not of Terraform's language"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_those_of_the_wire() {
        for (ty, want) in [
            (Type::String, r#""string""#),
            (Type::list(Type::Dynamic), r#"["list","dynamic"]"#),
            (Type::set(Type::Number), r#"["set","number"]"#),
            (Type::map(Type::Bool), r#"["map","bool"]"#),
            (Type::Tuple(vec![Type::String, Type::Bool]), r#"["tuple",["string","bool"]]"#),
            (
                Type::object([("b", Type::String), ("a", Type::list(Type::Number))]),
                r#"["object",{"a":["list","number"],"b":"string"}]"#,
            ),
        ] {
            assert_eq!(String::from_utf8(ty.to_json()).unwrap(), want);
            assert_eq!(Type::from_json(want.as_bytes()).unwrap(), ty);
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let deep = format!("{}\"string\"{}", "[\"list\",".repeat(70), "]".repeat(70));
        for text in ["", "1", "\"text\"", "[]", "[\"list\"]", "[\"object\",[]]", "[1,2]", &deep] {
            assert!(Type::from_json(text.as_bytes()).is_err(), "{text}");
        }
    }
}
