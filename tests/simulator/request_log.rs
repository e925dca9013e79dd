//! What is printed of requests: one line for each, and never a secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::served::{Served, Way};

/// Method, path and status of a line such as `GET /api/v2/event-streams 200 3 ms`.
fn read(line: &str) -> (&str, &str, &str) {
    let words: Vec<_> = line.split(' ').collect();
    let [method, path, status, milliseconds, "ms"] = words[..] else { panic!("{line:?}") };
    assert!(milliseconds.parse::<u64>().is_ok(), "{line:?}");
    (method, path, status)
}

/// Status and text of an answer.
async fn ask(
    served: &Served,
    method: &str,
    path: &str,
    authorization: &str,
    body: &Value,
) -> (u16, Value) {
    let mut request = served.request(method, path).header("content-type", "application/json");
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = request.body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}

fn hook(token: &str) -> Value {
    json!({
        "name": "hook",
        "subscriptions": [{"event_type": "user.created"}],
        "destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": "https://hooks.example.com/auth0",
            "webhook_authorization": {"method": "bearer", "token": token},
        }},
    })
}

const TOKEN: &str = "/oauth/token";
const STREAMS: &str = "/api/v2/event-streams";

#[tokio::test]
async fn one_line_of_log_for_each_request_and_never_a_secret() {
    for way in [Way::Directory, Way::Command] {
        let served = Served::start(way, &[]);
        let right = served.token_request();
        let mut wrong = right.clone();
        wrong["client_secret"] = "s3cr3t-wrong".into();
        let mut without = right.clone();
        without.as_object_mut().unwrap().remove("client_secret");
        let basic = STANDARD.encode(format!("{}:{}", served.client_id(), served.client_secret()));
        let (_, granted) = ask(&served, "POST", TOKEN, "", &right).await;
        let access_token = granted["access_token"].as_str().unwrap();
        let bearer = format!("Bearer {access_token}");
        let (_, created) = ask(&served, "POST", STREAMS, &bearer, &hook("s3cr3t-created")).await;
        let one = format!("{STREAMS}/{}", created["id"].as_str().unwrap());

        let mut want = vec![("POST", TOKEN, "200".to_owned()), ("POST", STREAMS, "201".to_owned())];
        let (none, page) = (Value::Null, format!("{STREAMS}?take=7"));
        let secret_query = format!("{STREAMS}?token=s3cr3t-query");
        for (method, path, authorization, body, status) in [
            ("POST", TOKEN, "", &wrong, 401),
            ("POST", TOKEN, &format!("Basic {basic}"), &without, 401),
            ("GET", &page, &bearer, &none, 200),
            ("GET", &secret_query, &bearer, &none, 400),
            ("PATCH", &one, &bearer, &hook("s3cr3t-changed"), 200),
            ("PATCH", &one, &bearer, &json!({"token": "s3cr3t-refused"}), 400),
            ("DELETE", &one, &bearer, &none, 204),
            ("GET", &one, &bearer, &none, 404),
            ("GET", "/api/v2/nothing", &bearer, &none, 404),
            ("GET", STREAMS, "Bearer s3cr3t-no-token", &none, 400),
            ("GET", STREAMS, "", &none, 401),
        ] {
            let (answered, _) = ask(&served, method, path, authorization, body).await;
            assert_eq!(answered, status, "{method} {path}");
            want.push((method, path.split('?').next().unwrap(), status.to_string()));
        }
        // A request without an answer has its line, too, and one to the control door has none.
        let cut = json!({"effect": "cut", "path": STREAMS});
        served.control("POST", "/faults", &cut).await;
        let request = served.request("GET", STREAMS).header("authorization", &bearer);
        assert!(request.send().await.is_err());
        want.push(("GET", STREAMS, "cut".to_owned()));

        let client_secret = served.client_secret().to_owned();
        let log = served.stop();
        for secret in [client_secret.as_str(), &basic, access_token, "s3cr3t"] {
            assert!(!log.contains(secret), "{way:?}: {secret} is in\n{log}");
        }
        let (lines, summary) = log.split_once("auth0-simulator: ").unwrap();
        let lines: Vec<_> = lines.lines().map(read).collect();
        let want: Vec<_> = want.iter().map(|(m, p, s)| (*m, *p, s.as_str())).collect();
        assert_eq!(lines, want, "{way:?}");
        let total = format!("{} requests over ", want.len());
        assert!(summary.starts_with(&total), "{way:?}: {summary}");
    }
}

#[tokio::test]
async fn a_quiet_simulator_prints_the_summary_alone() {
    for way in [Way::Directory, Way::Command] {
        let served = Served::start(way, &["--quiet"]);
        let (status, _) = ask(&served, "POST", TOKEN, "", &served.token_request()).await;
        assert_eq!(status, 200);
        let log = served.stop();
        let want =
            "auth0-simulator: 1 requests over 1 connections\n       1  200  POST /oauth/token\n";
        assert_eq!(log, want, "{way:?}");
    }
}
