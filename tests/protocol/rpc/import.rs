//! `ImportResourceState`, and the read and the plan that follow it.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    get_resource_identity_schemas, plan_resource_change,
};

use super::{
    answers::{self, assert_answer, errors},
    as_core::Core,
    core_rules::assert_storable,
    requests::{
        generate_request, import_by_identity_request, plan_request, read_request,
        upgrade_identity_request,
    },
    streams::{CANARY, ID, bearer, with},
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

/// From Terraform 1.12 and OpenTofu 1.12 on.
#[tokio::test]
async fn an_identity_imports_what_its_id_imports() {
    let core = Core::configured().await;
    core.put_webhook("in use");
    let mut client = core.client.clone();
    let schemas = client.get_resource_identity_schemas(get_resource_identity_schemas::Request {});
    let schemas = schemas.await.unwrap().into_inner();
    assert_answer("get_resource_identity_schemas", &answers::identity_schemas(&schemas));
    let request = import_by_identity_request(&json!({"id": ID}));
    let by_identity = client.import_resource_state(request).await.unwrap().into_inner();
    assert_eq!(answers::import(&by_identity), answers::import(&core.import(ID).await));

    let upgraded = client.upgrade_resource_identity(upgrade_identity_request(ID)).await;
    assert_eq!(answers::upgraded_identity(&upgraded.unwrap().into_inner()), json!({"id": ID}));
    for (identity, want) in [
        (json!({"id": null}), "Incomplete identity"),
        (json!({"id": "orders"}), "\"orders\" is not the id of an event stream"),
    ] {
        let request = import_by_identity_request(&identity);
        let answer = client.import_resource_state(request).await.unwrap().into_inner();
        assert_eq!(answer.imported_resources, []);
        assert_eq!(errors(&answer.diagnostics), [(String::new(), want.to_owned())]);
    }
}

/// A state that an older core wrote has no identity. Every answer brings it.
#[tokio::test]
async fn every_answer_about_an_object_holds_its_identity() {
    let core = Core::configured().await;
    let config = bearer(CANARY, 1);
    let planned = core.plan(&Json::Null, &config).await;
    let identity = |shown: Json, member: &str| shown[member]["id"].clone();
    assert_eq!(planned.planned_identity, None);
    let applied = core.apply(&Json::Null, &planned, &config).await;
    let state = decode(applied.new_state.as_ref());
    let id = &state["id"];
    assert_eq!(identity(answers::apply(&applied), "new_identity"), *id);
    assert_eq!(identity(answers::read(&core.read(&state).await), "new_identity"), *id);
    let renamed = with(&config, &json!({"name": "renamed"}));
    let planned = core.plan(&state, &renamed).await;
    assert_eq!(identity(answers::plan(&planned), "planned_identity"), *id);
    let applied = core.apply(&state, &planned, &renamed).await;
    assert_eq!(identity(answers::apply(&applied), "new_identity"), *id);
    let destroy = plan_resource_change::Request {
        prior_identity: applied.new_identity.clone(),
        ..plan_request(&state, &Json::Null)
    };
    let destroyed = core.client.clone().plan_resource_change(destroy).await.unwrap().into_inner();
    assert_eq!(identity(answers::plan(&destroyed), "planned_identity"), *id);
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

/// What core writes down for an import is what can be configured, and plans nothing.
#[tokio::test]
async fn a_generated_configuration_is_what_can_be_configured_and_plans_nothing() {
    for kind in ["webhook", "eventbridge", "action"] {
        let core = Core::configured().await;
        match kind {
            "webhook" => core.put_webhook("in use"),
            "eventbridge" => core.put_eventbridge("eu-west-1"),
            _ => core.put_action(),
        }
        let stub = decode(core.import(ID).await.imported_resources[0].state.as_ref());
        let state = decode(core.read(&stub).await.new_state.as_ref());
        let answer = core.client.clone().generate_resource_config(generate_request(&state)).await;
        let answer = answer.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
        let config = decode(answer.config.as_ref());
        assert_answer(&format!("generate_resource_config/{kind}"), &config);
        assert_eq!(core.validate(&config).await, [], "{kind}");
        let planned = core.plan(&state, &config).await;
        assert_eq!(decode(planned.planned_state.as_ref()), state, "{kind}");
    }
}
