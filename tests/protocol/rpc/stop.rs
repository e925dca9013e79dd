//! `StopProvider` while something runs: core stores what the running calls answer.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use terraform_provider_auth0::{
    simulator::{Effect, Fault},
    wire::tfplugin6::{
        apply_resource_change::{Request, Response},
        stop_provider,
    },
};
use tokio::{task::JoinHandle, time::sleep};

use super::{
    answers::errors,
    as_core::Core,
    core_rules::assert_storable,
    requests::apply_request,
    streams::{ID, bearer, stored, with},
    values::decode,
};

/// Far more than anything takes here, and less than the wait that a stop ends.
const AT_ONCE: Duration = Duration::from_secs(20);

/// An apply in flight.
struct Running {
    verb: &'static str,
    prior: Json,
    call: JoinHandle<Response>,
}

/// Begins a create, an update and a delete, and waits until the tenant has seen all three.
async fn begin_all(core: &Core) -> Vec<Running> {
    core.put_webhook("t");
    let prior = stored(&bearer("t", 1));
    let renamed = with(&bearer("t", 1), &json!({"name": "renamed"}));
    let new = with(&bearer("t", 1), &json!({"name": "new"}));
    // It opens the connection, which otherwise the first of the calls does while the others wait.
    assert_eq!(core.read(&prior).await.diagnostics, []);
    // A stream of its own, so that the update finds the other one.
    let other = "est_9Kq7WnXy2bVt9RmHc3PzLd";
    let mut stream = core.auth0.event_stream(ID).unwrap();
    (stream.id, stream.name) = (other.to_owned(), "other".to_owned());
    core.auth0.put_event_stream(stream);
    let deleted = with(&prior, &json!({"id": other, "name": "other"}));

    let mut requests = Vec::new();
    for (verb, prior, config) in
        [("create", Json::Null, new), ("update", prior, renamed), ("delete", deleted, Json::Null)]
    {
        let planned = core.plan(&prior, &config).await;
        requests.push((verb, apply_request(&prior, &planned, &config), prior));
    }
    let spawn = |(verb, request, prior)| Running { verb, call: spawn(core, request), prior };
    let running = requests.into_iter().map(spawn).collect();
    let since = Instant::now();
    let sent = |method| core.auth0.count(method, "/api/v2/event-streams") == 1;
    while !["POST", "PATCH", "DELETE"].into_iter().all(sent) {
        assert!(since.elapsed() < AT_ONCE, "{:?}", core.auth0.requests());
        sleep(Duration::from_millis(5)).await;
    }
    running
}

fn spawn(core: &Core, request: Request) -> JoinHandle<Response> {
    let mut client = core.client.clone();
    tokio::spawn(async move { client.apply_resource_change(request).await.unwrap().into_inner() })
}

async fn stop(core: &Core) {
    let answer = core.client.clone().stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!(answer.into_inner().error, "");
}

#[tokio::test]
async fn what_was_sent_is_awaited_and_its_answer_is_stored() {
    let core = Core::configured().await;
    for method in ["POST", "PATCH", "DELETE"] {
        core.auth0.add_fault(Fault::next(Effect::Slow(4000)).method(method));
    }
    let running = begin_all(&core).await;
    stop(&core).await;
    for Running { verb, call, .. } in &running {
        assert!(!call.is_finished(), "the {verb} was answered before the stop");
    }
    for Running { verb, call, .. } in running {
        let applied = call.await.unwrap();
        assert_eq!(applied.diagnostics, [], "{verb}");
        let new_state = decode(applied.new_state.as_ref());
        match verb {
            "create" => {
                assert_storable(&new_state);
                let id = new_state["id"].as_str().unwrap();
                assert_eq!(core.auth0.event_stream(id).unwrap().name, "new");
            }
            "update" => {
                assert_storable(&new_state);
                assert_eq!(new_state["name"], "renamed");
            }
            _ => assert_eq!(new_state, Json::Null),
        }
    }
    core.assert_serves().await;
}

#[tokio::test]
async fn a_wait_between_repeats_ends_at_once_with_the_best_known_state() {
    let core = Core::configured().await;
    for method in ["POST", "PATCH", "DELETE"] {
        let limit =
            Effect::TooManyRequests { retry_after: Some("100".to_owned()), reset_in_s: 100 };
        core.auth0.add_fault(Fault::next(limit).method(method).times(9));
    }
    let running = begin_all(&core).await;
    let since = Instant::now();
    stop(&core).await;
    for Running { verb, prior, call } in running {
        let applied = call.await.unwrap();
        assert!(since.elapsed() < AT_ONCE, "{verb}");
        assert_eq!(decode(applied.new_state.as_ref()), prior, "{verb}");
        let found = errors(&applied.diagnostics);
        let [(_, summary)] = &found[..] else { panic!("{found:?}") };
        assert!(summary.starts_with(&format!("Unable to {verb} event stream")), "{summary}");
        let detail = &applied.diagnostics[0].detail;
        assert!(detail.contains("the run was stopped"), "{detail}");
    }
    for method in ["POST", "PATCH", "DELETE"] {
        assert_eq!(core.auth0.count(method, "/api/v2/event-streams"), 1, "{method}");
    }
    core.assert_serves().await;
}

/// The stop may even come before the process is configured.
#[tokio::test]
async fn after_a_stop_nothing_new_is_sent() {
    for configured_first in [true, false] {
        let core = Core::start().await;
        core.put_webhook("t");
        if !configured_first {
            stop(&core).await;
        }
        assert_eq!(core.configure(&core.provider_block()).await, []);
        if configured_first {
            stop(&core).await;
        }
        let config = with(&bearer("t", 1), &json!({"name": "renamed"}));
        let prior = stored(&bearer("t", 1));
        for (prior, config) in [(&Json::Null, &config), (&prior, &config), (&prior, &Json::Null)] {
            let planned = core.plan(prior, config).await;
            let applied = core.apply(prior, &planned, config).await;
            assert_eq!(decode(applied.new_state.as_ref()), *prior);
            let detail = &applied.diagnostics[0].detail;
            assert!(detail.contains("the run was stopped"), "{detail}");
        }
        assert_eq!(core.auth0.requests().len(), 0);
    }
}
