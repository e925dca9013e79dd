use super::*;
use crate::auth0::Error;

async fn get_error(status: u16, body: &'static str) -> Error {
    let server = Server::start(tenant(move |_| json(status, body))).await;
    client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap_err()
}

async fn create_error(status: u16, body: &'static str) -> Error {
    let server = Server::start(tenant(move |_| json(status, body))).await;
    client(&server).event_streams(&Operation::default()).create(&orders()).await.unwrap_err()
}

async fn token_error(audience: Option<&str>, status: u16, body: &'static str) -> Error {
    let server = Server::start(move |_| json(status, body)).await;
    let audience = audience.map(str::to_owned);
    let auth0 = within(Settings { audience, ..settings(&server) }, limits());
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err()
}

#[tokio::test]
async fn an_error_says_what_was_tried_and_what_auth0_said() {
    let err = create_error(400, r#"{"statusCode":400,"error":"Bad Request","message":"Payload validation error: 'String is too short (0 chars), minimum 1' on property name (Name of the stream).","errorCode":"invalid_body"}"#).await;
    assert_eq!(
        err.to_string(),
        "create event stream \"orders\": POST /api/v2/event-streams was answered 400 Bad Request \
         (invalid_body): Payload validation error: 'String is too short (0 chars), minimum 1' on \
         property name (Name of the stream)."
    );
    assert_eq!(err.call().what(), "create event stream \"orders\"");
    assert_eq!(err.call().method().as_str(), "POST");
    assert_eq!(err.call().path(), "/api/v2/event-streams");
    assert_eq!(err.advice(), None);
}

#[tokio::test]
async fn a_missing_scope_is_named_with_who_needs_it() {
    const BODY: &str = r#"{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: read:event_streams,read:event_deliveries","errorCode":"insufficient_scope"}"#;
    let err = get_error(403, BODY).await;
    assert_eq!(err.missing_scopes(), ["read:event_streams", "read:event_deliveries"]);
    let advice = err.advice().unwrap();
    assert!(advice.starts_with("Grant one of the scopes read:event_streams, read:event_deliveries to the application with the client id k3YbQ8sW."), "{advice}");

    let server = Server::start(|_| json(403, BODY)).await;
    let err = with_api_token(&server)
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    assert!(err.advice().unwrap().starts_with("The token in `api_token` lacks one of"), "{err}");
}

#[tokio::test]
async fn a_limit_of_the_plan_is_not_taken_for_a_missing_scope() {
    let err = create_error(403, r#"{"statusCode":403,"error":"Forbidden","message":"Please upgrade your subscription to use event streams","errorCode":"insufficient_scope"}"#).await;
    assert!(err.missing_scopes().is_empty());
    assert!(err.advice().unwrap().contains("plan"));
}

#[tokio::test]
async fn a_conflict_is_told_from_other_refusals() {
    let err = create_error(409, r#"{"statusCode":409,"error":"Conflict","message":"x"}"#).await;
    assert!(err.is_conflict() && !err.is_not_found());
    let advice = err.advice().unwrap();
    assert!(
        advice.contains("a name that is in use") && advice.contains("as its plan allows"),
        "{advice}"
    );
    assert!(!get_error(404, GONE).await.is_conflict());
}

#[tokio::test]
async fn a_malformed_id_is_told_from_one_that_is_gone() {
    let err = get_error(400, r#"{"statusCode":400,"error":"Bad Request","message":"Path validation error: 'Object didn't pass validation for format event-stream-id: x' on property id (Unique identifier for the event stream).","errorCode":"invalid_uri"}"#).await;
    assert!(err.is_malformed_id() && !err.is_not_found());
    assert!(err.advice().unwrap().contains("\"est_\" and 22"));
}

#[tokio::test]
async fn each_refusal_of_the_token_endpoint_has_its_own_cure() {
    for (audience, status, body, cure) in [
        (
            None,
            401,
            r#"{"error":"access_denied","error_description":"Unauthorized"}"#,
            "`client_id` or `client_secret` is wrong",
        ),
        (
            None,
            401,
            r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
            "the method Client Secret (Post)",
        ),
        (
            None,
            403,
            r#"{"error":"unauthorized_client","error_description":"Grant type 'client_credentials' not allowed for the client."}"#,
            "tick Client Credentials",
        ),
        (
            None,
            403,
            r#"{"error":"access_denied","error_description":"Client is not authorized to access \"https://x/api/v2/\". You need to create a \"client-grant\" associated to this API. See: https://auth0.com/docs"}"#,
            "Authorize the application with the client id k3YbQ8sW for the API https://127.0.0.1:",
        ),
        (
            None,
            403,
            r#"{"error":"access_denied","error_description":"Service not enabled within domain: https://x/api/v2/"}"#,
            "is a custom domain, set `audience`",
        ),
        (
            Some("https://x/api/v2"),
            403,
            r#"{"error":"access_denied","error_description":"Service not enabled within domain: https://x/api/v2"}"#,
            "identifier https://x/api/v2. Correct `audience`",
        ),
        (None, 404, "Not Found", "does not answer as an Auth0 tenant"),
        (None, 302, "", "does not answer as an Auth0 tenant"),
        (None, 200, "<html></html>", "does not answer as an Auth0 tenant"),
        (None, 503, "<html></html>", "status.auth0.com"),
        (None, 500, r#"{"error":"server_error","error_description":"x"}"#, "status.auth0.com"),
    ] {
        let err = token_error(audience, status, body).await;
        let advice = err.advice().unwrap_or_default();
        assert!(advice.contains(cure), "{body}: {advice}");
        assert!(err.to_string().contains("there is no access token: POST "), "{err}");
        assert!(!err.is_not_found());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_auth0s_names_the_url_and_what_came() {
    let err = get_error(200, "<!doctype html><title>Welcome to nginx!</title>").await;
    let text = err.to_string();
    assert!(text.contains(": GET https://127.0.0.1:"), "{text}");
    assert!(
        text.contains(
            "/api/v2/event-streams/est_4Kq7WnXy2bVt9RmHc3PzLd was answered 200 OK with an HTML page"
        ),
        "{text}"
    );
    assert!(err.advice().unwrap().starts_with("Check `domain`: 127.0.0.1:"));
}

#[tokio::test]
async fn a_route_that_does_not_exist_is_not_a_missing_object() {
    let err =
        get_error(404, r#"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#).await;
    assert!(!err.is_not_found());
    assert!(err.advice().unwrap().contains("no such part of the Management API"));
}

#[tokio::test]
async fn a_rate_of_ones_own_that_is_too_low_is_not_put_on_the_tenant() {
    let server = Server::start(good()).await;
    let allowance = Allowance { max_requests_per_second: Some(0.001), ..Default::default() };
    let limits = Limits { repeating: Duration::from_millis(300), ..limits() };
    let auth0 = within(Settings { allowance, ..settings(&server) }, limits);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    streams.get_alone(ID).await.unwrap();
    let err = streams.get_alone(ID).await.unwrap_err();
    assert!(err.to_string().contains("`max_requests_per_second` of the provider had no"), "{err}");
    assert!(err.advice().unwrap().contains("Raise `max_requests_per_second`"), "{err}");
}
