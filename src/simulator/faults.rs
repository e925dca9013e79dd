//! Faults on order: what goes wrong between a client and Auth0, for the next requests that match.

use super::answer::Answer;
use super::errors::{ApiError, TokenError};
use super::rate_limit::Standing;
use super::token;
use hyper::StatusCode;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// 429; nothing is executed.
    TooManyRequests {
        /// The header `retry-after`, as it stands: seconds or a date.
        #[serde(default)]
        retry_after: Option<String>,
        /// `x-ratelimit-reset`, in seconds from now; may be in the past.
        #[serde(default = "one_second")]
        reset_in_s: i64,
    },
    /// 500, 502, 503 or 504 with the JSON of an internal error; nothing is executed.
    Status(u16),
    /// A page of the proxy in front of Auth0, with this status; nothing is executed.
    Html(u16),
    /// Executed, but the JSON of the answer ends in its middle.
    TruncatedJson,
    /// The connection is cut and nothing is executed.
    Cut,
    /// Executed, then the connection is cut: the answer is lost.
    ExecuteThenCut,
    /// Executed at once, answered after so many milliseconds.
    Slow(u64),
}

fn one_second() -> i64 {
    1
}

/// An effect, and the requests it befalls.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// Only requests with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path starts so. Without it: the Management API, never the token endpoint.
    #[serde(default)]
    pub path: Option<String>,
    /// Matching requests that are let through first.
    #[serde(default)]
    pub skip: u32,
    /// Matching requests that are befallen then.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Befalls the next request to the Management API.
    pub fn next(effect: Effect) -> Self {
        Self { effect, method: None, path: None, skip: 0, times: 1 }
    }

    /// Only requests with this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only requests whose path starts so.
    pub fn path(mut self, prefix: &str) -> Self {
        self.path = Some(prefix.to_owned());
        self
    }

    /// Lets the first matching requests through.
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Befalls so many requests.
    pub fn times(mut self, requests: u32) -> Self {
        self.times = requests;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let path_matches = match &self.path {
            Some(prefix) => path.starts_with(prefix.as_str()),
            None => path != token::PATH,
        };
        path_matches && self.method.as_deref().is_none_or(|wanted| wanted == method)
    }
}

/// The faults still to come, in the order they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.0.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn pending(&self) -> &[Fault] {
        &self.0
    }

    /// The effect for this request. A fault that still lets requests through leaves it to the next.
    pub(crate) fn next(&mut self, method: &str, path: &str) -> Option<Effect> {
        for index in 0..self.0.len() {
            let fault = &mut self.0[index];
            if !fault.matches(method, path) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            let effect = fault.effect.clone();
            if fault.times == 0 {
                self.0.remove(index);
            }
            return Some(effect);
        }
        None
    }
}

/// How an answer leaves.
#[derive(Debug)]
pub(crate) enum Departure {
    Answer(Answer),
    Late(Duration, Answer),
    Cut,
}

impl Effect {
    /// The departure of a request that is never executed.
    pub(crate) fn instead(&self, path: &str, standing: &Standing) -> Option<Departure> {
        let is_token = path == token::PATH;
        let answer = match self {
            Self::TooManyRequests { retry_after, reset_in_s } => {
                too_many_requests(is_token, retry_after.as_deref(), *reset_in_s, standing)
            }
            Self::Status(status) => {
                let status = status_or_500(*status);
                if is_token {
                    TokenError::server_error(status).answer()
                } else {
                    standing.describe(ApiError::internal(status).answer())
                }
            }
            Self::Html(status) => {
                Answer::new(status_or_500(*status), "text/html; charset=UTF-8", PAGE.into())
            }
            Self::Cut => return Some(Departure::Cut),
            Self::TruncatedJson | Self::ExecuteThenCut | Self::Slow(_) => return None,
        };
        Some(Departure::Answer(answer))
    }

    /// The departure of the answer to an executed request.
    pub(crate) fn after(&self, mut answer: Answer) -> Departure {
        match self {
            Self::TruncatedJson => {
                answer.body.truncate(answer.body.len() / 2);
                Departure::Answer(answer)
            }
            Self::ExecuteThenCut => Departure::Cut,
            Self::Slow(milliseconds) => {
                Departure::Late(Duration::from_millis(*milliseconds), answer)
            }
            Self::TooManyRequests { .. } | Self::Status(_) | Self::Html(_) | Self::Cut => {
                Departure::Answer(answer)
            }
        }
    }
}

fn too_many_requests(
    is_token: bool,
    retry_after: Option<&str>,
    reset_in_s: i64,
    standing: &Standing,
) -> Answer {
    let mut answer = if is_token {
        TokenError::too_many_requests().answer()
    } else {
        let reset = time::OffsetDateTime::now_utc().unix_timestamp().saturating_add(reset_in_s);
        Standing { remaining: 0, ..*standing }
            .describe(ApiError::too_many_requests().answer())
            .with("x-ratelimit-reset", reset)
    };
    if let Some(value) = retry_after.and_then(|text| text.parse().ok()) {
        answer.headers.insert(hyper::header::RETRY_AFTER, value);
    }
    answer
}

fn status_or_500(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>acme-dev | Web server is \
                    returning an unknown error</title></head>\n<body><h1>Web server is returning \
                    an unknown error</h1></body>\n</html>\n";

#[cfg(test)]
mod tests {
    use super::*;

    const STREAMS: &str = "/api/v2/event-streams";

    #[test]
    fn a_fault_befalls_the_requests_it_names_and_no_other() {
        let mut faults = Faults::default();
        faults.add(
            Fault::next(Effect::Cut)
                .method("PATCH")
                .path("/api/v2/event-streams/")
                .skip(1)
                .times(2),
        );
        let path = "/api/v2/event-streams/est_1";
        for (method, path, want) in [
            ("GET", path, None),
            ("PATCH", "/api/v2/actions/actions/1", None),
            ("PATCH", path, None),
            ("PATCH", path, Some(Effect::Cut)),
            ("PATCH", path, Some(Effect::Cut)),
            ("PATCH", path, None),
        ] {
            assert_eq!(faults.next(method, path), want, "{method} {path}");
        }
        assert!(faults.pending().is_empty());
    }

    #[test]
    fn the_token_endpoint_is_spared_unless_named() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Effect::Status(500)));
        assert_eq!(faults.next("POST", "/oauth/token"), None);
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Status(500)));
        faults.add(Fault::next(Effect::Status(503)).path("/oauth/token"));
        assert_eq!(faults.next("GET", STREAMS), None);
        assert_eq!(faults.next("POST", "/oauth/token"), Some(Effect::Status(503)));
    }

    #[test]
    fn a_fault_that_lets_through_leaves_the_request_to_the_next() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Effect::Cut).skip(1));
        faults.add(Fault::next(Effect::Html(520)));
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Html(520)));
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Cut));
    }
}
