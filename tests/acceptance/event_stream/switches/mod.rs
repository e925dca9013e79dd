//! Where nobody knows what Auth0 does, the simulator has a switch. We are safe in every position: no
//! secret is lost, no state is wrong, or a clear error comes before anything is sent.
//!
//! One test drives every position through the same life of three streams. The others put each
//! position into the situation that it is about. Positions that only matter for requests that we
//! never send are covered by [`sent`], which looks at all requests.

mod destinations;
mod event_types;
mod every_position;
mod incomplete;
mod lifecycle;
mod names;
mod secrets;
mod sent;

use terraform_provider_auth0::simulator::switches::Switches;

use crate::support::terraform::{Acceptance, Run};

/// A workspace for a tenant in which some switches are turned.
fn turned(turn: impl FnOnce(&mut Switches)) -> Acceptance {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| turn(&mut settings.switches));
    acc
}

/// Applies `hcl`, and proves by a refresh that there is nothing left to do. In fewer programs than
/// [`Acceptance::apply`], for what is only on the way to a test.
#[track_caller]
fn put(acc: &Acceptance, hcl: &str) -> Run {
    acc.configure(hcl);
    let run = acc.run(&["apply", "-json", "-input=false", "-auto-approve"]).ok();
    acc.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]).ok();
    run
}

/// A stream to EventBridge, with the rest of its block.
fn bus(resource: &str, name: &str, region: &str, subscriptions: &[&str], rest: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "{resource}" {{
  name             = {name:?}
  destination_type = "eventbridge"
  subscriptions    = {subscriptions:?}
  {rest}
  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = {region:?}
  }}
}}
"#
    )
}

/// What the plan of the present configuration fails with: one error, and nothing is planned.
#[track_caller]
fn refused_by_plan(acc: &Acceptance) -> String {
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    let [error] = &plan.run.errors()[..] else { panic!("{:?}", plan.run.messages()) };
    format!("{}\n{}", error.summary, error.detail)
}

/// What applying the present configuration fails with: one error, of Auth0.
#[track_caller]
fn refused_by_apply(acc: &Acceptance) -> String {
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{:?}", run.messages()) };
    format!("{}\n{}", error.summary, error.detail)
}

/// Proves that each of `parts` is in a message.
#[track_caller]
fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in:\n{message}");
    }
}
