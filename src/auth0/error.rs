use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use tokio::time::Instant;

use super::advice::{self, Facts};
use super::cause::Cause;
use super::login::NoProof;
use super::retry::Effort;

/// A call as its user thinks of it ("create event stream \"orders\"") and as it was sent.
#[derive(Debug, Clone)]
pub struct Call {
    what: String,
    method: Method,
    origin: String,
    path: String,
}

impl Call {
    pub(super) fn new(what: String, method: Method, origin: String, path: String) -> Self {
        Self { what, method, origin, path }
    }

    /// What was tried, in the user's words and without a capital.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the domain, with ids percent-encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

/// Why a call to Auth0 failed. Its text is one line and says what was tried and what happened;
/// [`Error::advice`] says what to do. Neither holds a secret, whatever Auth0 repeated of it.
#[derive(Debug, Clone)]
pub struct Error(Box<Details>);

#[derive(Debug, Clone)]
struct Details {
    call: Call,
    failure: Failure,
    effort: Effort,
    facts: Arc<Facts>,
}

/// What may exist in the tenant although no answer said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeUnknown {
    /// The kind of object in words, such as "event stream".
    pub kind: &'static str,
    /// The name it was to have.
    pub name: String,
    /// The id, where an answer that was otherwise unreadable gave it.
    pub id: Option<String>,
    /// Where objects of its kind are listed: the last segment of the path, such as "event-streams".
    pub collection: &'static str,
    /// When the attempt was sent whose answer was lost.
    pub sent: Option<Instant>,
    /// Why the list could not be read that would have told.
    pub unread: Option<String>,
    /// What was said when it was sent once more, where that was refused.
    pub second: Option<String>,
}

/// How a call failed.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    Refused(Refusal),
    /// An answer of something else than Auth0: what its body looks like.
    NotJson {
        status: StatusCode,
        body: String,
    },
    Redirect {
        status: StatusCode,
        to: Option<String>,
    },
    /// An answer of success without what it should hold.
    Unreadable {
        status: StatusCode,
        why: String,
    },
    NoAnswer(Cause),
    NoToken(Arc<Error>),
    /// There is nothing to ask for a token with.
    NoProof(NoProof),
    OutcomeUnknown {
        unknown: Box<OutcomeUnknown>,
        why: Box<Failure>,
    },
    Stopped {
        last: Option<Box<Failure>>,
    },
    /// A rate limit had no room for the request, for longer than is waited: the tenant's, or the one
    /// of the provider's own settings.
    NoRoom {
        own: bool,
    },
    /// The time limit of the operation is over.
    OutOfTime {
        limit: Duration,
        last: Option<Box<Failure>>,
    },
    /// Streams of the wanted name exist, and none is the one that was to be created.
    Exists(Existing),
    /// Refused by us: it would not name one object within a URL.
    MalformedId,
    /// The settings do not allow a request to be sent at all.
    Setup(String),
}

/// What a refusal of a creation speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// How many there may be.
    Limit,
    /// One that has the name.
    Name,
}

/// What is in the tenant in place of what was to be created.
#[derive(Debug, Clone)]
pub(super) struct Existing {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) ids: Vec<String>,
    /// Whether the one object equals what was to be created in all that Auth0 shows.
    pub(super) equal: bool,
    /// Whether a creation of ours was sent whose answer was lost.
    pub(super) after_loss: bool,
    /// Whether another resource of this run has it.
    pub(super) held: bool,
}

/// What Auth0 said when it refused, masked and of bounded length.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
    pub(super) code: Option<String>,
    /// In the shape of the Management API. A proxy's 404 is no statement about an object.
    pub(super) by_api: bool,
}

impl Error {
    pub(super) fn new(call: Call, failure: Failure, effort: Effort, facts: Arc<Facts>) -> Self {
        Self(Box::new(Details { call, failure, effort, facts }))
    }

    /// The same call, failed in another way.
    pub(super) fn with_failure(&self, failure: Failure) -> Self {
        Self(Box::new(Details { failure, ..(*self.0).clone() }))
    }

    /// The call that failed.
    pub fn call(&self) -> &Call {
        &self.0.call
    }

    /// What to do about it, in whole sentences, where there is something to say.
    pub fn advice(&self) -> Option<String> {
        advice::advice(&self.0.call, &self.0.failure, &self.0.facts)
    }

    /// What was tried and what happened, as a sentence. Messages of Auth0 end with a full stop, those
    /// of others do not.
    pub fn sentence(&self) -> String {
        let text = self.to_string();
        if text.ends_with('.') { text } else { text + "." }
    }

    /// What was tried, what happened and what to do about it.
    pub fn explained(&self) -> String {
        match self.advice() {
            Some(advice) => format!("{}\n\n{advice}", self.sentence()),
            None => self.sentence(),
        }
    }

    /// Whether Auth0 says that the object does not exist. An unknown route, or a 404 by something
    /// else than the Management API, says nothing of the kind.
    pub fn is_not_found(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_not_found)
    }

    /// Whether Auth0 refused because of another object, such as one with the same name.
    pub fn is_conflict(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.status == StatusCode::CONFLICT)
    }

    /// Whether the id is not shaped like one, so that no such object can exist.
    pub fn is_malformed_id(&self) -> bool {
        matches!(self.0.failure, Failure::MalformedId)
            || self.refusal().is_some_and(Refusal::is_malformed_id)
    }

    /// The scopes of which the token needs one and has none; empty for every other error.
    pub fn missing_scopes(&self) -> Vec<&str> {
        self.refusal().map(Refusal::missing_scopes).unwrap_or_default()
    }

    /// What may exist in the tenant without anybody knowing, after a create whose answer was lost.
    pub fn outcome_unknown(&self) -> Option<&OutcomeUnknown> {
        match &self.0.failure {
            Failure::OutcomeUnknown { unknown, .. } => Some(unknown),
            _ => None,
        }
    }

    /// Whether Auth0 may have carried out the call although no answer said so.
    pub(super) fn may_have_been_done(&self) -> bool {
        self.0.failure.may_have_been_done()
    }

    /// The same loss, with no time left to send it again.
    pub(super) fn too_late(&self, limit: Duration) -> Self {
        let Failure::OutcomeUnknown { unknown, why } = &self.0.failure else { return self.clone() };
        let why = Failure::OutOfTime { limit, last: Some(why.clone()) };
        self.with_failure(Failure::OutcomeUnknown { unknown: unknown.clone(), why: why.into() })
    }

    /// The same loss, where the list could not be read for this reason.
    pub(super) fn with_unread(&self, unread: Option<String>) -> Self {
        let Failure::OutcomeUnknown { unknown, why } = &self.0.failure else { return self.clone() };
        let unknown = Box::new(OutcomeUnknown { unread, ..(**unknown).clone() });
        self.with_failure(Failure::OutcomeUnknown { unknown, why: why.clone() })
    }

    /// The same loss, where the second request was refused in this way.
    pub(super) fn with_second(&self, second: &Error) -> Self {
        let Failure::OutcomeUnknown { unknown, why } = &self.0.failure else { return self.clone() };
        if second.refusal().is_none() {
            return self.clone(); // It was not sent.
        }
        let unknown = OutcomeUnknown { second: Some(second.sentence()), ..(**unknown).clone() };
        self.with_failure(Failure::OutcomeUnknown { unknown: unknown.into(), why: why.clone() })
    }

    /// Whether Auth0 refuses it now and will go on to.
    pub(super) fn is_final_refusal(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_final)
    }

    /// What a refusal of a creation speaks of, where it says so. The `name` may be of any words.
    pub(super) fn is_about(&self, name: &str) -> Option<About> {
        let message = &self.refusal()?.message;
        let said = message.replace(name, "").to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&["maximum", "limit", "quota", "too many"]) {
            return Some(About::Limit);
        }
        (message.contains(name) || says(&["name", "already exists"])).then_some(About::Name)
    }

    /// Whether the time limit of the operation was over.
    pub fn is_out_of_time(&self) -> bool {
        matches!(self.0.failure, Failure::OutOfTime { .. })
    }

    /// Whether the call ended because the run is being stopped.
    pub fn is_stopped(&self) -> bool {
        matches!(self.0.failure, Failure::Stopped { .. })
    }

    pub(super) fn failure(&self) -> &Failure {
        &self.0.failure
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.0.failure {
            Failure::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl Failure {
    /// In a word or two, for the log.
    pub(super) fn in_short(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.status.as_str(),
            Self::NotJson { status, .. } | Self::Redirect { status, .. } => status.as_str(),
            Self::Unreadable { .. } => "unreadable",
            _ => "no answer",
        }
    }

    fn may_have_been_done(&self) -> bool {
        match self {
            Self::NoAnswer(_) => true,
            Self::NotJson { status, .. } => status.is_server_error(),
            Self::Refused(refusal) => refusal.status.is_server_error(),
            Self::Stopped { last } | Self::OutOfTime { last, .. } => {
                last.as_ref().is_some_and(|last| last.may_have_been_done())
            }
            _ => false,
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { call, failure, effort, .. } = &*self.0;
        write!(f, "{}: {}", call.what, Said { call, failure })?;
        if effort.attempts > 1 && !self.is_stopped() {
            write!(f, " ({} attempts in {})", effort.attempts, in_words(effort.took))?;
        }
        Ok(())
    }
}

impl Refusal {
    /// Whether the same request would be refused again: 408 and 429 only ask for another time.
    pub(super) fn is_final(&self) -> bool {
        self.status.is_client_error() && !matches!(self.status.as_u16(), 408 | 429)
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.by_api && self.status == StatusCode::NOT_FOUND && !self.is_unknown_route()
    }

    /// Auth0 answers so when there is no such route; an object that is missing is named.
    pub(super) fn is_unknown_route(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && self.message == "Not Found"
    }

    pub(super) fn is_malformed_id(&self) -> bool {
        self.status == StatusCode::BAD_REQUEST && self.code.as_deref() == Some("invalid_uri")
    }

    /// Plans and quotas are refused with 403 as well, some with the same code, so the text decides.
    pub(super) fn missing_scopes(&self) -> Vec<&str> {
        match self.message.split_once("expected any of:") {
            Some((_, scopes)) if self.status == StatusCode::FORBIDDEN => {
                scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A failure in a sentence about the request.
struct Said<'a> {
    call: &'a Call,
    failure: &'a Failure,
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { method, path, .. } = self.call;
        let url = self.call.url();
        match self.failure {
            Failure::Refused(refusal) => {
                let Refusal { status, message, code, by_api } = refusal;
                // What is not by the Management API may be by anybody, so it is told where it was.
                let known = *by_api && !refusal.is_unknown_route();
                let target = if known { path } else { &url };
                write!(f, "{method} {target} was answered {}", status_words(*status))?;
                code.iter().try_for_each(|code| write!(f, " ({code})"))?;
                match message.as_str() {
                    "" => Ok(()),
                    message => write!(f, ": {message}"),
                }
            }
            Failure::NotJson { status, body } => {
                let status = status_words(*status);
                write!(
                    f,
                    "{method} {url} was answered {status} with {body}, which is not how Auth0's API answers"
                )
            }
            Failure::Redirect { status, to } => {
                let (status, to) = (status_words(*status), to.as_deref().unwrap_or("nowhere"));
                write!(
                    f,
                    "{method} {url} was answered {status}, a redirect to {to}; none is followed"
                )
            }
            Failure::Unreadable { status, why } => {
                let status = status_words(*status);
                write!(f, "{method} {url} was answered {status}, but not as expected: {why}")
            }
            Failure::NoAnswer(cause) => write!(f, "{method} {url} got no answer: {cause}"),
            Failure::NoToken(error) => {
                let Details { call, failure, effort, .. } = &*error.0;
                write!(f, "there is no access token: {}", Said { call, failure })?;
                match effort.attempts {
                    0 | 1 => Ok(()),
                    n => write!(f, " ({n} attempts in {})", in_words(effort.took)),
                }
            }
            Failure::NoProof(NoProof { why, .. }) => f.write_str(why),
            Failure::OutcomeUnknown { unknown, why } => {
                write!(f, "{}; ", Said { call: self.call, failure: why })?;
                let OutcomeUnknown { kind, name, id, .. } = &**unknown;
                match id {
                    Some(id) => write!(f, "the {kind} {name:?} exists with the id {id:?}"),
                    None => write!(f, "the {kind} {name:?} may exist now"),
                }
            }
            Failure::Stopped { last: None } => {
                write!(f, "the run was stopped before {method} {path} was sent")
            }
            Failure::Stopped { last: Some(last) } => {
                let last = Said { call: self.call, failure: last };
                write!(f, "the run was stopped while waiting to repeat it: {last}")
            }
            Failure::NoRoom { own } => {
                let limit = match own {
                    true => "`max_requests_per_second` of the provider",
                    false => "the tenant's rate limit",
                };
                write!(f, "{limit} had no room for {method} {path} for minutes")
            }
            Failure::OutOfTime { limit, last: None } => {
                let limit = in_words(*limit);
                write!(f, "the time limit of {limit} was over before {method} {path} was sent")
            }
            Failure::OutOfTime { limit, last: Some(last) } => {
                let (limit, last) = (in_words(*limit), Said { call: self.call, failure: last });
                write!(f, "the time limit of {limit} left no time to repeat it: {last}")
            }
            Failure::Exists(existing) => {
                let Existing { kind, name, ids, .. } = existing;
                match ids.as_slice() {
                    // A change need not name it.
                    [id] if name.is_empty() => {
                        write!(f, "the {kind} {id} belongs to another resource")
                    }
                    [id] => write!(f, "there is an {kind} {name:?} already, with the id {id}"),
                    ids => {
                        write!(f, "there are {} {kind}s {name:?}: {}", ids.len(), ids.join(", "))
                    }
                }
            }
            Failure::MalformedId => f.write_str("this is not the id of an object of Auth0"),
            Failure::Setup(why) => write!(f, "no request can be sent: {why}"),
        }
    }
}

/// The status with its name; those above 519 are Cloudflare's, which stands in front of Auth0.
fn status_words(status: StatusCode) -> String {
    let name = status.canonical_reason().unwrap_or(match status.as_u16() {
        520 => "Unknown Error (Cloudflare)",
        521 => "Web Server Is Down (Cloudflare)",
        522 => "Connection Timed Out (Cloudflare)",
        523 => "Origin Is Unreachable (Cloudflare)",
        524 => "A Timeout Occurred (Cloudflare)",
        _ => "",
    });
    format!("{} {name}", status.as_u16()).trim_end().to_owned()
}

pub(super) fn in_words(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}
