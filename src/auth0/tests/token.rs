use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const REFUSED: &str = r#"{"statusCode":401,"error":"Unauthorized","message":"Expired token received for JSON Web Token validation","attributes":{"error":"x"}}"#;

fn bearer(seen: &Seen) -> &str {
    seen.headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap()
}

/// Hands out `t1`, `t2` and so on, and lets `api` judge them.
fn numbered(
    expires_in: f64,
    api: impl Fn(&str) -> Reply + Send + Sync,
) -> impl Fn(&Seen) -> Reply + Send + Sync {
    let issued = AtomicUsize::new(0);
    move |seen| match seen.line.as_str() {
        "POST /oauth/token" => {
            let n = issued.fetch_add(1, Ordering::SeqCst) + 1;
            let reply =
                json(200, format!(r#"{{"access_token":"t{n}","expires_in":{expires_in}}}"#));
            Reply::Late(Duration::from_millis(30), Box::new(reply))
        }
        _ => api(bearer(seen)),
    }
}

async fn at_once(auth0: &Auth0, n: usize) -> Vec<Result<(), String>> {
    let calls: Vec<_> = (0..n)
        .map(|_| {
            let auth0 = auth0.clone();
            tokio::spawn(async move {
                auth0.event_streams(&Operation::default()).get_alone(ID).await.map(drop)
            })
        })
        .collect();
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.unwrap().map_err(|err| err.to_string()));
    }
    results
}

#[tokio::test]
async fn all_calls_share_one_token() {
    let server = Server::start(numbered(86_400.0, |_| json(200, STREAM))).await;
    let auth0 = client(&server);
    for _ in 0..3 {
        assert!(at_once(&auth0, 10).await.iter().all(Result::is_ok));
    }
    assert_eq!(server.count("POST /oauth/token"), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires_and_once_for_all() {
    let server = Server::start(numbered(0.6, |_| json(200, STREAM))).await;
    let auth0 = client(&server);
    at_once(&auth0, 5).await;
    assert_eq!(server.count("POST /oauth/token"), 1);
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert!(at_once(&auth0, 5).await.iter().all(Result::is_ok));
    assert_eq!(server.count("POST /oauth/token"), 2);
}

/// It is renewed early so that there is time for that.
#[tokio::test]
async fn a_token_that_cannot_be_renewed_serves_to_its_end() {
    let first = TOKEN.replace("86400", "8");
    let tokens = AtomicUsize::new(0);
    let server = Server::start(move |seen: &Seen| match seen.line.as_str() {
        "POST /oauth/token" if tokens.fetch_add(1, Ordering::SeqCst) == 0 => json(200, &first),
        "POST /oauth/token" => json(403, r#"{"error":"access_denied","error_description":"no"}"#),
        _ => json(200, STREAM),
    })
    .await;
    let auth0 = client(&server);
    at_once(&auth0, 1).await;
    tokio::time::sleep(Duration::from_millis(4200)).await;
    let results = at_once(&auth0, 3).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.count("POST /oauth/token"), 2);
}

#[tokio::test]
async fn a_token_of_unknown_lifetime_is_kept() {
    let server = Server::start(numbered(0.0, |_| json(200, STREAM))).await;
    let auth0 = client(&server);
    at_once(&auth0, 3).await;
    at_once(&auth0, 3).await;
    assert_eq!(server.count("POST /oauth/token"), 1);
}

#[tokio::test]
async fn after_a_401_all_waiters_share_one_renewal() {
    let api = |token: &str| match token {
        "t1" => Reply::Late(Duration::from_millis(20), Box::new(json(401, REFUSED))),
        _ => json(200, STREAM),
    };
    let server = Server::start(numbered(86_400.0, api)).await;
    let results = at_once(&client(&server), 10).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.count("POST /oauth/token"), 2);
    assert_eq!(server.count("GET"), 20);
}

/// Bad settings must not cost a token for each of two hundred resources.
#[tokio::test]
async fn a_renewed_token_that_is_refused_as_well_ends_it_for_all() {
    let server = Server::start(numbered(86_400.0, |_| json(401, REFUSED))).await;
    let auth0 = client(&server);
    for _ in 0..3 {
        let results = at_once(&auth0, 10).await;
        assert!(results.iter().all(|result| result.as_ref().unwrap_err().contains("401")));
    }
    assert_eq!(server.count("POST /oauth/token"), 2);
}

#[tokio::test]
async fn a_token_that_worked_is_renewed_whenever_it_stops_working() {
    let served = AtomicUsize::new(0);
    // Each token is good for two calls.
    let api = move |token: &str| {
        let n = served.fetch_add(1, Ordering::SeqCst);
        let good_for = format!("t{}", n / 3 + 1);
        if token == good_for && n % 3 < 2 { json(200, STREAM) } else { json(401, REFUSED) }
    };
    let server = Server::start(numbered(86_400.0, api)).await;
    let auth0 = client(&server);
    for _ in 0..6 {
        auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    }
    assert_eq!(server.count("POST /oauth/token"), 3);
}

#[tokio::test]
async fn a_create_is_sent_again_after_a_401() {
    let api = |token: &str| if token == "t1" { json(401, REFUSED) } else { json(201, STREAM) };
    let server = Server::start(numbered(86_400.0, api)).await;
    client(&server).event_streams(&Operation::default()).create(&orders()).await.unwrap();
    assert_eq!(server.count("POST /api"), 2);
}

#[tokio::test]
async fn an_api_token_is_used_as_it_is_and_never_asked_for_again() {
    let server = Server::start(|seen| match bearer(seen) {
        "ap1-t0k3n" => json(401, REFUSED),
        other => panic!("{other}"),
    })
    .await;
    let err = with_api_token(&server)
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    assert_eq!(server.lines(), [format!("GET {STREAMS}/{ID}")]);
    assert!(err.to_string().contains("401 Unauthorized: Expired token received"), "{err}");
    assert!(err.advice().unwrap().contains("`api_token` is expired or revoked"));
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_named_and_not_shown() {
    let server = Server::start(good()).await;
    let credentials = Credentials::ApiToken("ap1-t0k3n\n".into());
    let auth0 = within(Settings { credentials, ..settings(&server) }, limits());
    let err = auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    assert!(err.to_string().contains("the access token contains a line break"), "{err}");
    assert!(!format!("{err:?}{err}").contains("t0k3n"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn refused_credentials_are_not_tried_again_in_the_same_run() {
    let refused = r#"{"error":"access_denied","error_description":"Unauthorized"}"#;
    let server = Server::start(move |_| json(401, refused)).await;
    let auth0 = client(&server);
    for _ in 0..2 {
        for result in at_once(&auth0, 10).await {
            let text = format!(
                "read event stream \"est_4Kq7WnXy2bVt9RmHc3PzLd\": there is no access token: POST \
                 https://127.0.0.1:{}/oauth/token was answered 401 Unauthorized (access_denied): \
                 Unauthorized",
                server.port
            );
            assert_eq!(result.unwrap_err(), text);
        }
    }
    assert_eq!(server.lines(), ["POST /oauth/token"]);
}

#[tokio::test]
async fn a_token_is_asked_for_again_after_faults_and_limits() {
    let server = Server::start(times(
        3,
        times(1, |_| Reply::Cut, times(1, |_| json(503, ""), |_| json(429, LIMITED))),
        good(),
    ))
    .await;
    client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    assert_eq!(server.count("POST /oauth/token"), 4);
}

#[tokio::test]
async fn a_failed_request_for_a_token_is_shared_and_may_go_better_the_next_time() {
    let server = Server::start(times(5, |_| json(503, ""), good())).await;
    let auth0 = client(&server);
    let results = at_once(&auth0, 10).await;
    assert!(results.iter().all(Result::is_err), "{results:?}");
    assert!(results[0].as_ref().unwrap_err().contains("503"), "{results:?}");
    assert_eq!(server.count("POST /oauth/token"), 5);
    assert!(at_once(&auth0, 10).await.iter().all(Result::is_ok));
    assert_eq!(server.count("POST /oauth/token"), 6);
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_asks_for_the_token_leaves_the_others_theirs() {
    let server = Server::start(numbered(86_400.0, |_| json(200, STREAM))).await;
    let auth0 = client(&server);
    let first = tokio::spawn({
        let auth0 = auth0.clone();
        async move { auth0.event_streams(&Operation::default()).get_alone(ID).await }
    });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    first.abort();
    assert!(at_once(&auth0, 3).await.iter().all(Result::is_ok));
}

/// A create that has asked the server for its token, and what stops its run.
async fn create_until_asked(
    server: &Server,
) -> (tokio::task::JoinHandle<Result<crate::auth0::Created, crate::auth0::Error>>, CancellationToken)
{
    let settings = settings(server);
    let stop = settings.stop.clone();
    let auth0 = within(settings, limits());
    let call =
        tokio::spawn(
            async move { auth0.event_streams(&Operation::default()).create(&orders()).await },
        );
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    (call, stop)
}

#[tokio::test]
async fn a_stop_during_the_request_for_the_token_sends_no_more() {
    let server = Server::start(numbered(86_400.0, |_| json(201, STREAM))).await;
    let (call, stop) = create_until_asked(&server).await;
    stop.cancel();
    let err = call.await.unwrap().unwrap_err();
    assert!(err.is_stopped() && err.outcome_unknown().is_none(), "{err}");
    assert_eq!(server.lines(), ["POST /oauth/token"]);
}

/// What is waited for is named: the call itself was never sent.
#[tokio::test]
async fn a_stop_while_the_request_for_the_token_waits_names_that_request() {
    let limited = |_: &Seen| json(429, LIMITED).with("retry-after", 30);
    let server = Server::start(limited).await;
    let (call, stop) = create_until_asked(&server).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.cancel();
    let err = call.await.unwrap().unwrap_err();
    assert!(err.is_stopped(), "{err}");
    let text = err.to_string();
    assert!(
        text.contains("there is no access token: POST /oauth/token was answered 429"),
        "{text}"
    );
}

/// A token whose claims are these; nobody here checks its signature.
fn jwt(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"))
}

#[tokio::test]
async fn what_the_token_allows_is_known_once_there_is_one() {
    const CREATE: &str = "create:event_streams";
    let read_only = jwt(r#"{"scope":"read:event_streams"}"#);
    for (token, scope, lacks) in [
        ("opaque", r#","scope":"read:event_streams read:actions""#, true),
        ("opaque", r#","scope":"read:event_streams create:event_streams""#, false),
        ("opaque", "", false),
        (read_only.as_str(), "", true),
        // The answer goes before the token, which is none of the client's business.
        (read_only.as_str(), r#","scope":"create:event_streams""#, false),
    ] {
        let answer = format!(r#"{{"access_token":"{token}"{scope}}}"#);
        let server = Server::start(move |seen| match seen.line.as_str() {
            "POST /oauth/token" => json(200, &answer),
            _ => json(200, STREAM),
        })
        .await;
        let auth0 = client(&server);
        assert_eq!(auth0.lacks_scope(CREATE), None, "no token is asked for");
        assert_eq!(server.connections(), 0);
        auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
        let advice = auth0.lacks_scope(CREATE);
        assert_eq!(advice.is_some(), lacks, "{token} {scope}");
        if let Some(advice) = advice {
            assert!(advice.starts_with("Grant the scope create:event_streams to"), "{advice}");
        }
    }
}

#[tokio::test]
async fn a_ready_made_token_says_at_once_what_it_allows() {
    let server = Server::start(good()).await;
    for (claims, lacks) in [
        (r#"{"scope":"read:event_streams"}"#, true),
        (r#"{"scope":"read:event_streams create:event_streams"}"#, false),
        ("{}", false),
    ] {
        let credentials = Credentials::ApiToken(jwt(claims).into());
        let auth0 = within(Settings { credentials, ..settings(&server) }, limits());
        let advice = auth0.lacks_scope("create:event_streams");
        assert_eq!(advice.is_some(), lacks, "{claims}");
        if let Some(advice) = advice {
            assert!(advice.starts_with("The token in `api_token` lacks the scope"), "{advice}");
        }
    }
    assert_eq!(server.connections(), 0);
}
