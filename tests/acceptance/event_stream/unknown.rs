//! Values that other resources decide during apply.

use serde_json::json;

use super::{ENDPOINT, eventbridge, webhook, with_authorization};
use crate::support::terraform::Acceptance;

fn data(name: &str, input: &str) -> String {
    format!("resource \"terraform_data\" {name:?} {{ input = {input} }}\n")
}

#[test]
fn a_new_stream_may_depend_on_what_is_not_known_yet() {
    let acc = Acceptance::start();
    let hcl = with_authorization(
        "orders",
        "PLACE",
        "method = terraform_data.method.output\n token = terraform_data.token.output",
    )
    .replace("\"PLACE\"", "terraform_data.endpoint.output");
    let hcl = hcl
        + &data("endpoint", &format!("{ENDPOINT:?}"))
        + &data("method", "\"bearer\"")
        + &data("token", "\"t\"");
    let plan = acc.apply(&hcl);
    assert_eq!(plan.actions("it"), "create");
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("t"));
}

#[test]
fn a_block_that_is_not_known_yet_is_created_as_it_turns_out() {
    let acc = Acceptance::start();
    let hcl = r#"
resource "auth0_event_stream" "it" {
  name             = "orders"
  destination_type = "webhook"
  subscriptions    = ["user.created"]

  dynamic "webhook_configuration" {
    for_each = terraform_data.endpoints.output
    content {
      webhook_endpoint = webhook_configuration.value
      webhook_authorization {
        method           = "bearer"
        token_wo         = "s3cr3t-token"
        token_wo_version = 1
      }
    }
  }
}
"#
    .to_owned()
        + &data("endpoints", &format!("[{ENDPOINT:?}]"));
    acc.apply(&hcl);
    let stream = acc.auth0.event_stream_named("orders").unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
}

#[test]
fn an_update_may_depend_on_what_is_not_known_yet() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let hcl = webhook("orders", "PLACE", "s3cr3t-token", 1)
        .replace("\"PLACE\"", "terraform_data.endpoint.output")
        + &data("endpoint", "\"https://new.example.com\"");
    let plan = acc.apply(&hcl);
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(
        acc.bodies("PATCH"),
        [json!({"destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": "https://new.example.com",
            "webhook_authorization": {"method": "bearer", "token": "s3cr3t-token"},
        }}})]
    );
}

/// It may turn out to be what is there already.
#[test]
fn a_value_that_turns_out_the_same_sends_nothing() {
    let acc = Acceptance::start();
    acc.apply(&with_authorization("orders", ENDPOINT, "method = \"bearer\"\n token = \"t\""));
    let hcl = with_authorization("orders", "PLACE", "method = \"bearer\"\n token = \"t\"")
        .replace("\"PLACE\"", "terraform_data.endpoint.output")
        + &data("endpoint", &format!("{ENDPOINT:?}"));
    let plan = acc.apply(&hcl);
    assert_eq!(plan.actions("it"), "update");
    assert!(acc.bodies("PATCH").is_empty());
}

/// What is wrong shows only when it is known, and nothing is sent then.
#[test]
fn what_turns_out_wrong_is_refused_before_anything_is_sent() {
    let acc = Acceptance::start();
    let hcl = eventbridge("audit", "PLACE").replace("\"PLACE\"", "terraform_data.region.output")
        + &data("region", "\"Europe\"");
    acc.configure(&hcl);
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, r#"Invalid AWS region "Europe""#);
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn a_new_stream_may_subscribe_to_what_is_not_known_yet() {
    let acc = Acceptance::start();
    let hcl = eventbridge("audit", "eu-west-1")
        .replace(r#"["user.created"]"#, r#"["user.created", terraform_data.more.output]"#)
        + &data("more", "\"user.deleted\"");
    acc.apply(&hcl);
    assert_eq!(acc.bodies("POST")[0]["subscriptions"].as_array().unwrap().len(), 2);
}

/// A limit: an element that is not known during plan turns out so that only the order differs.
/// Both plans look the same to the provider, so it answers the order of the configuration once and
/// the order of the state once, and core objects. The next run has no unknown value any more.
#[test]
fn an_unknown_subscription_that_turns_out_to_change_the_order_alone_fails_once() {
    let acc = Acceptance::start();
    let with = |list: &str| eventbridge("audit", "eu-west-1").replace(r#"["user.created"]"#, list);
    acc.apply(&with(r#"["user.created", "user.deleted"]"#));
    let hcl =
        with(r#"["user.deleted", terraform_data.more.output]"#) + &data("more", "\"user.created\"");
    acc.configure(&hcl);
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, "Provider produced inconsistent final plan");
    acc.apply(&hcl);
}

/// The stream is there, so that the configuration would be changed and not only written.
#[test]
fn an_update_that_turns_out_wrong_is_refused_before_anything_is_sent() {
    for (what, hcl, input, summary) in [
        (
            "endpoint",
            webhook("orders", "PLACE", "s3cr3t-token", 1)
                .replace("\"PLACE\"", "terraform_data.late.output"),
            "\"http://hooks.example.com\"",
            "Invalid webhook_endpoint",
        ),
        (
            "method",
            webhook("orders", ENDPOINT, "s3cr3t-token", 1)
                .replace("\"bearer\"", "terraform_data.late.output"),
            "\"basic\"",
            "Missing username",
        ),
        (
            "secret",
            with_authorization(
                "orders",
                ENDPOINT,
                "method = \"bearer\"\n token = terraform_data.late.output",
            ),
            "\"\"",
            "Empty secret",
        ),
        (
            "subscription",
            webhook("orders", ENDPOINT, "s3cr3t-token", 1)
                .replace("[\"user.created\"", "[terraform_data.late.output"),
            "\"\"",
            "Empty event type",
        ),
    ] {
        let acc = Acceptance::start();
        acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
        acc.configure(&(hcl + &data("late", input)));
        acc.plan().run.assert_code(&[2]);
        let before = acc.state_text();
        let run = acc.apply_plan();
        run.assert_code(&[1]);
        let summaries: Vec<_> = run.errors().into_iter().map(|error| error.summary).collect();
        assert!(summaries.iter().any(|found| found == summary), "{what}: {summaries:?}");
        assert!(acc.bodies("PATCH").is_empty(), "{what}");
        assert!(!before.is_empty() && acc.stored("it")["name"] == "orders", "{what}");
    }
}

/// Planned as an update, it would fail during apply: core lets no update become a replacement.
#[test]
fn a_block_that_cannot_be_changed_and_is_not_known_yet_plans_a_replacement() {
    let acc = Acceptance::start();
    let with = |regions: &str| {
        format!(
            r#"
resource "auth0_event_stream" "it" {{
  name             = "audit"
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]

  dynamic "eventbridge_configuration" {{
    for_each = {regions}
    content {{
      aws_account_id = "123456789012"
      aws_region     = eventbridge_configuration.value
    }}
  }}
}}
"#
        )
    };
    acc.apply(&with("[\"eu-west-1\"]"));
    let hcl = with("terraform_data.regions.output") + &data("regions", "[\"eu-west-2\"]");
    let plan = acc.apply(&hcl);
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert_eq!(warning.summary, r#"Event stream "audit" will be replaced"#);
    assert!(warning.detail.contains("is not known yet"), "{}", warning.detail);
    assert_eq!(acc.stored("it")["eventbridge_configuration"][0]["aws_region"], "eu-west-2");
}

/// The method differs whatever the endpoint turns out to be.
#[test]
fn a_secret_that_is_missing_for_certain_is_missed_by_the_plan() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let basic = "method = \"basic\"\n username = \"hook\"";
    let hcl = with_authorization("orders", "PLACE", basic)
        .replace("\"PLACE\"", "terraform_data.endpoint.output")
        + &data("endpoint", "\"https://new.example.com\"");
    acc.configure(&hcl);
    assert_eq!(acc.plan().errors(), [r#"Missing secret of event stream "orders""#]);
}
