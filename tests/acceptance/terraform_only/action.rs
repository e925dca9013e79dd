//! The action `auth0_event_stream_test`.

use std::fs;

use serde_json::{Value as Json, json};

use crate::support::terraform::{Acceptance, Run};

/// A stream that runs the action after its creation, and the action with these arguments.
fn triggered(arguments: &str) -> String {
    format!(
        r#"
resource "auth0_event_stream" "it" {{
  name             = "orders"
  destination_type = "eventbridge"
  subscriptions    = ["user.created"]

  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }}

  lifecycle {{
    action_trigger {{
      events  = [after_create]
      actions = [action.auth0_event_stream_test.it]
    }}
  }}
}}

action "auth0_event_stream_test" "it" {{
  config {{
    event_stream_id = auth0_event_stream.it.id
    event_type      = "user.created"
    {arguments}
  }}
}}
"#
    )
}

/// Invokes the action by itself.
fn invoke(acc: &Acceptance, json: &str) -> Run {
    let invoke = "-invoke=action.auth0_event_stream_test.it";
    acc.run(&["apply", json, "-no-color", "-input=false", "-auto-approve", invoke])
}

/// The bodies of the test events that were sent since the last call.
fn sent(acc: &Acceptance) -> Vec<Json> {
    let requests = acc.auth0.requests();
    acc.auth0.forget_requests();
    let tests = requests.iter().filter(|r| r.method == "POST" && r.path.ends_with("/test"));
    tests.map(|r| r.json()).collect()
}

#[test]
fn it_runs_after_the_creation_of_a_stream_and_at_will() {
    let acc = Acceptance::of_terraform();
    let data = r#"data = jsonencode({ object = { user_id = "auth0|1" } })"#;
    acc.configure(&triggered(&format!("wait = \"1s\"\n    {data}")));
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan().ok();
    let want = json!({"event_type": "user.created", "data": {"object": {"user_id": "auth0|1"}}});
    assert_eq!(sent(&acc), std::slice::from_ref(&want));
    for text in ["Auth0 has taken the test event evt_", "No failure seen within 1 s."] {
        assert!(run.stdout.contains(text), "{text}: {}", run.printed());
    }
    acc.assert_settled();
    assert_eq!(sent(&acc), [] as [Json; 0]);

    let run = invoke(&acc, "-json=false").ok();
    assert_eq!(sent(&acc), [want]);
    for text in ["Auth0 has taken the test event evt_", "No failure seen within 1 s."] {
        assert!(run.stdout.contains(text), "{text}: {}", run.printed());
    }
    acc.destroy();
    assert_eq!(sent(&acc), [] as [Json; 0]);
}

#[test]
fn a_failure_fails_the_apply_and_the_stream_stays() {
    let acc = Acceptance::of_terraform();
    acc.auth0.change_settings(|settings| settings.test_events_fail_after_ms = Some(600));
    acc.configure(&triggered("wait = \"2s\""));
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let id = acc.auth0.event_stream_named("orders").unwrap().id;
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    // Core begins the text with words of its own.
    let said = format!("{} {}", error.summary, error.detail);
    for text in [&id, "was not delivered", "404 - {\"error\":\"no such route\"}"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert_eq!(acc.stored("it")["id"], id);
    acc.assert_settled();
    assert_eq!(sent(&acc).len(), 1);

    let run = invoke(&acc, "-json");
    run.assert_code(&[1]);
    assert!(run.stdout.contains("was not delivered"), "{}", run.printed());
    acc.auth0.change_settings(|settings| settings.test_events_fail_after_ms = None);
    invoke(&acc, "-json").ok();
    assert_eq!(sent(&acc).len(), 2);
}

#[test]
fn what_is_wrong_is_found_by_the_plan() {
    let acc = Acceptance::of_terraform();
    for (arguments, summary) in
        [("data = \"[1]\"", "Invalid data of a test event"), ("wait = \"11m\"", "Invalid wait")]
    {
        acc.configure(&triggered(arguments));
        assert_eq!(acc.plan().errors(), [summary]);
    }
    assert_eq!(acc.auth0.requests().len(), 0);
}

#[test]
fn the_example_of_the_action_is_applied() {
    let mut acc = Acceptance::of_terraform();
    acc.set("TF_VAR_crm_token", "s3cr3t-crm-token");
    let example = "examples/actions/auth0_event_stream_test/action.tf";
    let example = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + example);
    let example = example.unwrap();
    assert!(example.contains("\"1m\""), "the test shall not wait so long");
    acc.apply(&example.replace("\"1m\"", "\"1s\""));
    assert_eq!(sent(&acc).len(), 1);
    acc.destroy();
}
