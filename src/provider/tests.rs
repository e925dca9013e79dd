//! The provider block and the environment.

use tokio_util::sync::CancellationToken;

use super::*;
use crate::auth0::NotReady;
use crate::framework::Diagnostic;

fn nothing(_: &str) -> Option<String> {
    None
}

fn everything(name: &str) -> Option<String> {
    let value = match name {
        "AUTH0_DOMAIN" => "env.eu.auth0.com",
        "AUTH0_CLIENT_ID" => "env-id",
        "AUTH0_CLIENT_SECRET" => "env-secret",
        _ => return None,
    };
    Some(value.to_owned())
}

fn token(name: &str) -> Option<String> {
    (name == "AUTH0_API_TOKEN").then(|| "env-token".to_owned()).or_else(|| everything(name))
}

fn configured(config: ProviderModel, environment: Environment) -> (Diagnostics, Auth0Provider) {
    let provider = Auth0Provider { client: ClientSlot::default(), environment };
    let client = Client { version: "1.11.4".to_owned(), stop: CancellationToken::new() };
    (provider.configure(config, client), provider)
}

fn fault(config: ProviderModel, environment: Environment) -> Diagnostic {
    let (diagnostics, _) = configured(config, environment);
    diagnostics.into_iter().next().unwrap()
}

#[test]
fn core_takes_the_schema() {
    let problems = Auth0Provider::new().schema().problems();
    assert_eq!(problems, Vec::<String>::new());
    for secret in ["client_secret", "api_token"] {
        assert!(Auth0Provider::new().schema().block.attributes[secret].sensitive, "{secret}");
    }
}

#[test]
fn the_environment_is_enough() {
    for environment in [everything, token] {
        let (diagnostics, provider) = configured(ProviderModel::default(), environment);
        assert!(diagnostics.is_empty());
        assert!(provider.client.client().is_ok());
    }
}

#[test]
fn what_is_missing_is_named_with_its_attribute_and_its_variable() {
    let domain = ProviderModel { domain: "acme.eu.auth0.com".into(), ..Default::default() };
    let id = ProviderModel { client_id: "id".into(), ..domain.clone() };
    let secret = ProviderModel { client_secret: "secret".into(), ..domain.clone() };
    for (config, summary, path, variable) in [
        (
            ProviderModel { api_token: "t".into(), ..Default::default() },
            "Missing domain",
            "domain",
            "AUTH0_DOMAIN",
        ),
        (domain, "Missing credentials", "", "AUTH0_CLIENT_ID"),
        (id, "Missing client_secret", "client_secret", "AUTH0_CLIENT_SECRET"),
        (secret, "Missing client_id", "client_id", "AUTH0_CLIENT_ID"),
    ] {
        let fault = fault(config, nothing);
        assert_eq!((fault.summary.as_str(), fault.path.to_string().as_str()), (summary, path));
        assert!(fault.detail.contains(variable), "{}", fault.detail);
    }
}

#[test]
fn a_domain_that_cannot_be_is_refused_whether_configured_or_from_the_environment() {
    let wrong = ProviderModel { domain: "https://a b".into(), ..Default::default() };
    let provider = crate::framework::engine::Engine::new(Auth0Provider::new());
    let found = provider.validate_provider(&crate::framework::value::IntoRaw::into_raw(wrong));
    assert_eq!(found.iter().next().unwrap().path, path("domain"));
    let environment: Environment = |name| match name {
        "AUTH0_DOMAIN" => Some("acme.eu.auth0.com/path".to_owned()),
        name => everything(name),
    };
    assert_eq!(fault(ProviderModel::default(), environment).summary, "Invalid domain");
}

/// They come from a resource that the same plan creates.
#[test]
fn values_that_are_not_known_yet_fail_only_what_needs_them() {
    for (config, names) in [
        (ProviderModel { domain: Value::Unknown, ..Default::default() }, vec!["domain"]),
        (
            ProviderModel { client_secret: Value::Unknown, ..Default::default() },
            vec!["client_secret"],
        ),
        (ProviderModel { api_token: Value::Unknown, ..Default::default() }, vec!["api_token"]),
        (
            ProviderModel {
                client_id: Value::Unknown,
                audience: Value::Unknown,
                ..Default::default()
            },
            vec!["audience", "client_id"],
        ),
    ] {
        let (diagnostics, provider) = configured(config, everything);
        assert!(diagnostics.is_empty(), "{names:?}");
        assert_eq!(provider.client.client().err(), Some(NotReady::Unknown(names)));
    }
}

#[test]
fn a_token_and_an_application_exclude_each_other_in_one_block() {
    let both = ProviderModel {
        api_token: "t".into(),
        client_id: "id".into(),
        client_secret: "s".into(),
        ..Default::default()
    };
    let found = Auth0Provider::new().validate(&both);
    let paths: Vec<_> = found.iter().map(|d| d.path.to_string()).collect();
    assert_eq!(paths, ["client_id", "client_secret"]);
}

#[test]
fn the_last_configuration_wins() {
    let (_, provider) = configured(ProviderModel::default(), everything);
    let client = Client { version: String::new(), stop: CancellationToken::new() };
    let unknown = ProviderModel { domain: Value::Unknown, ..Default::default() };
    assert!(provider.configure(unknown, client).is_empty());
    assert!(provider.client.client().is_err());
}
