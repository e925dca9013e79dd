//! What was asked: kept whole for the handle, printed without anything secret.

use super::answer::Answer;
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::time::Duration;

/// A request that was answered, or whose connection was cut.
#[derive(Clone)]
pub struct Request {
    /// The method, such as `PATCH`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query string, if there was one.
    pub query: Option<String>,
    /// The status of the answer; none when the connection was cut instead.
    pub status: Option<u16>,
    /// The body as received, which may hold secrets; none when there was none.
    pub body: Option<String>,
    /// From the whole request to the whole answer.
    pub took: Duration,
}

impl Request {
    /// The body as JSON, or null when it is none.
    pub fn json(&self) -> serde_json::Value {
        self.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default()
    }

    /// One line for people: neither body nor query, which may hold secrets.
    pub(crate) fn line(&self) -> String {
        let status = self.status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
        format!("{} {} {status} {} ms", self.method, self.path, self.took.as_millis())
    }
}

/// Says nothing of query and body.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line())
    }
}

/// Method, path with `{}` for each identifier, and status.
type Kind = (String, String, Option<u16>);

/// The newest requests, and counters of all.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    newest: VecDeque<Request>,
    counters: BTreeMap<Kind, u64>,
}

/// More requests than any test makes; the bound is for a simulator that runs for days.
const KEPT: usize = 20_000;

impl RequestLog {
    pub(crate) fn add(&mut self, request: Request) {
        let kind = (request.method.clone(), shape(&request.path), request.status);
        *self.counters.entry(kind).or_default() += 1;
        if self.newest.len() == KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(request);
    }

    pub(crate) fn newest(&self) -> &VecDeque<Request> {
        &self.newest
    }

    /// A table of what was asked, and how it was answered.
    pub(crate) fn summary(&self, connections: usize) -> String {
        let total: u64 = self.counters.values().sum();
        let mut summary = format!("{total} requests over {connections} connections\n");
        for ((method, path, status), count) in &self.counters {
            let status = status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
            writeln!(summary, "{count:>8}  {status}  {method} {path}").expect("a string grows");
        }
        summary
    }
}

/// A path with `{}` for what looks like an identifier, so that a summary stays short.
fn shape(path: &str) -> String {
    let is_id = |segment: &str| {
        let has_digit = segment.bytes().any(|byte| byte.is_ascii_digit());
        has_digit || segment.starts_with("est_") || segment.starts_with("evt_")
    };
    let shape = |(index, segment)| if index > 2 && is_id(segment) { "{}" } else { segment };
    path.split('/').enumerate().map(shape).collect::<Vec<_>>().join("/")
}

/// The entry of a request, with its answer unless the connection was cut.
pub(crate) fn received(
    method: &hyper::Method,
    uri: &hyper::Uri,
    body: &Bytes,
    answer: Option<&Answer>,
    took: Duration,
) -> Request {
    Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        status: answer.map(|answer| answer.status.as_u16()),
        body: (!body.is_empty()).then(|| String::from_utf8_lossy(body).into_owned()),
        took,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, status: Option<u16>) -> Request {
        Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Some("client_secret=s3cr3t".to_owned()),
            status,
            body: Some(r#"{"token":"s3cr3t"}"#.to_owned()),
            took: Duration::from_millis(3),
        }
    }

    #[test]
    fn a_printed_line_holds_neither_query_nor_body() {
        let request = request("PATCH", "/api/v2/event-streams/est_1", Some(200));
        assert_eq!(request.line(), "PATCH /api/v2/event-streams/est_1 200 3 ms");
        assert_eq!(format!("{request:?}"), request.line());
        assert_eq!(request.json()["token"], "s3cr3t");
    }

    #[test]
    fn the_summary_counts_by_kind() {
        let mut log = RequestLog::default();
        log.add(request("POST", "/oauth/token", Some(200)));
        log.add(request("GET", "/api/v2/event-streams/est_1", Some(200)));
        log.add(request("GET", "/api/v2/event-streams/est_2", Some(200)));
        log.add(request("GET", "/api/v2/event-streams/est_b", None));
        assert_eq!(
            log.summary(1),
            "4 requests over 1 connections\n       \
             1  cut  GET /api/v2/event-streams/{}\n       \
             2  200  GET /api/v2/event-streams/{}\n       \
             1  200  POST /oauth/token\n"
        );
    }
}
