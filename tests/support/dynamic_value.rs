//! Values as core writes and reads them, with JSON for what a test says and expects.

use rmpv::{Value, decode, encode};
use serde_json::{Map, Value as Json};
use terraform_provider_auth0::wire::tfplugin6::{
    DynamicValue,
    schema::{Block, nested_block::NestingMode},
};

/// The object of a block: what is given, and what core puts in the place of the rest.
pub fn object(block: &Block, given: &Json) -> Json {
    let attributes = block.attributes.iter().map(|a| (a.name.clone(), given[&a.name].clone()));
    let blocks = block.block_types.iter().map(|nested| {
        let content = nested.block.as_ref().unwrap();
        let name = nested.type_name.clone();
        // A single block that is not there is null, a list of blocks empty.
        if nested.nesting() == NestingMode::Single {
            let given = given.get(&name).filter(|given| given.is_object());
            return (name, given.map_or(Json::Null, |given| object(content, given)));
        }
        let given = given[&name].as_array().into_iter().flatten();
        (name, given.map(|element| object(content, element)).collect())
    });
    Json::Object(attributes.chain(blocks).collect())
}

/// A value in MessagePack.
pub fn to_wire(json: &Json) -> DynamicValue {
    let mut bytes = Vec::new();
    encode::write_value(&mut bytes, &pack(json)).unwrap();
    DynamicValue { msgpack: bytes.into(), ..DynamicValue::default() }
}

/// A value, in which `(unknown)` stands for what is not known yet.
pub fn from_wire(value: &DynamicValue) -> Json {
    unpack(decode::read_value(&mut value.msgpack.as_ref()).unwrap())
}

fn pack(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(bool) => Value::Boolean(*bool),
        Json::Number(number) => number.as_i64().unwrap().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(elements) => elements.iter().map(pack).collect(),
        Json::Object(members) => {
            Value::Map(members.iter().map(|(name, m)| (name.as_str().into(), pack(m))).collect())
        }
    }
}

fn unpack(value: Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Boolean(bool) => bool.into(),
        Value::Integer(number) => number.as_i64().unwrap().into(),
        Value::String(text) => text.as_str().unwrap().into(),
        Value::Array(elements) => elements.into_iter().map(unpack).collect(),
        Value::Map(members) => {
            let member = |(name, m): (Value, _)| (name.as_str().unwrap().to_owned(), unpack(m));
            Json::Object(members.into_iter().map(member).collect::<Map<_, _>>())
        }
        Value::Ext(..) => "(unknown)".into(),
        other => panic!("not JSON: {other}"),
    }
}
