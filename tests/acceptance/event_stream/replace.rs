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

/// The name is in use, and by the very stream that is to be deleted next.
#[test]
fn create_before_destroy_under_the_same_name_loses_no_stream() {
    let mut acc = Acceptance::start();
    let hcl = webhook("orders", ENDPOINT, "s3cr3t-token", 1).replace(
        "subscriptions    =",
        "lifecycle { create_before_destroy = true }\n  subscriptions    =",
    );
    acc.apply(&hcl);
    let before = acc.auth0.event_streams().remove(0).id;
    acc.plan_with("-replace=auth0_event_stream.it");
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().assert_code(&[1]);
    assert_eq!(acc.auth0.event_streams()[0].id, before);

    acc.set("AUTH0_ADOPT_EXISTING", "true");
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan().ok();
    let told: Vec<_> = run.warnings().into_iter().map(|warning| warning.summary).collect();
    for words in
        ["Event stream \"orders\" was there before", "Event stream \"orders\" was not deleted"]
    {
        assert!(told.iter().any(|told| told == words), "{told:?}");
    }
    let left: Vec<_> = acc.auth0.event_streams().into_iter().map(|stream| stream.id).collect();
    assert_eq!(left, [before]);
    acc.plan_plainly();
    acc.assert_settled();
}

/// As a run leaves it that was killed between the two.
#[test]
fn a_stream_that_is_in_the_state_twice_is_not_deleted_for_one_of_them() {
    let acc = Acceptance::start();
    let hcl = webhook("orders", ENDPOINT, "s3cr3t-token", 1);
    acc.apply(&hcl);
    let mut state = acc.state();
    let mut twin = state["resources"][0].clone();
    twin["name"] = "twin".into();
    state["resources"].as_array_mut().unwrap().push(twin);
    acc.put_state(&state.to_string());
    let plan = acc.plan();
    assert_eq!(plan.errors(), ["Event stream \"orders\" is in the state twice"]);
    acc.run(&["state", "rm", "auth0_event_stream.twin"]).ok();
    acc.assert_settled();
}

/// Which of both comes first is chance.
#[test]
fn a_new_address_without_a_moved_block_is_told_and_with_adopt_existing_refused() {
    let mut acc = Acceptance::start();
    let hcl = webhook("orders", ENDPOINT, "s3cr3t-token", 1);
    acc.apply(&hcl);
    let renamed = hcl.replace("\"it\"", "\"renamed\"");
    acc.configure(&renamed);
    let plan = acc.plan();
    let told = "Event stream \"orders\" is destroyed and created in one plan";
    assert_eq!(plan.warnings(), [told]);
    acc.set("AUTH0_ADOPT_EXISTING", "true");
    let plan = acc.plan();
    assert_eq!(plan.errors(), [told]);
    acc.configure(&(hcl.clone() + &renamed));
    let beside = "Event stream \"orders\" is created beside another one";
    assert_eq!(acc.plan().errors(), [beside]);
    // One that differs cannot be taken over.
    acc.configure(&renamed.replace("user.updated", "user.deleted"));
    assert_eq!(acc.plan().warnings(), [told]);
    acc.configure(&(hcl + &renamed.replace("user.updated", "user.deleted")));
    assert_eq!(acc.plan().warnings(), [beside]);
    let moved = "moved {\n  from = auth0_event_stream.it\n  to = auth0_event_stream.renamed\n}\n";
    acc.configure(&(renamed + moved));
    acc.plan().run.assert_code(&[0, 2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.auth0.event_streams().len(), 1);
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
