//! Creating, reading back, and destroying.

use serde_json::json;

use super::{ENDPOINT, eventbridge, webhook, with_authorization};
use crate::support::terraform::Acceptance;

#[test]
fn a_webhook_is_created_with_one_request_and_destroyed_with_one() {
    let acc = Acceptance::start();
    let plan = acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "create");
    assert_eq!(
        acc.bodies("POST"),
        [json!({
            "name": "orders",
            "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
            "destination": {
                "type": "webhook",
                "configuration": {
                    "webhook_endpoint": ENDPOINT,
                    "webhook_authorization": {"method": "bearer", "token": "s3cr3t-token"},
                },
            },
        })]
    );
    let stored = acc.stored("it");
    assert_eq!(stored["status"], "enabled");
    let authorization = &stored["webhook_configuration"][0]["webhook_authorization"][0];
    assert_eq!(authorization["token_wo"], json!(null));
    assert_eq!(authorization["token_wo_version"], 1);
    let created_at = stored["created_at"].as_str().unwrap();
    assert!(created_at.ends_with('Z') && created_at.contains('T'), "RFC 3339: {created_at}");

    acc.requests();
    acc.destroy();
    let [_, post, get, patch, delete] = acc.requests();
    assert_eq!([post, get, patch, delete], [0, 1, 0, 1], "a refresh, and one DELETE");
}

#[test]
fn a_create_asks_for_one_token_and_sends_one_request_for_each_stream() {
    let acc = Acceptance::start();
    let streams = r#"
resource "auth0_event_stream" "many" {
  count            = 12
  name             = "stream-${count.index}"
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]
  eventbridge_configuration {
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }
}
"#;
    acc.configure(streams);
    acc.plan().run.assert_code(&[2]);
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0], "a plan of new streams asks nothing");
    let before = acc.auth0.connections();
    acc.apply_plan().ok();
    assert_eq!(acc.requests(), [1, 12, 0, 0, 0]);
    assert_eq!(acc.auth0.connections() - before, 1, "one connection serves a run");
    acc.plan().assert_empty();
    // A busy machine may send the first two reads apart, and then the first one is alone.
    let is_a_page = |get| (1..=2).contains(&get);
    let [token, post, get, patch, delete] = acc.requests();
    assert!(is_a_page(get), "{get} requests for 12 streams of one page");
    assert_eq!([token, post, patch, delete], [1, 0, 0, 0]);
    acc.destroy();
    let [token, post, get, patch, delete] = acc.requests();
    assert!(is_a_page(get), "{get} requests for 12 streams of one page");
    assert_eq!([token, post, patch, delete], [2, 0, 0, 12], "a plan and an apply, two processes");
}

#[test]
fn every_method_of_authorization_arrives_with_its_secret() {
    for (case, authorization, secret, public) in [
        (
            "basic",
            "method = \"basic\"\n username = \"hook\"\n password = \"plain\"",
            "plain",
            json!({"method": "basic", "username": "hook"}),
        ),
        (
            "basic, write-only",
            "method = \"basic\"\n username = \"hook\"\n password_wo = \"wo\"\n password_wo_version = 1",
            "wo",
            json!({"method": "basic", "username": "hook"}),
        ),
        ("bearer", "method = \"bearer\"\n token = \"plain\"", "plain", json!({"method": "bearer"})),
        (
            "custom header",
            "method = \"custom_header\"\n header_key = \"X-Hook\"\n header_value = \"plain\"",
            "plain",
            json!({"method": "custom_header", "header_key": "X-Hook"}),
        ),
        (
            "custom header, write-only",
            "method = \"custom_header\"\n header_key = \"Authorization\"\n header_value_wo = \"wo\"\n header_value_wo_version = 7",
            "wo",
            json!({"method": "custom_header", "header_key": "Authorization"}),
        ),
    ] {
        let acc = Acceptance::start();
        acc.apply(&with_authorization("orders", ENDPOINT, authorization));
        let stream = acc.auth0.event_stream_named("orders").unwrap();
        assert_eq!(stream.secret(), Some(secret), "{case}");
        let stored = acc.stored("it");
        let authorization = &stored["webhook_configuration"][0]["webhook_authorization"][0];
        for (name, value) in public.as_object().unwrap() {
            assert_eq!(&authorization[name], value, "{case}");
        }
    }
}

#[test]
fn a_partner_event_source_is_known_after_apply_and_can_be_read_by_others() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let source = acc.output("source");
    let source = source.as_str().unwrap();
    assert!(source.starts_with("aws.partner/auth0.com/acme-dev-"), "{source}");
    assert!(source.ends_with("/auth0.events"), "{source}");
    acc.destroy();
}

#[test]
fn a_stream_may_be_created_disabled() {
    let acc = Acceptance::start();
    let hcl = eventbridge("audit", "eu-west-1")
        .replace("subscriptions    =", "status           = \"disabled\"\n  subscriptions    =");
    acc.apply(&hcl);
    assert_eq!(acc.bodies("POST")[0]["status"], "disabled");
    assert_eq!(acc.stored("it")["status"], "disabled");
}

#[test]
fn a_name_that_is_taken_is_an_error_that_says_what_to_do() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.put_state("");
    std::fs::remove_file(acc.folder().join("terraform.tfstate")).unwrap();
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let error = &run.errors()[0];
    assert_eq!(error.summary, r#"Unable to create event stream "audit""#);
    assert!(error.detail.contains("already, with the id est_"), "{}", error.detail);
    assert!(error.detail.contains("import"), "{}", error.detail);
    assert_eq!(acc.auth0.event_streams().len(), 1, "nothing was made twice");
}

#[test]
fn the_same_event_type_twice_is_sent_once() {
    let acc = Acceptance::start();
    let hcl = eventbridge("audit", "eu-west-1")
        .replace(r#"["user.created"]"#, r#"["user.updated", "user.created", "user.updated"]"#);
    acc.apply(&hcl);
    let want = json!([{"event_type": "user.updated"}, {"event_type": "user.created"}]);
    assert_eq!(acc.bodies("POST")[0]["subscriptions"], want);
}
