//! Values that are wrong in as many ways as a decoder can be, each with what is wrong.

use rmpv::Value;
use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::DynamicValue;

use super::{
    streams::CANARY,
    values::{bytes, from_bytes, pack, write},
};

type Members = Vec<(Value, Value)>;

/// Deeper than any stack, were it read by recursion.
const DEEP: usize = 100_000;

/// The object `right` made wrong, in both forms that a value may have.
pub fn wrong_values(right: &Json, text: &str) -> Vec<(String, DynamicValue)> {
    let msgpack = [
        cuts(&bytes(right)),
        wrong_members(right, text),
        wrong_blocks(right),
        wrong_headers(right, text),
        wrong_as_a_whole(right),
    ];
    let msgpack = msgpack.into_iter().flatten();
    let json = wrong_json(right, text).into_iter();
    let as_json = |json: Vec<u8>| DynamicValue { json: json.into(), ..Default::default() };
    msgpack
        .map(|(case, bytes)| (format!("msgpack, {case}"), from_bytes(bytes)))
        .chain(json.map(|(case, json)| (format!("JSON, {case}"), as_json(json))))
        .collect()
}

fn cuts(whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let some = (1..whole.len()).step_by(whole.len() / 12).chain([whole.len() - 1]);
    some.map(|length| (format!("the first {length} bytes"), whole[..length].to_vec())).collect()
}

/// `right` with the text `text`, or the whole list of its members, made wrong.
fn wrong_members(right: &Json, text: &str) -> Vec<(String, Vec<u8>)> {
    let Value::Map(members) = pack(right) else { panic!("no object: {right}") };
    let changed = |change: fn(&mut Members)| {
        let mut members = members.clone();
        change(&mut members);
        write(&Value::Map(members))
    };
    let with = |value: Value| with_member(right, text, value);
    named([
        ("an attribute more", changed(|members| members.push(("extra".into(), CANARY.into())))),
        ("an attribute less", changed(|members| members.truncate(members.len() - 1))),
        (
            "an attribute twice",
            changed(|members| *members.last_mut().unwrap() = members[0].clone()),
        ),
        ("a key that is no text", changed(|members| members[0].0 = 1.into())),
        ("a number for a text", with(1.into())),
        ("a bool for a text", with(true.into())),
        ("a list for a text", with(Value::Array(vec![CANARY.into()]))),
        ("an object for a text", with(Value::Map(vec![]))),
    ])
}

/// Nothing for the provider block, which has no blocks in it.
fn wrong_blocks(right: &Json) -> Vec<(String, Vec<u8>)> {
    const BLOCK: &str = "webhook_configuration";
    if right.get(BLOCK).is_none() {
        return Vec::new();
    }
    let blocks = |element: Value| with_member(right, BLOCK, Value::Array(vec![element]));
    named([
        ("a text for a list", with_member(right, "subscriptions", CANARY.into())),
        ("an object for blocks", with_member(right, BLOCK, Value::Map(vec![]))),
        ("a text for a block", blocks(CANARY.into())),
        ("a null block", blocks(Value::Nil)),
        ("an empty block", blocks(Value::Map(vec![]))),
    ])
}

/// `right` with bytes in the place of the text `text` that promise more than there is, or nothing.
fn wrong_headers(right: &Json, text: &str) -> Vec<(String, Vec<u8>)> {
    let mark = bytes(&json!("the place"));
    let marked = with_member(right, text, "the place".into());
    let at = marked.windows(mark.len()).position(|window| window == mark).unwrap();
    let with = |raw: &[u8]| [&marked[..at], raw, &marked[at + mark.len()..]].concat();
    named([
        ("no UTF-8", with(b"\xa2\xff\xfe")),
        ("a text that is too long", with(b"\xdb\xff\xff\xff\xff")),
        ("bytes that are too long", with(b"\xc6\xff\xff\xff\xff")),
        ("a list that is too long", with(b"\xdd\xff\xff\xff\xff")),
        ("an object that is too long", with(b"\xdf\xff\xff\xff\xff")),
        ("an extension that is too long", with(b"\xc9\xff\xff\xff\xff\x0c")),
        ("an extension of 1025 bytes", with(&[&[0xc8, 4, 1, 12][..], &[0; 1025]].concat())),
        ("a byte that means nothing", with(b"\xc1")),
        ("deep lists in a text", with(&[0x91; DEEP])),
    ])
}

fn wrong_as_a_whole(right: &Json) -> Vec<(String, Vec<u8>)> {
    named([
        ("one byte more", [bytes(right), vec![0xc0]].concat()),
        ("a list of it", bytes(&json!([right]))),
        ("a text", bytes(&json!(CANARY))),
        ("a number", vec![0x01]),
        ("an object of 4 billion members", b"\xdf\xff\xff\xff\xff".to_vec()),
        ("deep lists", vec![0x91; DEEP]),
        ("deep objects", b"\x81\xa1a".repeat(DEEP)),
    ])
}

/// JSON may lack attributes and have others: it is the form of state that another version wrote.
pub fn wrong_json(right: &Json, text: &str) -> Vec<(String, Vec<u8>)> {
    let whole = right.to_string();
    let with = |name: &str, value: &str| {
        let mut object = right.clone();
        object[name] = "the place".into();
        object.to_string().replace("\"the place\"", value).into_bytes()
    };
    let deep = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    let mut wrong = vec![
        ("cut", whole[..whole.len() / 2].into()),
        ("one byte more", format!("{whole}]").into()),
        ("a list", b"[]".to_vec()),
        ("a text", format!("\"{CANARY}\"").into()),
        ("no JSON", CANARY.into()),
        ("no UTF-8", b"{\"a\":\"\xff\"}".to_vec()),
        ("a number for a text", with(text, "1")),
        ("a list for a text", with(text, &format!("[\"{CANARY}\"]"))),
        ("half a surrogate", with(text, "\"\\ud800\"")),
        ("deep lists in a text", with(text, &deep)),
        ("deep lists", deep.into()),
        ("deep lists without an end", "[".repeat(DEEP).into()),
        ("deep objects", "{\"a\":".repeat(DEEP).into()),
    ];
    if right.get("webhook_configuration").is_some() {
        wrong.extend([
            ("an object for blocks", with("webhook_configuration", "{}")),
            ("a text for a block", with("webhook_configuration", &format!("[\"{CANARY}\"]"))),
        ]);
    }
    named(wrong)
}

fn with_member(object: &Json, name: &str, value: Value) -> Vec<u8> {
    let Value::Map(mut members) = pack(object) else { panic!("no object: {object}") };
    let found = members.iter_mut().find(|(key, _)| key.as_str() == Some(name));
    found.unwrap().1 = value;
    write(&Value::Map(members))
}

fn named(cases: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    cases.into_iter().map(|(case, bytes)| (case.to_owned(), bytes)).collect()
}
