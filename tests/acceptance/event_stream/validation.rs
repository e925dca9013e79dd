//! Bad input is refused by the plan, at the attribute, all of it at once.

use super::{ENDPOINT, eventbridge, with_authorization};
use crate::support::terraform::Acceptance;

/// Where core shows what is said of a secret: its own line is not shown.
const BESIDE: &str = "webhook_authorization {";

/// One resource for each fault; core is asked once.
fn configuration(resources: &[String]) -> String {
    resources
        .iter()
        .enumerate()
        .map(|(i, hcl)| {
            hcl.split("\noutput").next().unwrap().replace("\"it\"", &format!("\"r{i}\""))
        })
        .collect()
}

fn bridge(from: &str, to: &str) -> String {
    let hcl = eventbridge("audit", "eu-west-1");
    assert!(hcl.contains(from), "{from}");
    hcl.replace(from, to)
}

fn endpoint(endpoint: &str) -> String {
    with_authorization("orders", endpoint, "method = \"bearer\"\n token = \"t\"")
}

fn authorization(authorization: &str) -> String {
    with_authorization("orders", ENDPOINT, authorization)
}

/// A configuration, the summary of its one error, and what stands in the line that it points at.
fn faults() -> Vec<(String, String, &'static str)> {
    let mut faults: Vec<(String, String, &'static str)> = Vec::new();
    let mut add = |hcl: String, summary: &str, code: &'static str| {
        faults.push((hcl, summary.to_owned(), code));
    };
    let account = "123456789012";
    for wrong in ["12345678901", "1234567890123", "12345678901a", ""] {
        let summary = format!("Invalid AWS account id {wrong:?}");
        add(bridge(account, wrong), &summary, "aws_account_id");
    }
    for wrong in ["Europe", "eu-west", "EU-WEST-1", ""] {
        add(bridge("eu-west-1", wrong), &format!("Invalid AWS region {wrong:?}"), "aws_region");
    }
    for wrong in [
        "http://hooks.example.com",
        "hooks.example.com/auth0",
        "https://",
        "https:///path",
        "https://user:pass@hooks.example.com",
        "",
    ] {
        add(endpoint(wrong), "Invalid webhook_endpoint", "webhook_endpoint");
    }
    let kind = "destination_type = \"eventbridge\"";
    add(
        bridge(kind, "destination_type = \"sqs\""),
        "Invalid destination type \"sqs\"",
        "destination_type",
    );
    add(
        "resource \"auth0_event_stream\" \"it\" {\n name = \"a\"\n destination_type = \"action\"\n \
         subscriptions = [\"user.created\"]\n}\n"
            .to_owned(),
        "Missing block action_configuration",
        "destination_type",
    );
    add(
        bridge(
            "  eventbridge_configuration {",
            "  action_configuration {\n action_id = \"x\"\n }\n  eventbridge_configuration {",
        ),
        "Superfluous block action_configuration",
        "action_id",
    );
    for (hcl, summary, code) in [
        ("method = \"basic\"\n password = \"p\"", "Missing username", "webhook_authorization"),
        (
            "method = \"basic\"\n username = \"a:b\"\n password = \"p\"",
            "Invalid username",
            "username",
        ),
        (
            "method = \"custom_header\"\n header_value = \"v\"",
            "Missing header_key",
            "webhook_authorization",
        ),
        (
            "method = \"bearer\"\n token = \"t\"\n username = \"u\"",
            "username does not fit the method",
            "username",
        ),
        (
            "method = \"bearer\"\n token = \"t\"\n password = \"p\"",
            "password does not fit the method",
            BESIDE,
        ),
        (
            "method = \"bearer\"\n token = \"t\"\n header_value_wo = \"v\"",
            "header_value_wo does not fit the method",
            BESIDE,
        ),
        (
            "method = \"basic\"\n username = \"u\"\n password = \"p\"\n token_wo_version = 1",
            "token_wo_version does not fit the method",
            "token_wo_version",
        ),
        (
            "method = \"bearer\"",
            "Missing secret of event stream \"orders\"",
            "webhook_authorization",
        ),
        (
            "method = \"bearer\"\n token = \"t\"\n token_wo = \"t\"\n token_wo_version = 1",
            "Both token and token_wo",
            BESIDE,
        ),
        (
            "method = \"bearer\"\n token_wo = \"t\"",
            "Missing token_wo_version",
            "webhook_authorization",
        ),
        (
            "method = \"bearer\"\n token = \"t\"\n token_wo_version = 1",
            "Missing token_wo",
            "token_wo_version",
        ),
        (
            "method = \"bearer\"\n token_wo = \"t\"\n token_wo_version = 1.5",
            "Invalid version of a secret",
            "token_wo_version",
        ),
        ("method = \"bearer\"\n token = \"\"", "Empty secret", "token ="),
        (
            "method = \"bearer\"\n token_wo = \"\"\n token_wo_version = 1",
            "Empty secret",
            "token_wo",
        ),
        ("method = \"\"\n token = \"t\"", "Invalid method \"\"", "method"),
        ("method = \"oauth\"\n token = \"t\"", "Invalid method \"oauth\"", "method"),
    ] {
        add(authorization(hcl), summary, code);
    }
    for wrong in
        ["a b", "Host", "content-length", "Content-Type", "Transfer-Encoding", "Connection"]
    {
        let hcl =
            format!("method = \"custom_header\"\n header_key = {wrong:?}\n header_value = \"v\"");
        add(authorization(&hcl), "Invalid header_key", "header_key");
    }
    add(bridge(r#"["user.created"]"#, "[]"), "No subscriptions", "subscriptions");
    add(
        bridge(r#"["user.created"]"#, r#"["user.created", ""]"#),
        "Empty event type",
        "subscriptions",
    );
    add(
        bridge(r#"["user.created"]"#, r#"["user.created", null]"#),
        "Empty event type",
        "subscriptions",
    );
    add(bridge("\"audit\"", "\"\""), "Invalid name of an event stream", "name");
    add(
        bridge("\"audit\"", &format!("\"{}\"", "n".repeat(129))),
        "Invalid name of an event stream",
        "name",
    );
    add(
        bridge("  subscriptions    =", "  status = \"paused\"\n  subscriptions    ="),
        "Invalid status \"paused\"",
        "status",
    );
    add(super::action("a", " "), "Empty action_id", "action_id");
    faults
}

#[test]
fn every_fault_is_found_at_once_and_nothing_is_sent() {
    let acc = Acceptance::start();
    let faults = faults();
    let resources: Vec<_> = faults.iter().map(|(hcl, ..)| hcl.clone()).collect();
    acc.configure(&configuration(&resources));
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    let mut got: Vec<_> =
        plan.run.errors().into_iter().map(|error| (error.summary, error.code)).collect();
    // One secret is missing by the plan of its resource, which core makes only when nothing else
    // is wrong, so it has a test of its own.
    let (at_plan, at_validation): (Vec<_>, Vec<_>) =
        faults.iter().partition(|(_, summary, _)| summary.starts_with("Missing secret"));
    for (hcl, summary, code) in at_validation {
        let found = got.iter().position(|(s, line)| s == summary && line.contains(code));
        let found =
            found.unwrap_or_else(|| panic!("{summary} at {code} is missing for\n{hcl}\n{got:#?}"));
        got.remove(found);
    }
    assert_eq!(got, [], "errors that nobody expected");
    for (hcl, summary, code) in at_plan {
        acc.configure(hcl);
        let errors = acc.plan().run.errors();
        assert_eq!((&errors[0].summary, errors.len()), (summary, 1));
        assert!(errors[0].code.contains(code), "{:?}", errors[0]);
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn doubtful_values_are_warnings_that_name_the_stream() {
    let acc = Acceptance::start();
    for (hcl, summary, part) in [
        (
            bridge("eu-west-1", "eu-wset-1"),
            "Unknown AWS region \"eu-wset-1\" in event stream \"audit\"",
            "\"eu-west-1\"",
        ),
        (
            bridge("user.created", "user.craeted"),
            "Unknown event type \"user.craeted\" in event stream \"audit\"",
            "\"user.created\"",
        ),
        (
            bridge("user.created", "authentication.success"),
            "Unknown event type \"authentication.success\" in event stream \"audit\"",
            "log streams",
        ),
        (
            bridge("user.created", "ss"),
            "Unknown event type \"ss\" in event stream \"audit\"",
            "log streams",
        ),
        (
            authorization("method = \"bearer\"\n token = \"Bearer abc\""),
            "The token of event stream \"orders\" starts with \"Bearer \"",
            "Auth0 adds that word",
        ),
        (
            endpoint("https://hooks.example.com/auth0?api_key=abc&x=1"),
            "The webhook_endpoint of event stream \"orders\" seems to hold a credential",
            "\"api_key\"",
        ),
        (
            authorization("method = \"bearer\"\n token = \"abc\\n\""),
            "The secret of event stream \"orders\" holds a line break",
            "trimspace",
        ),
    ] {
        acc.configure(&hcl);
        let plan = acc.plan();
        plan.run.assert_code(&[2]);
        let [warning] = &plan.run.warnings()[..] else { panic!("{:?}", plan.run.messages()) };
        assert_eq!(warning.summary, summary);
        assert!(warning.detail.contains(part), "{part}: {}", warning.detail);
        assert!(!warning.code.is_empty(), "{summary} points at nothing");
    }
}

/// HCL that was written for the official provider may spell "not set" as an empty text.
#[test]
fn empty_texts_of_other_methods_are_taken_for_not_set() {
    let acc = Acceptance::start();
    let hcl = "method = \"bearer\"\n token = \"t\"\n username = \"\"\n header_key = \"\"";
    acc.apply(&authorization(hcl));
}
