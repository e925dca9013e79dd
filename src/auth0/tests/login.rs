//! The ways to log in besides a secret and a token. The key is made up for these tests by openssl
//! and worth nothing.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256,
    RsaKeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json as object};
use time::OffsetDateTime;

use super::*;
use crate::auth0::{Assertion, AssertionCommand, Error, PrivateKey, ReadyMade};

const KEY: &[u8] = include_bytes!("worthless_key.der");
/// The head of PKCS#8 before the PKCS#1 form of a key of 2048 bits.
const HEAD: usize = 26;
const ID_OF_CLIENT: &str = "k3YbQ8sW";

fn pem(kind: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}

fn key(alg: &str) -> Assertion {
    let key = PrivateKey::read(&pem("PRIVATE KEY", KEY), alg.parse().unwrap()).unwrap();
    Assertion::PrivateKey(key)
}

fn shell(script: &str) -> Assertion {
    let words = ["sh", "-c", script].map(str::to_owned);
    Assertion::Command(AssertionCommand::new(words.into()).unwrap())
}

fn with(server: &Server, assertion: Assertion) -> Auth0 {
    let credentials = Credentials::Assertion { client_id: ID_OF_CLIENT.to_owned(), assertion };
    within(Settings { credentials, ..settings(server) }, limits())
}

async fn get(auth0: &Auth0) -> Result<(), Error> {
    auth0.event_streams(&Operation::default()).get_alone(ID).await.map(drop)
}

fn jwt(claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2ln", encode(&object!({"alg": "RS256"})), encode(claims))
}

/// The assertions that came with requests for a token.
fn sent(server: &Server) -> Vec<String> {
    let tokens = server.seen().into_iter().filter(|seen| seen.line == "POST /oauth/token");
    tokens
        .map(|seen| {
            let body: Value = serde_json::from_str(&seen.body).unwrap();
            body["client_assertion"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn part(jwt: &str, n: usize) -> Value {
    let part = jwt.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_key_signs_what_auth0_documents() {
    let public = RsaKeyPair::from_pkcs8(KEY).unwrap().public_key().as_ref().to_vec();
    for (alg, verification) in [
        ("RS256", &RSA_PKCS1_2048_8192_SHA256),
        ("RS384", &RSA_PKCS1_2048_8192_SHA384),
        ("PS256", &RSA_PSS_2048_8192_SHA256),
    ] {
        let server = Server::start(good()).await;
        get(&with(&server, key(alg))).await.unwrap();
        let body: Value = serde_json::from_str(&server.seen()[0].body).unwrap();
        let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["audience", "client_assertion", "client_assertion_type", "client_id", "grant_type"]
        );
        assert_eq!(
            body["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let jwt = &sent(&server)[0];
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let key = UnparsedPublicKey::new(verification, &public);
        key.verify(signed.as_bytes(), &signature).unwrap();
        assert_eq!(part(jwt, 0), object!({"alg": alg, "typ": "JWT"}));
        let claims = part(jwt, 1);
        assert_eq!((&claims["iss"], &claims["sub"]), (&ID_OF_CLIENT.into(), &ID_OF_CLIENT.into()));
        assert_eq!(claims["aud"], format!("https://127.0.0.1:{}/", server.port));
        let [iat, exp] = ["iat", "exp"].map(|name| claims[name].as_i64().unwrap());
        assert!((iat - OffsetDateTime::now_utc().unix_timestamp()).abs() <= 5);
        assert_eq!(exp - iat, 60);
        assert!((16..=64).contains(&claims["jti"].as_str().unwrap().len()));
        assert!(jwt.len() <= 2_048);
    }
}

/// Auth0 refuses an assertion that it has seen, also one whose answer was lost.
#[tokio::test]
async fn each_request_for_a_token_has_an_assertion_of_its_own() {
    let server = Server::start(times(2, |_| Reply::Cut, good())).await;
    get(&with(&server, key("RS256"))).await.unwrap();
    let ids: std::collections::BTreeSet<_> =
        sent(&server).iter().map(|jwt| part(jwt, 1)["jti"].to_string()).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_key_is_read_from_pem_in_every_form_and_from_a_file() {
    let alg = "RS256".parse().unwrap();
    let pkcs8 = pem("PRIVATE KEY", KEY);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &pkcs8).unwrap();
    for text in [
        pkcs8.clone(),
        pem("RSA PRIVATE KEY", &KEY[HEAD..]),
        pkcs8.replace('\n', "\\n"),
        pkcs8.replace('\n', "\r\n   "),
        format!("# made by openssl\n{pkcs8}"),
        file.path().to_str().unwrap().to_owned(),
    ] {
        PrivateKey::read(&text, alg).unwrap();
    }
}

#[test]
fn a_key_that_cannot_be_used_is_told_without_a_part_of_it() {
    let alg = "RS256".parse().unwrap();
    let empty = tempfile::NamedTempFile::new().unwrap();
    let body = STANDARD.encode(KEY);
    let elliptic = rcgen::KeyPair::generate().unwrap().serialize_pem();
    for (text, want) in [
        (body.clone(), "it is no PEM, and no file whose path it is can be read"),
        ("/no/such/key.pem".to_owned(), "it is no PEM, and no file whose path it is"),
        (empty.path().to_str().unwrap().to_owned(), "the file that it names holds no PEM"),
        (pem("ENCRYPTED PRIVATE KEY", KEY), "the key is encrypted"),
        (pem("CERTIFICATE", KEY), "the PEM holds no private key"),
        (pem("PRIVATE KEY", &KEY[..100]), "no RSA key"),
        (format!("-----BEGIN PRIVATE KEY-----\n{body}"), "the PEM is damaged"),
        (elliptic, "it is no RSA key"),
    ] {
        let fault = PrivateKey::read(&text, alg).unwrap_err();
        assert!(fault.contains(want), "{fault}");
        assert!(!fault.contains(&body[..20]), "{fault}");
    }
    for name in ["RS512", "ES256", "rs256", "none", ""] {
        assert!(name.parse::<crate::auth0::SigningAlg>().is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_refused_key_has_advice_of_its_own() {
    let refused =
        r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#;
    for (assertion, want) in [
        (key("RS256"), "must use the method Private Key JWT"),
        (ready_made(60), "is good for one token"),
        (shell(&format!("echo {}", jwt(&object!({})))), "`client_assertion_command` prints must"),
    ] {
        let server = Server::start(move |_| json(401, refused)).await;
        let err = get(&with(&server, assertion)).await.unwrap_err();
        assert!(err.to_string().contains("401 Unauthorized (invalid_client)"), "{err}");
        assert!(err.advice().unwrap().contains(want), "{:?}", err.advice());
    }
}

fn ready_made(seconds: i64) -> Assertion {
    let exp = OffsetDateTime::now_utc().unix_timestamp() + seconds;
    Assertion::ReadyMade(ReadyMade::read(&jwt(&object!({"exp": exp}))).unwrap())
}

#[tokio::test]
async fn a_ready_made_assertion_is_sent_as_it_is_and_not_when_it_has_expired() {
    let server = Server::start(good()).await;
    let text = jwt(&object!({"sub": "x"}));
    let assertion = Assertion::ReadyMade(ReadyMade::read(&format!(" {text}\n")).unwrap());
    get(&with(&server, assertion)).await.unwrap();
    assert_eq!(sent(&server), [text]);

    let server = Server::start(good()).await;
    let err = get(&with(&server, ready_made(-1))).await.unwrap_err();
    assert!(err.to_string().contains("`client_assertion` expired at 20"), "{err}");
    assert!(err.advice().unwrap().contains("client_assertion_command"));
    assert_eq!(server.connections(), 0);
    assert!(ReadyMade::read("s3cr3t").is_err_and(|why| !why.contains("s3cr3t")));
}

#[tokio::test]
async fn a_program_prints_the_assertion_of_each_token_and_knows_for_whom() {
    let server = Server::start(times(1, |_| json(503, ""), good())).await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let script = format!(
        "echo \"$AUTH0_DOMAIN $AUTH0_CLIENT_ID\" >> {}; echo noise >&2; echo {}",
        log.display(),
        jwt(&object!({}))
    );
    let auth0 = with(&server, shell(&script));
    assert!(!log.exists(), "it is run only when a token is needed");
    get(&auth0).await.unwrap();
    let line = format!("127.0.0.1:{} {ID_OF_CLIENT}\n", server.port);
    assert_eq!(std::fs::read_to_string(&log).unwrap(), line.repeat(2));
}

#[tokio::test]
async fn a_program_that_prints_no_assertion_is_told_and_not_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    let count = format!("echo x >> {}", runs.display());
    let not_executable = folder.path().join("program");
    std::fs::write(&not_executable, "").unwrap();
    let program = |path: &str| {
        Assertion::Command(AssertionCommand::new(vec![path.to_owned(), "c4nary".into()]).unwrap())
    };
    for (assertion, want) in [
        (
            program("/no/such/program"),
            "the program \"/no/such/program\" of `client_assertion_command` was not found",
        ),
        (program(not_executable.to_str().unwrap()), "may not be executed"),
        (
            shell(&format!("{count}; echo c4nary; echo c4nary >&2; exit 3")),
            "failed (exit status: 3)",
        ),
        (shell("echo c4nary; kill -9 $$"), "failed (signal: 9"),
        (shell("true # c4nary"), "printed no assertion: it is empty"),
        (shell("echo c4nary"), "printed no assertion: it is no signed JWT"),
        (shell("printf '\\377' # c4nary"), "printed what is no text"),
        (shell("yes c4nary"), "printed more than 16384 bytes"),
    ] {
        let server = Server::start(good()).await;
        let auth0 = with(&server, assertion);
        for _ in 0..2 {
            let err = get(&auth0).await.unwrap_err();
            let text = format!("{err} {err:?} {:?}", err.advice());
            assert!(err.to_string().contains(want), "{err}");
            assert!(err.advice().is_some());
            assert!(!text.contains("c4nary"), "{text}");
        }
        assert_eq!(server.connections(), 0);
    }
    assert_eq!(std::fs::read_to_string(runs).unwrap(), "x\n");
}

fn lives(process: &Path) -> bool {
    let id: i32 = std::fs::read_to_string(process).unwrap().trim().parse().unwrap();
    let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z ")
}

async fn until(done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it takes too long");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_that_is_too_slow_is_killed_with_all_that_it_started() {
    let server = Server::start(good()).await;
    let folder = tempfile::tempdir().unwrap();
    let process = folder.path().join("id");
    let script = format!("sleep 600 & echo $! > {}; wait", process.display());
    let credentials =
        Credentials::Assertion { client_id: ID_OF_CLIENT.to_owned(), assertion: shell(&script) };
    let settings = Settings { credentials, ..settings(&server) };
    let limits = Limits { command: Duration::from_millis(500), ..limits() };
    let err = get(&within(settings, limits)).await.unwrap_err();
    assert!(err.to_string().contains("was killed because it took longer than 0.5 s"), "{err}");
    until(|| !lives(&process)).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_stop_of_the_run_ends_the_program() {
    let server = Server::start(good()).await;
    let folder = tempfile::tempdir().unwrap();
    let process = folder.path().join("id");
    let credentials = Credentials::Assertion {
        client_id: ID_OF_CLIENT.to_owned(),
        assertion: shell(&format!("echo $$ > {}; sleep 600", process.display())),
    };
    let settings = Settings { credentials, ..settings(&server) };
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    let call = tokio::spawn(async move { get(&auth0).await });
    until(|| std::fs::read_to_string(&process).is_ok_and(|text| text.ends_with('\n'))).await;
    stop.cancel();
    let err = call.await.unwrap().unwrap_err();
    assert!(err.is_stopped(), "{err}");
    until(|| !lives(&process)).await;
    assert_eq!(server.connections(), 0);
}

fn cli_file(text: &str) -> (tempfile::NamedTempFile, Credentials) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let config = file.path().to_owned();
    (file, Credentials::CliLogin { config })
}

#[tokio::test]
async fn the_token_of_the_cli_is_used_while_it_is_good() {
    let server = Server::start(good()).await;
    let token = jwt(&object!({"exp": OffsetDateTime::now_utc().unix_timestamp() + 600}));
    let domain = format!("127.0.0.1:{}", server.port);
    let text = object!({
        "install_id": "x", "default_tenant": domain,
        "tenants": {"other.auth0.com": {}, &domain: {"name": "acme", "access_token": token}},
    });
    let (_file, credentials) = cli_file(&text.to_string());
    get(&within(Settings { credentials, ..settings(&server) }, limits())).await.unwrap();
    assert_eq!(server.lines(), [format!("GET {STREAMS}/{ID}")]);
    let authorization = server.seen()[0].headers["authorization"].to_str().unwrap().to_owned();
    assert_eq!(authorization, format!("Bearer {token}"));
}

#[tokio::test]
async fn what_the_cli_lacks_is_told_with_how_to_log_in() {
    let server = Server::start(good()).await;
    let domain = format!("127.0.0.1:{}", server.port);
    let with_token =
        |token: &str| object!({"tenants": {&domain: {"access_token": token}}}).to_string();
    let expired = jwt(&object!({"exp": 1, "c4nary": 1}));
    for (text, want) in [
        ("c4nary".to_owned(), "Authentication required: "),
        ("{}".to_owned(), "Authentication required: "),
        (with_token(""), "holds no token for the tenant 127.0.0.1"),
        (r#"{"tenants":{"other.auth0.com":{"access_token":"c4nary"}}}"#.into(), "holds no token"),
        (with_token("c4nary"), "Token validation failed: "),
        (with_token(&jwt(&object!({"c4nary": 1}))), "does not say when it expires"),
        (
            with_token(&expired),
            "Token validation failed: the token of the Auth0 CLI expired at 1970",
        ),
    ] {
        let (_file, credentials) = cli_file(&text);
        let auth0 = within(Settings { credentials, ..settings(&server) }, limits());
        let err = get(&auth0).await.unwrap_err();
        let told = format!("{err} {err:?} {:?}", err.advice());
        assert!(err.to_string().contains(want), "{err}");
        assert!(err.advice().unwrap().contains("`auth0 login`"), "{told}");
        assert!(!told.contains("c4nary") && !told.contains(&expired), "{told}");
    }
    let config = "/no/such/config.json".into();
    let credentials = Credentials::CliLogin { config };
    let auth0 = within(Settings { credentials, ..settings(&server) }, limits());
    assert!(get(&auth0).await.unwrap_err().to_string().contains("cannot be read: No such file"));
    assert_eq!(server.connections(), 0);
}

/// With dynamic credentials, what is wrong with them is told by the first call that needs them.
#[tokio::test]
async fn unusable_credentials_fail_the_call_that_needs_them() {
    let server = Server::start(good()).await;
    let credentials =
        Credentials::Unusable { why: "missing client_id".into(), advice: "Set it.".into() };
    let err = get(&within(Settings { credentials, ..settings(&server) }, limits())).await;
    let err = err.unwrap_err();
    assert!(err.to_string().ends_with("there is no access token: missing client_id"), "{err}");
    assert_eq!(err.advice().as_deref(), Some("Set it."));
    assert_eq!(server.connections(), 0);
}

/// An error that repeats the request holds no assertion, and neither does any text of settings.
#[tokio::test]
async fn no_assertion_and_no_key_is_shown() {
    let ready_made = jwt(&object!({"jti": "c4nary"}));
    for status in [400, 401, 500] {
        for assertion in [
            key("RS256"),
            Assertion::ReadyMade(ReadyMade::read(&ready_made).unwrap()),
            shell(&format!("echo {ready_made}")),
        ] {
            let server = Server::start(move |seen| {
                json(status, object!({"error": "x", "error_description": seen.body}))
            })
            .await;
            let auth0 = with(&server, assertion.clone());
            let err = get(&auth0).await.unwrap_err();
            let text = format!("{err} {err:?} {:?} {assertion:?}", err.advice());
            assert!(text.contains("(sensitive value)"), "{text}");
            for sent in sent(&server).iter().take(1) {
                let last = sent.rsplit('.').next().unwrap();
                assert!(!text.contains(last) || last == "c2ln", "{text}");
            }
            assert!(!text.contains(&ready_made), "{text}");
            assert!(!text.contains(&STANDARD.encode(KEY)[..40]), "{text}");
        }
    }
}

/// The API may repeat what the token was asked for with, too.
#[tokio::test]
async fn the_api_is_masked_as_well() {
    let ready_made = jwt(&object!({"jti": "c4nary"}));
    let echo = ready_made.clone();
    let server = Server::start(tenant(move |_| {
        json(400, object!({"statusCode": 400, "error": "x", "message": echo}))
    }))
    .await;
    let auth0 = with(&server, shell(&format!("echo {ready_made}")));
    let err = get(&auth0).await.unwrap_err();
    assert!(err.to_string().ends_with("400 Bad Request: (sensitive value)"), "{err}");
    let logged = crate::redact::redact(&ready_made).into_owned();
    assert_eq!(logged, "(sensitive value)");
}
