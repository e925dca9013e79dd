//! `data "auth0_event_streams"`

use serde_json::{Value as Json, json};

use super::{error_of_plan, eventbridge, planned, webhook};
use crate::support::terraform::Acceptance;

fn names(filters: &str) -> String {
    format!(
        "data \"auth0_event_streams\" \"it\" {{\n  {filters}\n}}\n\
         output \"names\" {{\n  value = data.auth0_event_streams.it.event_streams[*].name\n}}\n"
    )
}

/// A tenant with one stream for each filter.
fn tenant() -> Acceptance {
    let acc = Acceptance::start();
    acc.auth0.create_event_stream(&webhook("crm-sync", &["user.created", "user.updated"])).unwrap();
    acc.auth0.create_event_stream(&eventbridge("audit")).unwrap();
    let mut paused = webhook("crm-paused", &["organization.member.added"]);
    paused["status"] = "disabled".into();
    acc.auth0.create_event_stream(&paused).unwrap();
    acc
}

#[test]
fn filters_choose_and_go_together() {
    let acc = tenant();
    for (filters, want) in [
        ("", json!(["crm-sync", "audit", "crm-paused"])),
        ("destination_type = \"webhook\"", json!(["crm-sync", "crm-paused"])),
        ("destination_type = \"action\"", json!([])),
        ("status = \"disabled\"", json!(["crm-paused"])),
        ("name_pattern = \"crm-*\"", json!(["crm-sync", "crm-paused"])),
        ("subscribed_to = \"user.updated\"", json!(["crm-sync"])),
        ("subscribed_to = \"organization.*\"", json!(["audit", "crm-paused"])),
        ("name_pattern = \"crm-*\"\n  status = \"enabled\"", json!(["crm-sync"])),
    ] {
        assert_eq!(planned(&acc, &names(filters), "names"), want, "{filters}");
        assert_eq!(acc.requests(), [1, 0, 1, 0, 0], "{filters}");
    }
}

#[test]
fn filters_that_cannot_be_are_told_by_the_plan_at_their_attributes() {
    let acc = tenant();
    acc.requests();
    for (filter, summary) in [
        ("destination_type = \"sqs\"", "Invalid destination type \"sqs\""),
        ("status = \"paused\"", "Invalid status \"paused\""),
    ] {
        let error = error_of_plan(&acc, &names(filter));
        assert_eq!((error.summary.as_str(), error.code.trim()), (summary, filter));
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);

    acc.configure(&names("subscribed_to = \"user.creatd\""));
    let plan = acc.plan();
    let warnings = plan.run.warnings();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert_eq!(warning.summary, "Unknown event type \"user.creatd\" in subscribed_to");
    assert!(warning.detail.contains("\"user.created\""), "{}", warning.detail);
}

/// A tenant of any size is read by pages of a hundred, and each page once.
#[test]
fn two_hundred_and_fifty_streams_are_three_requests_for_all_who_ask() {
    let acc = Acceptance::start();
    for i in 0..250 {
        acc.auth0.create_event_stream(&eventbridge(&format!("audit-{i:03}"))).unwrap();
    }
    let hcl = names("")
        + "data \"auth0_event_streams\" \"again\" {}\n\
           data \"auth0_event_stream\" \"last\" {\n  name = \"audit-249\"\n}\n";
    let found = planned(&acc, &hcl, "names");
    let want: Vec<_> = (0..250).map(|i| Json::from(format!("audit-{i:03}"))).collect();
    assert_eq!(found, Json::from(want));
    let requests = acc.auth0.requests();
    let queries: Vec<_> = requests.iter().filter_map(|request| request.query.as_deref()).collect();
    let [first, second, third] = &queries[..] else { panic!("{queries:?}") };
    assert_eq!(*first, "take=100");
    assert!(second.starts_with("take=100&from=") && third.starts_with("take=100&from="));
    assert_ne!(second, third);
    assert_eq!(acc.requests(), [1, 0, 3, 0, 0]);
}

#[test]
fn a_filter_that_is_not_known_yet_is_read_during_apply() {
    let acc = tenant();
    acc.configure(
        &(names("status = terraform_data.status.output")
            + "resource \"terraform_data\" \"status\" {\n  input = \"disabled\"\n}\n"),
    );
    acc.requests();
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
    acc.apply_plan().ok();
    assert_eq!(acc.output("names"), json!(["crm-paused"]));
    acc.assert_settled();

    // What turns out wrong then is an error of the apply.
    let acc = tenant();
    acc.configure(
        &(names("status = terraform_data.status.output")
            + "resource \"terraform_data\" \"status\" {\n  input = \"paused\"\n}\n"),
    );
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, "Invalid status \"paused\"");
}
