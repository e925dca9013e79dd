//! Switches about the status of a new stream, and about one that has vanished.

use serde_json::json;
use terraform_provider_auth0::simulator::Status;
use terraform_provider_auth0::simulator::switches::{DefaultStatus, PatchUnknownId};

use super::sent::assert_safe;
use super::{assert_says, bus, put, turned};

fn named(name: &str, rest: &str) -> String {
    bus("it", name, "eu-west-1", &["user.created"], rest)
}

#[test]
fn a_status_that_is_not_configured_is_the_one_that_auth0_chose() {
    for (position, chosen, other) in [
        (DefaultStatus::Enabled, Status::Enabled, "disabled"),
        (DefaultStatus::Disabled, Status::Disabled, "enabled"),
    ] {
        let acc = turned(|switches| switches.default_status = position);
        put(&acc, &named("audit", ""));
        assert_eq!(acc.auth0.event_streams()[0].status, chosen);
        assert_eq!(acc.stored("it")["status"], json!(chosen));
        put(&acc, &named("audit-2", ""));
        assert_eq!(acc.bodies("PATCH"), [json!({"name": "audit-2"})], "{position:?}");

        put(&acc, &named("audit-2", &format!("status = {other:?}")));
        assert_eq!(acc.bodies("PATCH")[1], json!({"status": other}), "{position:?}");
        acc.apply(&named("audit-2", "")).assert_empty();
        assert_eq!(acc.stored("it")["status"], other, "{position:?}");
        assert_safe(&acc);
    }
}

#[test]
fn an_update_of_a_stream_that_vanished_after_the_plan_is_an_error_and_creates_it_next_time() {
    for (position, status) in
        [(PatchUnknownId::NotFound, "404"), (PatchUnknownId::BadRequest, "400")]
    {
        let acc = turned(|switches| switches.patch_unknown_id = position);
        put(&acc, &named("audit", ""));
        let stored = acc.stored("it");
        acc.configure(&named("audit-2", ""));
        acc.plan().run.assert_code(&[2]);
        acc.auth0.advance_clock(std::time::Duration::from_secs(60));
        assert!(acc.auth0.delete_event_stream(stored["id"].as_str().unwrap()));
        let run = acc.apply_plan();
        run.assert_code(&[1]);
        let [error] = &run.errors()[..] else { panic!("{:?}", run.messages()) };
        assert_eq!(error.summary, "Unable to update event stream \"audit\"");
        assert_says(&error.detail, &[status, "The requested stream does not exist."]);
        assert_eq!(acc.stored("it"), stored, "{position:?}: an update never forgets a stream");
        assert!(acc.auth0.event_streams().is_empty());

        let plan = acc.apply(&named("audit-2", ""));
        assert_eq!(plan.actions("it"), "create", "{position:?}");
        assert_safe(&acc);
    }
}
