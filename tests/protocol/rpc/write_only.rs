//! Write-only values: demanded of a core that keeps them, and in no answer.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{ClientCapabilities, validate_resource_config};

use super::{
    answers::{assert_holds_no, errors},
    as_core::Core,
    core_rules::assert_storable,
    requests::{CAPABILITIES, apply_request, plan_request, validate_request},
    streams::{AUTHORIZATION, CANARY, ID, authorized, bearer, stored, webhook, with},
    values::{UNKNOWN, decode, encode},
};

/// Each write-only attribute, with a configuration that is right but for the core that gets it.
fn secrets(value: &str) -> [(&'static str, Json); 3] {
    let basic = json!({"method": "basic", "username": "u"});
    let header = json!({"method": "custom_header", "header_key": "X-Key"});
    [("password_wo", basic), ("token_wo", json!({"method": "bearer"})), ("header_value_wo", header)]
        .map(|(name, mut authorization)| {
            authorization[name] = value.into();
            authorization[format!("{name}_version")] = 1.into();
            (name, webhook(&authorization))
        })
}

/// The errors that a core with these capabilities gets.
async fn refused(
    core: &Core,
    config: &Json,
    client_capabilities: Option<ClientCapabilities>,
) -> Vec<(String, String)> {
    let request =
        validate_resource_config::Request { client_capabilities, ..validate_request(config) };
    let answer = core.client.clone().validate_resource_config(request).await;
    let answer = answer.unwrap().into_inner();
    assert_holds_no(CANARY, &answer);
    errors(&answer.diagnostics)
}

#[tokio::test]
async fn a_core_that_would_store_write_only_values_is_refused_each_of_them() {
    let core = Core::start().await;
    let old = ClientCapabilities { write_only_attributes_allowed: false, ..CAPABILITIES };
    for value in [CANARY, UNKNOWN] {
        for (name, config) in secrets(value) {
            let summary = format!("{AUTHORIZATION}.{name} needs a newer Terraform or OpenTofu");
            // Core would show the line with the secret.
            let want = [(AUTHORIZATION.to_owned(), summary)];
            assert_eq!(refused(&core, &config, None).await, want, "{name}");
            assert_eq!(refused(&core, &config, Some(old)).await, want, "{name}");
            assert_eq!(refused(&core, &config, Some(CAPABILITIES)).await, [], "{name}");
        }
    }

    let all = webhook(&json!({
        "method": "bearer", "password_wo": CANARY, "token_wo": CANARY, "token_wo_version": 1,
        "header_value_wo": CANARY,
    }));
    let found = refused(&core, &all, None).await;
    let of_core = found.iter().filter(|(_, summary)| summary.contains("needs a newer"));
    assert_eq!(of_core.count(), 3, "{found:?}");
}

#[tokio::test]
async fn a_plain_secret_is_for_every_core() {
    let core = Core::start().await;
    let config = webhook(&json!({"method": "bearer", "token": "t"}));
    assert_eq!(refused(&core, &config, None).await, []);
}

/// Whatever that core does next: no plan, no result and no state holds one.
#[tokio::test]
async fn no_answer_holds_a_write_only_value() {
    for (name, config) in secrets(CANARY) {
        let core = Core::configured().await;
        let mut request = plan_request(&Json::Null, &config);
        request.client_capabilities = None;
        let planned = core.client.clone().plan_resource_change(request).await.unwrap().into_inner();
        assert_holds_no(CANARY, &planned);
        let created = core.apply(&Json::Null, &planned, &config).await;
        assert_holds_no(CANARY, &created);
        assert_eq!(created.diagnostics, [], "{name}");
        assert_eq!(core.auth0.event_streams()[0].secret(), Some(CANARY), "{name}: it was sent");

        let state = decode(created.new_state.as_ref());
        let version = format!("{name}_version");
        let config = authorized(&config, &json!({version: 2}));
        let planned = core.plan(&state, &config).await;
        assert_holds_no(CANARY, &planned);
        let updated = core.apply(&state, &planned, &config).await;
        assert_holds_no(CANARY, &updated);
        assert_eq!(updated.diagnostics, [], "{name}");
        assert_holds_no(CANARY, &core.read(&decode(updated.new_state.as_ref())).await);
    }
}

/// Terraform before 1.11 stored write-only values of the official provider in clear.
#[tokio::test]
async fn a_write_only_value_that_was_stored_is_forgotten() {
    let core = Core::configured().await;
    core.put_webhook("t");
    let leaked = authorized(
        &stored(&bearer(CANARY, 1)),
        &json!({"token_wo": CANARY, "password_wo": CANARY, "header_value_wo": CANARY}),
    );
    let upgraded = core.upgrade(&leaked).await;
    assert_eq!(upgraded.diagnostics, []);
    assert_holds_no(CANARY, &upgraded);
    assert_storable(&decode(upgraded.upgraded_state.as_ref()));

    assert_holds_no(CANARY, &core.read(&leaked).await);
    let planned = core.plan(&leaked, &bearer(CANARY, 1)).await;
    assert_holds_no(CANARY, &planned);
    let renamed = with(&bearer(CANARY, 1), &json!({"name": "renamed"}));
    assert_holds_no(CANARY, &core.plan(&leaked, &renamed).await);
    assert_holds_no(CANARY, &core.import(ID).await);
}

/// Core nulls them before it hands a plan over. Should another one not, nothing is stored either.
#[tokio::test]
async fn a_write_only_value_in_a_plan_is_not_stored() {
    for named in ["orders", "renamed"] {
        let core = Core::configured().await;
        core.put_webhook("t");
        let config = with(&bearer(CANARY, 1), &json!({"name": named}));
        let prior = stored(&bearer(CANARY, 1));
        let mut planned = core.plan(&prior, &config).await;
        let leaked =
            authorized(&decode(planned.planned_state.as_ref()), &json!({"token_wo": CANARY}));
        planned.planned_state = Some(encode(&leaked));
        let request = apply_request(&prior, &planned, &config);
        let applied = core.client.clone().apply_resource_change(request).await.unwrap();
        assert_holds_no(CANARY, &applied.into_inner());
    }
}
