//! Changing in place: only what differs is sent.

use serde_json::json;

use super::{ENDPOINT, eventbridge, webhook, with_authorization};
use crate::support::terraform::Acceptance;

/// The official provider sends the destination with every change, and without a write-only secret.
#[test]
fn a_new_name_sends_the_name_alone_and_no_secret() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let plan = acc.apply(&webhook("invoices", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(acc.bodies("PATCH"), [json!({"name": "invoices"})]);
    let stream = acc.auth0.event_stream_named("invoices").unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
}

#[test]
fn a_new_endpoint_sends_the_destination_with_the_write_only_secret() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let plan = acc.apply(&webhook("orders", "https://new.example.com/auth0", "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(
        acc.bodies("PATCH"),
        [json!({"destination": {
            "type": "webhook",
            "configuration": {
                "webhook_endpoint": "https://new.example.com/auth0",
                "webhook_authorization": {"method": "bearer", "token": "s3cr3t-token"},
            },
        }})]
    );
    assert!(!acc.state_text().contains("s3cr3t-token"));
}

#[test]
fn a_raised_version_alone_sends_the_new_secret() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "first", 1));
    let unchanged = acc.apply(&webhook("orders", ENDPOINT, "second", 1));
    unchanged.assert_empty();
    acc.requests();
    acc.apply(&webhook("orders", ENDPOINT, "second", 2));
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("second"));
    let [_, post, get, patch, _] = acc.requests();
    assert_eq!([post, patch], [0, 1]);
    assert_eq!(get, 2, "one refresh for each of two plans, and none after the PATCH");
}

#[test]
fn another_method_sends_the_destination() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "first", 1));
    let basic = "method = \"basic\"\n username = \"hook\"\n password = \"second\"";
    acc.apply(&with_authorization("orders", ENDPOINT, basic));
    let sent = &acc.bodies("PATCH")[0]["destination"]["configuration"]["webhook_authorization"];
    assert_eq!(*sent, json!({"method": "basic", "username": "hook", "password": "second"}));
}

#[test]
fn several_changes_are_one_request() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let changed = eventbridge("audit-2", "eu-west-1").replace(
        r#"["user.created"]"#,
        "[\"user.deleted\", \"user.created\"]\n  status = \"disabled\"",
    );
    acc.apply(&changed);
    assert_eq!(
        acc.bodies("PATCH"),
        [json!({
            "name": "audit-2",
            "status": "disabled",
            "subscriptions": [{"event_type": "user.deleted"}, {"event_type": "user.created"}],
        })]
    );
}

/// Otherwise every AWS resource that reads the source would be planned for replacement.
#[test]
fn a_rename_leaves_the_partner_event_source_known() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let before = acc.output("source");
    let plan = acc.apply(&eventbridge("audit-2", "eu-west-1"));
    let unknown = &plan.change("it")["after_unknown"];
    assert_eq!(unknown["updated_at"], true);
    assert_eq!(unknown["eventbridge_configuration"], json!([{}]));
    assert_eq!(plan.json["output_changes"]["source"]["actions"], json!(["no-op"]));
    assert_eq!(acc.output("source"), before);
}

#[test]
fn an_output_of_updated_at_is_settled_after_an_update() {
    let acc = Acceptance::start();
    let output = "\noutput \"updated_at\" { value = auth0_event_stream.it.updated_at }\n";
    acc.apply(&(eventbridge("audit", "eu-west-1") + output));
    let before = acc.output("updated_at");
    acc.apply(&(eventbridge("audit-2", "eu-west-1") + output));
    assert_ne!(acc.output("updated_at"), before);
}

#[test]
fn another_order_or_repetition_of_subscriptions_plans_nothing() {
    let acc = Acceptance::start();
    let with = |list: &str| eventbridge("audit", "eu-west-1").replace(r#"["user.created"]"#, list);
    acc.apply(&with(r#"["user.created", "user.deleted"]"#));
    acc.requests();
    for list in [
        r#"["user.deleted", "user.created"]"#,
        r#"["user.deleted", "user.created", "user.deleted"]"#,
    ] {
        acc.configure(&with(list));
        acc.plan().assert_empty();
    }
    acc.apply(&with(r#"["user.deleted"]"#));
    assert_eq!(acc.bodies("PATCH"), [json!({"subscriptions": [{"event_type": "user.deleted"}]})]);
}

#[test]
fn another_case_of_a_header_name_plans_nothing() {
    let acc = Acceptance::start();
    let with = |key: &str| {
        let authorization =
            format!("method = \"custom_header\"\n header_key = {key:?}\n header_value = \"plain\"");
        with_authorization("orders", ENDPOINT, &authorization)
    };
    acc.apply(&with("X-Hook-Secret"));
    acc.configure(&with("x-hook-secret"));
    acc.plan().assert_empty();
    acc.apply(&with("X-Other"));
    assert_eq!(acc.bodies("PATCH").len(), 1);
}

#[test]
fn a_status_that_is_no_longer_configured_stays() {
    let acc = Acceptance::start();
    let disabled = eventbridge("audit", "eu-west-1")
        .replace("subscriptions    =", "status = \"disabled\"\n  subscriptions    =");
    acc.apply(&disabled);
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.plan().assert_empty();
    assert_eq!(acc.stored("it")["status"], "disabled");
}

/// Forgetting a secret is no reason to send another one.
#[test]
fn a_secret_that_is_no_longer_configured_leaves_the_state_and_sends_nothing() {
    let acc = Acceptance::start();
    let with = |secret: &str| {
        with_authorization("orders", ENDPOINT, &format!("method = \"bearer\"\n {secret}"))
    };
    acc.apply(&with("token = \"plain\""));
    acc.requests();
    let plan = acc.apply(&with(""));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(plan.change("it")["after_unknown"]["updated_at"], json!(null), "nothing is sent");
    assert!(!acc.state_text().contains("plain"));
    let [_, _, _, patch, _] = acc.requests();
    assert_eq!(patch, 0);
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("plain"));

    // It is missed as soon as something needs it.
    acc.configure(&with("").replace(ENDPOINT, "https://new.example.com"));
    let plan = acc.plan();
    assert_eq!(plan.errors(), [r#"Missing secret of event stream "orders""#]);
}

#[test]
fn a_plain_secret_can_become_write_only_and_leaves_the_state() {
    let acc = Acceptance::start();
    let plain = "method = \"bearer\"\n token = \"s3cr3t-token\"";
    acc.apply(&with_authorization("orders", ENDPOINT, plain));
    assert!(acc.state_text().contains("s3cr3t-token"));
    let plan = acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "update");
    assert!(!acc.state_text().contains("s3cr3t-token"));
}

#[test]
fn a_change_of_a_stream_that_has_gone_meanwhile_is_an_error_that_says_so() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.configure(&eventbridge("audit-2", "eu-west-1"));
    acc.plan().run.assert_code(&[2]);
    let id = acc.stored("it")["id"].as_str().unwrap().to_owned();
    acc.auth0.advance_clock(std::time::Duration::from_secs(60));
    assert!(acc.auth0.delete_event_stream(&id));
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let error = &run.errors()[0];
    assert_eq!(error.summary, r#"Unable to update event stream "audit""#);
    for part in ["404", &id, "was deleted outside of this configuration", "Plan again"] {
        assert!(error.detail.contains(part), "{part}: {}", error.detail);
    }
    assert_eq!(acc.plan().actions("it"), "create");
}

/// 0 is a version where there is a secret, though it stands for "not set" elsewhere.
#[test]
fn a_version_that_is_lowered_to_0_sends_the_secret() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "first", 1));
    acc.apply(&webhook("orders", ENDPOINT, "second", 0));
    assert_eq!(acc.bodies("PATCH").len(), 1);
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("second"));
}
