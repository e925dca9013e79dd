//! The provider block and the environment, with a real core.

use std::fs;

use super::event_stream::{eventbridge, webhook};
use crate::support::terraform::Acceptance;

const LOGIN: [&str; 3] = ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"];

fn without_environment() -> Acceptance {
    let mut acc = Acceptance::start();
    for name in LOGIN.into_iter().chain(["AUTH0_CA_CERT_FILE"]) {
        acc.unset(name);
    }
    acc
}

fn block(acc: &Acceptance, domain: &str) -> String {
    let ca = acc.folder().join("own-ca.pem");
    fs::write(&ca, acc.auth0.ca_pem()).unwrap();
    format!(
        "provider \"auth0\" {{\n  domain = {domain:?}\n  client_id = {:?}\n  client_secret = {:?}\n  \
         ca_cert_file = {ca:?}\n}}\n",
        acc.auth0.client_id(),
        acc.auth0.client_secret(),
    )
}

#[test]
fn a_block_is_enough_and_its_domain_may_be_a_url() {
    let acc = without_environment();
    let domain = acc.auth0.domain().to_owned();
    for spelling in [domain.clone(), format!("https://{domain}"), format!("http://{domain}/")] {
        acc.apply(&(block(&acc, &spelling) + &eventbridge("audit", "eu-west-1")));
    }
}

#[test]
fn a_ready_made_token_is_enough() {
    let mut acc = Acceptance::start();
    let token = acc.auth0.issue_token();
    for name in &LOGIN[1..] {
        acc.unset(name);
    }
    acc.set("AUTH0_API_TOKEN", &token);
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let [token_requests, post, ..] = acc.requests();
    assert_eq!([token_requests, post], [0, 1]);
}

#[test]
fn what_is_missing_is_told_by_the_plan() {
    let acc = without_environment();
    for (provider, want) in [
        ("provider \"auth0\" {}\n", vec!["Missing credentials", "Missing domain"]),
        ("provider \"auth0\" {\n domain = \"acme.eu.auth0.com\"\n}\n", vec!["Missing credentials"]),
        (
            "provider \"auth0\" {\n domain = \"acme.eu.auth0.com\"\n client_id = \"x\"\n}\n",
            vec!["Missing client_secret"],
        ),
        (
            "provider \"auth0\" {\n domain = \"acme.eu.auth0.com/tenant\"\n api_token = \"x\"\n}\n",
            vec!["Invalid domain"],
        ),
        (
            "provider \"auth0\" {\n domain = \"a.auth0.com\"\n api_token = \"x\"\n client_id = \"y\"\n}\n",
            vec!["Both api_token and client_id"],
        ),
        (
            "provider \"auth0\" {\n domain = \"a.auth0.com\"\n api_token = \"x\"\n ca_cert_file = \"gone.pem\"\n}\n",
            vec!["Invalid ca_cert_file"],
        ),
        (
            "provider \"auth0\" {\n domain = \"https://https://a.auth0.com\"\n api_token = \"x\"\n}\n",
            vec!["Invalid domain"],
        ),
        (
            "provider \"auth0\" {\n domain = \"https://manage.auth0.com/dashboard\"\n api_token = \"x\"\n}\n",
            vec!["Invalid domain"],
        ),
        (
            "provider \"auth0\" {\n domain = \"a.auth0.com\"\n api_token = \"x\"\n client_key = \"x\"\n \
             proxy_url = \"ftp://p\"\n}\n",
            vec!["Invalid proxy_url", "Missing client_certificate"],
        ),
    ] {
        acc.configure(&(provider.to_owned() + &eventbridge("audit", "eu-west-1")));
        let plan = acc.plan();
        plan.run.assert_code(&[1]);
        assert_eq!(plan.errors(), want, "{provider}");
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

/// A tenant's application may be created in the run that uses it.
#[test]
fn credentials_that_are_not_known_yet_fail_no_plan_of_new_streams() {
    let mut acc = Acceptance::start();
    acc.unset("AUTH0_CLIENT_SECRET");
    let hcl = format!(
        "provider \"auth0\" {{\n  client_secret = terraform_data.application.output\n}}\n\
         resource \"terraform_data\" \"application\" {{ input = {:?} }}\n",
        acc.auth0.client_secret()
    ) + &eventbridge("audit", "eu-west-1");
    let plan = acc.apply(&hcl);
    assert_eq!(plan.actions("it"), "create");
}

/// A module may validate without any access to a tenant.
#[test]
fn validate_needs_no_credentials_and_asks_nothing() {
    let acc = without_environment();
    acc.configure(&webhook("orders", "http://not-https", "t", 1));
    let run = acc.run(&["validate", "-json"]);
    run.assert_code(&[1]);
    assert!(run.stdout.contains("Invalid webhook_endpoint"), "{}", run.stdout);
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.run(&["validate", "-json"]).ok();
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn credentials_are_sensitive_in_the_schema() {
    let acc = Acceptance::start();
    acc.configure(&eventbridge("audit", "eu-west-1"));
    let run = acc.run(&["providers", "schema", "-json"]).ok();
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let schemas = schema["provider_schemas"].as_object().unwrap();
    let ours =
        schemas.iter().find(|(address, _)| address.ends_with("auth0-eventing/auth0")).unwrap();
    let attributes = &ours.1["provider"]["block"]["attributes"];
    for secret in [
        "client_secret",
        "api_token",
        "client_assertion_private_key",
        "client_assertion",
        "client_key",
        "proxy_url",
    ] {
        assert_eq!(attributes[secret]["sensitive"], true, "{secret}");
    }
    let stream = &ours.1["resource_schemas"]["auth0_event_stream"]["block"];
    assert!(stream["block_types"]["webhook_configuration"].is_object());
}

/// Whoever does not set it hears nothing of it.
#[test]
fn a_custom_domain_header_is_told_to_have_no_effect() {
    let acc = Acceptance::start();
    let stream = eventbridge("audit", "eu-west-1");
    acc.configure(&("provider \"auth0\" {}\n".to_owned() + &stream));
    assert!(acc.plan().warnings().is_empty());
    let header = "provider \"auth0\" {\n  custom_domain_header = \"login.acme.com\"\n}\n";
    acc.configure(&(header.to_owned() + &stream));
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    let [warning] = &plan.run.warnings()[..] else { panic!("{}", plan.run.printed()) };
    assert_eq!(warning.summary, "custom_domain_header is deprecated");
    assert!(warning.detail.contains("no effect with event streams"), "{warning:?}");
    assert!(warning.code.contains("login.acme.com"), "{warning:?}");
}

/// The provider has no schema for it.
#[test]
fn a_provider_meta_block_is_an_error_of_core() {
    let acc = Acceptance::start();
    acc.configure(
        &("terraform {\n  provider_meta \"auth0\" {\n    module = \"events\"\n  }\n}\n".to_owned()
            + &eventbridge("audit", "eu-west-1")),
    );
    let run = acc.plan().run;
    run.assert_code(&[1]);
    assert!(run.printed().contains("provider_meta"), "{}", run.printed());
}
