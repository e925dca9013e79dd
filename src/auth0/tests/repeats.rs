use std::time::Instant;

use super::server::{Options, leaving_server, trusting};
use super::*;
use crate::auth0::Authorities;
use crate::auth0::Error;

fn failing(status: u16) -> impl Fn(&Seen) -> Reply + Send + Sync + Copy {
    move |_| {
        json(
            status,
            r#"{"statusCode":503,"error":"x","message":"An internal server error occurred"}"#,
        )
    }
}

#[tokio::test]
async fn get_patch_and_delete_are_repeated_on_every_fault_of_the_server() {
    for status in [408, 500, 502, 503, 504, 520, 521, 522, 523, 524] {
        let server = Server::start(tenant(times(2, failing(status), |_| json(200, STREAM)))).await;
        client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap();
        assert_eq!(server.count("GET"), 3, "{status}");
    }
    let server = Server::start(tenant(times(2, failing(503), |_| json(200, STREAM)))).await;
    client(&server).event_streams(&Operation::default()).update(ID, &disabled()).await.unwrap();
    assert_eq!(server.count("PATCH"), 3);
    let server = Server::start(tenant(times(2, failing(503), |_| json(204, "")))).await;
    client(&server).event_streams(&Operation::default()).delete(ID).await.unwrap();
    assert_eq!(server.count("DELETE"), 3);
}

#[tokio::test]
async fn faults_are_repeated_a_bounded_number_of_times() {
    let server = Server::start(tenant(failing(503))).await;
    let err = client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    assert_eq!(server.count("GET"), 5);
    let text = err.to_string();
    assert!(text.contains("was answered 503 Service Unavailable: An internal"), "{text}");
    assert!(text.contains("(5 attempts in 0."), "{text}");
}

#[tokio::test]
async fn broken_connections_and_broken_answers_are_repeated() {
    for cut in [|| Reply::Cut, || Reply::CutBody(200)] {
        for protocols in [&["h2"][..], &["http/1.1"][..]] {
            let script = tenant(times(2, move |_| cut(), |_| json(200, STREAM)));
            let server =
                Server::start_with(Options { protocols, ..Options::default() }, script).await;
            client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap();
            assert_eq!(server.count("GET"), 3);
        }
    }
}

#[tokio::test]
async fn other_refusals_are_final() {
    for status in [400, 402, 403, 404, 405, 409, 410, 422] {
        let server = Server::start(tenant(failing(status))).await;
        client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
        assert_eq!(server.count("GET"), 1, "{status}");
    }
}

async fn create(server: &Server) -> Result<(), Error> {
    client(server).event_streams(&Operation::default()).create(&orders()).await.map(drop)
}

/// 429 says that nothing was done.
#[tokio::test]
async fn every_method_is_repeated_on_429_until_there_is_room() {
    let limited = |_: &Seen| json(429, LIMITED).with("x-ratelimit-reset", 1);
    let server = Server::start(tenant(times(6, limited, |_| json(201, STREAM)))).await;
    create(&server).await.unwrap();
    assert_eq!(server.count("POST /api"), 7);
}

#[tokio::test]
async fn the_wait_after_429_is_the_one_that_auth0_asks_for() {
    let limited = |_: &Seen| json(429, LIMITED).with("retry-after", 1);
    let server = Server::start(tenant(times(1, limited, |_| json(200, STREAM)))).await;
    let began = Instant::now();
    client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_limit_that_ends_too_late_is_reported_at_once() {
    let server = Server::start(tenant(|_| json(429, LIMITED).with("retry-after", 3540))).await;
    let err = create(&server).await.unwrap_err();
    assert_eq!(server.count("POST /api"), 1);
    assert!(err.outcome_unknown().is_none());
    assert!(err.to_string().ends_with(
        "was answered 429 Too Many Requests (too_many_requests): Global limit has been reached"
    ));
    assert!(err.advice().unwrap().contains("-parallelism"));
}

/// Whatever leaves open whether a create was carried out ends it: a repeat might create twice.
#[tokio::test]
async fn a_create_whose_outcome_is_unknown_is_never_repeated() {
    let slow = || Reply::Late(Duration::from_secs(30), Box::new(json(201, STREAM)));
    type Case = (&'static str, fn() -> Reply, &'static str);
    let cases: [Case; 8] = [
        ("500", || json(500, "{}"), "was answered 500 Internal Server Error"),
        ("503", || json(503, "<html><title>Oh</title>"), "with an HTML page titled \"Oh\""),
        ("408", || json(408, "{}"), "was answered 408 Request Timeout"),
        ("524", || json(524, "x"), "was answered 524 A Timeout Occurred (Cloudflare)"),
        ("cut", || Reply::Cut, "got no answer"),
        ("cut body", || Reply::CutBody(201), "got no answer: the connection broke"),
        ("not JSON", || json(201, "ok"), "was answered 201 Created with 2 bytes that are no JSON"),
        ("timeout", slow, "got no answer: no answer came in time"),
    ];
    let protocols = [&["h2"][..], &["http/1.1"][..]];
    let both = cases.into_iter().flat_map(|case| protocols.map(|protocols| (case, protocols)));
    for ((case, reply, words), protocols) in both {
        let options = Options { protocols, ..Options::default() };
        let server = Server::start_with(options, tenant(move |_| reply())).await;
        let limits = Limits { request: Duration::from_millis(400), ..limits() };
        let auth0 = within(settings(&server), limits);
        let err = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap_err();
        assert_eq!(server.count("POST /api"), 1, "{case}");
        let unknown = err.outcome_unknown().expect(case);
        assert_eq!((unknown.kind, unknown.name.as_str()), ("event stream", "orders"), "{case}");
        let text = err.to_string();
        assert!(text.contains(words), "{case}: {text}");
        assert!(text.contains("the event stream \"orders\" may exist now"), "{case}: {text}");
        let advice = err.advice().unwrap();
        for words in ["auth0 event-streams list", "import {", "to = auth0_event_stream.NAME"] {
            assert!(advice.contains(words), "{case}: {advice}");
        }
    }
}

/// The HTTP library takes a friendly goodbye for leave to send the request again, uncounted and
/// after a stop as well. A server may be wrong about what it has carried out.
#[tokio::test]
async fn a_create_is_not_repeated_behind_our_back() {
    let (port, ca, requests) = leaving_server().await;
    let settings = Settings {
        domain: Domain::parse(&format!("127.0.0.1:{port}")).unwrap(),
        network: trusting(ca.path()),
        credentials: Credentials::ApiToken("t".into()),
        ..settings(&Server::start(good()).await)
    };
    let auth0 = within(settings, limits());
    let err = auth0.event_streams(&Operation::default()).post(&orders(), None).await.unwrap_err();
    assert!(err.outcome_unknown().is_some(), "{err}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_created_stream_whose_answer_is_half_understood_is_named_by_its_id() {
    let body = r#"{"id":"est_4Kq7WnXy2bVt9RmHc3PzLd","destination":7}"#;
    let server = Server::start(tenant(move |_| json(201, body))).await;
    let err = create(&server).await.unwrap_err();
    assert_eq!(err.outcome_unknown().unwrap().id.as_deref(), Some(ID));
    assert!(err.to_string().contains("exists with the id \"est_4Kq7WnXy2bVt9RmHc3PzLd\""));
    assert!(err.advice().unwrap().contains("id = \"est_4Kq7WnXy2bVt9RmHc3PzLd\""));
}

#[tokio::test]
async fn a_create_is_repeated_while_no_connection_is_made() {
    // A port that was free a moment ago refuses connections.
    let port = Server::start(good()).await.port;
    let starting = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(150)).await;
        Server::start_with(Options { port, ..Options::default() }, good()).await
    });
    // The certificate of the later server is not known yet, so that is where it ends.
    let known = Server::start(good()).await;
    let domain = Domain::parse(&format!("127.0.0.1:{port}")).unwrap();
    let credentials = Credentials::ApiToken("t".into());
    let auth0 = within(Settings { domain, credentials, ..settings(&known) }, limits());
    let err = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap_err();
    let server = starting.await.unwrap();
    assert!(server.connections() >= 1, "{err}");
    assert!(err.outcome_unknown().is_none(), "{err}");
    assert!(err.to_string().contains("authority that is not trusted"), "{err}");
}

#[tokio::test]
async fn a_create_is_repeated_when_the_handshake_fails() {
    let options = Options { drop_first: 2, ..Options::default() };
    let server = Server::start_with(options, good()).await;
    with_api_token(&server).event_streams(&Operation::default()).create(&orders()).await.unwrap();
    assert_eq!((server.connections(), server.count("POST")), (3, 1));
}

#[tokio::test]
async fn a_create_that_never_reached_auth0_created_nothing() {
    let server = Server::start_with(Options { drop_first: 99, ..Options::default() }, good()).await;
    let err = with_api_token(&server)
        .event_streams(&Operation::default())
        .create(&orders())
        .await
        .unwrap_err();
    assert_eq!(server.connections(), 5);
    assert!(err.outcome_unknown().is_none());
    assert!(err.to_string().contains("got no answer"), "{err}");
}

/// Two hundred resources must not each wait for the same wrong port.
#[tokio::test]
async fn a_host_that_was_never_reached_is_tried_once_for_each_later_call() {
    let server = Server::start_with(Options { drop_first: 99, ..Options::default() }, good()).await;
    let limits = Limits { patience: Duration::from_millis(300), ..limits() };
    let auth0 = within(settings(&server), limits);
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    let tried = server.connections();
    assert!((3..=5).contains(&tried), "{tried}");
    for n in 1..=3 {
        auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
        assert_eq!(server.connections(), tried + n);
    }
}

/// What makes a client able to reach both servers.
fn both(one: &Server, other: &Server) -> Authorities {
    let mut authorities = Authorities::default();
    authorities.add_file(&one.ca_cert_file()).unwrap();
    authorities.add_file(&other.ca_cert_file()).unwrap();
    authorities
}

#[tokio::test]
async fn redirects_are_not_followed_and_the_token_goes_nowhere_else() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::start(good()).await;
        let to = format!("https://127.0.0.1:{}/login?state=xyz", elsewhere.port);
        let away = move |_: &Seen| json(status, "").with("location", to.clone());
        // The API with its token, or the token endpoint with the client's secret.
        for server in [Server::start(tenant(away.clone())).await, Server::start(away.clone()).await]
        {
            let network = Network { authorities: both(&server, &elsewhere), ..Network::default() };
            let auth0 = within(Settings { network, ..settings(&server) }, limits());
            let operation = Operation::default();
            let err = auth0.event_streams(&operation).create(&orders()).await.unwrap_err();
            assert!(err.outcome_unknown().is_none());
            let text = err.to_string();
            assert!(text.contains("a redirect to 127.0.0.1"), "{text}");
            assert!(!text.contains("xyz"), "{text}");
            assert!(err.advice().unwrap().contains("Check `domain`"));
        }
        assert_eq!(elsewhere.connections(), 0);
    }
}

#[tokio::test]
async fn after_a_stop_nothing_is_sent() {
    let server = Server::start(good()).await;
    let settings = settings(&server);
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    stop.cancel();
    let err = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap_err();
    assert!(err.is_stopped() && err.outcome_unknown().is_none());
    let text = "create event stream \"orders\": the run was stopped before POST /api/v2/event-streams was sent";
    assert_eq!(err.to_string(), text);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_stop_ends_the_wait_and_says_what_came_before() {
    let server = Server::start(tenant(|_| json(429, LIMITED).with("retry-after", 30))).await;
    let settings = settings(&server);
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.cancel();
    });
    let began = Instant::now();
    let err = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(err.is_stopped());
    let text = err.to_string();
    assert!(text.contains("stopped while waiting to repeat it: POST"), "{text}");
    assert!(text.ends_with("(too_many_requests): Global limit has been reached"), "{text}");
    assert!(err.advice().unwrap().starts_with("Nothing was created."));
}

/// Something on the way has cut an answer and counted it anew.
#[tokio::test]
async fn json_that_ends_early_is_asked_for_again_where_that_does_no_harm() {
    let half =
        |seen: &Seen| json(if seen.line.starts_with("POST") { 201 } else { 200 }, &STREAM[..40]);
    let server = Server::start(tenant(times(1, half, |_| json(200, STREAM)))).await;
    let auth0 = client(&server);
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    assert_eq!(server.count("GET"), 2);

    let server = Server::start(tenant(times(1, half, |_| json(200, STREAM)))).await;
    let auth0 = client(&server);
    auth0.event_streams(&Operation::default()).update(ID, &disabled()).await.unwrap();
    assert_eq!(server.count("PATCH"), 2);

    let server = Server::start(tenant(half)).await;
    let err = client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    assert!(err.to_string().contains("the connection broke (its JSON ends early)"), "{err}");
    assert!(!err.advice().unwrap().contains("Check `domain`"), "{err}");
}

/// What was told before is known to all that come later.
#[tokio::test]
async fn a_wait_that_nobody_would_sit_out_is_not_begun_by_those_who_come_later() {
    let limited = |_: &Seen| Reply::Answer {
        status: 429,
        headers: vec![("retry-after", "3600".to_owned())],
        body: LIMITED.into(),
    };
    let server = Server::start(tenant(limited)).await;
    let auth0 = client(&server);
    let began = Instant::now();
    for _ in 0..3 {
        auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(server.count("GET"), 1);
}

#[tokio::test]
async fn a_stop_ends_reads_and_the_wait_for_another_request_to_open_the_connection() {
    let late = |_: &Seen| Reply::Late(Duration::from_millis(600), Box::new(json(200, STREAM)));
    let server = Server::start(late).await;
    let credentials = Credentials::ApiToken("t".into());
    let settings = Settings { credentials, ..settings(&server) };
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    let get = |auth0: Auth0| {
        tokio::spawn(async move { auth0.event_streams(&Operation::default()).get_alone(ID).await })
    };
    let (first, second) = (get(auth0.clone()), get(auth0));
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop.cancel();
    let stopped = Instant::now();
    assert!(second.await.unwrap().unwrap_err().is_stopped());
    assert!(first.await.unwrap().unwrap_err().is_stopped());
    assert!(stopped.elapsed() < Duration::from_millis(400), "{:?}", stopped.elapsed());
    assert_eq!(server.count("GET"), 1);
}

/// What was sent may be carried out, so its answer is worth more than the time to wait for it.
#[tokio::test]
async fn a_stop_does_not_cut_off_what_was_sent() {
    let late = |_: &Seen| Reply::Late(Duration::from_millis(400), Box::new(json(201, STREAM)));
    let server = Server::start(tenant(late)).await;
    let settings = settings(&server);
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.cancel();
    });
    let created = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap();
    assert_eq!(created.into_stream().id, ID);
    assert!(
        auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err().is_stopped()
    );
}
