//! Types that the provider does not have. Core asks for them where a state is of another build.

use serde_json::json;
use terraform_provider_auth0::wire::tfplugin6::{invoke_action::event::Type, plan_resource_change};

use super::{
    action,
    answers::errors,
    as_core::Core,
    data_sources::by_id,
    requests::{
        apply_request, import_request, plan_request, read_data_request, read_request,
        upgrade_request, validate_data_request, validate_request,
    },
    streams::{ID, bearer, stored},
    values::{decode, encode},
};

const OTHER: &str = "auth0_event_flow";

#[tokio::test]
async fn each_rpc_names_a_type_that_the_provider_lacks() {
    let core = Core::configured().await;
    let mut client = core.client.clone();
    let (config, state) = (bearer("t", 1), stored(&bearer("t", 1)));
    let planned = plan_resource_change::Response {
        planned_state: Some(encode(&state)),
        ..Default::default()
    };
    let type_name = || OTHER.to_owned();
    let mut found = Vec::new();

    let mut request = validate_request(&config);
    request.type_name = type_name();
    let answer = client.validate_resource_config(request).await.unwrap().into_inner();
    found.push(("ValidateResourceConfig", answer.diagnostics));

    let mut request = upgrade_request(&state);
    request.type_name = type_name();
    let answer = client.upgrade_resource_state(request).await.unwrap().into_inner();
    found.push(("UpgradeResourceState", answer.diagnostics));

    let mut request = import_request(ID);
    request.type_name = type_name();
    let answer = client.import_resource_state(request).await.unwrap().into_inner();
    assert_eq!(answer.imported_resources, []);
    found.push(("ImportResourceState", answer.diagnostics));

    let mut request = plan_request(&state, &config);
    request.type_name = type_name();
    let answer = client.plan_resource_change(request).await.unwrap().into_inner();
    found.push(("PlanResourceChange", answer.diagnostics));

    let mut request = read_request(&state);
    request.type_name = type_name();
    let answer = client.read_resource(request).await.unwrap().into_inner();
    assert_eq!(decode(answer.new_state.as_ref()), state);
    found.push(("ReadResource", answer.diagnostics));

    // Core stores what this one answers, even beside an error.
    let mut request = apply_request(&state, &planned, &config);
    request.type_name = type_name();
    let answer = client.apply_resource_change(request).await.unwrap().into_inner();
    assert_eq!(decode(answer.new_state.as_ref()), state);
    found.push(("ApplyResourceChange", answer.diagnostics));

    let mut request = validate_data_request(&by_id());
    request.type_name = type_name();
    let answer = client.validate_data_resource_config(request).await.unwrap().into_inner();
    let mut data_sources = answer.diagnostics;
    let mut request = read_data_request(&by_id());
    request.type_name = type_name();
    let answer = client.read_data_source(request).await.unwrap().into_inner();
    assert_eq!(answer.state, None);
    data_sources.extend(answer.diagnostics);
    let want = (String::new(), format!("Unknown data source type {OTHER:?}"));
    assert_eq!(errors(&data_sources), [want.clone(), want]);

    let mut request = action::validate_request(&json!({}));
    request.type_name = type_name();
    let answer = client.validate_action_config(request).await.unwrap().into_inner();
    let mut actions = answer.diagnostics;
    let mut request = action::plan_request(&json!({}));
    request.action_type = type_name();
    actions.extend(client.plan_action(request).await.unwrap().into_inner().diagnostics);
    let mut request = action::invoke_request(&json!({}));
    request.action_type = type_name();
    let mut events = client.invoke_action(request).await.unwrap().into_inner();
    match events.message().await.unwrap().unwrap().r#type {
        Some(Type::Completed(completed)) => actions.extend(completed.diagnostics),
        other => panic!("{other:?}"),
    }
    assert_eq!(events.message().await.unwrap(), None);
    let want = (String::new(), format!("Unknown action type {OTHER:?}"));
    assert_eq!(errors(&actions), [want.clone(), want.clone(), want]);

    for (rpc, diagnostics) in found {
        let want = format!("Unknown resource type {OTHER:?}");
        assert_eq!(errors(&diagnostics), [(String::new(), want)], "{rpc}");
    }
    assert_eq!(core.auth0.connections(), 0);
    core.assert_serves().await;
}
