//! `UpgradeResourceState`: stored state, whoever wrote it.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{RawState, upgrade_resource_state};

use super::{
    answers::{self, assert_answer, errors},
    as_core::Core,
    core_rules::assert_storable,
    requests::{OFFICIAL, move_request, upgrade_request},
    streams::{CANARY, TYPE, bearer, stored},
    values::{ABSENT, decode},
};

/// Names and attributes of the resources in a state of the official provider.
fn official(file: &str) -> Vec<(String, Json)> {
    let path = format!("{}/tests/official-states/{file}", env!("CARGO_MANIFEST_DIR"));
    let state: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let resources = state["resources"].as_array().unwrap().iter();
    resources
        .map(|resource| {
            let name = resource["name"].as_str().unwrap().to_owned();
            (name, resource["instances"][0]["attributes"].clone())
        })
        .collect()
}

#[tokio::test]
async fn state_of_the_official_provider_is_taken_as_it_is() {
    let core = Core::start().await;
    let mut seen = 0;
    for file in ["created.tfstate", "updated.tfstate", "imported.tfstate"] {
        for (name, attributes) in official(file) {
            let answer = core.upgrade(&attributes).await;
            assert_eq!(answer.diagnostics, [], "{file}: {name}");
            let upgraded = decode(answer.upgraded_state.as_ref());
            assert_storable(&upgraded);
            // Ours alone, and null where nobody has set it.
            let mut attributes = attributes;
            attributes["timeouts"] = Json::Null;
            assert_eq!(upgraded, attributes, "{file}: {name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 18);
    assert_eq!(core.auth0.connections(), 0);
}

/// Whose provider `auth0` it was, and from which registry, does not matter; what it was of does.
#[tokio::test]
async fn state_moves_here_from_a_provider_auth0_and_from_no_other() {
    let core = Core::start().await;
    let mut client = core.client.clone();
    for (_, attributes) in official("updated.tfstate") {
        let upgraded = core.upgrade(&attributes).await;
        for provider in [
            OFFICIAL,
            "registry.opentofu.org/auth0/auth0",
            "terraform.example.com/platform/auth0",
            "registry.terraform.io/auth0-eventing/auth0",
        ] {
            let request = move_request(provider, TYPE, &attributes);
            let moved = client.move_resource_state(request).await.unwrap().into_inner();
            assert_eq!(moved.diagnostics, [], "{provider}");
            assert_eq!(moved.target_state, upgraded.upgraded_state, "{provider}");
            assert_eq!(moved.target_private, "{}");
            let identity = moved.target_identity.unwrap().identity_data;
            assert_eq!(decode(identity.as_ref()), json!({"id": attributes["id"]}));
        }
    }
    let state = stored(&bearer(CANARY, 1));
    for (provider, type_name, version, want) in [
        ("registry.terraform.io/hashicorp/aws", TYPE, 0, "Only state of auth0_event_stream"),
        (OFFICIAL, "auth0_log_stream", 0, "of type auth0_log_stream"),
        (OFFICIAL, TYPE, 1, "The state has version 1 of the schema"),
    ] {
        let mut request = move_request(provider, type_name, &state);
        request.source_schema_version = version;
        let answer = client.move_resource_state(request).await.unwrap().into_inner();
        assert_eq!(decode(answer.target_state.as_ref()), ABSENT);
        let [message] = &answer.diagnostics[..] else { panic!("{answer:?}") };
        assert_eq!(message.summary, "Unable to move state to auth0_event_stream");
        assert!(message.detail.contains(want), "{}", message.detail);
    }
}

#[tokio::test]
async fn an_upgraded_state_has_the_form_that_was_reviewed() {
    let core = Core::start().await;
    for name in ["bearer_wo", "bus"] {
        let (_, attributes) =
            official("updated.tfstate").into_iter().find(|(of, _)| of == name).unwrap();
        let answer = core.upgrade(&attributes).await;
        assert_answer(
            &format!("upgrade_resource_state/official_{name}"),
            &answers::upgrade(&answer),
        );
    }
}

/// A newer or another provider may have written it.
#[tokio::test]
async fn attributes_of_another_schema_are_dropped_and_missing_ones_are_null() {
    let core = Core::start().await;
    let state = stored(&bearer(CANARY, 1));
    let mut other = state.clone();
    let members = other.as_object_mut().unwrap();
    members.insert("tenant".to_owned(), json!({"region": ["eu"]}));
    members.remove("status");
    members.remove("action_configuration");
    let answer = core.upgrade(&other).await;
    assert_eq!(answer.diagnostics, []);
    let mut want = state;
    want["status"] = Json::Null;
    assert_eq!(decode(answer.upgraded_state.as_ref()), want);
}

#[tokio::test]
async fn numbers_of_state_keep_every_digit() {
    let core = Core::start().await;
    let text = stored(&bearer(CANARY, 987)).to_string();
    for (stored, want) in [
        ("9223372036854775807", json!(i64::MAX)),
        ("12345678901234567890123", json!("12345678901234567890123")),
        ("1e2", json!(100)),
        ("\"3\"", json!(3)),
    ] {
        let mut request = upgrade_request(&Json::Null);
        let json = text.replace("987", stored).into();
        request.raw_state = Some(RawState { json, ..Default::default() });
        let answer = core.client.clone().upgrade_resource_state(request).await;
        let upgraded = decode(answer.unwrap().into_inner().upgraded_state.as_ref());
        let version =
            &upgraded["webhook_configuration"][0]["webhook_authorization"][0]["token_wo_version"];
        assert_eq!(*version, want, "{stored}");
    }
}

#[tokio::test]
async fn state_that_cannot_be_read_is_an_error_without_its_values() {
    let core = Core::start().await;
    let wrong_type =
        stored(&bearer(CANARY, 1)).to_string().replace("\"orders\"", "[\"s3cr3t-canary\"]");
    let flatmap = [("id".to_owned(), CANARY.to_owned())].into();
    for (case, raw_state, path) in [
        ("none", None, ""),
        ("empty", Some(RawState::default()), ""),
        ("flatmap", Some(RawState { flatmap, ..Default::default() }), ""),
        ("cut", Some(raw(&wrong_type[..40])), ""),
        ("no JSON", Some(raw(CANARY)), ""),
        ("no object", Some(raw("[]")), ""),
        ("wrong type", Some(raw(&wrong_type)), "name"),
    ] {
        let request = upgrade_resource_state::Request { raw_state, ..upgrade_request(&Json::Null) };
        let answer = core.client.clone().upgrade_resource_state(request).await;
        let answer = answer.unwrap().into_inner();
        let found = errors(&answer.diagnostics);
        assert_eq!(
            found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
            [path],
            "{case}"
        );
        assert_eq!(decode(answer.upgraded_state.as_ref()), ABSENT, "{case}");
        answers::assert_holds_no(CANARY, &answer);
    }
}

fn raw(json: &str) -> RawState {
    RawState { json: json.to_owned().into(), ..Default::default() }
}
