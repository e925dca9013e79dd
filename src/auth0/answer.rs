use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::cause::Cause;
use super::error::{Failure, Refusal};
use super::mask::Mask;
use super::retry;

/// A message of Auth0 is kept up to this length; with several faults in it, it has some 500.
const LONGEST_MESSAGE: usize = 1000;
const LONGEST_CODE: usize = 60;
/// As much of a body that is not Auth0's as helps to recognize its author.
const LONGEST_PIECE: usize = 200;
/// No piece is taken from a longer body: to mask all of it would take time.
const LONGEST_MASKED: usize = 64 << 10;

/// An answer as it came; of the body as much as could be read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Result<Bytes, Cause>,
}

/// What an answer, or the lack of one, means for its request.
pub(super) enum Verdict {
    Success(Answer),
    /// 401: the token was not accepted.
    Unauthorized(Failure),
    /// 429: not carried out, to be sent again after a while.
    Limited(Failure, Option<Duration>),
    /// Carried out or not, and nobody says which: 408, 5xx, or an answer that broke off.
    Broken(Failure, Option<Duration>),
    /// Final.
    Refused(Failure),
}

impl Answer {
    pub(super) fn judge(self, mask: &Mask<'_>) -> Verdict {
        let asked = || retry::asked_to_wait(&self.headers, SystemTime::now());
        match self.status {
            status if status.is_success() => match self.body {
                // 204 has no body to lose.
                Err(cause) if status != StatusCode::NO_CONTENT => {
                    Verdict::Broken(Failure::NoAnswer(cause), None)
                }
                _ => Verdict::Success(self),
            },
            StatusCode::UNAUTHORIZED => Verdict::Unauthorized(self.failure(mask)),
            StatusCode::TOO_MANY_REQUESTS => Verdict::Limited(self.failure(mask), asked()),
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Verdict::Broken(self.failure(mask), asked())
            }
            _ => Verdict::Refused(self.failure(mask)),
        }
    }

    /// Reads the body of a success. The reason for a failure never quotes it: a body of success
    /// may hold a token.
    pub(super) fn read<T: DeserializeOwned>(&self, mask: &Mask<'_>) -> Result<T, Failure> {
        let body = self.bytes();
        match serde_json::from_slice(body) {
            Ok(value) => Ok(value),
            Err(err) if err.is_eof() && !body.is_empty() => {
                Err(Failure::NoAnswer(Cause::ends_early()))
            }
            Err(_) if serde_json::from_slice::<Map<String, Value>>(body).is_ok() => {
                let why =
                    "the JSON lacks a member that Auth0 documents, or has another type for it";
                Err(Failure::Unreadable { status: self.status, why: why.to_owned() })
            }
            Err(_) => {
                let body = looks(body, mask, false);
                Err(Failure::NotJson { status: self.status, body })
            }
        }
    }

    /// The id of the object that the body describes, even where the rest of it is not understood.
    pub(super) fn id(&self, mask: &Mask<'_>) -> Option<String> {
        let body: Map<String, Value> = serde_json::from_slice(self.bytes()).ok()?;
        let id = mask.text(body.get("id")?.as_str()?, LONGEST_CODE);
        (!id.is_empty()).then_some(id)
    }

    fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    fn failure(&self, mask: &Mask<'_>) -> Failure {
        let status = self.status;
        if status.is_redirection() {
            let to = self.headers.get(LOCATION).and_then(|to| host_of(to.to_str().ok()?));
            return Failure::Redirect { status, to: to.map(|to| mask.text(&to, LONGEST_CODE)) };
        }
        match serde_json::from_slice::<Map<String, Value>>(self.bytes()) {
            Ok(members) => refusal(status, &members, mask),
            Err(_) => Failure::NotJson { status, body: looks(self.bytes(), mask, true) },
        }
    }
}

/// Reads `{statusCode, error, message, errorCode}` of the Management API and `{error,
/// error_description}` of the token endpoint.
fn refusal(status: StatusCode, members: &Map<String, Value>, mask: &Mask<'_>) -> Failure {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let by_api = members.contains_key("statusCode") && text("message").is_some();
    let (message, code) = match text("error_description") {
        Some(description) => (Some(description), text("error")),
        // `error` beside a message is the name of the status once more.
        None => (text("message").or(text("error")), text("errorCode")),
    };
    Failure::Refused(Refusal {
        status,
        message: mask.text(message.unwrap_or_default(), LONGEST_MESSAGE),
        code: code.map(|code| mask.text(code, LONGEST_CODE)).filter(|code| !code.is_empty()),
        by_api,
    })
}

/// What a body that is not JSON looks like, with a piece of it where it may be quoted.
fn looks(body: &[u8], mask: &Mask<'_>, quote: bool) -> String {
    let text = String::from_utf8_lossy(body);
    let start = text.trim_start();
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag));
    if start.is_empty() {
        return "an empty body".to_owned();
    }
    let quotable = quote && body.len() <= LONGEST_MASKED;
    if begins("<!doctype html") || begins("<html") {
        return match title(start).filter(|_| quotable).map(|title| mask.text(title, LONGEST_PIECE))
        {
            Some(title) if !title.is_empty() => format!("an HTML page titled {title:?}"),
            _ => "an HTML page".to_owned(),
        };
    }
    match quotable {
        true => format!("the text {:?}", mask.text(&text, LONGEST_PIECE)),
        false => format!("{} bytes that are no JSON object", body.len()),
    }
}

fn title(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<title>")?;
    rest.split_once("</title>").map(|(title, _)| title)
}

/// The host of a redirect, and no more: the rest may carry a state or a token. A target without
/// a host lies on the same one.
fn host_of(location: &str) -> Option<String> {
    match Url::parse(location) {
        Ok(url) => url.host_str().map(str::to_owned),
        Err(_) => Some("the same host".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Failure {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect(),
            body: Ok(Bytes::from_static(body.as_bytes())),
        };
        let secrets = ["s3cr3t".into()];
        answer.failure(&Mask::new(&secrets))
    }

    #[test]
    fn an_error_is_read_in_the_shapes_of_the_api_and_of_the_token_endpoint() {
        for (body, message, code, by_api) in [
            (
                r#"{"statusCode":400,"error":"Bad Request","message":"m","errorCode":"c"}"#,
                "m",
                Some("c"),
                true,
            ),
            (r#"{"statusCode":404,"error":"Not Found","message":"m"}"#, "m", None, true),
            (
                r#"{"error":"access_denied","error_description":"m"}"#,
                "m",
                Some("access_denied"),
                false,
            ),
            (r#"{"error":"server_error"}"#, "server_error", None, false),
            (r#"{"message":"got s3cr3t","errorCode":7}"#, "got (sensitive value)", None, false),
            ("{}", "", None, false),
        ] {
            let Failure::Refused(refusal) = failure(400, &[], body) else { panic!("{body}") };
            assert_eq!(refusal.message, message, "{body}");
            assert_eq!(refusal.code.as_deref(), code, "{body}");
            assert_eq!(refusal.by_api, by_api, "{body}");
        }
    }

    #[test]
    fn a_message_is_masked_cleaned_and_cut() {
        let body = format!(r#"{{"message":"a\u001b[1m\ns3cr3t {}"}}"#, "x".repeat(5000));
        let Failure::Refused(refusal) = failure(400, &[], body.leak()) else { panic!() };
        assert!(refusal.message.starts_with("a [1m (sensitive value) xxx"), "{}", refusal.message);
        assert_eq!(refusal.message.chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn what_is_not_json_is_described_and_quoted_in_part() {
        for (body, want) in [
            ("", "an empty body"),
            (
                "  <!DOCTYPE html><html><head><title>502\n s3cr3t</title>",
                "an HTML page titled \"502 (sensitive value)\"",
            ),
            ("<HTML><body>s3cr3t", "an HTML page"),
            ("upstream s3cr3t\nfailed", "the text \"upstream (sensitive value) failed\""),
            ("[1]", "the text \"[1]\""),
        ] {
            let Failure::NotJson { body, .. } = failure(502, &[], body) else { panic!("{body}") };
            assert_eq!(body, want);
        }
    }

    #[test]
    fn a_redirect_names_the_host_it_points_to_and_no_more() {
        for (location, want) in [
            ("https://login.example.com/a?state=xyz", Some("login.example.com")),
            ("/login", Some("the same host")),
        ] {
            let failure = failure(302, &[("location", location)], "");
            let Failure::Redirect { to, .. } = failure else { panic!("{location}") };
            assert_eq!(to.as_deref(), want);
        }
    }

    #[test]
    fn the_body_of_a_success_is_never_quoted() {
        for body in ["token-t0k3n", r#"{"access_token":["t0k3n"]}"#, "<html><title>t0k3n</title>"] {
            let answer = Answer {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body: Ok(Bytes::from_static(body.as_bytes())),
            };
            #[derive(serde::Deserialize)]
            struct Token {
                #[serde(rename = "access_token")]
                _token: String,
            }
            let mask = Mask::new(&[]);
            let failure = answer.read::<Token>(&mask).err().expect("unreadable");
            assert!(!format!("{failure:?}").contains("t0k3n"), "{failure:?}");
        }
    }
}
