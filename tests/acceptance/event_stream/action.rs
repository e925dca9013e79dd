//! Streams to actions, which Auth0 deletes together with the stream.

use super::{ENDPOINT, action, webhook};
use crate::support::terraform::Acceptance;

fn with_action() -> (Acceptance, String) {
    let acc = Acceptance::start();
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    acc.apply(&action("orders", &id));
    (acc, id)
}

#[test]
fn a_stream_to_an_action_is_created_and_renamed() {
    let (acc, id) = with_action();
    acc.apply(&action("orders-2", &id));
    assert_eq!(acc.bodies("PATCH"), [serde_json::json!({"name": "orders-2"})]);
}

#[test]
fn a_destroy_warns_that_the_action_goes_too() {
    let (acc, id) = with_action();
    let run = acc.destroy();
    let [warning] = &run.warnings()[..] else { panic!("{:?}", run.messages()) };
    assert_eq!(warning.summary, r#"Destroying event stream "orders" also deletes its action"#);
    assert!(warning.detail.contains(&id), "{}", warning.detail);
    assert!(acc.auth0.actions().is_empty());
}

/// The official provider plans this as an update, sends nothing, and never gets there.
#[test]
fn another_action_replaces_the_stream() {
    let (acc, old) = with_action();
    let new = acc.auth0.create_deployed_action(None, "forward-2").id;
    let plan = acc.apply(&action("orders", &new));
    assert_eq!(plan.actions("it"), "delete create");
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains(&format!("deletes the action {old}")), "{}", warning.detail);
}

#[test]
fn another_kind_of_destination_warns_that_the_action_goes() {
    let (acc, id) = with_action();
    let plan = acc.apply(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
    let warning = &plan.run.warnings()[0];
    assert!(warning.detail.contains(&format!("deletes the action {id}")), "{}", warning.detail);
}

/// The stream would be deleted, and its action with it, before it is created again.
#[test]
fn a_replacement_with_the_same_action_is_an_error_of_the_plan() {
    let (mut acc, id) = with_action();
    for configuration in [
        action("orders", &id),
        action("orders", &id).replace(
            "subscriptions    =",
            "lifecycle { create_before_destroy = true }\n  subscriptions    =",
        ),
    ] {
        acc.configure(&configuration);
        acc.plan_with("-replace=auth0_event_stream.it");
        let plan = acc.plan();
        plan.run.assert_code(&[1]);
        acc.plan_plainly();
        let [error] = &plan.run.errors()[..] else { panic!("{:?}", plan.run.messages()) };
        assert_eq!(error.summary, r#"Replacing event stream "orders" would destroy its action"#);
        assert!(error.code.contains("action_id"), "{}", error.code);
        assert!(
            error.detail.contains(&id) && error.detail.contains("-replace"),
            "{}",
            error.detail
        );
    }
    assert_eq!(acc.auth0.actions().len(), 1);
    acc.assert_settled();
}

#[test]
fn a_replacement_by_a_trigger_with_the_same_action_is_an_error_of_the_plan() {
    let (acc, id) = with_action();
    let triggered = |input: &str| {
        action("orders", &id).replace(
            "subscriptions    =",
            "lifecycle { replace_triggered_by = [terraform_data.t] }\n  subscriptions    =",
        ) + &format!("resource \"terraform_data\" \"t\" {{ input = {input:?} }}\n")
    };
    acc.apply(&triggered("a"));
    acc.configure(&triggered("b"));
    let errors = acc.plan().errors();
    assert_eq!(errors, [r#"Replacing event stream "orders" would destroy its action"#]);
}

/// The way out that the error names.
#[test]
fn a_replacement_together_with_the_action_is_let_through() {
    let acc = Acceptance::start();
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    let managed = |input: &str| {
        action("orders", "PLACE").replace("\"PLACE\"", "terraform_data.action.output")
            + &format!("resource \"terraform_data\" \"action\" {{ input = {input:?} }}\n")
    };
    acc.apply(&managed(&id));
    let new = acc.auth0.create_deployed_action(None, "forward-2").id;
    let plan = acc.apply(&managed(&new));
    assert_eq!(plan.actions("it"), "delete create");
}
