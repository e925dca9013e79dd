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
    let acc = Acceptance::start();
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    let triggered = |input: &str| {
        action("orders", &id).replace(
            "subscriptions    =",
            "lifecycle { replace_triggered_by = [terraform_data.t] }\n  subscriptions    =",
        ) + &format!("resource \"terraform_data\" \"t\" {{ input = {input:?} }}\n")
    };
    // From the start: OpenTofu takes the creation of a trigger for a change of it.
    acc.apply(&triggered("a"));
    acc.configure(&triggered("b"));
    let errors = acc.plan().errors();
    assert_eq!(errors, [r#"Replacing event stream "orders" would destroy its action"#]);
}

/// The way out that the error names, asked for on the command line.
#[test]
fn both_are_replaced_where_both_are_asked_for() {
    let mut acc = Acceptance::start();
    let id = acc.auth0.create_deployed_action(None, "forward").id;
    let managed = action("orders", "PLACE").replace("\"PLACE\"", "terraform_data.action.output")
        + &format!("resource \"terraform_data\" \"action\" {{ input = {id:?} }}\n");
    acc.apply(&managed);
    for address in ["terraform_data.action", "auth0_event_stream.it"] {
        acc.plan_with(&format!("-replace={address}"));
    }
    let plan = acc.plan();
    assert_eq!(plan.actions("it"), "delete create");
    // What stands for the action here comes back with its id, as no real action does: Auth0
    // refuses the stream, whose old action went with the old stream.
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, r#"Unable to create event stream "orders""#);
}

/// The kind is not known yet, so core plans the second half with the block that is configured.
#[test]
fn a_kind_that_is_not_known_yet_with_the_same_action_is_an_error_of_the_plan() {
    let (acc, id) = with_action();
    let unknown = action("orders", &id)
        .replace("destination_type = \"action\"", "destination_type = terraform_data.kind.output")
        + "resource \"terraform_data\" \"kind\" { input = \"action\" }\n";
    acc.configure(&unknown);
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    assert_eq!(plan.errors(), [r#"Replacing event stream "orders" would destroy its action"#]);
}

/// A limit: core does not show a provider what a tainted object was.
#[test]
fn a_tainted_stream_is_replaced_with_the_same_action_and_auth0_refuses_it() {
    let (acc, _) = with_action();
    acc.run(&["taint", "auth0_event_stream.it"]).ok();
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let error = &run.errors()[0];
    assert_eq!(error.summary, r#"Unable to create event stream "orders""#);
    assert!(acc.auth0.event_streams().is_empty() && acc.auth0.actions().is_empty());
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
