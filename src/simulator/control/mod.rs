//! The control door: plain HTTP on loopback, JSON in and out, no authentication. It reads stored
//! secrets and changes the tenant behind Terraform's back.
//!
//! Bodies of event streams are those of the Management API, and obey its schemas.

mod routes;

#[cfg(test)]
mod tests;

use super::answer::Answer;
use super::auth0::Auth0;
use super::server;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::{Request, Response, StatusCode};
use std::convert::Infallible;
use std::io;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The routes, for people: the help of the binary ends with them.
pub const ROUTES: &str = "\
Control door (plain HTTP on loopback, JSON, only with --control):
  GET    /                              these lines
  GET    /event-streams[/ID]            event streams with their secrets
  POST   /event-streams                 creates one; the body is that of the Management API
  PATCH  /event-streams/ID              changes one; the body is that of the Management API
  DELETE /event-streams/ID              deletes one
  POST   /event-streams/ID/disable      as Auth0 would; {\"failed_total\": 500}; from 5000 for good
  POST   /event-streams/ID/fail         lets an event fail; {\"event_type\": \"user.created\"}
  GET    /actions                       actions with their secrets
  POST   /actions                       creates a deployed one; {\"name\": \"x\", \"id\"?: \"UUID\"}
  DELETE /actions/ID                    deletes one, used or not
  GET    /settings                      settings and switches
  PATCH  /settings                      changes the members that are sent, also of \"switches\"
  GET    /faults                        faults that have not ended
  POST   /faults                        {\"effect\": EFFECT, \"method\"?, \"path\"?: PREFIX, \"skip\"?: 0,
                                        \"times\"?: 1, \"probability\"?: 0.2}; without a path the token
                                        endpoint is spared; with a probability and without times it
                                        never ends. EFFECT is one of \"truncated_json\", \"cut\",
                                        \"execute_then_cut\", {\"slow\": MS}, {\"stale_reads\": MS},
                                        {\"status\": 503}, {\"html\": 520}, {\"echo\": 400},
                                        {\"too_many_requests\": {\"retry_after\"?: \"2\", \"reset_in_s\"?: 1}}
  PUT    /faults                        plays a script, as --faults does at the start; {\"seed\"?: 42,
                                        \"settings\"?: {...}, \"clock\"?: {...}, \"faults\"?: [...]}
  PUT    /faults/seed                   {\"seed\": 42}: the random faults draw anew
  DELETE /faults                        ends all faults
  POST   /tokens/revoke                 ends the life of every token issued so far
  PUT    /clock                         {\"set\": TIME}, {\"freeze\": TIME} or {\"advance_s\": 60}
  DELETE /clock                         the real clock
  GET    /requests                      the requests so far, with their bodies
  DELETE /requests                      forgets them
";

const LARGEST_BODY: usize = 1 << 20;

/// Serves the control door on a bound listener until `shutdown` completes.
pub async fn serve(
    listener: TcpListener,
    auth0: Auth0,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    server::accept(listener, shutdown, |stream, stop| {
        let auth0 = auth0.clone();
        async move {
            let answer = |request| exchange(auth0.clone(), request);
            server::http(stream, answer, &stop, &CancellationToken::new()).await;
        }
    })
    .await;
    Ok(())
}

async fn exchange(
    auth0: Auth0,
    request: Request<Incoming>,
) -> Result<Response<Full<bytes::Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let answer = match Limited::new(body, LARGEST_BODY).collect().await {
        _ if !is_local(&parts) => {
            Refusal::new(StatusCode::FORBIDDEN, "the host is not this machine").answer()
        }
        Err(_) => Refusal::new(StatusCode::BAD_REQUEST, "the body cannot be read").answer(),
        Ok(body) => {
            let path = parts.uri.path();
            routes::answer(&auth0, parts.method.as_str(), path, &body.to_bytes())
        }
    };
    Ok(answer.into())
}

/// A web page that resolves its own name to loopback must not read secrets here.
fn is_local(parts: &hyper::http::request::Parts) -> bool {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

/// Why nothing was done.
struct Refusal {
    status: StatusCode,
    error: String,
}

impl Refusal {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }

    fn answer(&self) -> Answer {
        Answer::json(self.status, &serde_json::json!({"error": self.error}))
    }
}
