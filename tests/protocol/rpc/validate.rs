//! `ValidateResourceConfig`: every fault at once, each at its place.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{AttributePath, attribute_path::step::Selector};

use super::{
    answers::{self, assert_answer, diagnostics, errors},
    as_core::Core,
    requests::validate_request,
    streams::{
        AUTHORIZATION, CANARY, ENDPOINT, authorization, bearer, eventbridge, stream, webhook, with,
    },
    values::{REFINED, UNKNOWN, encode_as_json},
};

/// Wrong in as many ways as fit into one resource.
fn faulty() -> Json {
    stream(&json!({
        "name": "",
        "destination_type": "webhook",
        "subscriptions": ["user.creatd", "", "authentication.success", null],
        "status": "paused",
        "webhook_configuration": [{
            "webhook_endpoint": "http://user:password@hooks.example.com/auth0",
            "webhook_authorization": [authorization(&json!({
                "method": "basic",
                "username": "a:b",
                "password": "",
                "password_wo": CANARY,
                "token": CANARY,
                "token_wo": CANARY,
                "token_wo_version": 1,
                "header_key": "content-type",
                "header_value_wo_version": 1.5,
            }))],
        }],
        "eventbridge_configuration": [{
            "aws_account_id": "12345",
            "aws_region": "Ireland",
            "aws_partner_event_source": null,
        }],
        "action_configuration": [{"action_id": " "}],
    }))
}

#[tokio::test]
async fn all_faults_are_told_at_once_each_at_its_attribute() {
    let core = Core::start().await;
    let found = core.validate(&faulty()).await;
    assert_answer("validate_resource_config/faults", &diagnostics(&found));
    for message in &found {
        let path = message.attribute.as_ref().unwrap();
        // Core would show the line with the secret; it shows the block instead.
        let beside_a_secret = answers::path(path) == AUTHORIZATION;
        assert!(
            beside_a_secret || leads_somewhere(&faulty(), path),
            "core would point at the header: {message:?}"
        );
        assert!(!format!("{message:?}").contains(CANARY), "{message:?}");
    }
    assert_eq!(core.auth0.connections(), 0);
}

#[tokio::test]
async fn kinds_that_do_not_exist_are_told_without_what_would_follow() {
    let core = Core::start().await;
    let config = with(
        &webhook(&json!({"method": "digest", "password": CANARY})),
        &json!({"destination_type": "sqs"}),
    );
    let found = core.validate(&config).await;
    assert_answer("validate_resource_config/unknown_kinds", &diagnostics(&found));
}

/// They may be right: Auth0 and AWS add types and regions, and a webhook may want what looks odd.
#[tokio::test]
async fn what_is_only_doubtful_is_a_warning() {
    let core = Core::start().await;
    let mut odd = webhook(&json!({"method": "bearer", "token": format!("Bearer {CANARY}\n")}));
    odd["webhook_configuration"][0]["webhook_endpoint"] =
        format!("{ENDPOINT}?api-key={CANARY}").into();
    odd["subscriptions"] = json!(["user.created", "user.frozen", "ss"]);
    let region = eventbridge("eu-west-9");
    let found = [core.validate(&odd).await, core.validate(&region).await].concat();
    assert_answer("validate_resource_config/warnings", &diagnostics(&found));
    assert_eq!(errors(&found), []);
    assert!(!format!("{found:?}").contains(CANARY));
}

/// It is wrong, and not new.
#[tokio::test]
async fn a_region_that_is_not_spelled_like_one_is_an_error_alone() {
    let core = Core::start().await;
    for region in ["Ireland", "eu_west_1", ""] {
        let found = core.validate(&eventbridge(region)).await;
        let want = (
            "eventbridge_configuration[0].aws_region".to_owned(),
            format!("Invalid AWS region {region:?}"),
        );
        assert_eq!(errors(&found), [want]);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[tokio::test]
async fn what_is_not_known_yet_is_not_judged() {
    let core = Core::start().await;
    let mut all = webhook(&json!({"method": UNKNOWN}));
    for name in ["name", "destination_type", "subscriptions", "status"] {
        all[name] = REFINED.into();
    }
    all["webhook_configuration"][0]["webhook_endpoint"] = UNKNOWN.into();
    let authorization = &mut all["webhook_configuration"][0]["webhook_authorization"][0];
    for (_, value) in authorization.as_object_mut().unwrap() {
        *value = UNKNOWN.into();
    }
    let blocks = with(&webhook(&json!({})), &json!({"webhook_configuration": UNKNOWN}));
    let element = with(&bearer("t", 1), &json!({"subscriptions": ["user.created", UNKNOWN]}));
    for config in [all, blocks, element] {
        assert_eq!(core.validate(&config).await, [], "{config}");
    }
}

#[tokio::test]
async fn a_configuration_in_json_is_judged_alike() {
    let core = Core::start().await;
    let mut request = validate_request(&faulty());
    let in_msgpack = core.client.clone().validate_resource_config(request.clone()).await;
    request.config = Some(encode_as_json(&faulty()));
    let in_json = core.client.clone().validate_resource_config(request).await;
    assert_eq!(in_json.unwrap().into_inner(), in_msgpack.unwrap().into_inner());
}

/// Whether a path ends at an attribute of `config`, with the index of every block on the way.
fn leads_somewhere(config: &Json, path: &AttributePath) -> bool {
    let mut at = Some(config);
    for step in &path.steps {
        at = at.and_then(|at| match step.selector.as_ref().unwrap() {
            Selector::AttributeName(name) => at.as_object()?.get(name),
            Selector::ElementKeyString(key) => at.as_object()?.get(key),
            Selector::ElementKeyInt(index) => at.as_array()?.get(usize::try_from(*index).unwrap()),
        });
    }
    // What ends at a block is shown at the header too.
    at.is_some_and(|at| !at.is_object() && !at.get(0).is_some_and(Json::is_object))
}
