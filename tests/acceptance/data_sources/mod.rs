//! The data sources, as their users meet them.

mod event_stream;
mod event_streams;
mod event_types;

use serde_json::{Value as Json, json};

use crate::support::terraform::{Acceptance, Message};

/// The body of a webhook with this name and these subscriptions.
fn webhook(name: &str, subscriptions: &[&str]) -> Json {
    let subscriptions: Vec<_> = subscriptions.iter().map(|t| json!({"event_type": t})).collect();
    json!({
        "name": name,
        "subscriptions": subscriptions,
        "destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": "https://hooks.example.com/auth0",
            "webhook_authorization": {
                "method": "basic", "username": "hook", "password": CANARY,
            },
        }},
    })
}

/// The body of a stream to EventBridge.
fn eventbridge(name: &str) -> Json {
    json!({
        "name": name,
        "subscriptions": [{"event_type": "organization.created"}],
        "destination": {"type": "eventbridge", "configuration": {
            "aws_account_id": "123456789012", "aws_region": "eu-west-1",
        }},
    })
}

/// The secret of every webhook here.
const CANARY: &str = "canary-password-7a2e";

/// The value that a plan knows of an output.
#[track_caller]
fn planned(acc: &Acceptance, hcl: &str, output: &str) -> Json {
    acc.configure(hcl);
    let plan = acc.plan();
    plan.run.assert_code(&[0, 2]);
    plan.json["planned_values"]["outputs"][output]["value"].clone()
}

/// The one error of planning `hcl`.
#[track_caller]
fn error_of_plan(acc: &Acceptance, hcl: &str) -> Message {
    acc.configure(hcl);
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    let mut errors = plan.run.errors();
    errors.dedup(); // core validates twice
    let [error] = &errors[..] else { panic!("{errors:?}") };
    error.clone()
}
