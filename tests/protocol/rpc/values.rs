//! Values as core writes and reads them, without our codec: JSON as it stands, so that a wrong
//! belief of the codec about a type shows.

use rmpv::{Value, decode::read_value, encode::write_value};
use serde_json::{Map, Value as Json};
use terraform_provider_auth0::wire::tfplugin6::DynamicValue;

/// A value that is not known yet.
pub const UNKNOWN: &str = "(unknown)";

/// The same, with the fact that it will not be null.
pub const REFINED: &str = "(unknown, not null)";

/// What stands for a `DynamicValue` that an answer lacks.
pub const ABSENT: &str = "(absent)";

pub fn encode(json: &Json) -> DynamicValue {
    from_bytes(bytes(json))
}

pub fn from_bytes(msgpack: Vec<u8>) -> DynamicValue {
    DynamicValue { msgpack: msgpack.into(), ..Default::default() }
}

/// The other form in which a value may come.
pub fn encode_as_json(json: &Json) -> DynamicValue {
    DynamicValue { json: json.to_string().into(), ..Default::default() }
}

pub fn bytes(json: &Json) -> Vec<u8> {
    write(&pack(json))
}

pub fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_value(&mut bytes, value).unwrap();
    bytes
}

pub fn pack(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().unwrap().into(),
        },
        Json::String(text) if text == UNKNOWN => Value::Ext(0, vec![0]),
        // A map of one entry: 1, "is it null", is false.
        Json::String(text) if text == REFINED => Value::Ext(12, vec![0x81, 0x01, 0xc2]),
        Json::String(text) => text.as_str().into(),
        Json::Array(elements) => elements.iter().map(pack).collect(),
        Json::Object(members) => Value::Map(
            members.iter().map(|(key, value)| (key.as_str().into(), pack(value))).collect(),
        ),
    }
}

/// A value of an answer, which is in MessagePack, complete, and holds no key twice.
#[track_caller]
pub fn decode(value: Option<&DynamicValue>) -> Json {
    let Some(value) = value else { return ABSENT.into() };
    assert!(value.json.is_empty(), "JSON in an answer");
    let mut rest = value.msgpack.as_ref();
    let decoded = read_value(&mut rest).unwrap();
    assert!(rest.is_empty(), "{} bytes follow {decoded}", rest.len());
    unpack(decoded)
}

#[track_caller]
fn unpack(value: Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Boolean(value) => value.into(),
        Value::Integer(number) => number.as_i64().unwrap().into(),
        Value::String(text) => text.as_str().unwrap().into(),
        Value::Array(elements) => elements.into_iter().map(unpack).collect(),
        Value::Map(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                let key = key.as_str().unwrap().to_owned();
                assert_eq!(object.insert(key.clone(), unpack(value)), None, "{key} comes twice");
            }
            object.into()
        }
        Value::Ext(0, payload) if payload == [0] => UNKNOWN.into(),
        other => panic!("no value of an answer: {other}"),
    }
}
