use std::sync::{Arc, MutexGuard, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::access_token::OtherTokens;
use super::advice::{self, Facts};
use super::answer::{Answer, Verdict};
use super::domain::Domain;
use super::error::{Call, Error, Failure, OutcomeUnknown};
use super::event_streams::{Claims, EventStreams, Planned, Shelf};
use super::http::{Http, Outgoing, Seen, Setup};
use super::login::Credentials;
use super::mask::Mask;
use super::network::Network;
use super::operation::Operation;
use super::pace::{Allowance, Pace};
use super::proxy::{Env, proxy_for};
use super::retry::{Ended, Limits, Repeats};
use super::token::{self, Tokens};

/// Where Auth0 is and how to log in.
#[derive(Debug, Clone)]
pub struct Settings {
    pub domain: Domain,
    /// The API that tokens are asked for; without one, `https://{domain}/api/v2/`.
    pub audience: Option<String>,
    pub credentials: Credentials,
    pub network: Network,
    /// What the tenant's rate limit may be used for.
    pub allowance: Allowance,
    /// Take over what equals a new object in all that Auth0 shows.
    pub adopt_existing: bool,
    /// Log the bodies of requests and answers at level debug, without the secrets in them.
    pub debug: bool,
    pub user_agent: String,
    /// Once cancelled, nothing new is sent and no wait goes on; what was sent is still awaited.
    pub stop: CancellationToken,
}

/// The Management API of one tenant. Clones share the connection and the token.
#[derive(Clone)]
pub struct Auth0(Arc<Shared>);

struct Shared {
    http: Http,
    tokens: Tokens,
    pace: Pace,
    other_tokens: OtherTokens,
    shelf: Shelf,
    claims: Claims,
    adopt_existing: bool,
    facts: Arc<Facts>,
    grace: OnceLock<CancellationToken>,
}

/// A call about to be made.
pub(super) struct Request<'a> {
    pub(super) call: Call,
    pub(super) body: Option<Bytes>,
    /// The secrets in the body, to be masked in whatever comes back.
    pub(super) secrets: Vec<&'a SecretString>,
    /// What exists once this was carried out. A request that creates nothing may be sent twice.
    pub(super) creates: Option<OutcomeUnknown>,
    pub(super) operation: &'a Operation,
    /// Until when it settles what was sent before: a stop of the run does not hold it back.
    pub(super) settles: Option<Instant>,
    /// Why it is sent, where that is another one's fault.
    pub(super) after: Option<Failure>,
}

impl Auth0 {
    /// Keeps the settings. No file is opened and nothing is built before the first call.
    pub fn new(settings: Settings) -> Self {
        Self::within(settings, Limits::default(), |name| std::env::var(name).ok())
    }

    /// [`Auth0::new`] with the clock and the environment of a test.
    pub(super) fn within(settings: Settings, limits: Limits, env: Env) -> Self {
        let Settings { domain, audience, credentials, network, debug, user_agent, stop, .. } =
            settings;
        let (allowance, adopt_existing) = (settings.allowance, settings.adopt_existing);
        let proxy = proxy_for(&domain, network.proxy.as_ref(), env);
        let facts = Arc::new(Facts {
            domain: domain.clone(),
            proxy: proxy.clone().ok().flatten(),
            audience_is_default: audience.is_none(),
            is_own_api: true,
            audience: audience.unwrap_or_else(|| format!("{}/api/v2/", domain.origin())),
            client_id: credentials.client_id().map(str::to_owned),
            way: credentials.way(),
            env,
        });
        let setup = Setup { domain, network, proxy, user_agent, debug, stop, limits, env };
        Self(Arc::new(Shared {
            http: Http::new(setup),
            tokens: Tokens::new(credentials, facts.clone()),
            pace: Pace::new(allowance),
            other_tokens: OtherTokens::default(),
            shelf: Shelf::default(),
            claims: Claims::default(),
            adopt_existing,
            facts,
            grace: OnceLock::new(),
        }))
    }

    /// The tenant's event streams, called within `operation`.
    pub fn event_streams<'a>(&'a self, operation: &'a Operation) -> EventStreams<'a> {
        EventStreams::new(self, operation)
    }

    /// What to do about it, if the token at hand does not have `scope`. None as well where there is
    /// no token yet, or it is not known what it allows: nothing is asked of the network.
    pub fn lacks_scope(&self, scope: &str) -> Option<String> {
        let lacks = self.0.tokens.allows(scope) == Some(false);
        lacks.then(|| advice::grant(&[scope], &self.0.facts))
    }

    /// A call to be named in errors as `what`; `path` is below `/api/v2`.
    pub(super) fn describe(&self, what: String, method: Method, path: &str) -> Call {
        Call::new(what, method, self.0.http.domain().origin(), format!("/api/v2{path}"))
    }

    /// The request for a token, to be named in errors as `what`.
    pub(super) fn describe_token(&self, what: String) -> Call {
        Call::new(what, Method::POST, self.0.http.domain().origin(), token::PATH.to_owned())
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(super) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub(super) fn other_tokens(&self) -> &OtherTokens {
        &self.0.other_tokens
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// What the plan does, as far as it is known, to be added to.
    pub fn planned(&self) -> MutexGuard<'_, Planned> {
        self.0.claims.planned()
    }

    /// Whether an event stream that equals a new one may be taken over.
    pub fn adopts_existing(&self) -> bool {
        self.0.adopt_existing
    }

    pub(super) fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    pub(super) fn claims(&self) -> &Claims {
        &self.0.claims
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        self.0.http.stop()
    }

    /// Cancelled a while after the stop, for what settles.
    pub(super) fn grace(&self) -> &CancellationToken {
        self.0.grace.get_or_init(|| {
            let (stop, grace) = (self.stop().clone(), self.limits().grace);
            let over = CancellationToken::new();
            let told = over.clone();
            tokio::spawn(async move {
                stop.cancelled().await;
                tokio::time::sleep(grace).await;
                told.cancel();
            });
            over
        })
    }

    pub(super) fn limits(&self) -> &Limits {
        self.0.http.limits()
    }

    /// The time at the server, where an answer has told it: no later than it is.
    pub(super) fn server_time(&self) -> Option<OffsetDateTime> {
        self.0.http.server_time()
    }

    /// Asks for the token, which the next call needs anyway.
    pub(super) async fn log_in(&self, operation: &Operation) -> Result<(), Failure> {
        self.0.tokens.bearer(&self.0.http, operation).await.map(drop)
    }

    pub(super) fn error(&self, call: Call, failure: Failure) -> Error {
        Error::new(call, failure, Default::default(), self.0.facts.clone())
    }

    /// Makes a call whose answer is of no interest beyond its success.
    pub(super) async fn done(&self, request: Request<'_>) -> Result<(), Error> {
        self.call(request, |_, _| Ok(())).await
    }

    /// Makes a call and reads its answer.
    pub(super) async fn json<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Error> {
        self.call(request, Answer::read).await
    }

    async fn call<T>(
        &self,
        request: Request<'_>,
        read: impl Fn(&Answer, &Mask<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let Shared { http, facts, .. } = &*self.0;
        // What settles has a time of its own, whatever the limit of the operation.
        let settling;
        let what = request.call.what();
        let mut repeats = match request.settles {
            Some(until) => {
                settling = Operation::new(Some(until.saturating_duration_since(Instant::now())));
                Repeats::new(http.limits(), self.grace(), &settling, what).hardly()
            }
            None => Repeats::new(http.limits(), http.stop(), request.operation, what),
        };
        let result = self.attempts(&request, read, &mut repeats).await;
        let effort = repeats.effort();
        log::debug!(
            method = request.call.method().as_str(), path = request.call.path(),
            attempts = effort.attempts, took_ms = effort.took.as_millis() as u64,
            ok = result.is_ok();
            "Auth0 call ended"
        );
        result.map_err(|failure| Error::new(request.call, failure, effort, facts.clone()))
    }

    async fn attempts<T>(
        &self,
        request: &Request<'_>,
        read: impl Fn(&Answer, &Mask<'_>) -> Result<T, Failure>,
        repeats: &mut Repeats<'_>,
    ) -> Result<T, Failure> {
        let Shared { http, tokens, pace, .. } = &*self.0;
        let (mut renewed, mut last) = (false, request.after.clone().map(Box::new));
        loop {
            let bearer = tokens.bearer(http, repeats.operation()).await?;
            let leave = match repeats.room(pace).await {
                Ok(leave) => leave,
                Err(ended) => return Err(ended_as(ended, repeats.operation().limit(), last)),
            };
            let (secrets, of_login) = (request.secrets.iter().copied(), tokens.secrets());
            let outgoing = Outgoing {
                call: &request.call,
                body: request.body.clone(),
                token: Some(&bearer.token),
                mask: Mask::new(secrets.chain([&bearer.token]).chain(&of_login)),
                attempt: repeats.attempt(),
                after: last.as_deref(),
                leave: Some(&leave),
                left: repeats.operation().left(),
                stop: repeats.stop(),
            };
            let sent = Instant::now();
            let (verdict, seen) = http.send(&outgoing).await;
            let (failure, ended) = match verdict {
                Verdict::Success(answer) => {
                    tokens.accepted(&bearer);
                    let id = answer.id(&outgoing.mask);
                    match read(&answer, &outgoing.mask) {
                        Err(failure @ Failure::NoAnswer(_)) if request.creates.is_none() => {
                            drop(leave);
                            (failure, repeats.after_failure(None).await)
                        }
                        result => return result.map_err(|err| request.lost(err, sent, id)),
                    }
                }
                Verdict::Unauthorized(refused) if !renewed && tokens.renew(&bearer) => {
                    (renewed, last) = (true, Some(Box::new(refused)));
                    continue;
                }
                Verdict::Refused(Failure::Stopped { .. }) => return Err(Failure::Stopped { last }),
                Verdict::Unauthorized(failure) | Verdict::Refused(failure) => return Err(failure),
                // Auth0 does not carry out what it answers with 429, whatever the method.
                Verdict::Limited(failure, asked) => {
                    leave.refused(asked.unwrap_or(http.limits().backoff));
                    drop(leave);
                    (failure, repeats.after_limit(asked).await)
                }
                Verdict::Broken(failure, _)
                    if request.creates.is_some() && seen == Seen::Perhaps =>
                {
                    return Err(request.lost(failure, sent, None));
                }
                Verdict::Broken(failure, asked) => {
                    drop(leave);
                    (failure, repeats.after_failure(asked).await)
                }
            };
            last = Some(Box::new(failure.clone()));
            match ended {
                Ok(()) => {}
                Err(Ended::Exhausted | Ended::NoRoom { .. }) => return Err(failure),
                Err(ended) => return Err(ended_as(ended, repeats.operation().limit(), last)),
            }
        }
    }
}

impl Request<'_> {
    /// `failure` as it is, or, if the request creates something, with what may exist now.
    fn lost(&self, failure: Failure, sent: Instant, id: Option<String>) -> Failure {
        match &self.creates {
            Some(unknown) => Failure::OutcomeUnknown {
                unknown: Box::new(OutcomeUnknown { id, sent: Some(sent), ..unknown.clone() }),
                why: Box::new(failure),
            },
            None => failure,
        }
    }
}

/// Why a call that waits goes on no more.
fn ended_as(ended: Ended, limit: Option<Duration>, last: Option<Box<Failure>>) -> Failure {
    match (ended, limit) {
        (Ended::OutOfTime, Some(limit)) => Failure::OutOfTime { limit, last },
        (Ended::NoRoom { own }, _) => last.map_or(Failure::NoRoom { own }, |last| *last),
        _ => Failure::Stopped { last },
    }
}
