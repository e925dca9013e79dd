use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::value::RawValue;

use super::*;
use crate::auth0::{Error, TestEvent};

const EVENT: &str = "evt_8hTz3QmVb6YdKr2NwXc5Pj";

/// Sends a test event to a tenant that answers with `status` and `body`.
async fn send(
    status: u16,
    body: &'static str,
    data: Option<&str>,
) -> (Server, Result<TestEvent, Error>) {
    let server = Server::start(tenant(move |_| json(status, body))).await;
    let data = data.map(|data| serde_json::from_str::<&RawValue>(data).unwrap());
    let (auth0, operation) = (client(&server), Operation::default());
    let sent = auth0.event_streams(&operation).send_test(ID, "user.created", data).await;
    (server, sent)
}

/// Looks for the failure of [`EVENT`] in these pages.
async fn look(
    time: Option<&str>,
    pages: &[&'static str],
) -> (Server, Result<Option<String>, Error>) {
    let pages = Mutex::new(pages.iter().copied().collect::<VecDeque<_>>());
    let server =
        Server::start(tenant(move |_| json(200, pages.lock().unwrap().pop_front().unwrap()))).await;
    let (auth0, operation) = (client(&server), Operation::default());
    let rfc3339 = &time::format_description::well_known::Rfc3339;
    let event = TestEvent {
        id: EVENT.to_owned(),
        event_type: "user.created".to_owned(),
        time: time.map(|time| time::OffsetDateTime::parse(time, rfc3339).unwrap()),
    };
    let found = auth0.event_streams(&operation).failure_of(ID, &event).await;
    (server, found)
}

#[tokio::test]
async fn a_test_is_a_type_and_the_data_as_they_are_written() {
    const TAKEN: &str = r#"{"id":"evt_8hTz3QmVb6YdKr2NwXc5Pj","event_stream_id":"est_4Kq7WnXy2bVt9RmHc3PzLd","event_type":"user.created","status":"pending","attempts":[],"event":{"id":"evt_8hTz3QmVb6YdKr2NwXc5Pj","time":"2026-03-02T09:15:40.645Z","a0purpose":"test"}}"#;
    for (data, body) in [
        (None, r#"{"event_type":"user.created"}"#),
        (
            Some(r#"{"b": 1e2, "a": 12345678901234567890123}"#),
            r#"{"event_type":"user.created","data":{"b": 1e2, "a": 12345678901234567890123}}"#,
        ),
    ] {
        let (server, sent) = send(202, TAKEN, data).await;
        let sent = sent.unwrap();
        assert_eq!((sent.id.as_str(), sent.event_type.as_str()), (EVENT, "user.created"));
        assert_eq!(sent.time.unwrap().unix_timestamp_nanos(), 1_772_442_940_645_000_000);
        let request = server.seen().pop().unwrap();
        assert_eq!(request.line, format!("POST {STREAMS}/{ID}/test"));
        assert_eq!(request.body, body);
    }
}

/// By then the event is sent.
#[tokio::test]
async fn an_answer_without_a_readable_time_is_taken() {
    for body in [
        r#"{"id":"evt_1"}"#,
        r#"{"id":"evt_1","event":null}"#,
        r#"{"id":"evt_1","event":{"time":"yesterday"}}"#,
    ] {
        let (_, sent) = send(202, body, None).await;
        assert_eq!(sent.unwrap().time, None, "{body}");
    }
}

#[tokio::test]
async fn a_refusal_that_may_be_about_the_status_says_so() {
    for (status, message, advised) in [
        (400, "A disabled event stream cannot be tested.", true),
        (409, "The event stream is not enabled.", true),
        (400, "Payload validation error: 'No enum match for: x' on property event_type.", false),
    ] {
        let body = format!(r#"{{"statusCode":{status},"error":"No","message":"{message}"}}"#);
        let (_, sent) = send(status, body.leak(), None).await;
        let advice = sent.unwrap_err().advice();
        assert_eq!(advice.is_some_and(|a| a.contains("that are enabled")), advised, "{message}");
    }
}

#[tokio::test]
async fn failures_are_asked_for_by_type_from_the_second_of_the_event_on() {
    let query = "event_types=user.created&take=100";
    for (time, from) in [
        (Some("2026-03-02T09:15:40.645Z"), "&date_from=2026-03-02T09:15:40Z"),
        (Some("2026-03-02T11:15:40.999+02:00"), "&date_from=2026-03-02T09:15:40Z"),
        (None, ""),
    ] {
        let (server, found) = look(time, &[r#"{"deliveries":[]}"#]).await;
        assert_eq!(found.unwrap(), None);
        let want = format!("GET {STREAMS}/{ID}/deliveries?{query}{from}");
        assert_eq!(*server.lines().last().unwrap(), want);
    }
}

/// Which member holds the cursor depends on the request, and one comes with every page that is not
/// empty.
#[tokio::test]
async fn every_page_is_searched_up_to_the_empty_one() {
    const OTHER: &str =
        r#"{"deliveries":[{"id":"evt_1","attempts":[{"error_message":"x"}]}],"next":"a/b"}"#;
    const OLD: &str = r#"{"deliveries":[{"id":"evt_2"}],"nextPageToken":"c"}"#;
    const OURS: &str = r#"{"deliveries":[{"id":"evt_3"},{"id":"evt_8hTz3QmVb6YdKr2NwXc5Pj","attempts":[{"error_message":"404 - {}"}]}],"next":"d"}"#;
    for (pages, want) in [
        (&[OTHER, OLD, r#"{"deliveries":[],"next":"e"}"#][..], None),
        (&[OTHER, OLD, r#"{"deliveries":[{"id":"evt_4"}]}"#], None),
        (&[OTHER, OLD, OURS], Some("404 - {}".to_owned())),
    ] {
        let (server, found) = look(None, pages).await;
        assert_eq!(found.unwrap(), want);
        let lines = server.lines();
        let cursor = |line: &String| line.split_once("&from=").map(|(_, cursor)| cursor.to_owned());
        let cursors: Vec<_> = lines[1..].iter().map(cursor).collect();
        assert_eq!(cursors, [None, Some("a%2Fb".to_owned()), Some("c".to_owned())]);
    }
}

#[tokio::test]
async fn a_failure_is_told_by_its_last_message_on_one_line() {
    const NONE: &str = "Auth0 does not say why.";
    for (attempts, want) in [
        (
            r#"{"error_message":"500 - a"},{"error_message":"404 - b\n\u001b[31mc"}"#,
            "404 - b [31mc",
        ),
        (r#"{"error_message":"500 - a"},{"status":"retrying"}"#, "500 - a"),
        (r#"{"status":"failed"}"#, NONE),
        (r#"{"error_message":null},{"error_message":" "}"#, NONE),
        ("", NONE),
    ] {
        let page =
            format!(r#"{{"deliveries":[{{"id":"{EVENT}","attempts":[{attempts}]}}],"next":"a"}}"#);
        let (_, found) = look(None, &[page.leak()]).await;
        assert_eq!(found.unwrap().as_deref(), Some(want), "{attempts}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_a_refusal_is_not() {
    let lost = times(1, |_| Reply::Cut, |_| json(202, r#"{"id":"evt_1"}"#));
    let server = Server::start(tenant(lost)).await;
    let (auth0, operation) = (client(&server), Operation::default());
    auth0.event_streams(&operation).send_test(ID, "user.created", None).await.unwrap();
    assert_eq!(server.count(&format!("POST {STREAMS}")), 2);

    let (server, sent) = send(404, GONE, None).await;
    assert!(sent.unwrap_err().is_not_found());
    assert_eq!(server.count(&format!("POST {STREAMS}")), 1);
}
