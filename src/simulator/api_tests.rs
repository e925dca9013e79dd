//! The checks of the Management API that come before any object.

use super::rate_limit::RateLimit;
use super::switches::RetryAfter;
use super::testing::{DOMAIN, Tenant, UNKNOWN, bearer, eventbridge, json_request, webhook};
use hyper::Request;
use serde_json::json;
use std::time::Duration;

fn with_header(tenant: &Tenant, authorization: &str) -> super::testing::Reply {
    let request = json_request("GET", "/api/v2/event-streams");
    tenant.send(request.header("authorization", authorization).body(Default::default()).unwrap())
}

#[test]
fn a_request_without_authentication_is_refused_even_where_there_is_no_route() {
    let tenant = Tenant::new();
    for path in ["/api/v2/event-streams", "/api/v2/nothing"] {
        let request = json_request("GET", path).body(Default::default()).unwrap();
        tenant.send(request).refuses(401, "Missing authentication", None);
    }
}

#[test]
fn a_header_that_is_not_bearer_and_jwt_is_a_bad_request() {
    let tenant = Tenant::new();
    let token = tenant.token().to_owned();
    for header in ["Bearer", "Bearer ", "Bearer opaque", "Basic eDp5", &token, "Bearer a.b.c d"] {
        let reply = with_header(&tenant, header);
        reply.refuses(400, "Bad HTTP authentication header format", Some("Bearer"));
    }
    assert_eq!(with_header(&tenant, &format!("bearer {token}")).status, 200);
}

#[test]
fn a_token_of_another_start_or_none_of_ours_is_invalid() {
    let tenant = Tenant::new();
    let other = Tenant::new();
    for token in [other.token(), "eyJhbGciOiJub25lIn0.e30.c2ln"] {
        with_header(&tenant, &format!("Bearer {token}")).refuses(401, "Invalid token", None);
    }
}

#[test]
fn a_forged_token_has_a_bad_signature() {
    let tenant = Tenant::new();
    let (signed, signature) = tenant.token().rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("Bearer {signed}.{first}{}", &signature[1..]);
    let reply = with_header(&tenant, &forged);
    let message = "Invalid signature received for JSON Web Token validation";
    reply.refuses(401, message, None);
    assert_eq!(reply.json["attributes"], json!({"error": message}));
}

#[test]
fn a_token_expires_by_the_clock_of_the_tenant() {
    let mut tenant = Tenant::with(|settings| settings.token_lifetime_s = 60);
    tenant.auth0.advance_clock(Duration::from_secs(58));
    assert_eq!(tenant.get("event-streams").status, 200);
    tenant.auth0.advance_clock(Duration::from_secs(3));
    let reply = tenant.get("event-streams");
    let message = "Expired token received for JSON Web Token validation";
    reply.refuses(401, message, None);
    assert_eq!(reply.json["attributes"], json!({"error": message}));
    tenant.renew_token();
    assert_eq!(tenant.get("event-streams").status, 200);
}

#[test]
fn a_revoked_token_is_invalid_and_the_next_one_good() {
    let mut tenant = Tenant::new();
    assert_eq!(tenant.get("event-streams").status, 200);
    tenant.auth0.revoke_tokens();
    tenant.get("event-streams").refuses(401, "Invalid token", None);
    tenant.renew_token();
    assert_eq!(tenant.get("event-streams").status, 200);
}

#[test]
fn a_route_that_does_not_exist_is_not_found() {
    let tenant = Tenant::new();
    for (method, path) in [
        ("GET", "nothing"),
        ("PUT", "event-streams"),
        ("HEAD", "event-streams"),
        ("POST", "event-streams/est_4Kq7WnXy2bVt9RmHc3PzLd"),
        ("GET", "event-streams/"),
        ("GET", "event-streams/est_4Kq7WnXy2bVt9RmHc3PzLd/"),
        ("GET", "event-streams//deliveries"),
        ("GET", "Event-Streams"),
        ("GET", "events"),
    ] {
        let reply = tenant.call(method, path, "");
        reply.refuses(404, "Not Found", None);
        assert_eq!(reply.json["error"], "Not Found");
    }
    for path in ["/", "/api/v2", "/api/v1/event-streams", "/authorize"] {
        let request = json_request("GET", path).body(Default::default()).unwrap();
        tenant.send(request).refuses(404, "Not Found", None);
    }
}

#[test]
fn each_call_asks_for_its_scope() {
    let tenant = Tenant::with(|settings| settings.scopes = vec!["read:nothing".into()]);
    let stream = format!("event-streams/{UNKNOWN}");
    let event = "evt_8hTz3QmVb6YdKr2NwXc5Pj";
    for (method, path, scopes) in [
        ("GET", "event-streams", "read:event_streams"),
        ("GET", &stream, "read:event_streams"),
        ("POST", "event-streams", "create:event_streams"),
        ("PATCH", &stream, "update:event_streams"),
        ("DELETE", &stream, "delete:event_streams"),
        ("POST", &format!("{stream}/test"), "update:event_streams"),
        ("GET", &format!("{stream}/deliveries"), "read:event_streams,read:event_deliveries"),
        ("GET", &format!("{stream}/deliveries/{event}"), "read:event_deliveries"),
        ("POST", &format!("{stream}/redeliver"), "update:event_deliveries"),
        ("POST", &format!("{stream}/redeliver/{event}"), "update:event_deliveries"),
        ("GET", &format!("{stream}/stats"), "read:event_streams,read:event_deliveries"),
        ("GET", "actions/actions", "read:actions"),
        ("POST", "actions/actions", "create:actions"),
        ("GET", "actions/actions/x", "read:actions"),
        ("PATCH", "actions/actions/x", "update:actions"),
        ("DELETE", "actions/actions/x", "delete:actions"),
        ("POST", "actions/actions/x/deploy", "create:actions"),
        ("GET", "actions/triggers", "read:actions"),
        ("GET", "actions/triggers/event-stream/bindings", "read:actions"),
    ] {
        let message = format!("Insufficient scope, expected any of: {scopes}");
        tenant.call(method, path, "").refuses(403, &message, Some("insufficient_scope"));
    }
}

#[test]
fn either_of_two_scopes_is_enough() {
    let tenant = Tenant::with(|settings| settings.scopes = vec!["read:event_deliveries".into()]);
    let path = format!("event-streams/{UNKNOWN}/deliveries");
    tenant.get(&path).refuses(404, "The requested stream does not exist.", None);
}

#[test]
fn the_scope_is_asked_for_before_path_query_and_body() {
    let tenant = Tenant::with(|settings| settings.scopes = vec!["read:nothing".into()]);
    assert_eq!(tenant.call("PATCH", "event-streams/x?y=z", "{").status, 403);
    let tenant = Tenant::new();
    let code = |path: &str| tenant.call("PATCH", path, "{").json["errorCode"].clone();
    assert_eq!(code("event-streams/x?y=z"), "invalid_uri");
    assert_eq!(code(&format!("event-streams/{UNKNOWN}?y=z")), "invalid_query_string");
    assert_eq!(code(&format!("event-streams/{UNKNOWN}")), json!(null));
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let tenant = Tenant::new();
    for body in ["{", "{\"name\":\"a\",}", "name=a", "\u{feff}{}", "{} {}"] {
        let reply = tenant.call("POST", "event-streams", body);
        reply.refuses(400, "Invalid request payload JSON format", None);
    }
    let reply = tenant.call("POST", "event-streams", "");
    reply.refuses_body("'Expected type object but found type null'.");
}

#[test]
fn a_body_has_a_media_type_that_auth0_takes() {
    let tenant = Tenant::new();
    let send = |media_type: Option<&str>, body: String| {
        let mut request = Request::post("/api/v2/event-streams")
            .header("host", DOMAIN)
            .header("authorization", format!("Bearer {}", tenant.token()));
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        tenant.send(request.body(body.into()).unwrap())
    };
    let body = webhook("crm-sync", &bearer()).to_string();
    for media_type in [None, Some("text/plain"), Some("application/xml")] {
        send(media_type, body.clone()).refuses(415, "Unsupported Media Type", None);
    }
    assert_eq!(send(Some("Application/JSON; charset=utf-8"), body).status, 201);
    // A form is read, and has only text.
    let form = "name=a&subscriptions=user.created";
    send(Some("application/x-www-form-urlencoded"), form.to_owned()).refuses_body(
        "'Missing required property: destination'. (also) Payload validation error: 'Expected type \
         array but found type string' on property subscriptions (List of event types subscribed to \
         in this stream).",
    );
}

#[test]
fn a_call_without_a_body_takes_none_or_null() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("a"));
    for body in ["", "null", "null\n", "{}"] {
        assert_eq!(tenant.call("GET", &format!("event-streams/{id}"), body).status, 200);
    }
    let reply = tenant.call("GET", "event-streams", r#"{"take":1}"#);
    reply.refuses_body("'Additional properties not allowed: take'.");
    assert_eq!(tenant.call("DELETE", &format!("event-streams/{id}"), "null").status, 204);
}

#[test]
fn every_answer_shows_the_rate_limit() {
    let tenant = Tenant::new();
    for reply in [
        tenant.get("event-streams"),
        tenant.get("nothing"),
        tenant.post("event-streams", &json!({})),
        with_header(&tenant, "Bearer x"),
    ] {
        assert_eq!(reply.header("x-ratelimit-limit"), Some("50"));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some("49"));
        assert!(reply.header("x-ratelimit-reset").unwrap().parse::<u64>().unwrap() > 1_700_000_000);
        assert_eq!(reply.header("retry-after"), None);
    }
}

#[test]
fn a_rate_limited_request_is_not_executed() {
    let tenant = Tenant::with(|settings| {
        settings.rate_limit = Some(RateLimit { burst: 2, per_second: 0.001 });
    });
    // A request without a token costs nothing.
    assert_eq!(with_header(&tenant, "Bearer x").status, 400);
    for (name, remaining) in [("a", "1"), ("b", "0")] {
        let reply = tenant.post("event-streams", &eventbridge(name));
        assert_eq!(reply.status, 201);
        assert_eq!(reply.header("x-ratelimit-limit"), Some("2"));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some(remaining));
    }
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let reply = tenant.post("event-streams", &eventbridge("c"));
    reply.refuses(429, "Global limit has been reached", Some("too_many_requests"));
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(reply.header("retry-after"), None);
    let reset: i64 = reply.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((now + 990..=now + 1_002).contains(&reset), "{now} {reset}");
    assert_eq!(tenant.auth0.event_streams().len(), 2);

    tenant.auth0.change_settings(|settings| settings.switches.retry_after = RetryAfter::Present);
    let reply = tenant.get("nothing");
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), Some("1000"));
    tenant.auth0.change_settings(|settings| settings.rate_limit = None);
    assert_eq!(tenant.get("event-streams").status, 200);
}
