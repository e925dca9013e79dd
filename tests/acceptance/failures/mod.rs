//! What becomes of a run whose processes are interrupted, stopped or killed while Auth0 has not
//! answered yet. The simulator executes a request at once and keeps the answer to itself, so that
//! the signal meets the run in the middle of it.

mod changes;
mod creates;
mod waits;

use std::time::Duration;

use terraform_provider_auth0::simulator::{Effect, Fault};

use crate::support::terraform::{Acceptance, Message, Run};

/// So long an answer is held back: time for a signal to arrive, and for what it does.
const HELD: Duration = Duration::from_secs(3);

/// Holds back the answers of the next requests with `method`.
fn hold(acc: &Acceptance, method: &str, requests: u32) {
    let slow = Effect::Slow(HELD.as_millis().try_into().unwrap());
    acc.auth0.add_fault(Fault::next(slow).method(method).times(requests));
}

/// Resources, each with a stream of the same name.
fn streams(names: &[&str]) -> String {
    let stream = |name: &&str| {
        format!(
            r#"
resource "auth0_event_stream" "{name}" {{
  name             = "{name}"
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]

  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }}
}}
"#
        )
    };
    names.iter().map(stream).collect()
}

/// The same resources, whose streams have other names.
fn renamed(hcl: &str) -> String {
    hcl.replace("  name             = \"", "  name             = \"new-")
}

fn plan(acc: &Acceptance, hcl: &str) {
    acc.configure(hcl);
    acc.plan().run.assert_code(&[2]);
}

/// The names of the streams in the tenant, in alphabetical order.
fn in_tenant(acc: &Acceptance) -> Vec<String> {
    let mut names: Vec<_> = acc.auth0.event_streams().into_iter().map(|s| s.name).collect();
    names.sort();
    names
}

/// The names of the streams in the state, in alphabetical order.
fn in_state(acc: &Acceptance) -> Vec<String> {
    let state = acc.state();
    let resources = state["resources"].as_array().unwrap().iter();
    // Core may list a resource without an object.
    let names = resources.filter_map(|r| r["instances"][0]["attributes"]["name"].as_str());
    let mut names: Vec<_> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[track_caller]
fn error(run: &Run, summary: &str) -> Message {
    run.assert_code(&[1]);
    let error = run.errors().into_iter().find(|error| error.summary == summary);
    error.unwrap_or_else(|| panic!("no {summary:?}\n{}", run.printed()))
}
