//! `ImportResourceState`, and the read and the plan that follow it.

use serde_json::Value as Json;

use super::{
    answers::{self, assert_answer, errors},
    as_core::Core,
    core_rules::assert_storable,
    requests::read_request,
    streams::{CANARY, ID, bearer},
    values::decode,
};

/// What core does with an import block: nothing but the read asks Auth0.
#[tokio::test]
async fn an_import_is_read_and_plans_at_most_the_secret() {
    let core = Core::configured().await;
    core.put_webhook("in use");
    let imported = core.import(ID).await;
    assert_answer("import_resource_state", &answers::import(&imported));
    assert_eq!(core.auth0.connections(), 0);
    let stub = decode(imported.imported_resources[0].state.as_ref());
    assert_storable(&stub);

    let mut request = read_request(&stub);
    request.private = imported.imported_resources[0].private.clone();
    let read = core.client.clone().read_resource(request).await.unwrap().into_inner();
    assert_answer("read_resource/imported", &answers::read(&read));

    let state = decode(read.new_state.as_ref());
    let planned = core.plan(&state, &bearer(CANARY, 1)).await;
    assert_answer("plan_resource_change/first_after_import", &answers::plan(&planned));
    let applied = core.apply(&state, &planned, &bearer(CANARY, 1)).await;
    let state = decode(applied.new_state.as_ref());
    let settled = core.plan(&state, &bearer(CANARY, 1)).await;
    assert_eq!(decode(settled.planned_state.as_ref()), state);
    assert_eq!(core.auth0.event_stream(ID).unwrap().secret(), Some(CANARY));
}

#[tokio::test]
async fn an_id_that_no_stream_can_have_is_refused_by_name() {
    let core = Core::start().await;
    for id in ["orders", "", "est_4Kq7WnXy2bVt9RmHc3PzL", "est_4Kq7WnXy2bVt9RmHc3Pz/d"] {
        let answer = core.import(id).await;
        assert_eq!(answer.imported_resources, [], "{id}");
        let want = format!("{id:?} is not the id of an event stream");
        assert_eq!(errors(&answer.diagnostics), [(String::new(), want)]);
    }
}

/// Gone would make core say that it cannot import a non-existent object, and nothing of the tenant.
#[tokio::test]
async fn an_id_that_no_stream_has_is_an_error_of_the_read() {
    let core = Core::configured().await;
    let imported = core.import(ID).await;
    let stub: Json = decode(imported.imported_resources[0].state.as_ref());
    let read = core.read(&stub).await;
    let want = format!("There is no event stream {ID:?}");
    assert_eq!(errors(&read.diagnostics), [(String::new(), want)]);
    assert_eq!(decode(read.new_state.as_ref()), stub);
}
