//! `--faults FILE`, and the same by the control door: each example, and what a client sees of it.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::{Value, json};

use crate::guide::examples;
use crate::served::{Served, Way};
use crate::{simulator, text};

const STREAMS: &str = "/api/v2/event-streams";

/// The program with a script, and a client of it that has logged in.
struct Client {
    served: Served,
    token: String,
}

impl Client {
    async fn under(script: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/simulator").join(script);
        let served = Served::start(Way::Directory, &["--faults", file.to_str().unwrap()]);
        let mut client = Self { served, token: String::new() };
        for _ in 0..5 {
            let answer = client.log_in().await;
            if answer.status() == 200 {
                let granted = json_of(answer).await;
                client.token = granted["access_token"].as_str().unwrap().to_owned();
                return client;
            }
        }
        panic!("{script}: no token");
    }

    async fn log_in(&self) -> Response {
        let request = self.served.request("POST", "/oauth/token");
        let body = self.served.token_request().to_string();
        request.header("content-type", "application/json").body(body).send().await.unwrap()
    }

    async fn get(&self) -> reqwest::Result<Response> {
        self.served.request("GET", STREAMS).bearer_auth(&self.token).send().await
    }

    async fn post(&self) -> reqwest::Result<Response> {
        let body = json!({
            "name": "orders",
            "subscriptions": [{"event_type": "user.created"}],
            "destination": {"type": "eventbridge", "configuration": {
                "aws_account_id": "123456789012", "aws_region": "eu-west-1",
            }},
        });
        let request = self.served.request("POST", STREAMS).bearer_auth(&self.token);
        request.header("content-type", "application/json").body(body.to_string()).send().await
    }

    /// How many streams a client sees.
    async fn streams(&self) -> usize {
        let list = json_of(self.get().await.unwrap()).await;
        list["eventStreams"].as_array().unwrap().len()
    }
}

async fn json_of(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn answer_lost() {
    let client = Client::under("answer-lost.json").await;
    assert!(client.post().await.is_err());
    assert_eq!(client.streams().await, 1);
    assert_eq!(client.post().await.unwrap().status(), 409);
}

#[tokio::test]
async fn cut() {
    let client = Client::under("cut.json").await;
    for _ in 0..2 {
        assert!(client.post().await.is_err());
        assert_eq!(client.streams().await, 0);
    }
    assert_eq!(client.post().await.unwrap().status(), 201);
}

#[tokio::test]
async fn unavailable() {
    let client = Client::under("unavailable.json").await;
    for status in [500, 502, 503, 504, 200] {
        assert_eq!(client.get().await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn html() {
    let client = Client::under("html.json").await;
    assert_eq!(client.get().await.unwrap().status(), 200);
    let page = client.get().await.unwrap();
    assert_eq!(page.status(), 520);
    assert_eq!(header(&page, "content-type"), "text/html; charset=UTF-8");
}

#[tokio::test]
async fn echo() {
    let client = Client::under("echo.json").await;
    let answer = client.post().await.unwrap();
    assert_eq!(answer.status(), 400);
    let text = json_of(answer).await["message"].as_str().unwrap().to_owned();
    for part in ["POST ", STREAMS, &client.token, "\"name\":\"orders\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(client.streams().await, 0);
}

#[tokio::test]
async fn truncated() {
    let client = Client::under("truncated.json").await;
    let half = client.get().await.unwrap();
    assert_eq!(half.status(), 200);
    assert!(serde_json::from_slice::<Value>(&half.bytes().await.unwrap()).is_err());
    assert_eq!(client.streams().await, 0);
}

#[tokio::test]
async fn slow() {
    let client = Client::under("slow.json").await;
    let start = Instant::now();
    assert_eq!(client.post().await.unwrap().status(), 201);
    assert!(start.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn stale_reads() {
    let client = Client::under("stale-reads.json").await;
    let start = Instant::now();
    assert_eq!(client.post().await.unwrap().status(), 201);
    while client.streams().await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(start.elapsed() < Duration::from_secs(20));
    }
    assert!(start.elapsed() >= Duration::from_millis(1000), "{:?}", start.elapsed());
}

#[tokio::test]
async fn too_many_requests() {
    let client = Client::under("too-many-requests.json").await;
    for _ in 0..3 {
        let refusal = client.get().await.unwrap();
        assert_eq!(refusal.status(), 429);
        assert_eq!(header(&refusal, "retry-after"), "2");
    }
    assert_eq!(client.get().await.unwrap().status(), 200);
}

#[tokio::test]
async fn token_endpoint() {
    let client = Client::under("token-endpoint.json").await;
    assert_eq!(json_of(client.log_in().await).await["expires_in"], 30);
    let log = client.served.stop();
    assert!(log.starts_with("POST /oauth/token 503 "), "{log}");
}

#[tokio::test]
async fn free_plan() {
    let client = Client::under("free-plan.json").await;
    let start = Instant::now();
    let answer = client.get().await.unwrap();
    assert_eq!(header(&answer, "x-ratelimit-limit"), "2");
    assert!(start.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn clock() {
    let client = Client::under("clock.json").await;
    let created = json_of(client.post().await.unwrap()).await;
    assert_eq!(created["created_at"], "2026-12-31T23:59:59.000Z");
}

/// The same requests in the same order are befallen by the same faults.
#[tokio::test]
async fn bad_day() {
    let mut days = Vec::new();
    for _ in 0..2 {
        let client = Client::under("bad-day.json").await;
        // The bucket empties by the real clock.
        client.served.control("PATCH", "/settings", &json!({"rate_limit": null})).await;
        for _ in 0..40 {
            let _ = client.get().await;
        }
        let log = client.served.stop();
        let lines = log.lines().take_while(|line| !line.starts_with("auth0-simulator: "));
        // A client may repeat by itself what was cut; what counts is the order here.
        let outcome = |line: &str| line.split(' ').take(3).collect::<Vec<_>>().join(" ");
        days.push(lines.map(outcome).take(40).collect::<Vec<_>>());
    }
    assert_eq!(days[0], days[1]);
    for want in ["cut", "429", "503", "200"] {
        let seen = days[0].iter().filter(|line| line.ends_with(want)).count();
        assert!(seen > 0, "no {want} in {:?}", days[0]);
    }
}

#[test]
fn every_example_has_its_test() {
    for file in examples() {
        let name = file.file_stem().unwrap().to_str().unwrap().replace('-', "_");
        assert!(include_str!("script.rs").contains(&format!("async fn {name}()")), "{name}");
    }
}

#[tokio::test]
async fn the_control_door_plays_a_script_too() {
    let client = Client::under("cut.json").await;
    let script = json!({
        "seed": 7,
        "settings": {"rate_limit": "enterprise-other"},
        "faults": [{"effect": {"status": 503}, "probability": 1.0}],
    });
    client.served.control("PUT", "/faults", &script).await;
    for _ in 0..3 {
        assert_eq!(client.get().await.unwrap().status(), 503);
    }
    client.served.control("PUT", "/faults/seed", &json!({"seed": 8})).await;
    client.served.control("DELETE", "/faults", &Value::Null).await;
    let answer = client.get().await.unwrap();
    assert_eq!((answer.status().as_u16(), header(&answer, "x-ratelimit-limit")), (200, "10"));
}

#[tokio::test]
async fn a_script_works_under_run_and_is_stronger_than_flags() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/simulator/free-plan.json");
    let flags = ["--rate-limit", "enterprise-production", "--faults", file.to_str().unwrap()];
    let served = Served::start(Way::Command, &flags);
    let settings = served.control("GET", "/settings", &Value::Null).await;
    assert_eq!(settings["rate_limit"], json!({"burst": 2, "per_second": 2.0}));
}

#[tokio::test]
async fn a_rate_limit_has_the_name_of_a_plan_as_a_flag_too() {
    let served = Served::start(Way::Directory, &["--rate-limit", "private-cloud-250"]);
    let settings = served.control("GET", "/settings", &Value::Null).await;
    assert_eq!(settings["rate_limit"], json!({"burst": 250, "per_second": 250.0}));
}

#[test]
fn a_wrong_script_is_explained_and_nothing_is_started() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("script.json");
    let marker = directory.path().join("started");
    for (script, want) in [
        (
            "{\"faults\": [\n  {\"effect\": \"explode\"}]}",
            &["unknown variant `explode`", "`stale_reads`", "at line 2 column 22"][..],
        ),
        ("{\n\"settings\": {\"rate_limit\": \"gold\"}}", &["enterprise-production", "at line 2"]),
        ("{\n\n\"faults\": [", &["EOF", "at line 3 column 11"]),
        ("", &["EOF"]),
    ] {
        std::fs::write(&file, script).unwrap();
        for way in [&["--dir", "x"][..], &["run"]] {
            let mut program = simulator();
            program.current_dir(directory.path()).args(way).arg("--faults").arg(&file);
            if way == ["run"] {
                program.args(["--", "touch"]).arg(&marker);
            }
            let output = program.output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{script}");
            let stderr = text(&output.stderr);
            for want in want.iter().chain(&["script.json", "--faults"]) {
                assert!(stderr.contains(want), "{script}: {stderr}");
            }
            assert!(output.stdout.is_empty());
            assert!(!marker.exists() && !directory.path().join("x").exists());
        }
    }
    let missing = simulator().args(["--dir", "x", "--faults", "/no/such.json"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let stderr = text(&missing.stderr);
    assert!(stderr.contains("/no/such.json") && stderr.contains("No such file"), "{stderr}");
}
