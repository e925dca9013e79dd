use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::answer::{Answer, Verdict};
use super::cause::Cause;
use super::domain::Domain;
use super::error::{Call, Failure};
use super::mask::Mask;
use super::network::Network;
use super::pace::Leave;
use super::proxy::{Env, Proxy};
use super::retry::{self, Limits};
use super::tls;

/// An idle connection is kept over the pauses of a run, in which other resources are at work.
const KEEP_IDLE: Duration = Duration::from_secs(5 * 60);
/// So long after an answer its connection is taken to be there for the next request.
const WARM: Duration = Duration::from_secs(30);
/// What is sent at the very end of an operation's time still gets so much for its answer.
const LEAST_TIME: Duration = Duration::from_secs(1);
const LONGEST_BODY: usize = 8 << 20;
/// A buffer that grows leaves copies of what it held; nearly all requests are shorter.
const USUAL_BODY: usize = 8 << 10;
/// Core takes log lines of 64 KiB.
const LONGEST_LOGGED: usize = 8 << 10;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What requests are sent with.
pub(super) struct Setup {
    pub(super) domain: Domain,
    pub(super) network: Network,
    /// The proxy for the domain, or why what names one cannot be used.
    pub(super) proxy: Result<Option<Proxy>, String>,
    pub(super) user_agent: String,
    /// Whether bodies are logged, without the secrets in them.
    pub(super) debug: bool,
    pub(super) stop: CancellationToken,
    pub(super) limits: Limits,
    pub(super) env: Env,
}

/// Sends single requests to one domain. The HTTP client is built when the first one is sent.
pub(super) struct Http {
    setup: Setup,
    client: OnceCell<Client>,
    /// Held by the request that opens the connection.
    opening: tokio::sync::Mutex<()>,
    connection: Mutex<Connection>,
    /// How far the server's clock is ahead of ours, at least.
    clock: Mutex<Option<time::Duration>>,
}

/// What the last requests told of the connection.
#[derive(Default)]
struct Connection {
    /// Whether the host was ever there.
    reached: bool,
    /// When a connection was first tried for in vain.
    first_failure: Option<Instant>,
    /// When it answered, unless a later request had no answer.
    answered: Option<Instant>,
}

/// One request, as often as it is sent.
pub(super) struct Outgoing<'a> {
    pub(super) call: &'a Call,
    pub(super) body: Option<Bytes>,
    pub(super) token: Option<&'a SecretString>,
    pub(super) mask: Mask<'a>,
    pub(super) attempt: u32,
    /// Why it is sent again.
    pub(super) after: Option<&'a Failure>,
    /// None for the token endpoint, which has a limit of its own.
    pub(super) leave: Option<&'a Leave<'a>>,
    /// What is left of the operation's time.
    pub(super) left: Option<Duration>,
    /// Once cancelled, it is not sent any more: the end of the run, or of the grace for what settles.
    pub(super) stop: &'a CancellationToken,
}

/// Whether Auth0 can have seen a request that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    No,
    Perhaps,
}

impl Outgoing<'_> {
    /// Whether nothing is changed by it. A token that nobody gets changes nothing either.
    fn only_reads(&self) -> bool {
        self.call.method() == Method::GET || self.token.is_none()
    }
}

impl Http {
    pub(super) fn new(setup: Setup) -> Self {
        let (client, opening, connection, clock) = Default::default();
        Self { setup, client, opening, connection, clock }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.setup.limits
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.setup.stop
    }

    pub(super) fn env(&self) -> Env {
        self.setup.env
    }

    pub(super) fn domain(&self) -> &Domain {
        &self.setup.domain
    }

    /// Sends a request once. What was sent is waited for, whether or not the run is being stopped:
    /// a request that is cut off may be carried out all the same.
    pub(super) async fn send(&self, outgoing: &Outgoing<'_>) -> (Verdict, Seen) {
        let unsent = |failure| (Verdict::Refused(failure), Seen::No);
        let client = match self.client.get_or_try_init(async || self.build()).await {
            Ok(client) => client,
            Err(why) => return unsent(Failure::Setup(why)),
        };
        let mut request = match request(client, outgoing) {
            Ok(request) => request,
            Err(why) => return unsent(Failure::Setup(why)),
        };
        if let Some(left) = outgoing.left {
            *request.timeout_mut() = Some(left.max(LEAST_TIME).min(self.setup.limits.request));
        }
        let Ok(turn) = self.turn(outgoing.stop).await else {
            return unsent(Failure::Stopped { last: None });
        };
        let began = Instant::now();
        let exchange = async {
            let response = client.execute(request).await?;
            Ok::<_, reqwest::Error>(receive(response, &outgoing.mask).await)
        };
        let answer = tokio::select! {
            biased;
            answer = exchange => answer,
            // What only reads leaves nothing to settle.
            () = outgoing.stop.cancelled(), if outgoing.only_reads() => {
                return unsent(Failure::Stopped { last: None });
            }
        };
        self.note(answer.is_ok());
        drop(turn);
        match answer {
            Ok(answer) => {
                if let Some(leave) = outgoing.leave {
                    leave.answered(&answer.headers);
                }
                self.log(outgoing, Ok(&answer), began.elapsed());
                if answer.status.is_success() {
                    self.note_clock(&answer.headers);
                }
                (answer.judge(&outgoing.mask), Seen::Perhaps)
            }
            Err(err) => {
                let cause = Cause::of(&err, &outgoing.mask);
                self.log(outgoing, Err(&cause), began.elapsed());
                match err.is_connect() || cause.is_before_the_request() {
                    true => (self.unanswered(cause), Seen::No),
                    false => (Verdict::Broken(Failure::NoAnswer(cause), None), Seen::Perhaps),
                }
            }
        }
    }

    /// Waits until it is clear that the connection is there, or until it is this request's turn to
    /// open it: requests that start at once would each open one, all but one for nothing.
    async fn turn(
        &self,
        stop: &CancellationToken,
    ) -> Result<Option<tokio::sync::MutexGuard<'_, ()>>, ()> {
        let mut turn = None;
        if !self.is_warm() {
            turn = tokio::select! {
                biased;
                () = stop.cancelled() => return Err(()),
                turn = tokio::time::timeout(self.setup.limits.turn, self.opening.lock()) => turn.ok(),
            };
            if self.is_warm() {
                turn = None;
            }
        }
        if stop.is_cancelled() { Err(()) } else { Ok(turn) }
    }

    /// The time at the server, no later than it is; None until an answer has told it.
    pub(super) fn server_time(&self) -> Option<OffsetDateTime> {
        let ahead = *self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        Some(OffsetDateTime::now_utc() + ahead?)
    }

    /// A date is cut to whole seconds and older than its arrival, so the one that is furthest ahead
    /// is the nearest to the truth.
    fn note_clock(&self, headers: &HeaderMap) {
        let Some(served_at) = retry::served_at(headers) else { return };
        let ahead = OffsetDateTime::from(served_at) - OffsetDateTime::now_utc();
        let mut known = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(known.map_or(ahead, |known| known.max(ahead)));
    }

    fn is_warm(&self) -> bool {
        self.connection().answered.is_some_and(|answered| answered.elapsed() < WARM)
    }

    fn note(&self, answered: bool) {
        let mut connection = self.connection();
        connection.reached |= answered;
        connection.answered = answered.then(Instant::now);
        if !answered {
            connection.first_failure.get_or_insert_with(Instant::now);
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a certificate says stays the same, and so does a wrong password for the proxy. A host
    /// that was never there is a mistake in the settings, the sooner reported the better.
    fn unanswered(&self, cause: Cause) -> Verdict {
        let Connection { reached, first_failure, .. } = *self.connection();
        let tried =
            first_failure.is_some_and(|first| first.elapsed() >= self.setup.limits.patience);
        let never_there = !reached && (tried || cause.is_unknown_name());
        match never_there || cause.is_lasting() {
            true => Verdict::Refused(Failure::NoAnswer(cause)),
            false => Verdict::Broken(Failure::NoAnswer(cause), None),
        }
    }

    fn build(&self) -> Result<Client, String> {
        let user_agent = HeaderValue::from_str(&self.setup.user_agent)
            .map_err(|_| "the user agent cannot be sent in a header".to_owned())?;
        let Setup { network, domain, env, .. } = &self.setup;
        let builder = Client::builder()
            .tls_backend_preconfigured(tls::client_config(network, domain, *env)?)
            .https_only(true)
            .user_agent(user_agent)
            // A token is for the one host it was configured for.
            .redirect(redirect::Policy::none())
            .referer(false)
            // Repeats are decided here alone: only here is known what creates an object.
            .retry(reqwest::retry::never())
            .connect_timeout(self.setup.limits.connect)
            .timeout(self.setup.limits.request)
            .pool_idle_timeout(KEEP_IDLE)
            .no_proxy();
        let builder = match self.setup.proxy.as_ref().map_err(String::clone)? {
            Some(proxy) => {
                let proxy = reqwest::Proxy::https(proxy.url().clone())
                    .map_err(|_| "the proxy's address cannot be used".to_owned())?;
                builder.proxy(proxy)
            }
            None => builder,
        };
        builder.build().map_err(|err| format!("the HTTP client cannot be built: {err}"))
    }

    fn log(&self, outgoing: &Outgoing<'_>, answer: Result<&Answer, &Cause>, took: Duration) {
        let (method, path) = (outgoing.call.method().as_str(), outgoing.call.path());
        let (attempt, took_ms) = (outgoing.attempt, took.as_millis() as u64);
        let after = outgoing.after.map(Failure::in_short).unwrap_or_default();
        // The token endpoint has no bucket that is known, and nor has a tenant that hides its own.
        let left = outgoing.leave.map(Leave::left).filter(|left| *left < i64::MAX);
        match answer {
            Ok(answer) => log::debug!(
                method, path, status = answer.status.as_u16(), took_ms, attempt, after, left,
                request_id = request_id(&answer.headers, &outgoing.mask);
                "Auth0 answered"
            ),
            Err(cause) => log::debug!(
                method, path, took_ms, attempt, after, left, cause:%;
                "Auth0 did not answer"
            ),
        }
        // The token endpoint is sent nothing but secrets, and answers with one.
        if self.setup.debug && outgoing.leave.is_some() && log::log_enabled!(log::Level::Debug) {
            let text =
                |body: &[u8]| outgoing.mask.text(&String::from_utf8_lossy(body), LONGEST_LOGGED);
            let sent = outgoing.body.as_deref().map(text).unwrap_or_default();
            let received = answer.ok().and_then(|answer| answer.body.as_deref().ok());
            let received = received.map(text).unwrap_or_default();
            log::debug!(method, path, attempt, sent, received; "bodies");
        }
    }
}

/// The JSON of a request's body. Its memory is overwritten when the last holder lets go of it.
pub(super) fn json_body(body: &impl Serialize) -> Bytes {
    let mut json = Zeroizing::new(Vec::with_capacity(USUAL_BODY));
    serde_json::to_writer(&mut *json, body).expect("strings and lists are always JSON");
    Bytes::from_owner(json)
}

fn request(client: &Client, outgoing: &Outgoing<'_>) -> Result<reqwest::Request, String> {
    let mut request =
        client.request(outgoing.call.method().clone(), outgoing.call.url()).header(ACCEPT, JSON);
    if let Some(token) = outgoing.token {
        request = request.header(AUTHORIZATION, bearer(token)?);
    }
    if let Some(body) = &outgoing.body {
        request = request.header(CONTENT_TYPE, JSON).body(body.clone());
    }
    request.build().map_err(|err| err.without_url().to_string())
}

fn bearer(token: &SecretString) -> Result<HeaderValue, String> {
    let mut header =
        HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| {
            "the access token contains a line break or another character that no header may have"
                .to_owned()
        })?;
    header.set_sensitive(true);
    Ok(header)
}

async fn receive(mut response: reqwest::Response, mask: &Mask<'_>) -> Answer {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    let body = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LONGEST_BODY => {
                break Err(Cause::too_long(LONGEST_BODY));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break Ok(body.freeze()),
            Err(err) => break Err(Cause::of(&err, mask)),
        }
    };
    Answer { status, headers, body }
}

/// The name by which Auth0's support, or Cloudflare before it, finds a request.
fn request_id(headers: &HeaderMap, mask: &Mask<'_>) -> String {
    let id = ["x-auth0-requestid", "x-request-id", "cf-ray"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok());
    mask.text(id.unwrap_or_default(), 80)
}
