//! The ephemeral resource `auth0_access_token`, whose values no output can show: a webhook's write-only
//! secret shows them to the tenant.

use serde_json::json;
use terraform_provider_auth0::simulator::{Api, Effect, Fault};

use crate::support::terraform::{Acceptance, Run};

const HOOKS: &str = "https://hooks.example.com/";

/// A token with these arguments, and a stream whose secret is made of it.
fn token(arguments: &str, secret: &str) -> String {
    format!(
        "ephemeral \"auth0_access_token\" \"it\" {{\n{arguments}\n}}\n{}",
        crate::event_stream::with_authorization(
            "orders",
            "https://hooks.example.com/auth0",
            &format!("method = \"bearer\"\n token_wo = {secret}\n token_wo_version = 1"),
        )
    )
}

/// What the expression says of the token.
#[track_caller]
fn applied(acc: &Acceptance, arguments: &str, secret: &str) -> String {
    acc.configure(&token(arguments, secret));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    let streams = acc.auth0.event_streams();
    let secret = streams[0].secret().unwrap().to_owned();
    assert!(!acc.state_text().contains(&secret));
    for (path, contents) in acc.files() {
        let contents = String::from_utf8_lossy(&contents).into_owned();
        assert!(!contents.contains(&secret), "{} holds the token", path.display());
    }
    secret
}

#[track_caller]
fn errors_of_plan(acc: &Acceptance, arguments: &str) -> Run {
    acc.configure(&token(arguments, "ephemeral.auth0_access_token.it.access_token"));
    let run = acc.plan().run;
    run.assert_code(&[1]);
    assert!(acc.auth0.event_streams().is_empty());
    run
}

fn with_hooks() -> Acceptance {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| {
        let scopes = vec!["send:hooks".to_owned(), "read:hooks".to_owned()];
        settings.apis = vec![Api { identifier: HOOKS.to_owned(), scopes }];
    });
    acc
}

/// The claims of a token, of which the tenant has the signature.
fn claims(token: &str) -> serde_json::Value {
    use base64::Engine;
    let part = token.split('.').nth(1).unwrap();
    let json = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&json).unwrap()
}

#[test]
fn a_token_of_the_provider_is_the_one_it_uses_itself() {
    let acc = Acceptance::start();
    let secret = applied(&acc, "", "ephemeral.auth0_access_token.it.access_token");
    assert_eq!(claims(&secret)["aud"], format!("https://{}/api/v2/", acc.auth0.domain()));
    assert_eq!(acc.requests()[0], 2, "one for the plan and one for the apply");
}

#[test]
fn a_token_for_another_api_is_asked_for_apart_and_says_what_it_is() {
    let acc = with_hooks();
    let audience = format!("audience = {HOOKS:?}");
    let it = "ephemeral.auth0_access_token.it";
    let said =
        format!("jsonencode([{it}.audience, {it}.scopes, {it}.expires_at, {it}.access_token])");
    let said: serde_json::Value = serde_json::from_str(&applied(&acc, &audience, &said)).unwrap();
    assert_eq!(said[0], HOOKS);
    assert_eq!(said[1], json!(["send:hooks", "read:hooks"]));
    let claims = claims(said[3].as_str().unwrap());
    assert_eq!(claims["aud"], HOOKS);
    let expires =
        time::OffsetDateTime::from_unix_timestamp(claims["exp"].as_i64().unwrap()).unwrap();
    let rfc3339 = time::format_description::well_known::Rfc3339;
    assert_eq!(said[2], expires.format(&rfc3339).unwrap());
    assert_eq!(acc.requests()[0], 3, "the plan one, the apply one more for itself");
}

/// Two blocks for one API share a token: they are metered.
#[test]
fn two_blocks_for_one_api_share_a_token() {
    let acc = with_hooks();
    let blocks = ["a", "b"].map(|name| {
        format!("ephemeral \"auth0_access_token\" {name:?} {{\n  audience = {HOOKS:?}\n}}\n")
    });
    let same = "ephemeral.auth0_access_token.a.access_token == \
                ephemeral.auth0_access_token.b.access_token ? \"one\" : \"two\"";
    let stream = token("", same);
    acc.configure(&(blocks.concat() + &stream));
    acc.plan().run.assert_code(&[2]);
    assert_eq!(acc.requests()[0], 2, "one for the API, one for the Management API");
    acc.apply_plan().ok();
    assert_eq!(acc.auth0.event_streams()[0].secret(), Some("one"));
}

#[test]
fn an_application_may_be_named_by_id_and_secret_together() {
    let acc = with_hooks();
    let (id, secret) = (acc.auth0.client_id().to_owned(), acc.auth0.client_secret().to_owned());
    let arguments =
        format!("audience = {HOOKS:?}\n client_id = {id:?}\n client_secret = {secret:?}");
    let token = applied_without_files(&acc, &arguments);
    assert_eq!(claims(&token)["azp"], id);
}

/// A provider that has none of its own, beside one that sends the token to a webhook.
#[test]
fn a_provider_without_credentials_serves_a_given_application_where_they_are_dynamic() {
    let mut acc = with_hooks();
    let (id, secret) = (acc.auth0.client_id().to_owned(), acc.auth0.client_secret().to_owned());
    acc.unset("AUTH0_CLIENT_ID");
    acc.unset("AUTH0_CLIENT_SECRET");
    let api_token = acc.auth0.issue_token();
    let providers = |bare: &str| {
        format!(
            "provider \"auth0\" {{\n  api_token = {api_token:?}\n}}\n\
             provider \"auth0\" {{\n  alias = \"bare\"\n{bare}\n}}\n"
        )
    };
    let arguments = format!(
        "provider = auth0.bare\n audience = {HOOKS:?}\n client_id = {id:?}\n client_secret = {secret:?}"
    );
    let token = token(&arguments, "ephemeral.auth0_access_token.it.access_token");
    acc.configure(&(providers("") + &token));
    assert_eq!(acc.plan().errors(), ["Missing credentials"]);
    acc.configure(&(providers("  dynamic_credentials = true") + &token));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    assert_eq!(claims(acc.auth0.event_streams()[0].secret().unwrap())["azp"], id);
}

/// The configuration holds the secret in clear here, so the files are not searched.
fn applied_without_files(acc: &Acceptance, arguments: &str) -> String {
    acc.configure(&token(arguments, "ephemeral.auth0_access_token.it.access_token"));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.auth0.event_streams()[0].secret().unwrap().to_owned()
}

#[test]
fn what_is_missing_or_refused_is_told_by_the_plan() {
    let acc = Acceptance::start();
    let run = errors_of_plan(&acc, "client_id = \"k3Yb\"");
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert_eq!(
        (error.summary.as_str(), error.code.trim()),
        ("Missing client_secret", "client_id = \"k3Yb\"")
    );
    let run = errors_of_plan(&acc, "audience = \"https://nobody.example.com/\"");
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert_eq!(error.summary, "Unable to get an access token for https://nobody.example.com/");
    for part in ["403", "Service not enabled within domain", "Correct `audience`"] {
        assert!(error.detail.contains(part), "{part}: {}", error.detail);
    }
    let run =
        errors_of_plan(&acc, "client_id = \"k3Yb\"\n client_secret = \"canary-wrong-secret\"");
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert!(error.detail.contains("401"), "{}", error.detail);
    assert!(!error.detail.contains("canary"), "{}", error.detail);
}

#[test]
fn a_ready_made_token_is_for_its_own_api_alone() {
    let mut acc = with_hooks();
    let token = acc.auth0.issue_token();
    acc.set("AUTH0_API_TOKEN", &token);
    acc.unset("AUTH0_CLIENT_ID");
    acc.unset("AUTH0_CLIENT_SECRET");
    let run = errors_of_plan(&acc, &format!("audience = {HOOKS:?}"));
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert!(error.detail.contains("a ready-made token, which is for one API"), "{}", error.detail);
    assert_eq!(acc.requests()[0], 0);
    assert_eq!(applied(&acc, "", "ephemeral.auth0_access_token.it.access_token"), token);
}

#[test]
fn a_token_that_was_long_in_coming_is_told_with_the_reason() {
    let acc = Acceptance::start();
    let limited = Effect::TooManyRequests { retry_after: Some("6".to_owned()), reset_in_s: 6 };
    acc.auth0.add_fault(Fault::next(limited).path("/oauth/token"));
    acc.configure(&token("", "ephemeral.auth0_access_token.it.access_token"));
    let run = acc.plan().run;
    run.assert_code(&[2]);
    let warnings = run.warnings();
    let told = warnings.iter().find(|told| told.summary == "The access token was long in coming");
    assert!(told.unwrap_or_else(|| panic!("{warnings:?}")).detail.contains("its limit for tokens"));
}
