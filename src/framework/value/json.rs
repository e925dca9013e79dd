//! The JSON form of values, in which core hands over stored state.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::ValueError;
use super::ty::MAX_DEPTH;
use super::{Data, Raw, Type, Typed, Value};
use crate::framework::path::Step;

/// Reads one value of type `ty` from stored state.
///
/// State may have been written by another version of the provider, or by another provider: what
/// its type does not name is dropped, what is missing is null. Numbers keep every digit.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Raw, ValueError> {
    let text: &RawValue =
        serde_json::from_slice(bytes).map_err(|_| ValueError::new("is not JSON"))?;
    value(text, ty, 0)
}

fn value(json: &RawValue, ty: &Type, depth: usize) -> Result<Raw, ValueError> {
    if depth > MAX_DEPTH {
        return Err(ValueError::new("is nested too deeply"));
    }
    if json.get() == "null" {
        return Ok(Value::Null);
    }
    let data = match ty {
        Type::String => Data::String(parse(json, "is not a string")?),
        Type::Bool => Data::Bool(parse(json, "is not a bool")?),
        Type::Number => {
            // Very old state holds numbers as strings of digits.
            let text = match json.get().starts_with('"') {
                true => parse::<String>(json, "is not a number")?,
                false => json.get().to_owned(),
            };
            Data::Number(text.parse().map_err(|_| ValueError::new("is not a number"))?)
        }
        Type::List(element) => Data::List(elements(json, element, depth)?),
        Type::Set(element) => Data::set(elements(json, element, depth)?),
        Type::Map(element) => {
            let members: BTreeMap<String, &RawValue> = parse(json, "is not a map")?;
            let read = |(key, member): (String, &RawValue)| {
                let value = value(member, element, depth + 1)
                    .map_err(|err| err.inside(Step::Key(key.clone())))?;
                Ok((key, value))
            };
            Data::Map(members.into_iter().map(read).collect::<Result<_, ValueError>>()?)
        }
        Type::Tuple(types) => {
            let elements: Vec<&RawValue> = parse(json, "is not a tuple")?;
            if elements.len() != types.len() {
                return Err(ValueError::new("has another number of elements than its type"));
            }
            let read = |(i, (element, ty))| {
                value(element, ty, depth + 1).map_err(|err| err.inside(Step::Index(i)))
            };
            Data::List(
                elements.into_iter().zip(types).enumerate().map(read).collect::<Result<_, _>>()?,
            )
        }
        Type::Object(types) => {
            let members: BTreeMap<String, &RawValue> = parse(json, "is not an object")?;
            let read = |(name, ty): (&String, &Type)| {
                let value = match members.get(name) {
                    Some(member) => value(member, ty, depth + 1)
                        .map_err(|err| err.inside(Step::Attribute(name.clone())))?,
                    None => Value::Null,
                };
                Ok((name.clone(), value))
            };
            Data::Map(types.iter().map(read).collect::<Result<_, ValueError>>()?)
        }
        Type::Dynamic => {
            let typed: TypedJson = parse(json, "is not a type and a value")?;
            let ty = Type::from_json(typed.ty.get().as_bytes())?;
            if ty == Type::Dynamic {
                return Err(ValueError::new("has no type"));
            }
            let value = value(typed.value, &ty, depth + 1)?;
            Data::Dynamic(Box::new(Typed { ty, value }))
        }
    };
    Ok(Value::Known(data))
}

#[derive(Deserialize)]
struct TypedJson<'a> {
    #[serde(rename = "type", borrow)]
    ty: &'a RawValue,
    #[serde(borrow)]
    value: &'a RawValue,
}

fn elements(json: &RawValue, ty: &Type, depth: usize) -> Result<Vec<Raw>, ValueError> {
    let elements: Vec<&RawValue> = parse(json, "is not a list")?;
    let read =
        |(i, element)| value(element, ty, depth + 1).map_err(|err| err.inside(Step::Index(i)));
    elements.into_iter().enumerate().map(read).collect()
}

fn parse<'a, T: Deserialize<'a>>(json: &'a RawValue, or: &'static str) -> Result<T, ValueError> {
    serde_json::from_str(json.get()).map_err(|_| ValueError::new(or))
}
