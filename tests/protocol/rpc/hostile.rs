//! Bytes that no core sends. Each is an error of its one call, and the process serves on.

use serde_json::Value as Json;
use terraform_provider_auth0::wire::tfplugin6::{
    Diagnostic, DynamicValue, RawState, validate_provider_config,
};
use tonic::Status;

use super::{
    answers::errors,
    as_core::{Client, Core},
    hostile_bytes::{wrong_json, wrong_values},
    requests::{
        apply_request, configure_request, plan_request, read_request, upgrade_request,
        validate_request,
    },
    streams::{CANARY, bearer, stored},
    values::{decode, encode},
};

/// Every `DynamicValue` of a request that is served.
const PLACES: [&str; 10] = [
    "ValidateProviderConfig.config",
    "ConfigureProvider.config",
    "ValidateResourceConfig.config",
    "PlanResourceChange.prior_state",
    "PlanResourceChange.proposed_new_state",
    "PlanResourceChange.config",
    "ApplyResourceChange.prior_state",
    "ApplyResourceChange.planned_state",
    "ApplyResourceChange.config",
    "ReadResource.current_state",
];

/// Sends `value` in one place of a request that is right but for it.
async fn send(
    client: &mut Client,
    place: &str,
    value: DynamicValue,
) -> Result<Vec<Diagnostic>, Status> {
    let (prior, config) = (stored(&bearer("t", 1)), bearer("t", 2));
    let value = Some(value);
    let (rpc, field) = place.split_once('.').unwrap();
    Ok(match rpc {
        "ValidateProviderConfig" => {
            let request = validate_provider_config::Request { config: value };
            client.validate_provider_config(request).await?.into_inner().diagnostics
        }
        "ConfigureProvider" => {
            let mut request = configure_request(&Json::Null);
            request.config = value;
            client.configure_provider(request).await?.into_inner().diagnostics
        }
        "ValidateResourceConfig" => {
            let mut request = validate_request(&config);
            request.config = value;
            client.validate_resource_config(request).await?.into_inner().diagnostics
        }
        "PlanResourceChange" => {
            let mut request = plan_request(&prior, &config);
            match field {
                "prior_state" => request.prior_state = value,
                "proposed_new_state" => request.proposed_new_state = value,
                _ => request.config = value,
            }
            client.plan_resource_change(request).await?.into_inner().diagnostics
        }
        "ApplyResourceChange" => {
            let mut request = apply_request(&prior, &Default::default(), &config);
            request.planned_state = Some(encode(&stored(&config)));
            match field {
                "prior_state" => request.prior_state = value,
                "planned_state" => request.planned_state = value,
                _ => request.config = value,
            }
            let answer = client.apply_resource_change(request).await?.into_inner();
            if field == "prior_state" {
                assert!(answer.new_state.is_some(), "core would lose what it has");
            } else {
                let new_state = decode(answer.new_state.as_ref());
                assert_eq!(new_state, prior, "core would lose what it has");
            }
            answer.diagnostics
        }
        _ => {
            let mut request = read_request(&prior);
            request.current_state = value;
            client.read_resource(request).await?.into_inner().diagnostics
        }
    })
}

/// What is right in a place, and the name of a text in it.
fn right(core: &Core, place: &str) -> (Json, &'static str) {
    match place {
        "ValidateProviderConfig.config" | "ConfigureProvider.config" => {
            (core.provider_block(), "domain")
        }
        place if place.ends_with(".config") => (bearer(CANARY, 1), "name"),
        _ => (stored(&bearer(CANARY, 1)), "name"),
    }
}

#[tokio::test]
async fn hostile_bytes_are_errors_and_the_process_serves_on() {
    let core = Core::start().await;
    for place in PLACES {
        let (right, text) = right(&core, place);
        for (case, value) in wrong_values(&right, text) {
            let answer = send(&mut core.client.clone(), place, value).await;
            assert_refused(&format!("{place}: {case}"), answer);
        }
        core.assert_serves().await;
    }
    assert_eq!(core.auth0.connections(), 0);
    assert_eq!(core.plugin.process.stderr(), "", "nothing panics");
}

#[tokio::test]
async fn hostile_stored_state_is_an_error_and_the_process_serves_on() {
    let core = Core::start().await;
    for (case, json) in wrong_json(&stored(&bearer(CANARY, 1)), "name") {
        let mut request = upgrade_request(&Json::Null);
        request.raw_state = Some(RawState { json: json.into(), ..Default::default() });
        let answer = core.client.clone().upgrade_resource_state(request).await;
        assert_refused(&case, answer.map(|answer| answer.into_inner().diagnostics));
    }
    core.assert_serves().await;
    assert_eq!(core.plugin.process.stderr(), "", "nothing panics");
}

/// A fault that a user may see is a diagnostic and no status, and no value is in it.
#[track_caller]
fn assert_refused(case: &str, answer: Result<Vec<Diagnostic>, Status>) {
    let diagnostics = answer.unwrap_or_else(|status| panic!("{case}: {status}"));
    let found = errors(&diagnostics);
    assert!(!found.is_empty(), "{case}: taken");
    for other in ["The provider failed", "The provider is not configured"] {
        assert!(!found.iter().any(|(_, summary)| summary == other), "{case}: {found:?}");
    }
    assert!(!format!("{diagnostics:?}").contains(CANARY), "{case}: {diagnostics:?}");
}
