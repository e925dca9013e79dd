//! The client against a scripted server of its own. Nothing here shares code with the simulator:
//! what Auth0 answers is written out.

mod calls;
mod certificates;
mod claims;
mod domain;
mod errors;
mod login;
mod logs;
mod proxy;
mod repeats;
mod secrets;
mod server;
mod settle;
mod test_event;
mod tls;
mod token;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::retry::Limits;
use super::{
    Allowance, Auth0, CreateEventStream, Credentials, Destination, Domain, Network, Operation,
    Settings, UpdateEventStream, WebhookAuthorization,
};
use server::{Reply, Seen, Server, json};

const ID: &str = "est_4Kq7WnXy2bVt9RmHc3PzLd";
const STREAMS: &str = "/api/v2/event-streams";
const STREAM: &str = r#"{"id":"est_4Kq7WnXy2bVt9RmHc3PzLd","status":"enabled","name":"orders","subscriptions":[{"event_type":"user.created"}],"created_at":"2026-03-02T09:15:27.041Z","updated_at":"2026-03-02T09:15:27.041Z","destination":{"type":"webhook","configuration":{"webhook_endpoint":"https://hooks.example.com","webhook_authorization":{"method":"bearer"}}}}"#;
const TOKEN: &str = r#"{"access_token":"t0k3n-1","scope":"read:event_streams","expires_in":86400,"token_type":"Bearer"}"#;
const GONE: &str =
    r#"{"statusCode":404,"error":"Not Found","message":"The requested stream does not exist."}"#;
const LIMITED: &str = r#"{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}"#;

fn settings(server: &Server) -> Settings {
    Settings {
        domain: Domain::parse(&format!("127.0.0.1:{}", server.port)).unwrap(),
        audience: None,
        credentials: Credentials::ClientSecret {
            client_id: "k3YbQ8sW".to_owned(),
            client_secret: "cl13nt-s3cr3t".into(),
        },
        network: server.network(),
        allowance: Allowance::default(),
        adopt_existing: false,
        debug: true,
        user_agent: "terraform-provider-auth0/1.0.0 (Terraform/1.11.4)".to_owned(),
        stop: CancellationToken::new(),
    }
}

/// As long as it must be, and as short as it may be for a test.
fn limits() -> Limits {
    let tick = Duration::from_millis(1);
    Limits {
        backoff: tick,
        spread: tick,
        request: Duration::from_secs(5),
        settling: Duration::from_millis(200),
        ..Limits::default()
    }
}

fn within(settings: Settings, limits: Limits) -> Auth0 {
    Auth0::within(settings, limits, |_| None)
}

fn client(server: &Server) -> Auth0 {
    within(settings(server), limits())
}

fn with_api_token(server: &Server) -> Auth0 {
    let credentials = Credentials::ApiToken("ap1-t0k3n".into());
    within(Settings { credentials, ..settings(server) }, limits())
}

fn orders() -> CreateEventStream {
    CreateEventStream {
        name: "orders".to_owned(),
        status: None,
        subscriptions: vec!["user.created".into()],
        destination: Destination::Webhook {
            webhook_endpoint: "https://hooks.example.com".to_owned(),
            webhook_authorization: WebhookAuthorization::Bearer { token: "w3bh00k".into() },
        },
    }
}

fn disabled() -> UpdateEventStream {
    UpdateEventStream { status: Some("disabled".to_owned()), ..Default::default() }
}

/// A tenant that hands out tokens and answers the rest by `api`.
fn tenant(api: impl Fn(&Seen) -> Reply + Send + Sync) -> impl Fn(&Seen) -> Reply + Send + Sync {
    move |seen| if seen.line == "POST /oauth/token" { json(200, TOKEN) } else { api(seen) }
}

/// A tenant in which all goes well.
fn good() -> impl Fn(&Seen) -> Reply + Send + Sync {
    tenant(|seen| match seen.line.split(' ').next().unwrap() {
        "POST" => json(201, STREAM),
        "DELETE" => json(204, ""),
        _ => json(200, STREAM),
    })
}

/// Answers by `first` so many times, then by `rest`.
fn times(
    n: usize,
    first: impl Fn(&Seen) -> Reply + Send + Sync,
    rest: impl Fn(&Seen) -> Reply + Send + Sync,
) -> impl Fn(&Seen) -> Reply + Send + Sync {
    let served = AtomicUsize::new(0);
    move |seen| match served.fetch_add(1, Ordering::SeqCst) < n {
        true => first(seen),
        false => rest(seen),
    }
}
