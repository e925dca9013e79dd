//! The codecs against bytes as core sends them, against random values, and against hostile bytes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rmpv::Value as Msgpack;
use serde_json::json;

use super::arbitrary::{any_type, any_value};
use super::*;

fn pack(value: &Msgpack) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).unwrap();
    bytes
}

fn number(text: &str) -> Raw {
    Value::Known(Data::Number(text.parse().unwrap()))
}

#[test]
fn reads_what_core_sends() {
    let object = Type::object([("a", Type::String), ("b", Type::list(Type::Bool))]);
    for (case, ty, bytes, want) in [
        ("null", Type::String, vec![0xc0], Value::Null),
        ("unknown", Type::String, vec![0xd4, 0, 0], Value::Unknown),
        ("text", Type::String, b"\xa2hi".to_vec(), Raw::string("hi")),
        ("text as bytes", Type::String, b"\xc4\x02hi".to_vec(), Raw::string("hi")),
        ("small number", Type::Number, vec![0x07], number("7")),
        ("negative number", Type::Number, vec![0xff], number("-1")),
        (
            "big number",
            Type::Number,
            pack(&Msgpack::from(u64::MAX)),
            number("18446744073709551615"),
        ),
        ("float", Type::Number, pack(&Msgpack::from(2.25)), number("2.25")),
        ("decimal text", Type::Number, b"\xa30.1".to_vec(), number("0.1")),
        (
            "object",
            object,
            pack(&Msgpack::Map(vec![
                ("b".into(), Msgpack::Array(vec![true.into()])),
                ("a".into(), Msgpack::Nil),
            ])),
            Raw::map_of([
                ("a", Value::Null),
                ("b", Value::Known(Data::List(vec![Value::Known(Data::Bool(true))]))),
            ]),
        ),
        (
            "dynamic value",
            Type::Dynamic,
            pack(&Msgpack::Array(vec![Msgpack::Binary(b"\"string\"".to_vec()), "x".into()])),
            Value::Known(Data::Dynamic(Box::new(Typed {
                ty: Type::String,
                value: Raw::string("x"),
            }))),
        ),
        (
            "typed null",
            Type::Dynamic,
            pack(&Msgpack::Array(vec![Msgpack::Binary(b"\"bool\"".to_vec()), Msgpack::Nil])),
            Value::Known(Data::Dynamic(Box::new(Typed { ty: Type::Bool, value: Value::Null }))),
        ),
    ] {
        assert_eq!(decode_msgpack(&bytes, &ty), Ok(want), "{case}");
    }
}

/// `"hi ${x}"` arrives with its prefix; what is known of an unknown value may be dropped.
#[test]
fn every_extension_is_an_unknown_value() {
    let refinement = pack(&Msgpack::Map(vec![(1.into(), false.into()), (2.into(), "hi ".into())]));
    let refined = pack(&Msgpack::Ext(12, refinement));
    assert_eq!(decode_msgpack(&refined, &Type::String), Ok(Value::Unknown));
    let too_long = pack(&Msgpack::Ext(12, vec![0; 1025]));
    assert!(decode_msgpack(&too_long, &Type::String).is_err());
}

#[test]
fn writes_numbers_so_that_no_digit_is_lost() {
    for (text, want) in [
        ("1", pack(&Msgpack::from(1))),
        ("9223372036854775807", pack(&Msgpack::from(i64::MAX))),
        ("9223372036854775808", pack(&"9223372036854775808".into())),
        ("0.1", pack(&"0.1".into())),
        ("12345678901234567890123", pack(&"12345678901234567890123".into())),
    ] {
        assert_eq!(encode_msgpack(&number(text), &Type::Number), Ok(want), "{text}");
    }
    let infinity = Value::Known(Data::Number(Number::from_f64(f64::INFINITY).unwrap()));
    let want = pack(&Msgpack::from(f64::INFINITY));
    assert_eq!(encode_msgpack(&infinity, &Type::Number), Ok(want));
}

#[test]
fn says_where_bytes_are_wrong() {
    let ty = Type::object([("a", Type::list(Type::object([("n", Type::Number)])))]);
    let element = |value| Msgpack::Map(vec![("n".into(), value)]);
    let wrong = Msgpack::Map(vec![(
        "a".into(),
        Msgpack::Array(vec![element(1.into()), element(true.into())]),
    )]);
    let err = decode_msgpack(&pack(&wrong), &ty).unwrap_err();
    assert_eq!(err.to_string(), "a[1].n is not a number");
}

#[test]
fn refuses_hostile_bytes() {
    let object = Type::object([("a", Type::String)]);
    for (case, ty, bytes) in [
        ("nothing", Type::String, vec![]),
        ("trailing bytes", Type::String, vec![0xc0, 0xc0]),
        ("a list of 4 billion", Type::list(Type::String), vec![0xdd, 0xff, 0xff, 0xff, 0xff]),
        ("a map of 4 billion", Type::map(Type::String), vec![0xdf, 0xff, 0xff, 0xff, 0xff]),
        ("a text of 4 GB", Type::String, vec![0xdb, 0xff, 0xff, 0xff, 0xff, b'x']),
        ("an extension that ends early", Type::String, vec![0xc7, 0x09, 0x0c]),
        ("not UTF-8", Type::String, vec![0xa1, 0xff]),
        ("missing attribute", object.clone(), vec![0x80]),
        ("attribute too many", object.clone(), b"\x82\xa1a\xc0\xa1b\xc0".to_vec()),
        ("attribute twice", object, b"\x82\xa1a\xc0\xa1a\xc0".to_vec()),
        ("key twice", Type::map(Type::String), b"\x82\xa1a\xc0\xa1a\xc0".to_vec()),
        ("key that is no text", Type::map(Type::String), vec![0x81, 0x01, 0xc0]),
        ("NaN", Type::Number, pack(&Msgpack::from(f64::NAN))),
        ("text for a bool", Type::Bool, b"\xa4true".to_vec()),
        ("tuple of other length", Type::Tuple(vec![Type::Bool]), vec![0x90]),
        ("dynamic without type", Type::Dynamic, vec![0x91, 0xc0]),
        ("dynamic of dynamic", Type::Dynamic, b"\x92\xa9\"dynamic\"\xc0".to_vec()),
    ] {
        assert!(decode_msgpack(&bytes, &ty).is_err(), "{case}");
    }
}

#[test]
fn refuses_bytes_nested_without_end() {
    let mut bytes = Vec::new();
    for _ in 0..10_000 {
        bytes.extend(b"\x92\xc4\x12[\"list\",\"dynamic\"]\x91");
    }
    assert!(decode_msgpack(&bytes, &Type::Dynamic).is_err());
    let json = "[".repeat(100_000);
    assert!(decode_json(json.as_bytes(), &Type::list(Type::String)).is_err());
}

/// Each part takes one byte here, and some fifty in memory.
#[test]
fn refuses_more_parts_than_memory_should_hold() {
    let array = |length: u32| {
        let mut bytes = vec![0xdd];
        bytes.extend(length.to_be_bytes());
        bytes.resize(bytes.len() + length as usize, 0xc0);
        bytes
    };
    let ty = Type::list(Type::String);
    assert!(decode_msgpack(&array(1_000_000), &ty).is_ok());
    let err = decode_msgpack(&array(2_100_000), &ty).unwrap_err();
    assert!(err.to_string().ends_with("has too many parts"), "{err}");

    let lists = Type::list(Type::list(Type::String));
    let mut many = vec![0xdd, 0, 0, 0, 100];
    (0..100).for_each(|_| many.extend(array(50_000)));
    assert!(decode_msgpack(&many, &lists).is_err(), "parts count wherever they stand");
}

#[test]
fn refuses_to_write_a_value_of_another_type() {
    let object = Type::object([("a", Type::String)]);
    for (value, ty) in [
        (Raw::string("1"), Type::Number),
        (Raw::map_of([("b", Value::Null)]), object.clone()),
        (Raw::map_of::<&str>([]), object),
        (Value::Known(Data::List(vec![])), Type::set(Type::String)),
        (Raw::string("x"), Type::Dynamic),
    ] {
        assert!(encode_msgpack(&value, &ty).is_err());
    }
}

#[test]
fn state_is_read_whatever_provider_wrote_it() {
    let ty = Type::object([
        ("n", Type::Number),
        ("old", Type::Number),
        ("new", Type::String),
        ("set", Type::set(Type::String)),
        ("any", Type::Dynamic),
    ]);
    let state = r#"{ "n": 12345678901234567890.5, "old": "3", "dropped": {"x": []},
        "set": ["b", "a"], "any": {"type": ["list", "string"], "value": ["x"]} }"#;
    let want = Raw::map_of([
        ("n", number("12345678901234567890.5")),
        ("old", number("3")),
        ("new", Value::Null),
        ("set", Value::Known(Data::set(vec![Raw::string("a"), Raw::string("b")]))),
        (
            "any",
            Value::Known(Data::Dynamic(Box::new(Typed {
                ty: Type::list(Type::String),
                value: Value::Known(Data::List(vec![Raw::string("x")])),
            }))),
        ),
    ]);
    assert_eq!(decode_json(state.as_bytes(), &ty), Ok(want));
}

#[test]
fn says_where_state_is_wrong() {
    let ty = Type::object([("m", Type::map(Type::Bool))]);
    let state = json!({"m": {"k": "yes"}}).to_string();
    let err = decode_json(state.as_bytes(), &ty).unwrap_err();
    assert_eq!(err.to_string(), "m[\"k\"] is not a bool");
}

/// The JSON that core would store for a value.
fn stored(value: &Raw) -> String {
    match value {
        Value::Unknown => unreachable!("state is wholly known"),
        Value::Null => "null".to_owned(),
        Value::Known(Data::String(text)) => json!(text).to_string(),
        Value::Known(Data::Bool(value)) => value.to_string(),
        Value::Known(Data::Number(number)) => number.to_string(),
        Value::Known(Data::List(elements) | Data::Set(elements)) => {
            format!("[{}]", elements.iter().map(stored).collect::<Vec<_>>().join(","))
        }
        Value::Known(Data::Map(members)) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}:{}", json!(key), stored(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Known(Data::Dynamic(typed)) => {
            let ty = String::from_utf8(typed.ty.to_json()).unwrap();
            format!("{{\"value\":{},\"type\":{ty}}}", stored(&typed.value))
        }
    }
}

fn is_finite(value: &Raw) -> bool {
    match value {
        Value::Known(Data::Number(number)) => number.infinity().is_none(),
        Value::Known(Data::List(elements) | Data::Set(elements)) => elements.iter().all(is_finite),
        Value::Known(Data::Map(members)) => members.values().all(is_finite),
        Value::Known(Data::Dynamic(typed)) => is_finite(&typed.value),
        _ => true,
    }
}

proptest! {
    #[test]
    fn msgpack_round_trips((ty, value) in any_type().prop_flat_map(|ty| {
        let value = any_value(&ty, true);
        (Just(ty), value)
    })) {
        let bytes = encode_msgpack(&value, &ty).unwrap();
        prop_assert_eq!(decode_msgpack(&bytes, &ty), Ok(value));
    }

    #[test]
    fn json_reads_what_core_stores((ty, value) in any_type().prop_flat_map(|ty| {
        let value = any_value(&ty, false);
        (Just(ty), value)
    })) {
        prop_assume!(is_finite(&value)); // state cannot hold an infinity
        prop_assert_eq!(decode_json(stored(&value).as_bytes(), &ty), Ok(value));
    }

    #[test]
    fn types_round_trip(ty in any_type()) {
        prop_assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn random_bytes_never_panic(ty in any_type(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_msgpack(&bytes, &ty);
        let _ = decode_json(&bytes, &ty);
        let _ = Type::from_json(&bytes);
    }

    #[test]
    fn broken_bytes_never_panic(
        (ty, value) in any_type().prop_flat_map(|ty| { let value = any_value(&ty, true); (Just(ty), value) }),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode_msgpack(&value, &ty).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode_msgpack(&bytes, &ty);
    }
}

#[test]
fn members_of_what_is_no_object_are_null() {
    let nothing: BTreeMap<String, Raw> = BTreeMap::new();
    assert!(Value::Known(Data::Map(nothing)).member("x").is_null());
    assert!(Raw::Unknown.member("x").is_null() && Raw::Null.element(3).is_null());
}
