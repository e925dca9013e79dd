//! The provider block and the environment.

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::auth0::{Assertion, Credentials, NotReady, Settings};
use crate::framework::Diagnostic;

fn nothing(_: &str) -> Option<String> {
    None
}

pub(super) fn everything(name: &str) -> Option<String> {
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

pub(super) fn configured(
    config: ProviderModel,
    environment: Environment,
) -> (Diagnostics, Auth0Provider) {
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
    for secret in [
        "client_secret",
        "api_token",
        "client_assertion_private_key",
        "client_assertion",
        "client_key",
        "proxy_url",
    ] {
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

pub(super) fn settings(config: ProviderModel, environment: Environment) -> Settings {
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

/// A signed JWT, as far as can be seen without a key.
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

fn pem() -> String {
    let key = include_bytes!("../auth0/tests/worthless_key.der");
    let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, key);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

fn words(words: &[&str]) -> Value<Vec<Value<String>>> {
    Value::Known(words.iter().map(|word| Value::from(*word)).collect())
}

/// The name of what is used to log in.
fn way(config: ProviderModel, environment: Environment) -> &'static str {
    match settings(config, environment).credentials {
        Credentials::ApiToken(_) => "token",
        Credentials::ClientSecret { .. } => "secret",
        Credentials::Assertion { assertion: Assertion::PrivateKey(_), .. } => "key",
        Credentials::Assertion { assertion: Assertion::ReadyMade(_), .. } => "assertion",
        Credentials::Assertion { assertion: Assertion::Command(_), .. } => "command",
        Credentials::CliLogin { .. } => "cli",
        Credentials::Unusable { .. } => "unusable",
    }
}

#[test]
fn the_first_way_to_log_in_that_is_set_is_used_and_the_block_goes_first() {
    let none = ProviderModel::default();
    let id = ProviderModel { client_id: "id".into(), ..Default::default() };
    let key = ProviderModel {
        client_assertion_private_key: pem().as_str().into(),
        client_assertion_signing_alg: "PS256".into(),
        ..Default::default()
    };
    let assertion = ProviderModel { client_assertion: JWT.into(), ..Default::default() };
    let command =
        ProviderModel { client_assertion_command: words(&["x", "y"]), ..Default::default() };
    let cli = ProviderModel { cli_login: Value::Known(true), ..Default::default() };
    let no_cli = ProviderModel { cli_login: Value::Known(false), ..Default::default() };
    let with_all: Environment = |name| match name {
        "AUTH0_CLI_LOGIN" => Some("true".into()),
        "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY" => Some(pem().replace('\n', "\\n")),
        "AUTH0_CLIENT_ASSERTION_SIGNING_ALG" => Some("RS384".into()),
        "AUTH0_CLIENT_ASSERTION" => Some(JWT.into()),
        "AUTH0_CLIENT_ASSERTION_COMMAND" => Some(r#"["x","y z"]"#.into()),
        "HOME" => Some("/home/me".into()),
        name => token(name),
    };
    let no_secret: Environment = |name| match name {
        "AUTH0_DOMAIN" | "AUTH0_CLIENT_ID" => everything(name),
        "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY" => Some(pem()),
        "AUTH0_CLIENT_ASSERTION_SIGNING_ALG" => Some("RS384".into()),
        "AUTH0_CLIENT_ASSERTION" => Some(JWT.into()),
        _ => None,
    };
    let only_command: Environment = |name| match name {
        "AUTH0_DOMAIN" | "AUTH0_CLIENT_ID" => everything(name),
        "AUTH0_CLIENT_ASSERTION_COMMAND" => Some(r#"["x","y z"]"#.into()),
        // Left over from another way.
        "AUTH0_CLIENT_ASSERTION_SIGNING_ALG" => Some("RS384".into()),
        _ => None,
    };
    for (case, config, environment, want) in [
        ("all in the environment", &none, with_all, "cli"),
        ("no login of the CLI", &no_cli, with_all, "token"),
        ("an application in the block", &id, with_all, "secret"),
        ("a key in the block", &key, with_all, "key"),
        ("an assertion in the block", &assertion, with_all, "assertion"),
        ("a command in the block", &command, with_all, "command"),
        (
            "the CLI in the block",
            &cli,
            |name| token(name).or_else(|| (name == "HOME").then(|| "/home/me".into())),
            "cli",
        ),
        ("a key goes before an assertion", &none, no_secret, "key"),
        ("only a command", &none, only_command, "command"),
        ("a key in the block, the rest not", &key, only_command, "key"),
    ]
        as [(&str, &ProviderModel, Environment, &str); 10]
    {
        assert_eq!(way(config.clone(), environment), want, "{case}");
    }
    let Credentials::CliLogin { config } = settings(none, with_all).credentials else { panic!() };
    assert_eq!(config.to_str(), Some("/home/me/.config/auth0/config.json"));
}

#[test]
fn ways_to_log_in_exclude_each_other_in_one_block() {
    let all = ProviderModel {
        api_token: "t".into(),
        client_id: "id".into(),
        client_secret: "s".into(),
        client_assertion_private_key: "k".into(),
        client_assertion_signing_alg: "RS256".into(),
        client_assertion: JWT.into(),
        client_assertion_command: words(&["x"]),
        ..Default::default()
    };
    let (key, alg) =
        (all.client_assertion_private_key.clone(), all.client_assertion_signing_alg.clone());
    let summaries = |config: &ProviderModel| -> Vec<String> {
        Auth0Provider::new().validate(config).iter().map(|d| d.summary.clone()).collect()
    };
    let found = summaries(&all);
    assert_eq!(found.len(), 6 + 4 + 2 + 2 + 1, "{found:?}");
    for summary in [
        "Both api_token and client_assertion_command",
        "Both client_secret and client_assertion_private_key",
        "Both client_secret and client_assertion_signing_alg",
        "Both client_assertion_private_key and client_assertion",
        "Both client_assertion and client_assertion_command",
    ] {
        assert!(found.contains(&summary.to_owned()), "{summary}: {found:?}");
    }
    let one = ProviderModel {
        client_id: "id".into(),
        client_assertion_private_key: key,
        client_assertion_signing_alg: alg,
        ..Default::default()
    };
    assert_eq!(summaries(&one), Vec::<String>::new());
}

#[test]
fn what_an_assertion_lacks_is_named() {
    let domain = ProviderModel { domain: "acme.eu.auth0.com".into(), ..Default::default() };
    let id = ProviderModel { client_id: "id".into(), ..domain.clone() };
    let of = |key: &str, alg: &str| ProviderModel {
        client_assertion_private_key: key.into(),
        client_assertion_signing_alg: alg.into(),
        ..id.clone()
    };
    for (config, summary, words) in [
        (of(&pem(), ""), "Missing client_assertion_signing_alg", "RS256, RS384, PS256"),
        (of("", "RS256"), "Missing client_assertion_private_key", "_PRIVATE_KEY"),
        (of(&pem(), "ES256"), "Invalid client_assertion_signing_alg", "It is \"ES256\", and Auth0"),
        (of("s3cr3t", "RS256"), "Invalid client_assertion_private_key", "It is no PEM"),
        (
            ProviderModel { client_id: Value::Null, ..of(&pem(), "RS256") },
            "Missing client_id",
            "client_assertion_private_key is set",
        ),
        (
            ProviderModel { client_assertion: "s3cr3t".into(), ..id.clone() },
            "Invalid client_assertion",
            "It is no signed JWT",
        ),
        (
            ProviderModel { client_assertion: JWT.into(), ..domain.clone() },
            "Missing client_id",
            "client_assertion is set",
        ),
        (
            ProviderModel { client_assertion_command: words_of(""), ..id.clone() },
            "Invalid client_assertion_command",
            "is empty",
        ),
        (id.clone(), "Missing client_secret", "client_assertion_private_key"),
    ] {
        let fault = fault(config, nothing);
        assert_eq!(fault.summary, summary);
        assert!(fault.detail.contains(words), "{}", fault.detail);
        assert!(!fault.detail.contains("s3cr3t"), "{}", fault.detail);
    }
    let environment: Environment = |name| match name {
        "AUTH0_CLIENT_ASSERTION_COMMAND" => Some("vault read".into()),
        "AUTH0_CLIENT_SECRET" => None,
        name => everything(name),
    };
    let fault = fault(ProviderModel::default(), environment);
    assert!(fault.detail.contains("must be an array of JSON"), "{}", fault.detail);
}

fn words_of(program: &str) -> Value<Vec<Value<String>>> {
    words(&[program])
}

#[test]
fn an_assertion_that_is_not_known_yet_fails_only_what_needs_it() {
    let id = ProviderModel {
        domain: "acme.eu.auth0.com".into(),
        client_id: "id".into(),
        ..Default::default()
    };
    for (config, name) in [
        (
            ProviderModel {
                client_assertion_private_key: Value::Unknown,
                client_assertion_signing_alg: "RS256".into(),
                ..id.clone()
            },
            "client_assertion_private_key",
        ),
        (
            ProviderModel {
                client_assertion_private_key: pem().as_str().into(),
                client_assertion_signing_alg: Value::Unknown,
                ..id.clone()
            },
            "client_assertion_signing_alg",
        ),
        (ProviderModel { client_assertion: Value::Unknown, ..id.clone() }, "client_assertion"),
        (
            ProviderModel { client_assertion_command: Value::Unknown, ..id.clone() },
            "client_assertion_command",
        ),
        (
            ProviderModel {
                client_assertion_command: Value::Known(vec!["x".into(), Value::Unknown]),
                ..id.clone()
            },
            "client_assertion_command",
        ),
    ] {
        let (diagnostics, provider) = configured(config, nothing);
        assert!(diagnostics.is_empty(), "{name}");
        assert_eq!(provider.client.client().err(), Some(NotReady::Unknown(vec![name])));
    }
}

#[test]
fn dynamic_credentials_are_judged_later_and_the_domain_is_not() {
    let dynamic = ProviderModel {
        domain: "acme.eu.auth0.com".into(),
        dynamic_credentials: Value::Known(true),
        ..Default::default()
    };
    let Credentials::Unusable { why, advice } = settings(dynamic.clone(), nothing).credentials
    else {
        panic!("nothing is set")
    };
    assert_eq!(why, "missing credentials");
    assert!(advice.contains("AUTH0_CLIENT_ID"), "{advice}");
    assert_eq!(way(dynamic.clone(), everything), "secret");
    let unknown = ProviderModel { dynamic_credentials: Value::Unknown, ..dynamic.clone() };
    assert_eq!(way(unknown, nothing), "unusable");
    let no_domain = ProviderModel { domain: Value::Null, ..dynamic };
    assert_eq!(fault(no_domain, nothing).summary, "Missing domain");
    let environment: Environment = |name| match name {
        "AUTH0_DOMAIN" => Some("acme.eu.auth0.com".into()),
        "AUTH0_DYNAMIC_CREDENTIALS" => Some("1".into()),
        _ => None,
    };
    assert_eq!(way(ProviderModel::default(), environment), "unusable");
}

#[test]
fn the_login_of_the_cli_needs_a_home() {
    let cli = ProviderModel {
        domain: "acme.eu.auth0.com".into(),
        cli_login: Value::Known(true),
        ..Default::default()
    };
    assert_eq!(fault(cli.clone(), nothing).summary, "Authentication required");
    let unknown = ProviderModel { cli_login: Value::Unknown, ..cli };
    let (diagnostics, provider) = configured(unknown, nothing);
    assert!(diagnostics.is_empty());
    assert_eq!(provider.client.client().err(), Some(NotReady::Unknown(vec!["cli_login"])));
}

#[test]
fn the_header_of_custom_domains_is_taken() {
    let config =
        ProviderModel { custom_domain_header: "login.acme.com".into(), ..Default::default() };
    let (diagnostics, provider) = configured(config, everything);
    assert!(diagnostics.is_empty());
    assert!(provider.client.client().is_ok());
}
