//! The simulator over a real network: TLS, both versions of HTTP, and what goes wrong on order.

use super::testing::{bearer, eventbridge, webhook};
use super::{Effect, Fault, Options, Simulator};
use reqwest::{Client, Method, Response, Version};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A client that trusts the simulator and has a token of it.
struct Http {
    client: Client,
    base: String,
    token: String,
}

fn client(ca_pem: &str, protocols: &[&[u8]]) -> Client {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Client::builder().no_proxy().tls_backend_preconfigured(config).build().unwrap()
}

impl Http {
    async fn new(simulator: &Simulator) -> Self {
        let client = client(simulator.ca_pem(), &[b"h2", b"http/1.1"]);
        let base = format!("https://{}", simulator.domain());
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": simulator.client_id(),
            "client_secret": simulator.client_secret(),
            "audience": format!("{base}/api/v2/"),
        });
        let reply = client
            .post(format!("{base}/oauth/token"))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let reply = json_of(reply).await;
        Self { client, base, token: reply["access_token"].as_str().unwrap().to_owned() }
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<Response> {
        let url = format!("{}/api/v2/{path}", self.base);
        let request = self.client.request(method, url).bearer_auth(&self.token);
        match body {
            Some(body) => {
                request
                    .header("content-type", "application/json")
                    .body(body.to_string())
                    .send()
                    .await
            }
            None => request.send().await,
        }
    }

    async fn list(&self) -> reqwest::Result<Response> {
        self.call(Method::GET, "event-streams", None).await
    }
}

async fn json_of(reply: Response) -> Value {
    serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap()
}

fn start() -> Simulator {
    Simulator::start(Options::default()).unwrap()
}

#[tokio::test]
async fn both_versions_of_http_are_served_by_every_name_of_loopback() {
    let simulator = start();
    let (_, port) = simulator.domain().rsplit_once(':').unwrap();
    for (protocol, version) in [(&b"h2"[..], Version::HTTP_2), (b"http/1.1", Version::HTTP_11)] {
        let client = client(simulator.ca_pem(), &[protocol]);
        for name in ["127.0.0.1", "localhost"] {
            let url = format!("https://{name}:{port}/api/v2/event-streams");
            let reply = client.get(url).send().await.unwrap();
            assert_eq!((reply.status().as_u16(), reply.version()), (401, version));
        }
    }
    assert_eq!(simulator.connections(), 4);
}

#[tokio::test]
async fn requests_are_noted_with_their_bodies() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    let body = webhook("crm-sync", &bearer());
    let reply = http.call(Method::POST, "event-streams", Some(&body)).await.unwrap();
    assert_eq!(reply.status(), 201);
    http.call(Method::GET, "event-streams?take=5", None).await.unwrap();
    let requests = simulator.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!((requests[1].method.as_str(), requests[1].status), ("POST", Some(201)));
    assert_eq!(requests[1].json(), body);
    assert_eq!(requests[2].path, "/api/v2/event-streams");
    assert_eq!(requests[2].query.as_deref(), Some("take=5"));
    assert_eq!(requests[2].body, None);
    assert_eq!(simulator.count("POST", "/api/v2/"), 1);
    assert_eq!(simulator.count("", "/"), 3);
    assert_eq!(simulator.connections(), 1);
    simulator.forget_requests();
    assert_eq!(simulator.count("", "/"), 0);
}

#[tokio::test]
async fn a_cut_request_is_not_executed_and_its_connection_ends() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    simulator.add_fault(Fault::next(Effect::Cut).method("POST"));
    let body = eventbridge("a");
    assert!(http.call(Method::POST, "event-streams", Some(&body)).await.is_err());
    assert!(simulator.event_streams().is_empty());
    assert_eq!(simulator.requests().last().unwrap().status, None);
    let reply = http.call(Method::POST, "event-streams", Some(&body)).await.unwrap();
    assert_eq!(reply.status(), 201);
    assert_eq!(simulator.connections(), 2);
}

#[tokio::test]
async fn a_request_that_loses_its_answer_is_executed() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    simulator.add_fault(Fault::next(Effect::ExecuteThenCut).path("/api/v2/event-streams"));
    let body = eventbridge("a");
    assert!(http.call(Method::POST, "event-streams", Some(&body)).await.is_err());
    assert_eq!(simulator.event_streams().len(), 1);
    let reply = http.call(Method::POST, "event-streams", Some(&body)).await.unwrap();
    assert_eq!(reply.status(), 409);
}

#[tokio::test]
async fn a_connection_of_http_1_is_cut_too() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    let http = Http { client: client(simulator.ca_pem(), &[b"http/1.1"]), ..http };
    assert_eq!(http.list().await.unwrap().status(), 200);
    simulator.add_fault(Fault::next(Effect::ExecuteThenCut).method("POST"));
    assert!(http.call(Method::POST, "event-streams", Some(&eventbridge("a"))).await.is_err());
    assert_eq!(simulator.event_streams().len(), 1);
    assert_eq!(http.list().await.unwrap().status(), 200);
    assert_eq!(simulator.connections(), 3);
}

#[tokio::test]
async fn a_slow_answer_is_late_but_its_request_executed_at_once() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    simulator.add_fault(Fault::next(Effect::Slow(300)));
    let started = Instant::now();
    let body = eventbridge("a");
    let call = http.call(Method::POST, "event-streams", Some(&body));
    assert!(tokio::time::timeout(Duration::from_millis(100), call).await.is_err());
    assert_eq!(simulator.event_streams().len(), 1);
    // The client gave up, and still it is noted.
    assert_eq!(simulator.requests().last().unwrap().status, Some(201));
    simulator.change_settings(|settings| settings.latency_ms = 200);
    assert_eq!(http.list().await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn answers_of_the_proxy_and_of_a_broken_server_can_be_ordered() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    for status in [500, 502, 503, 504] {
        simulator.add_fault(Fault::next(Effect::Status(status)));
        let reply = http.list().await.unwrap();
        assert_eq!(reply.status(), status);
        let body = json_of(reply).await;
        assert_eq!(body["message"], "An internal server error occurred");
    }
    simulator.add_fault(Fault::next(Effect::Html(520)));
    let reply = http.list().await.unwrap();
    assert_eq!(reply.status(), 520);
    assert_eq!(reply.headers()["content-type"], "text/html; charset=UTF-8");
    assert!(reply.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    simulator.add_fault(Fault::next(Effect::TruncatedJson));
    let reply = http.list().await.unwrap();
    assert_eq!((reply.status().as_u16(), &*reply.text().await.unwrap()), (200, r#"{"eventSt"#));
    assert_eq!(http.list().await.unwrap().text().await.unwrap(), r#"{"eventStreams":[]}"#);
}

#[tokio::test]
async fn a_rate_limit_can_be_ordered_with_any_headers() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    let effect = |retry_after: Option<&str>, reset_in_s| Effect::TooManyRequests {
        retry_after: retry_after.map(str::to_owned),
        reset_in_s,
    };
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    for (retry_after, reset_in_s) in [(None, 1), (Some("2"), 5), (None, -60)] {
        simulator.add_fault(Fault::next(effect(retry_after, reset_in_s)).method("POST"));
        let body = eventbridge("a");
        let reply = http.call(Method::POST, "event-streams", Some(&body)).await.unwrap();
        assert_eq!(reply.status(), 429);
        let header = |name: &str| reply.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("retry-after"), retry_after);
        assert_eq!(header("x-ratelimit-remaining"), Some("0"));
        let reset: i64 = header("x-ratelimit-reset").unwrap().parse().unwrap();
        assert!((now + reset_in_s..now + reset_in_s + 5).contains(&reset));
        let body = json_of(reply).await;
        assert_eq!(body["errorCode"], "too_many_requests");
    }
    assert!(simulator.event_streams().is_empty());
    simulator.add_fault(Fault::next(Effect::Status(500)).path("/oauth/token"));
    let reply = http.client.post(format!("{}/oauth/token", http.base)).send().await.unwrap();
    let body = json_of(reply).await;
    assert_eq!(body["error"], "server_error");
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_too_large() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    let body = eventbridge(&"x".repeat(1 << 20));
    let reply = http.call(Method::POST, "event-streams", Some(&body)).await.unwrap();
    assert_eq!(reply.status(), 413);
    let body = json_of(reply).await;
    assert_eq!(body["error"], "Request Entity Too Large");
}

#[tokio::test]
async fn a_client_that_does_not_trust_it_gets_no_connection() {
    let (simulator, other) = (start(), start());
    let client = client(other.ca_pem(), &[b"h2"]);
    assert!(client.get(format!("https://{}/", simulator.domain())).send().await.is_err());
    let plain = Client::builder().no_proxy().tls_backend_preconfigured(
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    );
    let plain = plain.build().unwrap();
    assert!(plain.get(format!("http://{}/", simulator.domain())).send().await.is_err());
    assert_eq!(Http::new(&simulator).await.list().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_bound_listener_is_served_until_shutdown() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let auth0 = super::Auth0::new(Options::default(), address).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let client = client(auth0.ca_pem(), &[b"h2"]);
    let served = tokio::spawn(super::serve(listener, auth0, async { drop(stopped.await) }));
    let url = format!("https://{address}/");
    assert_eq!(client.get(&url).send().await.unwrap().status(), 404);
    drop(stop);
    served.await.unwrap().unwrap();
    assert!(client.get(&url).send().await.is_err());
}

#[test]
fn it_stops_when_it_is_dropped() {
    let simulator = start();
    let domain = simulator.domain().to_owned();
    assert!(std::net::TcpStream::connect(&domain).is_ok());
    let started = Instant::now();
    drop(simulator);
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(std::net::TcpStream::connect(&domain).is_err());
}

#[tokio::test]
async fn the_control_door_answers_this_machine_only() {
    let options = Options { control: Some("127.0.0.1:0".parse().unwrap()), ..Options::default() };
    let simulator = Simulator::start(options).unwrap();
    let url = format!("{}/event-streams", simulator.control_url().unwrap());
    let client = client(simulator.ca_pem(), &[]);
    let reply = client.get(&url).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), &*reply.text().await.unwrap()), (200, "[]"));
    let reply = client.get(&url).header("host", "evil.example.com:80").send().await.unwrap();
    assert_eq!(reply.status(), 403);
    // What it is asked is none of the tenant's business.
    assert!(simulator.requests().is_empty());
    assert_eq!(start().control_url(), None);
}

#[test]
fn a_command_is_configured_for_it() {
    let simulator = start();
    let directory = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new("sh");
    simulator.configure(&mut command, directory.path()).unwrap();
    command.args(["-c", "echo $AUTH0_DOMAIN; cat $AUTH0_CA_CERT_FILE"]);
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(output, format!("{}\n{}", simulator.domain(), simulator.ca_pem()));
}

#[tokio::test]
async fn every_answer_is_dated_by_the_clock_of_the_tenant() {
    let simulator = start();
    let http = Http::new(&simulator).await;
    let noon = time::OffsetDateTime::from_unix_timestamp(1_772_442_927).unwrap();
    for (clock, want) in [
        (noon, "Mon, 02 Mar 2026 09:15:27 GMT"),
        (time::OffsetDateTime::from_unix_timestamp(-5).unwrap(), "Thu, 01 Jan 1970 00:00:00 GMT"),
    ] {
        simulator.freeze_clock(clock);
        let reply = http.client.get(format!("{}/api/v2/event-streams", http.base)).send().await;
        let reply = reply.unwrap();
        assert_eq!(reply.headers()["date"], want);
        let reset: i64 = reply.headers()["x-ratelimit-reset"].to_str().unwrap().parse().unwrap();
        assert_eq!(reset, clock.unix_timestamp().max(0), "a full bucket");
    }
}
