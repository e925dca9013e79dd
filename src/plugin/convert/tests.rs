//! The wire forms, written out.

use super::{from_wire, to_wire};
use crate::framework::path::path;
use crate::framework::schema::{Block, BlockNesting, NestedBlock, Nesting, Schema, nested, string};
use crate::framework::value::{Raw, Type, Value};
use crate::framework::{Diagnostic, Diagnostics};
use crate::wire::tfplugin6 as wire;
use wire::attribute_path::step::Selector;

fn dynamic(msgpack: &'static [u8], json: &'static [u8]) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: msgpack.into(), json: json.into() }
}

#[test]
fn an_absent_value_is_null() {
    for absent in [None, Some(wire::DynamicValue::default())] {
        assert_eq!(from_wire::value(absent, &Type::String), Ok(Raw::Null));
    }
}

#[test]
fn msgpack_goes_before_json() {
    let both = dynamic(b"\xa1m", b"\"j\"");
    assert_eq!(from_wire::value(Some(both), &Type::String), Ok(Raw::string("m")));
    let json = dynamic(b"", b"\"j\"");
    assert_eq!(from_wire::value(Some(json), &Type::String), Ok(Raw::string("j")));
}

#[test]
fn a_value_that_does_not_fit_is_named_by_its_place_and_not_shown() {
    let ty = Type::object([("a", Type::Bool)]);
    let wrong = dynamic(b"\x81\xa1a\xa6canary", b"");
    let err = from_wire::value(Some(wrong), &ty).unwrap_err();
    assert_eq!(err.path, path("a"));
    assert!(err.detail.contains("a is not a bool") && !err.detail.contains("canary"));

    let err = to_wire::value(&Raw::string("canary"), &Type::Bool).unwrap_err();
    assert!(!err.detail.contains("canary"));
}

#[test]
fn null_is_sent_as_one_byte() {
    assert_eq!(to_wire::value(&Value::Null, &Type::String).unwrap().msgpack, b"\xc0"[..]);
}

#[test]
fn old_and_empty_states_are_refused() {
    let flatmap = wire::RawState {
        flatmap: [("id".to_owned(), "1".to_owned())].into(),
        ..Default::default()
    };
    assert_eq!(
        from_wire::state(Some(flatmap)).unwrap_err().summary,
        "State of Terraform 0.11 or older"
    );
    assert_eq!(from_wire::state(None).unwrap_err().summary, "Empty state");
}

#[test]
fn diagnostics_carry_severity_and_path_down_to_the_element() {
    let mut both = Diagnostics::new();
    both.push(Diagnostic::error("E", "e").at(path("list").index(2).key("k").attribute("a")));
    both.push(Diagnostic::warning("W", "w"));
    let wire = to_wire::diagnostics(both);
    assert_eq!(
        (wire[0].severity, wire[0].summary.as_str(), wire[0].detail.as_str()),
        (1, "E", "e")
    );
    let steps: Vec<_> = wire[0]
        .attribute
        .as_ref()
        .unwrap()
        .steps
        .iter()
        .map(|s| s.selector.clone().unwrap())
        .collect();
    assert_eq!(
        steps,
        [
            Selector::AttributeName("list".into()),
            Selector::ElementKeyInt(2),
            Selector::ElementKeyString("k".into()),
            Selector::AttributeName("a".into()),
        ]
    );
    assert_eq!((wire[1].severity, &wire[1].attribute), (2, &None));
}

#[test]
fn an_attribute_has_a_type_or_a_nested_type_never_both() {
    let attributes = [
        ("plain", string().optional().computed().sensitive().description("Text.")),
        ("secret", string().optional().write_only().deprecated("Use plain.")),
        ("inner", nested(Nesting::Map, [("a", string().required())]).optional()),
    ];
    let schema = to_wire::schema(&Schema::new(Block::new(attributes)));
    let [inner, plain, secret]: [_; 3] = schema.block.unwrap().attributes.try_into().unwrap();
    assert_eq!(plain.r#type, br#""string""#[..]);
    assert!(plain.nested_type.is_none() && plain.optional && plain.computed && plain.sensitive);
    assert_eq!((plain.description.as_str(), plain.description_kind), ("Text.", 1));
    assert!(secret.write_only && secret.deprecated);
    assert_eq!(secret.deprecation_message, "Use plain.");
    assert!(inner.r#type.is_empty());
    let object = inner.nested_type.unwrap();
    assert_eq!(object.nesting, 4);
    assert!(object.attributes[0].required);
}

/// Whoever wrote the message, and whatever it quotes.
#[test]
fn no_diagnostic_leaves_with_a_secret_that_the_process_has_seen() {
    crate::redact::register("diagnostic-canary");
    let said = Diagnostic::error("diagnostic-canary is wrong", "Auth0 got \"diagnostic-canary\".");
    let [wire] = &to_wire::diagnostics(said)[..] else { panic!("one") };
    assert_eq!(wire.summary, "(sensitive value) is wrong");
    assert_eq!(wire.detail, "Auth0 got \"(sensitive value)\".");
}

#[test]
fn blocks_keep_their_nesting_and_limits() {
    let nestings = [
        ("a", BlockNesting::Single, 1),
        ("b", BlockNesting::List, 2),
        ("c", BlockNesting::Set, 3),
        ("d", BlockNesting::Map, 4),
        ("e", BlockNesting::Group, 5),
    ];
    let mut block =
        Block::default().block("z", NestedBlock::at_most_one(Block::default()).required());
    for (name, nesting, _) in nestings {
        block = block.block(name, NestedBlock::new(nesting, Block::default()));
    }
    let blocks = to_wire::schema(&Schema::new(block)).block.unwrap().block_types;
    for (got, (name, _, mode)) in blocks.iter().zip(nestings) {
        assert_eq!((got.type_name.as_str(), got.nesting), (name, mode));
        assert_eq!((got.min_items, got.max_items), (0, 0));
    }
    assert_eq!((blocks[5].min_items, blocks[5].max_items), (1, 1));
}
