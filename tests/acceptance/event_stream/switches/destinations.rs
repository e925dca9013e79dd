//! Switches about destinations that two streams share, and about actions.

use terraform_provider_auth0::simulator::switches::{
    ActionOfDeletedStream, PatchActionDestination, SameEventBus, SharedAction,
};

use super::super::action;
use super::sent::assert_safe;
use super::{assert_says, bus, put, refused_by_apply, refused_by_plan, turned};
use crate::support::terraform::Acceptance;

/// The one of two resources that is in the state, after the other was refused.
#[track_caller]
fn stored_one(acc: &Acceptance) -> &'static str {
    let [stream] = &acc.auth0.event_streams()[..] else { panic!("not one stream in the tenant") };
    let (stored, missing) =
        if acc.stored("it").is_null() { ("second", "it") } else { ("it", "second") };
    assert!(acc.stored(missing).is_null(), "both are in the state");
    assert_eq!(acc.stored(stored)["id"], stream.id);
    let plan = acc.plan();
    assert_eq!(plan.actions(missing), "create");
    assert_eq!(plan.actions(stored), "no-op");
    stored
}

#[test]
fn a_second_stream_to_the_same_account_and_region_is_created_or_an_error() {
    let two = |region: &str| {
        bus("it", "audit", "eu-west-1", &["user.created"], "")
            + &bus("second", "audit-2", region, &["user.created"], "")
    };
    let acc = turned(|switches| switches.same_event_bus = SameEventBus::Accept);
    put(&acc, &two("eu-west-1"));
    let source = |name| acc.stored(name)["eventbridge_configuration"][0].clone();
    assert_ne!(source("it"), source("second"), "each has its own partner event source");
    assert_safe(&acc);

    let acc = turned(|switches| switches.same_event_bus = SameEventBus::Refuse);
    acc.configure(&two("eu-west-1"));
    let error = refused_by_apply(&acc);
    assert_says(&error, &["409", "An event stream to this AWS account and region exists."]);
    stored_one(&acc);
    put(&acc, &two("eu-west-2").replace("eu-west-1", "us-east-1"));
    assert_eq!(acc.auth0.event_streams().len(), 2);
    assert_safe(&acc);
}

/// The old stream is there until the new one is, so nothing is lost where there cannot be two.
#[test]
fn a_replacement_that_creates_first_keeps_the_old_stream_where_auth0_refuses_the_new_one() {
    let mut acc = turned(|switches| switches.same_event_bus = SameEventBus::Refuse);
    let first = |name: &str| {
        let first = "lifecycle { create_before_destroy = true }";
        bus("it", name, "eu-west-1", &["user.created"], first)
    };
    put(&acc, &first("audit"));
    let stored = acc.stored("it");
    acc.configure(&first("audit-2"));
    acc.plan_with("-replace=auth0_event_stream.it");
    assert_says(&refused_by_apply(&acc), &["Unable to create event stream \"audit-2\"", "409"]);
    assert_eq!(acc.stored("it"), stored);
    acc.plan_plainly();
    acc.configure(&first("audit"));
    acc.assert_settled();
}

#[test]
fn a_second_stream_to_the_same_action_is_created_or_an_error() {
    let two = |first: &str, second: &str| {
        action("orders", first) + &action("orders-2", second).replace("\"it\"", "\"second\"")
    };
    let acc = turned(|switches| switches.shared_action = SharedAction::Accept);
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    put(&acc, &two(&id, &id));
    // Auth0 deletes the action with the first of them; the second is deleted all the same.
    acc.destroy();
    assert_safe(&acc);

    let acc = turned(|switches| switches.shared_action = SharedAction::Refuse);
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    acc.configure(&two(&id, &id));
    let error = refused_by_apply(&acc);
    assert_says(&error, &["400", "The action is used by another event stream."]);
    let other = acc.auth0.create_deployed_action(None, "forward-2").id;
    let both = if stored_one(&acc) == "it" { two(&id, &other) } else { two(&other, &id) };
    put(&acc, &both);
    assert_eq!(acc.auth0.event_streams().len(), 2);
    assert_safe(&acc);
}

/// Whether the action goes is Auth0's to decide, so the warning and the refusal stand in both.
#[test]
fn a_destroy_warns_and_a_replacement_is_refused_whether_auth0_deletes_the_action_or_not() {
    for &position in ActionOfDeletedStream::ALL {
        let mut acc = turned(|switches| switches.action_of_deleted_stream = position);
        let id = acc.auth0.create_deployed_action(None, "forward").id;
        put(&acc, &action("orders", &id));
        acc.plan_with("-replace=auth0_event_stream.it");
        let error = refused_by_plan(&acc);
        assert_says(&error, &["Replacing event stream \"orders\" would destroy its action", &id]);
        acc.plan_plainly();
        let run = acc.destroy();
        assert!(run.warnings()[0].detail.contains(&id), "{position:?}: {:?}", run.warnings());
        let is_kept = position == ActionOfDeletedStream::Keep;
        assert_eq!(acc.auth0.actions().len(), usize::from(is_kept), "{position:?}");
        if is_kept {
            put(&acc, &action("orders", &id));
        }
        assert_safe(&acc);
    }
}

/// No update of ours has such a destination, so it does not matter whether Auth0 would take it.
#[test]
fn another_action_replaces_the_stream_also_where_auth0_would_change_it() {
    for &position in PatchActionDestination::ALL {
        let acc = turned(|switches| switches.patch_action_destination = position);
        let [old, new] =
            ["forward", "forward-2"].map(|name| acc.auth0.create_deployed_action(None, name).id);
        put(&acc, &action("orders", &old));
        let plan = acc.apply(&action("orders", &new));
        assert_eq!(plan.actions("it"), "delete create", "{position:?}");
        put(&acc, &action("orders-2", &new));
        assert_eq!(acc.bodies("PATCH"), [serde_json::json!({"name": "orders-2"})], "{position:?}");
        assert_safe(&acc);
    }
}
