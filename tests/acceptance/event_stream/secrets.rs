//! No secret anywhere: canary strings are fed in, and looked for wherever something is written.

use crate::login::{sign, signing_program, with_key};
use crate::support::terraform::{Acceptance, Run};
use terraform_provider_auth0::simulator::{Effect, Fault, SigningAlg};

/// In every spelling that a log or a state may use.
fn spellings(secret: &str) -> Vec<String> {
    use base64::Engine;
    let base64 = base64::engine::general_purpose::STANDARD.encode(secret);
    let hex = secret.bytes().map(|b| format!("{b:02x}")).collect();
    vec![secret.to_owned(), base64.trim_end_matches('=').to_owned(), hex]
}

const TOKEN: &str = "canary-token-5f1c";
const PASSWORD: &str = "canary-password-7a2e";
const VALUE: &str = "canary-value-93bd";

const STREAMS: &str = r#"
variable "token" {
  type      = string
  ephemeral = true
}
variable "password" {
  type      = string
  ephemeral = true
}
variable "value" {
  type      = string
  ephemeral = true
}
variable "endpoint" {
  type = string
}
resource "auth0_event_stream" "bearer" {
  name             = "bearer"
  destination_type = "webhook"
  subscriptions    = ["user.created"]
  webhook_configuration {
    webhook_endpoint = var.endpoint
    webhook_authorization {
      method           = "bearer"
      token_wo         = var.token
      token_wo_version = 1
    }
  }
}
resource "auth0_event_stream" "basic" {
  name             = "basic"
  destination_type = "webhook"
  subscriptions    = ["user.created"]
  webhook_configuration {
    webhook_endpoint = var.endpoint
    webhook_authorization {
      method              = "basic"
      username            = "hook"
      password_wo         = var.password
      password_wo_version = 1
    }
  }
}
resource "auth0_event_stream" "header" {
  name             = "header"
  destination_type = "webhook"
  subscriptions    = ["user.created"]
  webhook_configuration {
    webhook_endpoint = var.endpoint
    webhook_authorization {
      method                  = "custom_header"
      header_key              = "x-hook"
      header_value_wo         = var.value
      header_value_wo_version = 1
    }
  }
}
"#;

fn assert_clean(place: &str, text: &str, secrets: &[String]) {
    for secret in secrets {
        for spelling in spellings(secret) {
            assert!(!text.contains(&spelling), "{secret} is in {place}");
        }
    }
}

fn assert_run_is_clean(run: &Run, secrets: &[String]) {
    assert_clean(&format!("what `{}` printed", run.what), &run.printed(), secrets);
}

#[test]
fn write_only_secrets_and_credentials_are_written_nowhere() {
    let mut acc = Acceptance::start();
    let log = acc.folder().join("trace.log");
    for (name, value) in [
        ("TF_VAR_token", TOKEN),
        ("TF_VAR_password", PASSWORD),
        ("TF_VAR_value", VALUE),
        ("TF_VAR_endpoint", "https://a.example.com"),
        ("TF_LOG", "TRACE"),
        ("TF_LOG_PATH", log.to_str().unwrap()),
        ("AUTH0_DEBUG", "true"),
    ] {
        acc.set(name, value);
    }
    let mut secrets = vec![TOKEN.to_owned(), PASSWORD.to_owned(), VALUE.to_owned()];
    secrets.push(acc.auth0.client_secret().to_owned());

    // Failures of every kind, a plan, an apply, an update, a destroy.
    acc.configure(STREAMS);
    for (effect, code) in
        [(Effect::Status(500), 1), (Effect::ExecuteThenCut, 0), (Effect::TruncatedJson, 0)]
    {
        acc.auth0.add_fault(Fault::next(effect).method("POST").times(100));
        acc.plan().run.assert_code(&[2]);
        let run = acc.apply_plan();
        run.assert_code(&[code]);
        assert_run_is_clean(&run, &secrets);
        acc.auth0.clear_faults();
        for stream in acc.auth0.event_streams() {
            acc.auth0.delete_event_stream(&stream.id);
        }
    }
    let plan = acc.plan();
    assert_run_is_clean(&plan.run, &secrets);
    assert_clean("show -json of the plan", &plan.json.to_string(), &secrets);
    let applied = acc.apply_plan().ok();
    assert_run_is_clean(&applied, &secrets);
    assert_clean("show -json of the state", &acc.show("").to_string(), &secrets);
    acc.set("TF_VAR_endpoint", "https://b.example.com");
    for effect in [Effect::Html(502), Effect::Cut] {
        acc.auth0.add_fault(Fault::next(effect).method("PATCH").times(100));
        acc.plan().run.assert_code(&[2]);
        let run = acc.apply_plan();
        run.assert_code(&[1]);
        assert_run_is_clean(&run, &secrets);
        acc.auth0.clear_faults();
    }
    acc.plan().run.assert_code(&[2]);
    assert_run_is_clean(&acc.apply_plan().ok(), &secrets);
    for (name, secret) in [("bearer", TOKEN), ("basic", PASSWORD), ("header", VALUE)] {
        let stream = acc.auth0.event_stream_named(name).unwrap();
        assert_eq!(stream.secret(), Some(secret), "{name}");
    }
    assert_run_is_clean(&acc.destroy(), &secrets);

    let logged = std::fs::read_to_string(&log).unwrap();
    assert!(
        logged.contains("provider.terraform-provider-auth0"),
        "the log is one of this provider"
    );
    let files = acc.files();
    for part in ["plan.bin/tfplan", "plan.bin/tfstate", "terraform.tfstate", "trace.log"] {
        assert!(files.iter().any(|(path, _)| path.ends_with(part)), "{part} is looked into");
    }
    for (path, contents) in files {
        assert_clean(&path.display().to_string(), &String::from_utf8_lossy(&contents), &secrets);
    }
    // The access token and what carries it.
    assert!(!logged.contains("Bearer ") && !logged.contains("eyJ"), "a token is in the log");
}

/// All is logged, and errors to these requests repeat the whole request.
fn echo(acc: &mut Acceptance, path: &str) {
    let log = acc.folder().join("trace.log");
    acc.set("TF_LOG", "TRACE");
    acc.set("TF_LOG_PATH", log.to_str().unwrap());
    acc.set("AUTH0_DEBUG", "true");
    for (name, value) in
        [("TF_VAR_token", TOKEN), ("TF_VAR_password", PASSWORD), ("TF_VAR_value", VALUE)]
    {
        acc.set(name, value);
    }
    acc.set("TF_VAR_endpoint", "https://a.example.com");
    acc.auth0.add_fault(Fault::next(Effect::Echo(400)).method("POST").path(path).times(100));
}

/// Applies in vain, and looks for what was sent in all that was written.
#[track_caller]
fn assert_echo_is_clean(acc: &Acceptance, secrets: &[&str], key: Option<&str>) {
    acc.configure(STREAMS);
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert!(run.printed().contains("user-agent: terraform-provider-auth0"), "{}", run.printed());
    let mut secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let sent = acc.auth0.requests();
    let token_requests = sent.iter().filter(|request| request.path == "/oauth/token");
    // A signature is made for each request; this one was.
    let assertions = token_requests.map(|request| request.json()["client_assertion"].clone());
    secrets.extend(assertions.filter_map(|jwt| jwt.as_str().map(str::to_owned)));
    secrets.extend([TOKEN, PASSWORD, VALUE].map(str::to_owned));
    assert_run_is_clean(&run, &secrets);
    let files = acc.files();
    let log = files.iter().find(|(path, _)| path.ends_with("trace.log")).expect("a log");
    let logged = String::from_utf8_lossy(&log.1);
    assert!(logged.contains("provider.terraform-provider-auth0"), "it is this provider's");
    assert!(!logged.contains("eyJ") && !run.printed().contains("eyJ"), "a token is shown");
    for (path, contents) in files {
        if key.is_some_and(|key| path.ends_with(key)) {
            continue;
        }
        assert_clean(&path.display().to_string(), &String::from_utf8_lossy(&contents), &secrets);
    }
}

#[test]
fn an_error_that_repeats_the_request_shows_no_secret_of_the_resource() {
    let mut acc = Acceptance::start();
    echo(&mut acc, "/api/v2/");
    let secret = acc.auth0.client_secret().to_owned();
    assert_echo_is_clean(&acc, &[&secret], None);
    let token = acc.auth0.issue_token();
    acc.set("AUTH0_API_TOKEN", &token);
    acc.unset("AUTH0_CLIENT_ID");
    acc.unset("AUTH0_CLIENT_SECRET");
    assert_echo_is_clean(&acc, &[&token], None);
}

#[test]
fn an_error_that_repeats_the_request_shows_no_secret_of_the_login() {
    let mut acc = Acceptance::start();
    echo(&mut acc, "/oauth/token");
    let secret = acc.auth0.client_secret().to_owned();
    assert_echo_is_clean(&acc, &[&secret], None);

    let (mut acc, key) = with_key(SigningAlg::Rs256);
    echo(&mut acc, "/oauth/token");
    let pem = acc.auth0.client_key_pem().unwrap();
    let line = pem.lines().nth(3).unwrap();
    acc.set("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", &pem);
    acc.set("AUTH0_CLIENT_ASSERTION_SIGNING_ALG", "RS256");
    assert_echo_is_clean(&acc, &[line], Some("client_key.pem"));
    acc.unset("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY");
    acc.unset("AUTH0_CLIENT_ASSERTION_SIGNING_ALG");

    let signed = sign(&acc, &key);
    acc.set("AUTH0_CLIENT_ASSERTION", &signed);
    assert_echo_is_clean(&acc, &[&signed], Some("client_key.pem"));
    acc.unset("AUTH0_CLIENT_ASSERTION");

    let command = serde_json::json!(["sh", signing_program(&acc), key]).to_string();
    acc.set("AUTH0_CLIENT_ASSERTION_COMMAND", &command);
    assert_echo_is_clean(&acc, &[line], Some("client_key.pem"));
}

#[test]
fn a_plain_secret_is_hidden_where_core_prints() {
    let acc = Acceptance::start();
    let authorization = format!("method = \"bearer\"\n token = {TOKEN:?}");
    let hcl = super::with_authorization("orders", super::ENDPOINT, &authorization);
    acc.configure(&hcl);
    let run = acc.run(&["plan", "-no-color", "-input=false"]).ok();
    assert!(run.stdout.contains("(sensitive value)"), "{}", run.stdout);
    assert_clean("the plan", &run.printed(), &[TOKEN.to_owned()]);
}

/// Core prints the source line that a message points at, so none points at a secret.
#[test]
fn no_message_makes_core_print_the_line_of_a_secret() {
    let acc = Acceptance::start();
    let canary = "canary-in-the-source";
    let with =
        |authorization: &str| super::with_authorization("orders", super::ENDPOINT, authorization);
    let key = format!("-----BEGIN PRIVATE KEY-----{canary}");
    for (case, hcl) in [
        (
            "proxy",
            format!(
                "provider \"auth0\" {{\n  proxy_url = \"http://u:{canary}/x@127.0.0.1:1\"\n}}\n"
            ),
        ),
        (
            "key",
            format!(
                "provider \"auth0\" {{\n  client_assertion_private_key = {key:?}\n  client_assertion_signing_alg = \"RS256\"\n}}\n"
            ),
        ),
        (
            "both",
            format!(
                "provider \"auth0\" {{\n  client_secret = {canary:?}\n  api_token = {canary:?}\n}}\n"
            ),
        ),
        ("assertion", format!("provider \"auth0\" {{\n  client_assertion = {canary:?}\n}}\n")),
        (
            "of another method",
            with(&format!(
                "method = \"basic\"\n username = \"u\"\n password = \"p\"\n token = {canary:?}"
            )),
        ),
        (
            "both ways",
            with(&format!(
                "method = \"bearer\"\n token = {canary:?}\n token_wo = {canary:?}\n token_wo_version = 1"
            )),
        ),
        (
            "no header",
            with(&format!(
                "method = \"custom_header\"\n header_key = \"x\"\n header_value = \"{canary}\\n\""
            )),
        ),
    ] {
        let provider_only = hcl.starts_with("provider");
        let rest =
            if provider_only { super::eventbridge("audit", "eu-west-1") } else { String::new() };
        acc.configure(&(hcl + &rest));
        for arguments in [
            &["plan", "-no-color", "-input=false"][..],
            &["validate", "-no-color"],
            &["plan", "-json", "-input=false"],
        ] {
            let run = acc.run(arguments);
            assert!(!run.printed().contains(canary), "{case}: {}", run.printed());
        }
        let told = acc.run(&["plan", "-json", "-input=false"]).messages();
        assert!(!told.is_empty(), "{case}");
    }
}
