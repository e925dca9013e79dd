use super::server::Options;
use super::*;

#[tokio::test]
async fn each_call_is_one_request_with_one_token_over_one_connection() {
    let server = Server::start(good()).await;
    let auth0 = client(&server);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    let created = streams.create(&orders()).await.unwrap().into_stream();
    assert_eq!(created.id, ID);
    assert_eq!(streams.get_alone(ID).await.unwrap(), created);
    streams.update(ID, &disabled()).await.unwrap();
    streams.delete(ID).await.unwrap();

    let seen = server.seen();
    let one = format!("{STREAMS}/{ID}");
    assert_eq!(
        server.lines(),
        [
            "POST /oauth/token".to_owned(),
            format!("POST {STREAMS}"),
            format!("GET {one}"),
            format!("PATCH {one}"),
            format!("DELETE {one}"),
        ]
    );
    assert_eq!(server.connections(), 1);
    assert!(seen.iter().all(|seen| seen.http2));

    let audience = format!("https://127.0.0.1:{}/api/v2/", server.port);
    assert_eq!(
        seen[0].body,
        format!(
            r#"{{"grant_type":"client_credentials","client_id":"k3YbQ8sW","client_secret":"cl13nt-s3cr3t","audience":"{audience}"}}"#
        )
    );
    assert!(seen[1].body.starts_with(r#"{"name":"orders","subscriptions":[{"event_type":"user.created"}],"destination":{"type":"webhook""#));
    assert_eq!(seen[3].body, r#"{"status":"disabled"}"#);
    for (n, seen) in seen.iter().enumerate() {
        let header = |name: &str| seen.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("user-agent"), Some("terraform-provider-auth0/1.0.0 (Terraform/1.11.4)"));
        assert_eq!(header("authorization"), (n > 0).then_some("Bearer t0k3n-1"));
        assert_eq!(header("content-type"), (!seen.body.is_empty()).then_some("application/json"));
        assert_eq!(header("accept-encoding"), Some("gzip"));
        assert_eq!(header("referer"), None);
    }
}

#[tokio::test]
async fn nothing_is_opened_before_the_first_call() {
    let server = Server::start(good()).await;
    let auth0 = client(&server);
    let _ = auth0.event_streams(&Operation::default());
    tokio::task::yield_now().await;
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_given_audience_is_the_one_that_is_asked_for() {
    let server = Server::start(good()).await;
    let audience = Some("https://acme.eu.auth0.com/api/v2/".to_owned());
    let auth0 = within(Settings { audience, ..settings(&server) }, limits());
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    let body = &server.seen()[0].body;
    assert!(body.ends_with(r#""audience":"https://acme.eu.auth0.com/api/v2/"}"#), "{body}");
}

/// Terraform begins with ten resources at once.
#[tokio::test]
async fn ten_first_calls_at_once_open_one_connection() {
    let late = |reply| Reply::Late(Duration::from_millis(50), Box::new(reply));
    for (login, connect) in [("client", client as fn(&Server) -> Auth0), ("token", with_api_token)]
    {
        let server = Server::start(move |seen| match seen.line.as_str() {
            "POST /oauth/token" => late(json(200, TOKEN)),
            _ => late(json(200, STREAM)),
        })
        .await;
        ten_at_once(&connect(&server)).await;
        assert_eq!(server.connections(), 1, "{login}");
        assert_eq!(server.count("GET"), 10, "{login}");
        assert_eq!(server.count("POST /oauth/token"), usize::from(login == "client"));
    }
}

async fn ten_at_once(auth0: &Auth0) {
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let auth0 = auth0.clone();
            tokio::spawn(
                async move { auth0.event_streams(&Operation::default()).get_alone(ID).await },
            )
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_server_with_http_1_and_tls_1_2_is_served_as_well() {
    static TLS12: [&rustls::SupportedProtocolVersion; 1] = [&rustls::version::TLS12];
    let (protocols, tls) = (&["http/1.1"][..], &TLS12[..]);
    let server = Server::start_with(Options { protocols, tls, ..Options::default() }, good()).await;
    ten_at_once(&client(&server)).await;
    assert!(server.seen().iter().all(|seen| !seen.http2));
    // One for the token, and one for each call that is on its way.
    assert!(server.connections() <= 11, "{}", server.connections());
}

/// Where the first answer takes long, the others wait for the connection and not for the answer.
#[tokio::test]
async fn a_slow_first_answer_holds_nobody_up_for_long() {
    let slow = |_: &Seen| Reply::Late(Duration::from_secs(20), Box::new(json(200, STREAM)));
    let server = Server::start(times(1, slow, good())).await;
    let limits =
        Limits { turn: Duration::from_millis(100), request: Duration::from_secs(60), ..limits() };
    let credentials = Credentials::ApiToken("t".into());
    let auth0 = within(Settings { credentials, ..settings(&server) }, limits);
    let first = tokio::spawn({
        let auth0 = auth0.clone();
        async move { auth0.event_streams(&Operation::default()).get_alone(ID).await }
    });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let operation = Operation::default();
    let second = auth0.event_streams(&operation).get_alone(ID);
    tokio::time::timeout(Duration::from_secs(5), second).await.expect("in time").unwrap();
    assert_eq!(server.connections(), 1);
    first.abort();
}

#[tokio::test]
async fn ids_are_one_segment_of_the_path_whatever_they_hold() {
    let server = Server::start(good()).await;
    let auth0 = client(&server);
    for (id, path) in [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("https://x", "https:%2F%2Fx"),
        ("a b%2e", "a%20b%252e"),
        ("é\n", "%C3%A9%0A"),
    ] {
        auth0.event_streams(&Operation::default()).get_alone(id).await.unwrap();
        assert_eq!(*server.lines().last().unwrap(), format!("GET {STREAMS}/{path}"));
    }
}

#[tokio::test]
async fn what_is_no_id_is_not_sent() {
    let server = Server::start(good()).await;
    let auth0 = client(&server);
    for id in ["", ".", ".."] {
        let err = auth0.event_streams(&Operation::default()).delete(id).await.unwrap_err();
        assert!(err.is_malformed_id() && !err.is_not_found());
        assert!(err.to_string().starts_with(&format!("delete event stream {id:?}: ")), "{err}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn to_delete_what_is_gone_is_a_success() {
    let server = Server::start(tenant(|_| json(404, GONE))).await;
    client(&server).event_streams(&Operation::default()).delete(ID).await.unwrap();
}

/// The tenant of another product, or a proxy, must not make Terraform forget what exists.
#[tokio::test]
async fn only_auth0_can_say_that_something_is_gone() {
    for (body, gone) in [
        (GONE, true),
        (r#"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#, false),
        (r#"{"message":"The requested stream does not exist."}"#, false),
        ("<html>404</html>", false),
        ("", false),
    ] {
        let server = Server::start(tenant(move |_| json(404, body))).await;
        let auth0 = client(&server);
        let err = auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
        assert_eq!(err.is_not_found(), gone, "{body}");
        assert_eq!(
            auth0.event_streams(&Operation::default()).delete(ID).await.is_ok(),
            gone,
            "{body}"
        );
    }
}

#[tokio::test]
async fn calls_can_be_made_from_any_thread() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let server = Server::start(good()).await;
    let auth0 = is_send(client(&server));
    let operation = Operation::default();
    let (streams, orders, changes) = (auth0.event_streams(&operation), orders(), disabled());
    is_send(streams.create(&orders)).await.unwrap();
    is_send(streams.get_alone(ID)).await.unwrap();
    is_send(streams.update(ID, &changes)).await.unwrap();
    is_send(streams.delete(ID)).await.unwrap();
}
