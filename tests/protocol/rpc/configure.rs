//! `ConfigureProvider` and `ValidateProviderConfig`: the provider block, of which parts may not be
//! known before another resource exists.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::validate_provider_config;

use super::{
    answers::errors,
    as_core::Core,
    streams::{CANARY, ID, bearer, provider_block, stored, with},
    values::{REFINED, UNKNOWN, decode, encode},
};

async fn validate(core: &Core, block: &Json) -> Vec<(String, String)> {
    let request = validate_provider_config::Request { config: Some(encode(block)) };
    let answer = core.client.clone().validate_provider_config(request).await.unwrap();
    errors(&answer.into_inner().diagnostics)
}

#[tokio::test]
async fn what_is_not_known_yet_fails_only_what_needs_it() {
    for (unknown, names) in [
        (json!({"domain": UNKNOWN}), &["domain"][..]),
        (json!({"client_secret": REFINED}), &["client_secret"]),
        (json!({"audience": UNKNOWN, "client_id": UNKNOWN}), &["audience", "client_id"]),
        (json!({"ca_cert_file": UNKNOWN}), &["ca_cert_file"]),
        (json!({"api_token": UNKNOWN, "client_id": null, "client_secret": null}), &["api_token"]),
    ] {
        let core = Core::start().await;
        let block = with(&core.provider_block(), &unknown);
        assert_eq!(validate(&core, &block).await, [], "{unknown}");
        assert_eq!(core.configure(&block).await, [], "{unknown}");

        let (config, state) = (bearer(CANARY, 1), stored(&bearer(CANARY, 1)));
        assert_eq!(core.validate(&config).await, []);
        assert_eq!(core.upgrade(&state).await.diagnostics, []);
        assert_eq!(core.import(ID).await.diagnostics, []);
        let planned = core.plan(&Json::Null, &config).await;
        assert_eq!(planned.diagnostics, []);

        let read = core.read(&state).await;
        assert_eq!(decode(read.new_state.as_ref()), state);
        let applied = core.apply(&Json::Null, &planned, &config).await;
        assert_eq!(decode(applied.new_state.as_ref()), Json::Null);
        for found in [&read.diagnostics, &applied.diagnostics] {
            let [message] = &found[..] else { panic!("{found:?}") };
            assert_eq!(message.summary, "The provider is not configured");
            let named = format!("{} of the provider block", names.join(" and "));
            assert!(message.detail.contains(&named), "{}", message.detail);
        }
        assert_eq!(core.auth0.connections(), 0);
    }
}

/// With a provider that a person started, core configures again and again.
#[tokio::test]
async fn the_last_configuration_wins() {
    let core = Core::start().await;
    core.put_webhook("t");
    let state = stored(&bearer("t", 1));
    let (known, unknown) =
        (core.provider_block(), with(&core.provider_block(), &json!({"domain": UNKNOWN})));
    for (block, failures) in [(&unknown, 1), (&known, 0), (&unknown, 1), (&known, 0)] {
        assert_eq!(core.configure(block).await, []);
        assert_eq!(core.read(&state).await.diagnostics.len(), failures);
    }
}

#[tokio::test]
async fn faults_of_the_provider_block_are_told_at_their_attributes() {
    let core = Core::start().await;
    let given = provider_block;
    let domain = "acme.eu.auth0.com";
    // What is missing may be in the environment, which validation does not look at.
    for (block, validated, configured) in [
        (given(&json!({})), vec![], vec!["", "domain"]),
        (
            given(&json!({"domain": "a b", "api_token": "t", "client_id": "i"})),
            vec!["domain", "client_id"],
            vec!["domain", "client_id"],
        ),
        (given(&json!({"domain": domain, "client_id": "i"})), vec![], vec!["client_secret"]),
        (
            given(&json!({"domain": domain, "api_token": "t", "ca_cert_file": "/no/file"})),
            vec![],
            vec!["ca_cert_file"],
        ),
    ] {
        let paths = |found: Vec<(String, String)>| -> Vec<String> {
            found.into_iter().map(|(path, _)| path).collect()
        };
        assert_eq!(paths(validate(&core, &block).await), validated, "{block}");
        assert_eq!(paths(errors(&core.configure(&block).await)), configured, "{block}");
    }
}
