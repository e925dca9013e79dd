//! `ApplyResourceChange`: what is sent, and what core stores.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::simulator::{Effect, Fault};

use super::{
    answers::{self, assert_answer, assert_holds_no, errors},
    as_core::Core,
    streams::{CANARY, ID, bearer, eventbridge, stored, with},
    values::decode,
};

const STREAMS: &str = "/api/v2/event-streams";

/// Method and path of every request so far.
fn requests(core: &Core) -> Vec<String> {
    let requests = core.auth0.requests();
    requests.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

#[tokio::test]
async fn a_create_is_one_request_and_its_answer_is_stored() {
    let core = Core::configured().await;
    let config = bearer(CANARY, 1);
    let planned = core.plan(&Json::Null, &config).await;
    let applied = core.apply(&Json::Null, &planned, &config).await;
    assert_holds_no(CANARY, &applied);

    let id = decode(applied.new_state.as_ref())["id"].as_str().unwrap().to_owned();
    let mut shown = answers::apply(&applied);
    assert_eq!(shown["new_identity"]["id"], id);
    for place in ["new_state", "new_identity"] {
        shown[place]["id"] = "(made by Auth0)".into();
    }
    assert_answer("apply_resource_change/create", &shown);
    assert_eq!(requests(&core), ["POST /oauth/token", "POST /api/v2/event-streams"]);
    let stream = core.auth0.event_stream(&id).unwrap();
    assert_eq!((stream.name.as_str(), stream.secret()), ("orders", Some(CANARY)));
}

#[tokio::test]
async fn an_update_sends_what_differs_and_stores_the_answer() {
    for (case, config, members, secret) in [
        ("rename", with(&bearer(CANARY, 1), &json!({"name": "renamed"})), &["name"][..], "old"),
        ("new_version_of_a_secret", bearer(CANARY, 2), &["destination"], CANARY),
    ] {
        let core = Core::configured().await;
        core.put_webhook("old");
        let prior = stored(&bearer("old", 1));
        let planned = core.plan(&prior, &config).await;
        let applied = core.apply(&prior, &planned, &config).await;
        assert_holds_no(CANARY, &applied);
        assert_answer(&format!("apply_resource_change/{case}"), &answers::apply(&applied));

        let patch = format!("PATCH {STREAMS}/{ID}");
        assert_eq!(requests(&core), ["POST /oauth/token", &patch], "{case}");
        let body = core.auth0.requests().last().unwrap().json();
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), members, "{case}");
        assert_eq!(core.auth0.event_stream(ID).unwrap().secret(), Some(secret), "{case}");
    }
}

#[tokio::test]
async fn a_delete_is_one_request_and_leaves_nothing_whether_or_not_the_stream_was_there() {
    let core = Core::configured().await;
    core.put_eventbridge("eu-west-1");
    let prior = stored(&eventbridge("eu-west-1"));
    let planned = core.plan(&prior, &Json::Null).await;
    for _ in ["there", "gone"] {
        let applied = core.apply(&prior, &planned, &Json::Null).await;
        assert_answer("apply_resource_change/delete", &answers::apply(&applied));
        assert!(core.auth0.event_streams().is_empty());
    }
    let delete = format!("DELETE {STREAMS}/{ID}");
    assert_eq!(requests(&core), ["POST /oauth/token", &delete, &delete]);
}

/// What core stores beside an error: nothing of a create, and what was stored before otherwise.
#[tokio::test]
async fn a_refusal_leaves_what_is_known() {
    let core = Core::configured().await;
    core.put_webhook("old");
    let (config, prior) = (bearer(CANARY, 2), stored(&bearer("old", 1)));
    core.auth0.change_settings(|settings| settings.scopes.clear());
    for (verb, prior, config) in [
        ("create", &Json::Null, &config),
        ("update", &prior, &config),
        ("delete", &prior, &Json::Null),
    ] {
        let planned = core.plan(prior, config).await;
        let applied = core.apply(prior, &planned, config).await;
        assert_eq!(decode(applied.new_state.as_ref()), *prior, "{verb}");
        let summary = format!("Unable to {verb} event stream \"orders\"");
        assert_eq!(errors(&applied.diagnostics), [(String::new(), summary)]);
        assert_holds_no(CANARY, &applied);
    }
    assert_eq!(core.auth0.event_stream(ID).unwrap().secret(), Some("old"));
}

/// The stream is found in the tenant, and nothing is sent twice.
#[tokio::test]
async fn a_create_whose_answer_is_lost_is_settled() {
    let core = Core::configured().await;
    core.auth0.reset_clock();
    core.auth0.add_fault(Fault::next(Effect::ExecuteThenCut).method("POST"));
    let config = bearer(CANARY, 1);
    let planned = core.plan(&Json::Null, &config).await;
    let applied = core.apply(&Json::Null, &planned, &config).await;
    let id = core.auth0.event_streams()[0].id.clone();
    assert_eq!(decode(applied.new_state.as_ref())["id"], id);
    let [warning] = &applied.diagnostics[..] else { panic!("{:?}", applied.diagnostics) };
    assert_eq!(warning.summary, "The creation of event stream \"orders\" was not answered");
    assert!(warning.detail.contains(&id), "{}", warning.detail);
    assert_eq!((core.auth0.count("POST", STREAMS), core.auth0.count("GET", STREAMS)), (1, 1));
}

/// What was unknown during plan is validated before anything is sent.
#[tokio::test]
async fn a_value_that_turns_out_invalid_is_not_sent() {
    let core = Core::configured().await;
    let planned = core.plan(&Json::Null, &bearer(CANARY, 1)).await;
    let invalid = with(&bearer(CANARY, 1), &json!({"subscriptions": []}));
    let applied = core.apply(&Json::Null, &planned, &invalid).await;
    let want = ("subscriptions".to_owned(), "No subscriptions".to_owned());
    assert_eq!(errors(&applied.diagnostics), [want]);
    assert_eq!(decode(applied.new_state.as_ref()), Json::Null);
    assert_eq!(core.auth0.connections(), 0);
}
