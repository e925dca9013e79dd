//! `ValidateActionConfig`, `PlanAction` and `InvokeAction`.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    invoke_action::{
        self, Event,
        event::{Completed, Progress, Type},
    },
    plan_action, stop_provider, validate_action_config,
};
use tonic::Streaming;

use super::{
    answers::{assert_answer, diagnostics, errors},
    as_core::Core,
    streams::{CANARY, ID, with},
    values::{UNKNOWN, encode},
};

const TYPE: &str = "auth0_event_stream_test";

/// A configuration with these members. The wait is as short as it can be.
fn configuration(members: &Json) -> Json {
    let nothing =
        json!({"event_stream_id": ID, "event_type": "user.created", "data": null, "wait": "500ms"});
    with(&nothing, members)
}

pub fn validate_request(members: &Json) -> validate_action_config::Request {
    validate_action_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(&configuration(members))),
    }
}

pub fn plan_request(members: &Json) -> plan_action::Request {
    plan_action::Request {
        action_type: TYPE.to_owned(),
        config: Some(encode(&configuration(members))),
        ..Default::default()
    }
}

pub fn invoke_request(members: &Json) -> invoke_action::Request {
    invoke_action::Request {
        action_type: TYPE.to_owned(),
        config: Some(encode(&configuration(members))),
        ..Default::default()
    }
}

async fn begin(core: &Core, members: &Json) -> Streaming<Event> {
    core.client.clone().invoke_action(invoke_request(members)).await.unwrap().into_inner()
}

/// All that is said on the way, and what the one last event holds.
async fn to_its_end(mut events: Streaming<Event>) -> (Vec<String>, Completed) {
    let mut said = Vec::new();
    loop {
        match events.message().await.unwrap().expect("an end").r#type.expect("a type") {
            Type::Progress(Progress { message }) => said.push(message),
            Type::Completed(completed) => {
                assert_eq!(events.message().await.unwrap(), None, "nothing follows the end");
                return (said, completed);
            }
        }
    }
}

async fn invoked(core: &Core, members: &Json) -> (Vec<String>, Completed) {
    to_its_end(begin(core, members).await).await
}

/// Compares with a golden file, in which the id of the event is its name.
fn assert_invoked(name: &str, (said, completed): (Vec<String>, Completed)) {
    let id = said[0].split(' ').find(|word| word.starts_with("evt_")).unwrap().to_owned();
    let answer = json!({"completed": diagnostics(&completed.diagnostics), "progress": said});
    let answer = answer.to_string().replace(&id, "evt_1");
    assert_answer(&format!("invoke_action/{name}"), &serde_json::from_str(&answer).unwrap());
}

#[tokio::test]
async fn what_is_done_is_told_on_the_way_and_the_end_is_one_event() {
    let core = Core::configured().await;
    core.put_webhook("t");
    assert_invoked("nothing_seen", invoked(&core, &json!({"wait": "1s"})).await);
    assert_invoked("not_looked", invoked(&core, &json!({"wait": "0s"})).await);
    assert_eq!(core.auth0.count("POST", "/api/v2/event-streams"), 2);
    assert_eq!(core.auth0.count("GET", "/api/v2/event-streams"), 2);
}

#[tokio::test]
async fn a_delivery_that_fails_is_an_error_of_the_end() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_settings(|settings| settings.test_events_fail_after_ms = Some(0));
    assert_invoked("failed", invoked(&core, &json!({})).await);
}

#[tokio::test]
async fn what_auth0_refuses_is_an_error_of_the_end() {
    let core = Core::configured().await;
    let (said, completed) = invoked(&core, &json!({})).await;
    assert!(said.is_empty(), "{said:?}");
    let what = format!("Unable to test event stream {ID:?}");
    let want = [("event_stream_id".to_owned(), what.clone())];
    assert_eq!(errors(&completed.diagnostics), want);
    assert!(completed.diagnostics[0].detail.contains("No event was sent."));

    core.put_webhook("t");
    core.auth0.disable_event_stream(ID, 500);
    let (_, completed) = invoked(&core, &json!({})).await;
    assert_eq!(errors(&completed.diagnostics), [(String::new(), what.clone())]);
    let detail = &completed.diagnostics[0].detail;
    assert!(detail.contains("Auth0 tests event streams that are enabled"), "{detail}");

    core.auth0.change_settings(|settings| settings.scopes = vec!["read:actions".to_owned()]);
    core.auth0.revoke_tokens();
    let (_, completed) = invoked(&core, &json!({})).await;
    assert_eq!(errors(&completed.diagnostics), [(String::new(), what)]);
    let detail = &completed.diagnostics[0].detail;
    assert!(detail.contains("Grant the scope update:event_streams"), "{detail}");
}

/// The event is sent by then.
#[tokio::test]
async fn a_list_that_may_not_be_read_is_an_error_that_names_the_event() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_settings(|settings| settings.scopes = vec!["update:event_streams".into()]);
    let (said, completed) = invoked(&core, &json!({})).await;
    let what = format!("Unable to see what became of the test event of event stream {ID:?}");
    assert_eq!(errors(&completed.diagnostics), [(String::new(), what)]);
    let detail = &completed.diagnostics[0].detail;
    assert!(detail.contains("was sent.") && detail.contains("read:event_deliveries"), "{detail}");
    assert!(said[0].starts_with("Auth0 has taken the test event evt_"), "{said:?}");
}

#[tokio::test]
async fn every_fault_is_found_with_its_place_also_when_it_is_invoked() {
    let core = Core::configured().await;
    let mut client = core.client.clone();
    for (members, want) in [
        (json!({}), None),
        (json!({"data": "{\"object\": {}}"}), None),
        (json!({"event_stream_id": UNKNOWN, "data": UNKNOWN, "wait": UNKNOWN}), None),
        (json!({"event_stream_id": "orders"}), Some("event_stream_id")),
        (json!({"data": "[]"}), Some("data")),
        (json!({"data": ""}), Some("data")),
        (json!({"wait": "soon"}), Some("wait")),
        (json!({"wait": "10m1ms"}), Some("wait")),
        (json!({"wait": "-1s"}), Some("wait")),
    ] {
        let request = validate_request(&members);
        let answer = client.validate_action_config(request).await.unwrap().into_inner();
        let found = errors(&answer.diagnostics);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, want.into_iter().collect::<Vec<_>>(), "{members}");
        if want.is_some() {
            let (said, completed) = invoked(&core, &members).await;
            assert!(said.is_empty());
            assert_eq!(errors(&completed.diagnostics), found, "{members}");
        }
    }
    assert_eq!(core.auth0.requests().len(), 0);
}

#[tokio::test]
async fn a_plan_warns_of_scopes_that_the_token_at_hand_lacks() {
    let core = Core::configured().await;
    core.put_webhook("t");
    let mut client = core.client.clone();
    let mut warned = async |members: &Json| {
        let answer = client.plan_action(plan_request(members)).await.unwrap().into_inner();
        assert_eq!(answer.deferred, None);
        assert!(errors(&answer.diagnostics).is_empty());
        answer.diagnostics.into_iter().map(|d| d.summary).collect::<Vec<_>>()
    };
    core.auth0.change_settings(|settings| settings.scopes = vec!["read:actions".into()]);
    assert!(warned(&json!({})).await.is_empty(), "no token is asked for");
    assert_eq!(core.auth0.requests().len(), 0);
    invoked(&core, &json!({})).await;
    let (test, list) =
        ("The token may not test", "The token may not list the failed deliveries of");
    let stream = format!("event stream {ID:?}");
    assert_eq!(warned(&json!({})).await, [format!("{test} {stream}"), format!("{list} {stream}")]);
    let unknown = json!({"event_stream_id": UNKNOWN, "wait": "0s"});
    assert_eq!(warned(&unknown).await, [format!("{test} an event stream")]);
}

#[tokio::test]
async fn a_stop_ends_the_wait_at_once() {
    let core = Core::configured().await;
    core.put_webhook("t");
    let mut events = begin(&core, &json!({"wait": "10m"})).await;
    for _ in 0..2 {
        events.message().await.unwrap().unwrap();
    }
    let since = Instant::now();
    core.client.clone().stop_provider(stop_provider::Request {}).await.unwrap();
    let (_, completed) = to_its_end(events).await;
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
    let want = format!("The test of event stream {ID:?} was not finished");
    assert_eq!(errors(&completed.diagnostics), [(String::new(), want)]);

    // What begins after the stop sends nothing.
    core.auth0.forget_requests();
    let (_, completed) = invoked(&core, &json!({})).await;
    assert!(completed.diagnostics[0].detail.contains("the run was stopped"));
    assert_eq!(core.auth0.requests().len(), 0);
}

#[tokio::test]
async fn nothing_is_looked_for_when_nobody_listens_any_more() {
    let core = Core::configured().await;
    core.put_webhook("t");
    let mut events = begin(&core, &json!({"wait": "6s"})).await;
    events.message().await.unwrap().unwrap();
    drop(events);
    tokio::time::sleep(Duration::from_secs(4)).await;
    // What is on its way when core leaves may fill buffers of the connection.
    let looks = core.auth0.count("GET", "/api/v2/event-streams");
    assert!(looks <= 2, "{looks} looks");
    core.assert_serves().await;
}

/// A destination that repeats what it is sent, and a secret that this process was given.
#[tokio::test]
async fn data_are_sent_as_they_are_whatever_they_hold() {
    let core = Core::configured().await;
    core.put_webhook(CANARY);
    let data = json!({"object": {"secret": core.auth0.client_secret()}}).to_string();
    let (said, completed) = invoked(&core, &json!({"data": data, "wait": "0s"})).await;
    assert_eq!(completed.diagnostics, []);
    let posts: Vec<_> = core.auth0.requests().into_iter().filter(|r| r.method == "POST").collect();
    let sent = posts.last().unwrap().json();
    assert_eq!(sent["data"]["object"]["secret"], core.auth0.client_secret());
    assert!(!said.concat().contains(core.auth0.client_secret()));
}
