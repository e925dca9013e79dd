//! The resource `auth0_event_stream_test_event`.

use serde_json::{Value as Json, json};

use crate::event_stream::webhook;
use crate::support::terraform::{Acceptance, Run};

const SEEN: &str = "No failure seen within 1 s.";

/// A stream with a name, and a test event of it with these arguments.
fn tested(name: &str, arguments: &str) -> String {
    let stream = webhook(name, "https://hooks.example.com/auth0", "s3cr3t-token", 1);
    format!(
        "{stream}\nresource \"auth0_event_stream_test_event\" \"it\" {{\n  \
         event_stream_id = auth0_event_stream.it.id\n  event_type = \"user.created\"\n{arguments}\n}}\n"
    )
}

fn short(arguments: &str) -> String {
    tested("orders", &format!("  wait = \"1s\"\n{arguments}"))
}

/// The test event in the state, and whether it is tainted.
fn stored(acc: &Acceptance) -> (Json, bool) {
    let state = acc.state();
    let resources = state["resources"].as_array().unwrap();
    let event = resources.iter().find(|r| r["type"] == "auth0_event_stream_test_event");
    let instance = event.map(|event| event["instances"][0].clone()).unwrap_or_default();
    (instance["attributes"].clone(), instance["status"] == "tainted")
}

/// The bodies of the test events that were sent since the last call.
fn sent(acc: &Acceptance) -> Vec<Json> {
    let requests = acc.auth0.requests();
    acc.auth0.forget_requests();
    let tests = requests.iter().filter(|r| r.method == "POST" && r.path.ends_with("/test"));
    tests.map(|r| r.json()).collect()
}

/// Applies what is configured, which fails with one error.
#[track_caller]
fn error_of_apply(acc: &Acceptance) -> (String, String) {
    let error = acc.error_of_apply();
    (error.summary, error.detail)
}

fn warnings(run: &Run) -> Vec<String> {
    let warnings = run.messages().into_iter().filter(|message| message.severity == "warning");
    warnings.map(|message| message.summary).collect()
}

#[test]
fn an_event_is_sent_once_and_again_when_its_triggers_change() {
    let acc = Acceptance::start();
    acc.apply(&short("  triggers = { run = \"1\" }"));
    assert_eq!(sent(&acc), [json!({"event_type": "user.created"})]);
    let (first, tainted) = stored(&acc);
    assert!(first["id"].as_str().unwrap().starts_with("evt_") && !tainted, "{first}");
    assert!(first["sent_at"].as_str().unwrap().ends_with('Z'), "{first}");
    assert_eq!(first["result"], SEEN);

    acc.apply(&short("  triggers = { run = \"2\" }"));
    assert_eq!(sent(&acc).len(), 1);
    let (second, _) = stored(&acc);
    assert_ne!(second["id"], first["id"]);

    // How long is looked for a failure is no reason to send another one.
    let longer = short("  triggers = { run = \"2\" }").replace("\"1s\"", "\"2s\"");
    acc.apply(&longer);
    assert_eq!(sent(&acc), [] as [Json; 0]);
    assert_eq!((&stored(&acc).0["id"], &stored(&acc).0["wait"]), (&second["id"], &json!("2s")));
    acc.destroy();
    assert_eq!(sent(&acc), [] as [Json; 0]);
}

/// What a trigger will be is not known before the stream is changed.
#[test]
fn a_change_of_the_stream_sends_another_event_in_the_same_run() {
    let acc = Acceptance::start();
    let arguments = "  wait = \"1s\"\n  triggers = { at = auth0_event_stream.it.updated_at }";
    acc.apply(&tested("orders", arguments));
    sent(&acc);
    acc.apply(&tested("renamed", arguments));
    assert_eq!(sent(&acc).len(), 1);
    acc.destroy();
}

#[test]
fn a_delivery_that_fails_is_an_error_and_the_next_apply_sends_again() {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| settings.test_events_fail_after_ms = Some(600));
    acc.configure(&short(""));
    let (summary, detail) = error_of_apply(&acc);
    let id = acc.auth0.event_stream_named("orders").unwrap().id;
    assert_eq!(summary, format!("The test event of event stream {id:?} was not delivered"));
    assert!(detail.contains("404 - {\"error\":\"no such route\"}"), "{detail}");
    let (event, tainted) = stored(&acc);
    assert!(tainted);
    assert_eq!(event["result"], "Delivery failed: 404 - {\"error\":\"no such route\"}");
    assert_eq!(sent(&acc).len(), 1);

    acc.auth0.change_settings(|settings| settings.test_events_fail_after_ms = None);
    acc.apply(&short(""));
    assert_eq!(sent(&acc).len(), 1);
    assert_eq!(stored(&acc).0["result"], SEEN);
    acc.destroy();
}

#[test]
fn without_a_wait_an_event_is_sent_and_nothing_is_claimed() {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| settings.test_events_fail_after_ms = Some(0));
    acc.apply(&tested("orders", "  wait = \"0s\""));
    assert_eq!(stored(&acc).0["result"], "No failure was looked for.");
    acc.destroy();
}

/// Nothing of it is redacted: what is sent is what is written, and so is what is stored.
#[test]
fn data_are_sent_and_stored_as_they_are_written() {
    let acc = Acceptance::start();
    let secret = acc.auth0.client_secret().to_owned();
    let data = format!(r#"{{"object": {{"b": 1.50, "secret": "{secret}", "a": null}}}}"#);
    acc.apply(&short(&format!("  data = {data:?}")));
    let parsed: Json = serde_json::from_str(&data).unwrap();
    assert_eq!(sent(&acc), [json!({"event_type": "user.created", "data": parsed})]);
    assert_eq!(stored(&acc).0["data"], data);
    acc.destroy();
}

#[test]
fn every_fault_is_found_by_the_plan_at_its_attribute() {
    let acc = Acceptance::start();
    for (arguments, summary, code) in [
        ("  data = \"[1]\"", "Invalid data of a test event", "data = \"[1]\""),
        ("  data = \"{\"", "Invalid data of a test event", "data = \"{\""),
        ("  wait = \"11m\"", "Invalid wait", "wait = \"11m\""),
        ("  wait = \"30\"", "Invalid wait", "wait = \"30\""),
    ] {
        acc.configure(&tested("orders", arguments));
        let run = acc.plan().run;
        run.assert_code(&[1]);
        let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
        assert_eq!((error.summary.as_str(), error.code.trim()), (summary, code));
    }
    let named = tested("orders", "").replace("auth0_event_stream.it.id", "\"orders\"");
    acc.configure(&named);
    let errors = acc.plan().errors();
    assert_eq!(errors, ["\"orders\" is not the id of an event stream"]);
    acc.configure(
        &tested("orders", "")
            .replace("event_type = \"user.created\"", "event_type = \"user.craeted\""),
    );
    let run = acc.plan().run;
    run.assert_code(&[2]);
    // Terraform 1.11 and OpenTofu tell it twice: of the validation, and of the plan.
    let warned = warnings(&run);
    assert!(!warned.is_empty(), "{}", run.printed());
    assert!(warned.iter().all(|what| what == "Unknown event type \"user.craeted\""), "{warned:?}");
    assert_eq!(acc.auth0.requests().len(), 0);
}

#[test]
fn a_stream_that_is_not_there_or_disabled_is_told() {
    let acc = Acceptance::start();
    let unknown = "est_4Kq7WnXy2bVt9RmHc3PzLd";
    let event = |id: &str| {
        format!(
            "resource \"auth0_event_stream_test_event\" \"it\" {{\n  event_stream_id = {id:?}\n  \
             event_type = \"user.created\"\n  wait = \"1s\"\n}}\n"
        )
    };
    acc.configure(&event(unknown));
    let (summary, detail) = error_of_apply(&acc);
    assert_eq!(summary, format!("Unable to test event stream {unknown:?}"));
    assert!(detail.contains("The requested stream does not exist. No event was sent."), "{detail}");

    let disabled = json!({
        "name": "orders", "status": "disabled",
        "subscriptions": [{"event_type": "user.created"}],
        "destination": {"type": "eventbridge", "configuration": {
            "aws_account_id": "123456789012", "aws_region": "eu-west-1",
        }},
    });
    let id = acc.auth0.create_event_stream(&disabled).unwrap().id;
    acc.configure(&event(&id));
    let (summary, detail) = error_of_apply(&acc);
    assert_eq!(summary, format!("Unable to test event stream {id:?}"));
    assert!(detail.contains("check the status of this one. No event was sent."), "{detail}");
}

/// A plan has a token once it has refreshed something.
#[test]
fn a_scope_that_the_test_will_need_is_missed_by_the_plan() {
    let acc = Acceptance::start();
    acc.apply(&webhook("orders", "https://hooks.example.com/auth0", "s3cr3t-token", 1));
    let id = acc.auth0.event_stream_named("orders").unwrap().id;
    acc.auth0.change_settings(|settings| settings.scopes.retain(|s| s != "update:event_streams"));
    acc.auth0.revoke_tokens();
    acc.configure(&short(""));
    let run = acc.plan().run;
    run.assert_code(&[2]);
    assert_eq!(warnings(&run), [format!("The token may not test event stream {id:?}")]);
    let (summary, detail) = error_of_apply(&acc);
    assert_eq!(summary, format!("Unable to test event stream {id:?}"));
    assert!(detail.contains("Grant the scope update:event_streams"), "{detail}");
}

#[test]
fn it_cannot_be_imported() {
    let acc = Acceptance::start();
    acc.configure(&short(""));
    let address = "auth0_event_stream_test_event.it";
    let run = acc.run(&["import", "-no-color", address, "evt_8hTz3QmVb6YdKr2NwXc5Pj"]);
    run.assert_code(&[1]);
    assert!(run.printed().contains("A test event cannot be imported"), "{}", run.printed());
    assert_eq!(sent(&acc), [] as [Json; 0]);
}
