//! Switches about `subscriptions`: unknown event types, repeated ones, and their order.

use serde_json::json;
use terraform_provider_auth0::simulator::switches::{
    RepeatedEventType, SubscriptionsOrder, UnknownEventType,
};

use super::sent::assert_safe;
use super::{assert_says, bus, put, refused_by_apply, turned};
use crate::support::terraform::Acceptance;

fn with(subscriptions: &[&str]) -> String {
    bus("it", "audit", "eu-west-1", subscriptions, "")
}

/// What Auth0 has of the one stream.
#[track_caller]
fn in_tenant(acc: &Acceptance) -> Vec<String> {
    let [stream] = &acc.auth0.event_streams()[..] else { panic!("not one stream") };
    stream.subscriptions.clone()
}

/// Auth0 may know more event types than we do, so the plan only warns.
#[test]
fn an_unknown_event_type_that_auth0_refuses_changes_nothing() {
    let acc = turned(|switches| switches.unknown_event_type = UnknownEventType::Refuse);
    let refusal =
        ["400", "invalid_body", "No enum match for: user.invented", "subscriptions[1].event_type"];
    acc.configure(&with(&["user.created", "user.invented"]));
    assert_says(&refused_by_apply(&acc), &refusal);
    assert_says(&refused_by_apply(&acc), &["Unable to create event stream \"audit\""]);
    assert!(acc.stored("it").is_null(), "{}", acc.state_text());
    assert!(acc.auth0.event_streams().is_empty());

    put(&acc, &with(&["user.created"]));
    let stored = acc.stored("it");
    acc.configure(&with(&["user.created", "user.invented"]));
    assert_says(&refused_by_apply(&acc), &refusal);
    assert_eq!(acc.stored("it"), stored);
    assert_eq!(in_tenant(&acc), ["user.created"]);
    acc.configure(&with(&["user.created"]));
    acc.assert_settled();
    assert_safe(&acc);
}

#[test]
fn an_unknown_event_type_that_auth0_takes_is_subscribed() {
    let acc = turned(|switches| switches.unknown_event_type = UnknownEventType::Accept);
    let plan = acc.apply(&with(&["user.created", "user.invented"]));
    let warnings = plan.run.warnings();
    assert!(warnings.iter().any(|w| w.summary.contains("user.invented")), "{warnings:?}");
    assert_eq!(in_tenant(&acc), ["user.created", "user.invented"]);
    put(&acc, &with(&["user.invented"]));
    assert_eq!(acc.stored("it")["subscriptions"], json!(["user.invented"]));
    acc.destroy();
    assert_safe(&acc);
}

/// We send each type once, so that no position sees a repetition of ours.
#[test]
fn repeated_event_types_are_sent_once_whatever_auth0_makes_of_them() {
    for &position in RepeatedEventType::ALL {
        let acc = turned(|switches| switches.repeated_event_type = position);
        put(&acc, &with(&["user.updated", "user.created", "user.updated"]));
        assert_eq!(in_tenant(&acc), ["user.updated", "user.created"], "{position:?}");
        put(&acc, &with(&["user.deleted", "user.deleted"]));
        assert_eq!(in_tenant(&acc), ["user.deleted"], "{position:?}");
        assert_safe(&acc);

        // Others may send repetitions; they are no difference either.
        let id = acc.stored("it")["id"].as_str().unwrap().to_owned();
        let sent = ["user.deleted", "group.created", "user.deleted"];
        let sent = json!({"subscriptions": sent.map(|name| json!({"event_type": name}))});
        let changed = acc.auth0.patch_event_stream(&id, &sent);
        assert_eq!(changed.is_ok(), position != RepeatedEventType::Refuse, "{position:?}");
        if changed.is_ok() {
            let has = if position == RepeatedEventType::Keep { 3 } else { 2 };
            assert_eq!(in_tenant(&acc).len(), has, "{position:?}");
            acc.apply(&with(&["group.created", "user.deleted"])).assert_empty();
            assert_eq!(in_tenant(&acc).len(), has, "{position:?}: nothing was sent");
        }
    }
}

/// Answers in another order than the request are no difference, and the state keeps the order of
/// the configuration, so that outputs do not change either.
#[test]
fn subscriptions_that_come_back_sorted_are_no_difference() {
    let acc = turned(|switches| switches.subscriptions_order = SubscriptionsOrder::Sorted);
    let output =
        "output \"first\" {\n  value = auth0_event_stream.it.subscriptions[0]\n}\n".to_owned();
    let hcl = |subscriptions: &[&str]| with(subscriptions) + &output;
    acc.apply(&hcl(&["user.updated", "user.created"]));
    assert_eq!(acc.stored("it")["subscriptions"], json!(["user.updated", "user.created"]));
    acc.apply(&hcl(&["user.updated", "group.created", "user.created"]));
    assert_eq!(in_tenant(&acc), ["user.updated", "group.created", "user.created"]);
    assert_eq!(acc.output("first"), "user.updated");
    // A refresh sees the other order, and a change of something else sends no subscriptions.
    assert_safe(&acc);
    acc.auth0.forget_requests();
    let renamed = hcl(&["user.updated", "group.created", "user.created"]);
    acc.apply(&renamed.replace("\"audit\"", "\"audit-2\""));
    assert_eq!(acc.bodies("PATCH"), [json!({"name": "audit-2"})]);
    assert_eq!(acc.output("first"), "user.updated");

    // An import has no order but that of the answer.
    let id = acc.stored("it")["id"].as_str().unwrap().to_owned();
    acc.run(&["state", "rm", "auth0_event_stream.it"]).ok();
    let import = format!("import {{\n  to = auth0_event_stream.it\n  id = {id:?}\n}}\n");
    let plan = acc.apply(
        &(with(&["user.updated", "group.created", "user.created"]) + &import)
            .replace("\"audit\"", "\"audit-2\""),
    );
    assert_eq!(plan.actions("it"), "no-op");
    assert_safe(&acc);
}
