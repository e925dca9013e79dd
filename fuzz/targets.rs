//! What is fuzzed. Each target takes any bytes and panics only where the provider is wrong. The
//! inputs in `corpus/` are replayed by the tests on the stable toolchain.
#![allow(dead_code, reason = "each program uses one of them")]

// What core proposes and what it takes, as the tests of the framework have it.
#[path = "../src/framework/plan/oracle/mod.rs"]
mod oracle;

use terraform_provider_auth0::auth0::EventStream;
use terraform_provider_auth0::framework; // for the oracle too
use terraform_provider_auth0::provider::Auth0Provider;

use framework::engine::{Engine, PlanRequest, plan, upgrade, validate};
use framework::plan::{conform, settle};
use framework::private::Private;
use framework::value::{Raw, Type, decode_json, decode_msgpack, encode_msgpack};

/// Splits off a part whose length stands in front of it, in two bytes.
fn part<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else {
        return std::mem::take(bytes);
    };
    let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
    let (part, rest) = rest.split_at(length);
    *bytes = rest;
    part
}

/// A type expression, then a value of it as MessagePack: what can be read can be written and read
/// again.
pub fn msgpack(mut bytes: &[u8]) {
    let Ok(ty) = Type::from_json(part(&mut bytes)) else { return };
    assert!(Type::from_json(&ty.to_json()).is_ok_and(|again| again == ty));
    let Ok(value) = decode_msgpack(bytes, &ty) else { return };
    let written = encode_msgpack(&value, &ty).expect("what was read can be written");
    let again = decode_msgpack(&written, &ty).expect("what was written can be read");
    assert!(again == value, "a value changed");
}

/// A type expression, then stored state as JSON.
pub fn state(mut bytes: &[u8]) {
    let ty = part(&mut bytes);
    if let Ok(ty) = Type::from_json(ty)
        && let Ok(value) = decode_json(bytes, &ty)
    {
        let written = encode_msgpack(&value, &ty).expect("what was read can be written");
        assert!(decode_msgpack(&written, &ty).is_ok_and(|again| again == value));
    }
    let engine = Engine::new(Auth0Provider::new());
    let streams = engine.resource("auth0_event_stream").expect("the provider has it");
    if let Ok(state) = upgrade(streams.as_ref(), bytes) {
        encode_msgpack(&state, &streams.schema().ty()).expect("state fits the schema");
    }
}

/// A prior state and a configuration of an event stream: they can be validated and planned, the same
/// request has the same plan, and core takes the plan and what an apply would store.
pub fn change(mut bytes: &[u8]) {
    let engine = Engine::new(Auth0Provider::new());
    let streams = engine.resource("auth0_event_stream").expect("the provider has it");
    let (block, ty) = (&streams.schema().block, streams.schema().ty());
    let read = |part: &[u8]| decode_msgpack(part, &ty).ok();
    let (Some(prior_state), Some(config)) = (read(part(&mut bytes)), read(part(&mut bytes))) else {
        return;
    };
    if config.is_null() || config.is_unknown() || !prior_state.is_wholly_known() {
        return; // core never sends these
    }
    let prior_state = conform(block, prior_state);
    for diagnostic in validate(streams.as_ref(), &config, true).iter() {
        assert!(!diagnostic.summary.is_empty() && !diagnostic.detail.is_empty());
    }
    let request = || PlanRequest {
        prior_state: prior_state.clone(),
        proposed_new_state: oracle::proposed(block, &prior_state, &config),
        config: config.clone(),
        prior_private: Private::from_bytes(bytes),
    };
    let (first, second) = (plan(streams.as_ref(), request()), plan(streams.as_ref(), request()));
    assert!(first.planned_state == second.planned_state, "a plan is not deterministic");
    let planned: &Raw = &first.planned_state;
    encode_msgpack(planned, &ty).expect("a plan fits the schema");
    if first.diagnostics.has_errors() {
        return; // core does not look at the plan
    }
    let none = Vec::<String>::new();
    assert_eq!(oracle::plan_faults(block, &prior_state, &config, planned), none);
    for path in &first.requires_replace {
        assert!(oracle::can_follow(path, &prior_state) || oracle::can_follow(path, planned));
    }
    let (state, _) = settle(block, planned, prior_state, "It");
    assert_eq!(oracle::apply_faults(block, planned, &state), none);
    encode_msgpack(&state, &ty).expect("a state fits the schema");
}

/// An answer of Auth0.
pub fn answer(bytes: &[u8]) {
    let _ = serde_json::from_slice::<EventStream>(bytes);
}
