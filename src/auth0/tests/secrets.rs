use super::server::Options;
use super::*;

/// None of these may be seen anywhere but in the request that carries it.
const CANARIES: [&str; 3] = ["canary-client-s3cr3t", "canary\"access t0ken", "canary-w3bhook\\pw"];

fn settings_with_canaries(server: &Server) -> Settings {
    let credentials = Credentials::ClientSecret {
        client_id: "k3YbQ8sW".to_owned(),
        client_secret: CANARIES[0].into(),
    };
    Settings { credentials, ..settings(server) }
}

fn create_with_canary() -> CreateEventStream {
    let destination = Destination::Webhook {
        webhook_endpoint: "https://hooks.example.com".to_owned(),
        webhook_authorization: WebhookAuthorization::Basic {
            username: "hook".to_owned(),
            password: CANARIES[2].into(),
        },
    };
    CreateEventStream { destination, ..orders() }
}

/// Repeats all that it was sent, in a message, in a code, in a page, in plain text.
fn echo(seen: &Seen, status: u16, n: usize) -> Reply {
    let token = seen.headers.get("authorization").map(|value| value.to_str().unwrap());
    let sent = format!("{} {}", token.unwrap_or_default(), seen.body);
    let body: serde_json::Value = serde_json::from_str(&seen.body).unwrap_or_default();
    let password = &body["destination"]["configuration"]["webhook_authorization"]["password"];
    let secret = body["client_secret"].as_str().or(password.as_str()).unwrap_or_default();
    match n {
        0 => json(status, serde_json::json!({"statusCode": status, "message": format!("got {secret} in {sent}"), "errorCode": secret})),
        1 => json(status, serde_json::json!({"error": secret, "error_description": format!("got {sent} {secret}")})),
        2 => json(status, format!("<html><title>{secret} {sent}</title>{sent}</html>")),
        _ => json(status, format!("{secret} {sent}"))
            .with("x-auth0-requestid", secret.replace(['"', '\\'], "")),
    }
    .with("location", format!("https://{}.example/{secret}", "x"))
}

fn assert_clean(what: &str, text: &str) {
    for canary in CANARIES {
        let json = serde_json::to_string(canary).unwrap();
        for form in [canary, json.trim_matches('"')] {
            assert!(!text.contains(form), "{what}: {text}");
        }
    }
}

#[tokio::test]
async fn no_error_holds_a_secret_however_it_is_repeated() {
    logs::capture();
    for status in [201, 302, 400, 401, 404, 429, 503] {
        for n in 0..4 {
            for token_fails in [false, true] {
                let server = Server::start(move |seen| {
                    let is_token = seen.line == "POST /oauth/token";
                    match is_token && !token_fails {
                        true => json(200, serde_json::json!({"access_token": CANARIES[1]})),
                        false => echo(seen, status, n).with("retry-after", 3600),
                    }
                })
                .await;
                let auth0 = within(settings_with_canaries(&server), limits());
                let Err(err) =
                    auth0.event_streams(&Operation::default()).create(&create_with_canary()).await
                else {
                    panic!("{status} {n}")
                };
                let case = format!("{status} {n} {token_fails}");
                assert_clean(&case, &format!("{err} {err:?} {err:#?} {:?}", err.advice()));
            }
        }
    }
    let lines = logs::lines();
    assert!(lines.iter().any(|line| line.contains("Auth0 answered")), "{lines:?}");
    lines.iter().for_each(|line| assert_clean("log", line));
}

#[tokio::test]
async fn no_log_line_holds_a_secret_when_all_goes_well() {
    logs::capture();
    for protocols in [&["h2"][..], &["http/1.1"][..]] {
        let server = Server::start_with(Options { protocols, ..Options::default() }, |seen| {
            match seen.line.as_str() {
                "POST /oauth/token" => json(200, r#"{"access_token":"canary\"access t0ken"}"#),
                _ => json(201, STREAM).with("x-auth0-requestid", "req-7f3a"),
            }
        })
        .await;
        let auth0 = within(settings_with_canaries(&server), limits());
        auth0.event_streams(&Operation::default()).create(&create_with_canary()).await.unwrap();
    }
    let lines = logs::lines();
    lines.iter().for_each(|line| assert_clean("log", line));
    let answered = |line: &&String| line.contains("Auth0 answered") && line.contains("req-7f3a");
    let line = lines.iter().find(answered).expect("a line for each answer");
    for pair in ["DEBUG", "method=POST", "path=/api/v2/event-streams", "status=201", "attempt=1"] {
        assert!(line.contains(pair), "{line}");
    }
}

#[test]
fn no_debug_text_of_settings_and_requests_holds_a_secret() {
    let secret = || CANARIES[0].into();
    let destination = |webhook_authorization| Destination::Webhook {
        webhook_endpoint: "https://h.test".to_owned(),
        webhook_authorization,
    };
    for authorization in [
        WebhookAuthorization::Basic { username: "u".to_owned(), password: secret() },
        WebhookAuthorization::Bearer { token: secret() },
        WebhookAuthorization::CustomHeader { header_key: "k".to_owned(), header_value: secret() },
    ] {
        let create =
            CreateEventStream { destination: destination(authorization.clone()), ..orders() };
        let update =
            UpdateEventStream { destination: Some(destination(authorization)), ..disabled() };
        assert_clean("requests", &format!("{create:?} {update:#?}"));
    }
    for credentials in [
        Credentials::ApiToken(secret()),
        Credentials::ClientSecret { client_id: "id".to_owned(), client_secret: secret() },
    ] {
        assert_clean("credentials", &format!("{credentials:?}"));
    }
}
