//! Forms in which a core may write one value, and the one in which it gets it back.

use rmpv::Value;
use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::plan_resource_change::{Request, Response};

use super::{
    answers::errors,
    as_core::Core,
    requests::plan_request,
    streams::{bearer, stored},
    values::{UNKNOWN, bytes, decode, from_bytes, pack, write},
};

/// A number whose bytes occur nowhere else.
const MARK: i64 = 987;
const MARK_BYTES: &[u8] = &[0xcd, 0x03, 0xdb];

async fn plan(core: &Core, request: Request) -> Response {
    core.client.clone().plan_resource_change(request).await.unwrap().into_inner()
}

/// A plan of a create whose values have been changed byte by byte.
async fn plan_of(core: &Core, config: Vec<u8>) -> Response {
    let mut request = plan_request(&Json::Null, &Json::Null);
    request.config = Some(from_bytes(config.clone()));
    request.proposed_new_state = Some(from_bytes(config));
    plan(core, request).await
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[tokio::test]
async fn a_number_may_come_in_any_form_and_is_answered_in_the_one_that_core_compares() {
    let core = Core::start().await;
    let text = |text: &str| [&[0xa0 + u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    for (case, form, want) in [
        ("fixint", vec![0x02], json!(2)),
        ("uint 8", vec![0xcc, 2], json!(2)),
        ("uint 64", vec![0xcf, 0, 0, 0, 0, 0, 0, 0, 2], json!(2)),
        ("int 16", vec![0xd1, 0, 2], json!(2)),
        ("int 64", vec![0xd3, 0, 0, 0, 0, 0, 0, 0, 2], json!(2)),
        ("float 32", [&[0xca][..], &2.0_f32.to_be_bytes()].concat(), json!(2)),
        ("float 64", [&[0xcb][..], &2.0_f64.to_be_bytes()].concat(), json!(2)),
        ("text", text("2"), json!(2)),
        ("text with an exponent", text("2e0"), json!(2)),
        ("negative", vec![0xff], json!(-1)),
        ("largest int 64", [&[0xcf][..], &i64::MAX.to_be_bytes()].concat(), json!(i64::MAX)),
        (
            "beyond int 64",
            [&[0xcf][..], &(1_u64 << 63).to_be_bytes()].concat(),
            json!("9223372036854775808"),
        ),
        ("beyond 64 bits", text("12345678901234567890123"), json!("12345678901234567890123")),
    ] {
        let config = replaced(&bytes(&bearer("t", MARK)), MARK_BYTES, &form);
        let answer = plan_of(&core, config).await;
        assert_eq!(errors(&answer.diagnostics), [], "{case}");
        let planned = decode(answer.planned_state.as_ref());
        let authorization = &planned["webhook_configuration"][0]["webhook_authorization"][0];
        assert_eq!(authorization["token_wo_version"], want, "{case}");
    }
}

#[tokio::test]
async fn text_keys_and_unknowns_may_come_in_any_form() {
    let core = Core::start().await;
    let mut config = bearer("t", 1);
    config["name"] = UNKNOWN.into();
    let plain = bytes(&config);
    let want = plan_of(&core, plain.clone()).await;
    assert_eq!(errors(&want.diagnostics), []);

    let reversed = write(&backwards(pack(&config)));
    assert_ne!(reversed, plain);
    let enabled = |form: &[u8]| replaced(&plain, b"\xa7webhook", form);
    let unknown = |form: &[u8]| replaced(&plain, &[0xd4, 0, 0], form);
    let longest = [&[0xc8, 4, 0, 12][..], &[0xc0; 1024]].concat();
    for (case, config) in [
        ("keys in another order", reversed),
        ("str 8", enabled(b"\xd9\x07webhook")),
        ("str 16", enabled(b"\xda\x00\x07webhook")),
        ("str 32", enabled(b"\xdb\x00\x00\x00\x07webhook")),
        ("bin 8", enabled(b"\xc4\x07webhook")),
        ("another unknown", unknown(&[0xd4, 7, 9])),
        ("an unknown that is not null", unknown(&[0xc7, 3, 12, 0x81, 1, 0xc2])),
        ("an unknown of which much is known", unknown(&longest)),
    ] {
        assert_eq!(plan_of(&core, config).await, want, "{case}");
    }
}

fn backwards(value: Value) -> Value {
    match value {
        Value::Map(members) => members
            .into_iter()
            .rev()
            .map(|(key, value)| (key, backwards(value)))
            .collect::<Vec<_>>()
            .into(),
        Value::Array(elements) => elements.into_iter().map(backwards).collect(),
        value => value,
    }
}

/// Absent, both forms empty, and `nil` are one: null.
#[tokio::test]
async fn a_value_that_is_absent_is_null() {
    let core = Core::start().await;
    let config = bearer("t", 1);
    let want = core.plan(&Json::Null, &config).await;
    for absent in [None, Some(Default::default())] {
        let mut request = plan_request(&Json::Null, &config);
        request.prior_state = absent.clone();
        assert_eq!(plan(&core, request).await, want);

        let mut request = plan_request(&stored(&config), &Json::Null);
        (request.proposed_new_state, request.config) = (absent.clone(), absent);
        let answer = plan(&core, request).await;
        assert_eq!(answer.diagnostics, []);
        assert_eq!(
            answer.planned_state.unwrap().msgpack,
            [0xc0][..],
            "null is said, and not left out"
        );
    }
}
