//! Replacing: only for what Auth0 cannot change.

use super::{ENDPOINT, eventbridge, webhook};
use crate::support::terraform::Acceptance;

#[test]
fn another_region_or_account_replaces_the_stream_and_says_what_that_costs() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let before = acc.output("source");
    let plan = acc.apply(&eventbridge("audit", "eu-west-2"));
    assert_eq!(plan.actions("it"), "delete create");
    let [warning] = &plan.run.warnings()[..] else { panic!("{:?}", plan.run.messages()) };
    assert_eq!(warning.summary, r#"Event stream "audit" will be replaced"#);
    assert!(warning.code.contains("aws_region"), "{}", warning.code);
    for part in ["are lost", "new partner event source", "create_before_destroy", "another name"] {
        assert!(warning.detail.contains(part), "{part}: {}", warning.detail);
    }
    assert_ne!(acc.output("source"), before);
    assert_eq!(acc.auth0.event_streams().len(), 1);

    let plan =
        acc.apply(&eventbridge("audit", "eu-west-2").replace("123456789012", "210987654321"));
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains("aws_account_id"), "{}", warning.detail);
    assert!(!warning.detail.contains("aws_region"), "{}", warning.detail);
    assert!(!warning.detail.contains("not known yet"), "{}", warning.detail);
}

#[test]
fn another_kind_of_destination_replaces_the_stream() {
    let acc = Acceptance::start();
    acc.apply(eventbridge("audit", "eu-west-1").split("output").next().unwrap());
    let plan = acc.apply(&webhook("audit", ENDPOINT, "s3cr3t-token", 1));
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains("destination_type"), "{}", warning.detail);
    assert!(!warning.detail.contains("partner event source"), "{}", warning.detail);
    assert_eq!(acc.auth0.event_streams().len(), 1);

    let plan = acc.apply(&eventbridge("audit", "eu-west-1"));
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains("new partner event source"), "{}", warning.detail);
}

/// Core deletes the old stream before it knows the new destination.
#[test]
fn another_kind_of_destination_that_is_not_known_yet_is_checked_too_late_and_the_plan_says_so() {
    let acc = Acceptance::start();
    acc.apply(eventbridge("audit", "eu-west-1").split("output").next().unwrap());
    let late = webhook("audit", "PLACE", "s3cr3t-token", 1)
        .replace("\"PLACE\"", "terraform_data.endpoint.output")
        + "resource \"terraform_data\" \"endpoint\" { input = \"https://hooks.example.com\" }\n";
    let plan = acc.apply(&late);
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains("no stream is left"), "{}", warning.detail);
    let stream = acc.auth0.event_stream_named("audit").unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
}

/// A stream that is disabled loses nothing, so the warning does not claim it.
#[test]
fn the_warning_speaks_of_lost_events_only_where_there_are_any() {
    let acc = Acceptance::start();
    let disabled = |region: &str| {
        eventbridge("audit", region)
            .replace("subscriptions    =", "status = \"disabled\"\n  subscriptions    =")
    };
    acc.apply(&disabled("eu-west-1"));
    acc.configure(&disabled("eu-west-2"));
    let warnings = acc.plan().run.warnings();
    assert!(!warnings[0].detail.contains("after the old stream is deleted"), "{warnings:?}");
}

#[test]
fn create_before_destroy_works_together_with_another_name() {
    let acc = Acceptance::start();
    let with = |name: &str, region: &str| {
        eventbridge(name, region).replace(
            "subscriptions    =",
            "lifecycle { create_before_destroy = true }\n  subscriptions    =",
        )
    };
    acc.apply(&with("audit-1", "eu-west-1"));
    let plan = acc.apply(&with("audit-2", "eu-west-2"));
    assert_eq!(plan.actions("it"), "create delete");
    let names: Vec<_> = acc.auth0.event_streams().into_iter().map(|s| s.name).collect();
    assert_eq!(names, ["audit-2"]);
}

#[test]
fn a_replacement_that_was_asked_for_works() {
    let mut acc = Acceptance::start();
    acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    acc.plan_with("-replace=auth0_event_stream.it");
    let plan = acc.plan();
    assert_eq!(plan.actions("it"), "delete create");
    acc.apply_plan().ok();
    acc.assert_settled();
}

/// Unknown before apply, the region may be the same afterwards or not: core plans a replacement.
#[test]
fn a_region_that_is_not_known_yet_may_replace() {
    let acc = Acceptance::start();
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let with_unknown = eventbridge("audit", "eu-west-1")
        .replace("\"eu-west-1\"", "terraform_data.region.output")
        + "resource \"terraform_data\" \"region\" { input = \"eu-west-3\" }\n";
    let plan = acc.apply(&with_unknown);
    assert_eq!(plan.actions("it"), "delete create");
    assert_eq!(acc.auth0.event_streams().len(), 1);
}
