//! What a fault does to a request and to its answer.

use super::super::answer::Answer;
use super::super::errors::{ApiError, TokenError};
use super::super::rate_limit::Standing;
use super::super::token;
use bytes::Bytes;
use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::time::Duration;
use time::OffsetDateTime;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    Status(#[serde(deserialize_with = "status")] u16),
    /// A page of the proxy in front of Auth0, with this status; nothing is executed.
    Html(#[serde(deserialize_with = "status")] u16),
    /// An error with this status that repeats the whole request, with its credentials and secrets;
    /// nothing is executed.
    Echo(#[serde(deserialize_with = "status")] u16),
    /// Executed, but the JSON of the answer ends in its middle.
    TruncatedJson,
    /// The connection is cut and nothing is executed.
    Cut,
    /// Executed, then the connection is cut: the answer is lost.
    ExecuteThenCut,
    /// Executed at once, answered after so many milliseconds.
    Slow(u64),
    /// Executed and answered; for so many milliseconds from then on, reads show the tenant as it
    /// stood before.
    StaleReads(u64),
}

fn one_second() -> i64 {
    1
}

/// A status that ends an exchange; a script may well ask for a page with 200.
fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if (200..=599).contains(&status) {
        Ok(status)
    } else {
        Err(D::Error::custom(format!("expected a status from 200 to 599, not {status}")))
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
    pub(crate) fn instead(
        &self,
        request: &Request<Bytes>,
        standing: &Standing,
        now: OffsetDateTime,
    ) -> Option<Departure> {
        let is_token = request.uri().path() == token::PATH;
        let answer = match self {
            Self::TooManyRequests { retry_after, reset_in_s } => {
                let answer = if is_token {
                    TokenError::too_many_requests().answer()
                } else {
                    too_many_requests(*reset_in_s, standing, now)
                };
                match retry_after.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
                    Some(value) => answer.with("retry-after", value),
                    None => answer,
                }
            }
            Self::Status(status) => {
                let status = status_or_500(*status);
                if is_token {
                    TokenError::server_error(status).answer()
                } else {
                    standing.describe(ApiError::internal(status).answer(), now)
                }
            }
            Self::Html(status) => {
                Answer::new(status_or_500(*status), "text/html; charset=UTF-8", PAGE.into())
            }
            Self::Echo(status) => {
                let (status, all) = (status_or_500(*status), written_out(request));
                match is_token {
                    true => TokenError::new(status, "invalid_request", all).answer(),
                    false => standing.describe(ApiError::new(status, all).answer(), now),
                }
            }
            Self::Cut => return Some(Departure::Cut),
            Self::TruncatedJson | Self::ExecuteThenCut | Self::Slow(_) | Self::StaleReads(_) => {
                return None;
            }
        };
        Some(Departure::Answer(answer))
    }

    /// For how long reads show what stood before the request.
    pub(crate) fn stale_reads(&self) -> Option<Duration> {
        match self {
            Self::StaleReads(milliseconds) => Some(Duration::from_millis(*milliseconds)),
            _ => None,
        }
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
            Self::TooManyRequests { .. }
            | Self::Status(_)
            | Self::Html(_)
            | Self::Echo(_)
            | Self::Cut
            | Self::StaleReads(_) => Departure::Answer(answer),
        }
    }
}

fn too_many_requests(reset_in_s: i64, standing: &Standing, now: OffsetDateTime) -> Answer {
    Standing { remaining: 0, ..*standing }
        .describe(ApiError::too_many_requests().answer(), now)
        .with("x-ratelimit-reset", now.unix_timestamp().saturating_add(reset_in_s))
}

/// A request as it came, its line, headers and body.
fn written_out(request: &Request<Bytes>) -> String {
    let headers = request.headers().iter();
    let headers: String = headers
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let body = String::from_utf8_lossy(request.body());
    format!("{} {}\n{headers}\n{body}", request.method(), request.uri())
}

fn status_or_500(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>acme-dev | Web server is \
                    returning an unknown error</title></head>\n<body><h1>Web server is returning \
                    an unknown error</h1></body>\n</html>\n";
