//! The provider block and the environment.

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::auth0::{Credentials, NotReady, Settings};
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
    let problems = crate::framework::engine::Engine::new(Auth0Provider::new()).problems();
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
    let fault = fault(ProviderModel::default(), environment);
    assert_eq!(fault.summary, "Invalid domain");
    assert!(fault.detail.contains("environment variable AUTH0_DOMAIN"), "{}", fault.detail);
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

fn settings(config: ProviderModel, environment: Environment) -> Settings {
    let client = Client { version: "1.15.5".to_owned(), stop: CancellationToken::new() };
    configure::settings(&config, client, environment).unwrap().unwrap()
}

/// Names of provider, version and core, and nothing of the text that no header can hold.
#[test]
fn auth0_is_told_who_calls() {
    let client = Client { version: "1.15.5 \n(x)".to_owned(), stop: CancellationToken::new() };
    let settings = configure::settings(&ProviderModel::default(), client, everything);
    let want = format!("terraform-provider-auth0/{VERSION} Terraform/1.15.5(x)");
    assert_eq!(settings.unwrap().unwrap().user_agent, want);
}

#[test]
fn the_block_goes_before_the_environment() {
    let environment: Environment = |name| match name {
        "AUTH0_AUDIENCE" => Some("https://env/api/v2/".to_owned()),
        "AUTH0_DEBUG" => Some("ON".to_owned()),
        name => everything(name),
    };
    let from_environment = settings(ProviderModel::default(), environment);
    assert_eq!(from_environment.domain.to_string(), "env.eu.auth0.com");
    assert_eq!(from_environment.audience.as_deref(), Some("https://env/api/v2/"));
    assert!(from_environment.debug);

    let block = ProviderModel {
        domain: "https://block.eu.auth0.com/".into(),
        audience: "https://block/api/v2/".into(),
        client_id: "block-id".into(),
        debug: Value::Known(false),
        ..Default::default()
    };
    let from_block = settings(block, environment);
    assert_eq!(from_block.domain.to_string(), "block.eu.auth0.com");
    assert_eq!(from_block.audience.as_deref(), Some("https://block/api/v2/"));
    assert!(!from_block.debug);
    let Credentials::ClientSecret { client_id, client_secret } = from_block.credentials else {
        panic!("a token")
    };
    assert_eq!((client_id.as_str(), client_secret.expose_secret()), ("block-id", "env-secret"));
}

/// A token that was exported for something else must not decide who acts on the tenant.
#[test]
fn a_token_of_the_environment_goes_before_an_application_only_if_the_block_names_none() {
    let application = ProviderModel { client_id: "block-id".into(), ..Default::default() };
    let unknown = ProviderModel { client_id: Value::Unknown, ..Default::default() };
    let is_token = |settings: Settings| matches!(settings.credentials, Credentials::ApiToken(_));
    assert!(is_token(settings(ProviderModel::default(), token)));
    assert!(!is_token(settings(application, token)));
    let (diagnostics, provider) = configured(unknown, token);
    assert!(diagnostics.is_empty());
    assert_eq!(provider.client.client().err(), Some(NotReady::Unknown(vec!["client_id"])));
}

#[test]
fn an_empty_text_is_not_set() {
    let empty =
        ProviderModel { api_token: "".into(), client_id: "id".into(), ..Default::default() };
    assert!(Auth0Provider::new().validate(&empty).is_empty());
    assert!(matches!(settings(empty, everything).credentials, Credentials::ClientSecret { .. }));
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
