use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::advice::Facts;
use super::answer::{Answer, Verdict};
use super::error::{Call, Error, Failure};
use super::http::{Http, Outgoing, json_body};
use super::login::{Credentials, NoProof, Proof, cli_token, jwt};
use super::mask::Mask;
use super::operation::{Operation, Wait};
use super::retry::{Ended, Repeats};
use crate::redact;

/// A token is renewed when this share of its life is left, within bounds.
const SHARE_LEFT: u32 = 20;
/// So much longer than the time limit of an operation its request for a token may take.
const ASKING: Duration = Duration::from_secs(2);
/// While the token before serves, a new one is asked for no sooner after a failure.
const BETWEEN_RENEWALS: Duration = Duration::from_secs(30);
/// Before it expires, a token is good for one more request.
const LAST_MOMENT: Duration = Duration::from_secs(1);
const LEAST_LEFT: Duration = Duration::from_secs(10);
const MOST_LEFT: Duration = Duration::from_secs(5 * 60);

/// Where tokens are asked for.
pub(super) const PATH: &str = "/oauth/token";

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The one access token of a process: asked for when first needed, shared by all calls.
pub(super) struct Tokens {
    credentials: Credentials,
    facts: Arc<Facts>,
    current: Mutex<Arc<Round>>,
    /// What the last request for a token was sent with, where that is not what is configured.
    sent: Mutex<Option<SecretString>>,
}

/// One request for a token and what came of it. All who need the token wait for the same round.
#[derive(Default)]
struct Round {
    /// Begun because the token before was answered with 401.
    after_refusal: bool,
    /// A call with the token succeeded.
    accepted: AtomicBool,
    /// The token before, which is renewed early, and when it expires: it serves where the new one
    /// cannot be had.
    before: Option<(SecretString, OffsetDateTime)>,
    began: Option<Instant>,
    outcome: OnceCell<Result<Held, Arc<Error>>>,
}

struct Held {
    token: SecretString,
    /// None where Auth0 did not say how long it lives.
    renew_at: Option<Instant>,
    /// None where neither Auth0 nor the token says so, here and below.
    expires_at: Option<OffsetDateTime>,
    /// What it allows, separated by spaces.
    scopes: Option<String>,
}

/// A token for somebody else.
pub(super) struct Granted {
    pub(super) token: SecretString,
    pub(super) expires_at: Option<OffsetDateTime>,
    pub(super) scopes: Option<String>,
}

/// The token for one attempt of a call.
pub(super) struct Bearer {
    pub(super) token: SecretString,
    /// None for a token that was given ready-made.
    round: Option<Arc<Round>>,
}

impl Round {
    /// Whether a token that serves meanwhile makes it too early to ask again.
    fn is_recent(&self) -> bool {
        let serves = self.before.as_ref().is_some_and(|(_, at)| is_good_until(*at));
        serves && self.began.is_some_and(|began| began.elapsed() < BETWEEN_RENEWALS)
    }
}

impl Tokens {
    pub(super) fn new(credentials: Credentials, facts: Arc<Facts>) -> Self {
        // What the environment gave is in no schema, where it would be found.
        credentials.secret().into_iter().for_each(hide);
        Self { credentials, facts, current: Mutex::default(), sent: Mutex::default() }
    }

    /// The token to use now, asked for if there is none that is fresh.
    pub(super) async fn bearer(
        &self,
        http: &Http,
        operation: &Operation,
    ) -> Result<Bearer, Failure> {
        if let Credentials::ApiToken(token) = &self.credentials {
            return Ok(Bearer { token: token.clone(), round: None });
        }
        loop {
            let round = self.round();
            let ours = AtomicBool::new(false);
            let asked = async || {
                ours.store(true, Ordering::Relaxed);
                self.ask(http, operation).await.map_err(Arc::new)
            };
            let outcome = round.outcome.get_or_init(asked);
            // Who asks ends by itself. Who waits for another one need not, and that one has its own
            // limit, or none.
            let outcome = match operation.left() {
                None => outcome.await,
                Some(left) => match tokio::time::timeout(left + ASKING, outcome).await {
                    Ok(outcome) => outcome,
                    Err(_) => return Err(operation.out_of_time(None)),
                },
            };
            let error = match outcome {
                Ok(held) => {
                    return Ok(Bearer { token: held.token.clone(), round: Some(round.clone()) });
                }
                Err(error) => error,
            };
            if let Some((token, _)) = round.before.as_ref().filter(|(_, at)| is_good_until(*at)) {
                return Ok(Bearer { token: token.clone(), round: None });
            }
            // What was being waited for is the token, and not the call that needs it.
            let no_token = |last: &Failure| {
                Some(Box::new(Failure::NoToken(Arc::new(error.with_failure(last.clone())))))
            };
            return Err(match error.failure() {
                Failure::OutOfTime { .. } if !ours.load(Ordering::Relaxed) => continue,
                Failure::OutOfTime { last, .. } => {
                    operation.out_of_time(last.as_deref().and_then(no_token))
                }
                Failure::Stopped { last } => {
                    Failure::Stopped { last: last.as_deref().and_then(no_token) }
                }
                Failure::Setup(why) => Failure::Setup(why.clone()),
                _ => Failure::NoToken(error.clone()),
            });
        }
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The token to use now, with what is known of it.
    pub(super) async fn granted(
        &self,
        http: &Http,
        operation: &Operation,
    ) -> Result<Granted, Failure> {
        let Bearer { token, round } = self.bearer(http, operation).await?;
        let held = round.as_ref().and_then(|round| round.outcome.get()?.as_ref().ok());
        let (expires_at, scopes) = match held {
            Some(held) => (held.expires_at, held.scopes.clone()),
            None => (expiry_of(&token), scopes_of(&token)),
        };
        Ok(Granted { token, expires_at, scopes })
    }

    /// Whether the token at hand allows what needs `scope`; None where there is none yet, or it is not
    /// known what it allows. Nothing is asked of the network.
    pub(super) fn allows(&self, scope: &str) -> Option<bool> {
        let scopes = match &self.credentials {
            Credentials::ApiToken(token) => scopes_of(token),
            _ => match self.current().outcome.get() {
                Some(Ok(held)) => held.scopes.clone(),
                _ => None,
            },
        };
        Some(scopes?.split(' ').any(|granted| granted == scope))
    }

    /// All that tokens are had with, to be masked in whatever comes back.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        self.credentials.secret().cloned().into_iter().chain(self.sent().clone()).collect()
    }

    /// Notes that a call with this token succeeded.
    pub(super) fn accepted(&self, bearer: &Bearer) {
        if let Some(round) = &bearer.round {
            round.accepted.store(true, Ordering::Relaxed);
        }
    }

    /// Whether another token can be had after `bearer` was answered with 401. A newer one, or one
    /// that is being asked for, is taken as it is; and a token that was itself asked for after a
    /// 401 and never accepted ends it, so that bad settings cost two tokens and not one for each call.
    pub(super) fn renew(&self, bearer: &Bearer) -> bool {
        let Some(refused) = &bearer.round else { return false };
        let mut current = self.current();
        if !Arc::ptr_eq(&current, refused) {
            return true;
        }
        if refused.after_refusal && !refused.accepted.load(Ordering::Relaxed) {
            return false;
        }
        *current = Arc::new(Round { after_refusal: true, ..Round::default() });
        true
    }

    /// The current round, or a new one if its token is stale or its request may end otherwise now.
    fn round(&self) -> Arc<Round> {
        let mut current = self.current();
        let before = match current.outcome.get() {
            Some(Ok(held)) if held.renew_at.is_some_and(|at| Instant::now() >= at) => {
                held.expires_at.map(|at| (held.token.clone(), at))
            }
            Some(Err(error)) if !is_final(error) && !current.is_recent() => current.before.clone(),
            _ => return current.clone(),
        };
        *current = Arc::new(Round { before, began: Some(Instant::now()), ..Round::default() });
        current.clone()
    }

    fn current(&self) -> MutexGuard<'_, Arc<Round>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sent(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Within the time of the operation that asks. Those that wait for the same token and have more
    /// ask again.
    async fn ask(&self, http: &Http, operation: &Operation) -> Result<Held, Error> {
        let call = Call::new(
            "get an access token".to_owned(),
            Method::POST,
            http.domain().origin(),
            PATH.to_owned(),
        );
        let asking = Operation::new(operation.left());
        let mut repeats = Repeats::new(http.limits(), http.stop(), &asking, call.what());
        let result = self.attempts(http, &call, &mut repeats).await;
        let effort = repeats.effort();
        operation.note(Wait::Token, asking.waited());
        result.map_err(|failure| Error::new(call, failure, effort, self.facts.clone()))
    }

    /// To ask twice for a token does no harm, so the request is repeated like one that only reads.
    async fn attempts(
        &self,
        http: &Http,
        call: &Call,
        repeats: &mut Repeats<'_>,
    ) -> Result<Held, Failure> {
        let mut last: Option<Failure> = None;
        loop {
            let proof = match &self.credentials {
                Credentials::CliLogin { config } => return from_cli(config, http).await,
                credentials => self.proof(credentials, http).await?,
            };
            let outgoing = Outgoing {
                call,
                body: Some(body(&proof, &self.facts.audience)),
                token: None,
                mask: Mask::new([&proof.secret]),
                attempt: repeats.attempt(),
                after: last.as_ref(),
                leave: None,
                left: repeats.operation().left(),
                stop: http.stop(),
            };
            let asked_at = Instant::now();
            let (verdict, _) = http.send(&outgoing).await;
            let (failure, ended) = match verdict {
                Verdict::Success(answer) => match held(&answer, &outgoing.mask, asked_at) {
                    Err(failure @ Failure::NoAnswer(_)) => {
                        (failure, repeats.after_failure(None).await)
                    }
                    result => return result,
                },
                Verdict::Unauthorized(failure) | Verdict::Refused(failure) => return Err(failure),
                Verdict::Limited(failure, asked) => (failure, repeats.after_limit(asked).await),
                Verdict::Broken(failure, asked) => (failure, repeats.after_failure(asked).await),
            };
            match ended {
                Ok(()) => last = Some(failure),
                Err(Ended::Exhausted | Ended::NoRoom { .. }) => return Err(failure),
                Err(Ended::OutOfTime) => {
                    return Err(repeats.operation().out_of_time(Some(Box::new(failure))));
                }
                Err(Ended::Stopped) => {
                    return Err(Failure::Stopped { last: Some(Box::new(failure)) });
                }
            }
        }
    }

    /// What one request is sent with. An assertion is made anew for each: Auth0 may have seen the
    /// one before, though it did not answer.
    async fn proof<'a>(
        &self,
        credentials: &'a Credentials,
        http: &Http,
    ) -> Result<Proof<'a>, Failure> {
        match credentials {
            Credentials::ClientSecret { client_id, client_secret } => {
                let secret = client_secret.clone();
                Ok(Proof { client_id, secret, is_assertion: false })
            }
            Credentials::Assertion { client_id, assertion } => {
                let secret = assertion.make(client_id, http).await?;
                hide(&secret);
                *self.sent() = Some(secret.clone());
                Ok(Proof { client_id, secret, is_assertion: true })
            }
            Credentials::Unusable { why, advice } => {
                Err(Failure::NoProof(NoProof { why: why.clone(), advice: advice.clone() }))
            }
            Credentials::ApiToken(_) | Credentials::CliLogin { .. } => {
                Err(Failure::Setup("no token is asked for with a ready-made one".to_owned()))
            }
        }
    }
}

/// The token of the official CLI. It is used to its end, for only the CLI can renew it.
async fn from_cli(config: &Path, http: &Http) -> Result<Held, Failure> {
    let (token, expires) = cli_token(config, http).await.map_err(Failure::NoProof)?;
    hide(&token);
    let left = Duration::try_from(expires - OffsetDateTime::now_utc()).unwrap_or_default();
    let scopes = scopes_of(&token);
    let renew_at = Instant::now().checked_add(left);
    Ok(Held { token, renew_at, expires_at: Some(expires), scopes })
}

fn body(proof: &Proof<'_>, audience: &str) -> Bytes {
    #[derive(Serialize)]
    struct Body<'a> {
        grant_type: &'a str,
        client_id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_secret: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_assertion_type: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_assertion: Option<&'a str>,
        audience: &'a str,
    }
    let secret = proof.secret.expose_secret();
    let body = Body {
        grant_type: "client_credentials",
        client_id: proof.client_id,
        client_secret: (!proof.is_assertion).then_some(secret),
        client_assertion_type: proof.is_assertion.then_some(JWT_BEARER),
        client_assertion: proof.is_assertion.then_some(secret),
        audience,
    };
    json_body(&body)
}

fn held(answer: &Answer, mask: &Mask, asked_at: Instant) -> Result<Held, Failure> {
    #[derive(Deserialize)]
    struct Body {
        access_token: String,
        /// Of any type: a token without a lifetime is still a token.
        #[serde(default)]
        expires_in: Value,
        #[serde(default)]
        scope: Value,
    }
    let body: Body = answer.read(mask)?;
    let lifetime =
        body.expires_in.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let renew_at = lifetime.filter(|life| !life.is_zero()).map(|life| asked_at + fresh_for(life));
    let token = SecretString::from(body.access_token);
    hide(&token);
    let scopes = body.scope.as_str().map(str::to_owned).or_else(|| scopes_of(&token));
    // The token itself has it in the server's time.
    let counted = || OffsetDateTime::now_utc().checked_add(lifetime?.try_into().ok()?);
    let expires_at = expiry_of(&token).or_else(counted);
    Ok(Held { token, renew_at, expires_at, scopes })
}

/// When a token says that it ends.
fn expiry_of(token: &SecretString) -> Option<OffsetDateTime> {
    jwt::claims(token.expose_secret())?.expires()
}

/// What a token says of itself.
fn scopes_of(token: &SecretString) -> Option<String> {
    jwt::claims(token.expose_secret())?.scopes().map(str::to_owned)
}

/// Keeps a secret out of every log line and message of the process.
fn hide(secret: &SecretString) {
    redact::register(secret.expose_secret());
}

/// Whether a request can still be sent with a token that expires `at`.
fn is_good_until(at: OffsetDateTime) -> bool {
    at > OffsetDateTime::now_utc() + LAST_MOMENT
}

/// How long a token is used: its life without a margin, which is never more than half of it.
fn fresh_for(life: Duration) -> Duration {
    life - (life / SHARE_LEFT).clamp(LEAST_LEFT, MOST_LEFT).min(life / 2)
}

/// Whether Auth0 refused the credentials, or there are none to use. Within a process they stay what they are, and to ask
/// again for each resource would only look like an attack.
fn is_final(error: &Error) -> bool {
    match error.failure() {
        Failure::Refused(refusal) => refusal.is_final(),
        Failure::NoProof(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_expires() {
        for (life, want) in [
            (86_400, Duration::from_secs(86_400 - 300)),
            (3_600, Duration::from_secs(3_600 - 180)),
            (100, Duration::from_secs(90)),
            (12, Duration::from_secs(6)),
            (1, Duration::from_millis(500)),
        ] {
            assert_eq!(fresh_for(Duration::from_secs(life)), want, "{life}");
        }
    }

    #[test]
    fn the_body_is_the_one_of_client_secret_post() {
        let proof = Proof { client_id: "k3Yb", secret: "s3\"cr3t".into(), is_assertion: false };
        let body = body(&proof, "https://acme.auth0.com/api/v2/");
        assert_eq!(
            String::from_utf8_lossy(&body),
            r#"{"grant_type":"client_credentials","client_id":"k3Yb","client_secret":"s3\"cr3t","audience":"https://acme.auth0.com/api/v2/"}"#
        );
    }
}
