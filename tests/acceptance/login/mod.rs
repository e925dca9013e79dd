//! Every way to log in, with a real core.

mod keyring;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use terraform_provider_auth0::simulator::{ClientAuthentication, Options, SigningAlg};

use crate::event_stream::eventbridge;
use crate::support::terraform::Acceptance;

/// A tenant whose client has a key, and the file of that key.
pub fn with_key(alg: SigningAlg) -> (Acceptance, PathBuf) {
    let mut acc = Acceptance::with(Options {
        client_authentication: ClientAuthentication::PrivateKeyJwt,
        client_signing_alg: alg,
        ..Options::default()
    });
    acc.unset("AUTH0_CLIENT_SECRET");
    let file = acc.folder().join("client_key.pem");
    fs::write(&file, acc.auth0.client_key_pem().unwrap()).unwrap();
    (acc, file)
}

/// Applies, and proves that each process has asked for one token.
fn applies(acc: &Acceptance, provider: &str) {
    acc.configure(&(provider.to_owned() + &eventbridge("audit", "eu-west-1")));
    acc.plan().run.assert_code(&[2]);
    assert_eq!(acc.requests()[0], 0, "nothing needs a token");
    acc.apply_plan().ok();
    assert_eq!(acc.requests()[..2], [1, 1]);
    acc.assert_settled();
    assert_eq!(acc.requests()[0], 1, "a plan without a refresh needs no token");
}

#[test]
fn a_private_key_is_enough_as_text_and_as_a_path() {
    for (alg, name) in
        [(SigningAlg::Rs256, "RS256"), (SigningAlg::Rs384, "RS384"), (SigningAlg::Ps256, "PS256")]
    {
        let (acc, _) = with_key(alg);
        applies(
            &acc,
            &format!(
                "provider \"auth0\" {{\n  client_assertion_private_key = file(\"client_key.pem\")\n  \
                 client_assertion_signing_alg = {name:?}\n}}\n"
            ),
        );
        let state = acc.state_text();
        assert!(!state.contains("PRIVATE KEY"), "{state}");
    }
    let (mut acc, file) = with_key(SigningAlg::Rs256);
    acc.set("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", file.to_str().unwrap());
    acc.set("AUTH0_CLIENT_ASSERTION_SIGNING_ALG", "RS256");
    applies(&acc, "");
}

#[test]
fn a_key_for_another_algorithm_is_refused_with_what_to_do() {
    let (mut acc, file) = with_key(SigningAlg::Ps256);
    acc.set("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", file.to_str().unwrap());
    acc.set("AUTH0_CLIENT_ASSERTION_SIGNING_ALG", "RS256");
    acc.configure(&eventbridge("audit", "eu-west-1"));
    let error = acc.error_of_apply();
    assert!(error.detail.contains("401 Unauthorized (invalid_client)"), "{error:?}");
    assert!(error.detail.contains("Private Key JWT"), "{error:?}");
}

/// The program that prints an assertion signed with a key.
pub fn signing_program(acc: &Acceptance) -> PathBuf {
    let program = acc.folder().join("sign.sh");
    fs::write(&program, SIGN).unwrap();
    program
}

/// A fresh assertion.
pub fn sign(acc: &Acceptance, key: &Path) -> String {
    let made = std::process::Command::new("sh")
        .args([&signing_program(acc), key])
        .env("AUTH0_DOMAIN", acc.auth0.domain())
        .env("AUTH0_CLIENT_ID", acc.auth0.client_id())
        .output()
        .unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// A program signs with openssl, as one would with the tool of a vault.
#[test]
fn a_program_that_prints_an_assertion_is_enough() {
    let (mut acc, key) = with_key(SigningAlg::Rs256);
    let command = json!(["sh", signing_program(&acc), key]).to_string();
    applies(&acc, &format!("provider \"auth0\" {{\n  client_assertion_command = {command}\n}}\n"));
    acc.set("AUTH0_CLIENT_ASSERTION_COMMAND", &command);
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.assert_settled();
}

/// Good for one token: the second process is refused, and told why.
#[test]
fn a_ready_made_assertion_is_good_for_one_process() {
    let (mut acc, key) = with_key(SigningAlg::Rs256);
    let assertion = sign(&acc, &key);
    acc.set("AUTH0_CLIENT_ASSERTION", &assertion);
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    let printed = plan.run.printed();
    assert!(printed.contains("is good for one token"), "{printed}");
    assert!(!printed.contains(&assertion), "{printed}");
}

#[test]
fn a_program_that_is_not_there_fails_what_needs_it() {
    let (acc, _) = with_key(SigningAlg::Rs256);
    acc.configure(
        &("provider \"auth0\" {\n  client_assertion_command = [\"no-such-program\"]\n}\n"
            .to_owned()
            + &eventbridge("audit", "eu-west-1")),
    );
    let error = acc.error_of_apply();
    assert!(error.detail.contains("\"no-such-program\""), "{error:?}");
    assert!(error.detail.contains("was not found"), "{error:?}");
}

/// Somebody who has logged in with the CLI, and has no other credentials.
fn with_cli_login() -> Acceptance {
    let mut acc = Acceptance::start();
    for name in ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"] {
        acc.unset(name);
    }
    acc.set("HOME", acc.folder().join("home").to_str().unwrap());
    acc.set("AUTH0_CLI_LOGIN", "true");
    acc
}

/// Keeps a token where the CLI does that finds no keyring.
fn keep_in_file(acc: &Acceptance, token: &str) {
    let folder = acc.folder().join("home/.config/auth0");
    fs::create_dir_all(&folder).unwrap();
    let config = json!({"tenants": {acc.auth0.domain(): {"access_token": token}}});
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

#[test]
fn the_login_of_the_official_cli_is_enough() {
    let acc = with_cli_login();
    let token = acc.auth0.issue_token();
    acc.configure(&eventbridge("audit", "eu-west-1"));
    let error = acc.error_of_apply();
    assert!(error.detail.contains("Authentication required"), "{error:?}");
    assert!(error.detail.contains("auth0 login"), "{error:?}");

    keep_in_file(&acc, &token);
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let [tokens, posts, ..] = acc.requests();
    assert_eq!([tokens, posts], [0, 1]);
}

/// They may come into being in the run, in a way that core does not know of.
#[test]
fn dynamic_credentials_are_judged_when_a_call_needs_them() {
    let mut acc = Acceptance::start();
    let secret = acc.auth0.client_secret().to_owned();
    acc.unset("AUTH0_CLIENT_SECRET");
    let hcl = "provider \"auth0\" {\n  dynamic_credentials = true\n  \
               custom_domain_header = \"login.acme.com\"\n}\n"
        .to_owned()
        + &eventbridge("audit", "eu-west-1");
    acc.configure(&hcl);
    let error = acc.error_of_apply();
    assert!(error.detail.contains("missing client_secret"), "{error:?}");
    assert!(error.detail.contains("AUTH0_CLIENT_SECRET"), "{error:?}");
    acc.set("AUTH0_CLIENT_SECRET", &secret);
    acc.apply(&hcl);
}

/// Signs for the client of its environment with the key of its first argument.
const SIGN: &str = r#"
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
header=$(printf '{"alg":"RS256","typ":"JWT"}' | encode)
claims=$(printf '{"iss":"%s","sub":"%s","aud":"https://%s/","jti":"%s","iat":%s,"exp":%s}' \
    "$AUTH0_CLIENT_ID" "$AUTH0_CLIENT_ID" "$AUTH0_DOMAIN" "$(openssl rand -hex 16)" \
    "$now" "$((now + 60))" | encode)
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$1" -binary | encode)
printf '%s.%s.%s\n' "$header" "$claims" "$signature"
"#;
