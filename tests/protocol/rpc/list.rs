//! `ListResource`.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use terraform_provider_auth0::simulator::{Effect, Fault};
use terraform_provider_auth0::wire::tfplugin6::{list_resource, validate_list_resource_config};
use tonic::Streaming;

use super::{
    answers::{assert_answer, diagnostics, errors, identity},
    as_core::Core,
    streams::{ID, TYPE},
    values::{decode, encode},
};

/// Filters with these members.
fn filters(members: &Json) -> Json {
    let mut block = json!({
        "destination_type": null, "name_pattern": null, "status": null, "subscribed_to": null,
    });
    block.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    block
}

pub fn validate_request(members: &Json) -> validate_list_resource_config::Request {
    validate_list_resource_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(&filters(members))),
        ..Default::default()
    }
}

pub fn list_request(limit: i64, whole: bool) -> list_resource::Request {
    list_resource::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(&filters(&json!({})))),
        include_resource_object: whole,
        limit,
    }
}

async fn listed(core: &Core, request: list_resource::Request) -> Streaming<list_resource::Event> {
    core.client.clone().list_resource(request).await.unwrap().into_inner()
}

/// The whole event. A field that the protocol may get later does not compile until it is shown.
fn shown(event: &list_resource::Event) -> Json {
    let list_resource::Event { identity: of, display_name, resource_object, diagnostic } = event;
    json!({
        "diagnostic": diagnostics(diagnostic),
        "display_name": display_name,
        "identity": identity(of.as_ref()),
        "resource_object": resource_object.as_ref().map(|object| decode(Some(object))),
    })
}

/// So many streams.
fn fill(core: &Core, count: usize) {
    for index in 0..count {
        let body = json!({
            "name": format!("stream-{index}"),
            "subscriptions": [{"event_type": "user.created"}],
            "destination": {"type": "eventbridge", "configuration": {
                "aws_account_id": "123456789012", "aws_region": "eu-west-1",
            }},
        });
        core.auth0.create_event_stream(&body).unwrap();
    }
}

#[tokio::test]
async fn an_event_is_an_identity_a_name_and_where_asked_for_the_whole_object() {
    for (whole, name) in [(false, "identity"), (true, "whole")] {
        let core = Core::configured().await;
        core.put_webhook("s3cr3t-canary");
        let mut events = listed(&core, list_request(0, whole)).await;
        let event = events.message().await.unwrap().unwrap();
        assert_eq!(shown(&event)["identity"]["id"], ID);
        assert_answer(&format!("list_resource/{name}"), &shown(&event));
        assert_eq!(events.message().await.unwrap(), None);
    }
}

/// The last page comes two seconds late, and what is on the first does not wait for it.
#[tokio::test]
async fn what_is_found_is_told_before_the_last_page_is_read() {
    let core = Core::configured().await;
    fill(&core, 250);
    core.auth0.add_fault(Fault::next(Effect::Slow(2_000)).method("GET").skip(2));
    let began = Instant::now();
    let mut events = listed(&core, list_request(0, false)).await;
    events.message().await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let mut count = 1;
    while events.message().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 250);
    assert_eq!(core.auth0.count("GET", "/api/v2/event-streams"), 3);
}

/// Core stops reading where it has enough. No page is read for nobody.
#[tokio::test]
async fn nothing_more_is_read_for_a_core_that_has_enough() {
    let core = Core::configured().await;
    fill(&core, 350);
    let mut events = listed(&core, list_request(3, false)).await;
    for _ in 0..3 {
        events.message().await.unwrap().unwrap();
    }
    assert_eq!(events.message().await.unwrap(), None);
    assert_eq!(core.auth0.count("GET", "/api/v2/event-streams"), 1);

    let mut events = listed(&core, list_request(0, false)).await;
    events.message().await.unwrap().unwrap();
    drop(events);
    tokio::time::sleep(Duration::from_millis(300)).await;
    // What is on its way when core leaves may fill buffers of the connection, not the whole list.
    assert!(core.auth0.count("GET", "/api/v2/event-streams") <= 1 + 4);
    core.assert_serves().await;
}

#[tokio::test]
async fn what_goes_wrong_is_the_last_event() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_settings(|settings| settings.scopes.clear());
    let mut events = listed(&core, list_request(0, true)).await;
    let event = events.message().await.unwrap().unwrap();
    let want = "Unable to list the event streams of the tenant".to_owned();
    assert_eq!(errors(&event.diagnostic), [(String::new(), want)]);
    assert_eq!((event.identity, event.resource_object), (None, None));
    assert_eq!(events.message().await.unwrap(), None);

    let unknown =
        list_resource::Request { type_name: "auth0_flow".into(), ..list_request(0, true) };
    let mut events = listed(&core, unknown).await;
    let event = events.message().await.unwrap().unwrap();
    let want = "Unknown list resource type \"auth0_flow\"".to_owned();
    assert_eq!(errors(&event.diagnostic), [(String::new(), want)]);
}
