//! What others do to a stream.

use std::time::Duration;

use serde_json::json;

use super::{ENDPOINT, eventbridge, webhook};
use crate::support::terraform::Acceptance;

fn id(acc: &Acceptance) -> String {
    acc.stored("it")["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_change_in_the_dashboard_is_shown_and_taken_back() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.auth0.patch_event_stream(&id(&acc), &json!({"name": "renamed"})).unwrap();
    let plan = acc.apply(&eventbridge("audit", "eu-west-1"));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(plan.change("it")["before"]["name"], "renamed");
    assert_eq!(acc.bodies("PATCH"), [json!({"name": "audit"})]);
}

#[test]
fn a_webhook_that_was_changed_gets_its_destination_and_secret_back() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let basic = json!({"destination": {"type": "webhook", "configuration": {
        "webhook_endpoint": ENDPOINT,
        "webhook_authorization": {"method": "basic", "username": "x", "password": "y"},
    }}});
    acc.auth0.patch_event_stream(&id(&acc), &basic).unwrap();
    let plan = acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "update");
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
}

#[test]
fn a_stream_that_auth0_disabled_is_enabled_only_where_that_is_configured() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.auth0.disable_event_stream(&id(&acc), 500);
    acc.plan().assert_empty();
    let enabled = eventbridge("audit", "eu-west-1")
        .replace("subscriptions    =", "status = \"enabled\"\n  subscriptions    =");
    acc.apply(&enabled);
    assert_eq!(acc.bodies("PATCH"), [json!({"status": "enabled"})]);
}

#[test]
fn a_stream_that_was_deleted_is_created_again_and_the_plan_says_why() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let id = id(&acc);
    // Right after its creation it would be looked for until reads must show it.
    acc.auth0.advance_clock(Duration::from_secs(60));
    acc.auth0.delete_event_stream(&id);
    let plan = acc.apply(&eventbridge("audit", "eu-west-1"));
    assert_eq!(plan.actions("it"), "create");
    let [warning] = &plan.run.warnings()[..] else { panic!("{:?}", plan.run.messages()) };
    assert_eq!(warning.summary, r#"Event stream "audit" is gone"#);
    assert!(warning.detail.contains(&id), "{}", warning.detail);
}

/// Reads may lag behind, and CI plans right after it has applied.
#[test]
fn a_stream_that_was_just_made_is_not_taken_for_gone() {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| settings.stale_reads_ms = 6_000);
    // Settled means that a plan with a refresh is empty.
    acc.apply(&eventbridge("audit", "eu-west-1"));
    assert_eq!(acc.auth0.event_streams().len(), 1);
}

#[test]
fn a_stream_that_is_gone_already_is_destroyed_without_a_word() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.auth0.delete_event_stream(&id(&acc));
    let run = acc.run(&["destroy", "-json", "-auto-approve", "-refresh=false"]).ok();
    assert!(run.errors().is_empty());
}

/// The answer of a PATCH shows a change that nobody planned: core would call it inconsistent.
#[test]
fn a_change_between_refresh_and_apply_is_a_warning_and_shows_up_in_the_next_plan() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.configure(&eventbridge("audit-2", "eu-west-1"));
    acc.plan().run.assert_code(&[2]);
    let more = json!({"subscriptions": [{"event_type": "user.deleted"}]});
    acc.auth0.patch_event_stream(&id(&acc), &more).unwrap();
    let run = acc.apply_plan().ok();
    let [warning] = &run.warnings()[..] else { panic!("{:?}", run.messages()) };
    assert_eq!(warning.summary, r#"Event stream "audit-2": subscriptions is not as planned"#);
    assert!(warning.detail.contains("user.deleted"), "{}", warning.detail);
    let plan = acc.apply(&eventbridge("audit-2", "eu-west-1"));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(
        acc.bodies("PATCH").last(),
        Some(&json!({"subscriptions": [{"event_type": "user.created"}]}))
    );
}

#[test]
fn a_webhook_that_was_changed_between_refresh_and_apply_keeps_its_plan_and_shows_no_secret() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    acc.configure(&webhook("orders-2", ENDPOINT, "s3cr3t-token", 1));
    acc.plan().run.assert_code(&[2]);
    let other = json!({"status": "disabled", "destination": {"type": "webhook", "configuration": {
        "webhook_endpoint": "https://other.example.com",
        "webhook_authorization": {"method": "basic", "username": "x", "password": "other-s3cr3t"},
    }}});
    acc.auth0.patch_event_stream(&id(&acc), &other).unwrap();
    let run = acc.apply_plan().ok();
    let warnings = run.warnings();
    for attribute in ["status", "webhook_endpoint", "method"] {
        let found = warnings.iter().any(|warning| {
            warning.summary.contains(attribute) && warning.summary.ends_with("is not as planned")
        });
        assert!(found, "{attribute}: {warnings:?}");
    }
    assert!(!run.printed().contains("s3cr3t"), "{}", run.printed());
    let stored = &acc.stored("it")["webhook_configuration"][0];
    assert_eq!(stored["webhook_endpoint"], ENDPOINT);
    assert_eq!(stored["webhook_authorization"][0]["method"], "bearer");

    let plan = acc.apply(&webhook("orders-2", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "update");
    let stream = acc.auth0.event_stream_named("orders-2").unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
}
