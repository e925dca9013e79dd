//! What the token endpoint grants and refuses.

use super::super::options::{ClientAuthentication, Options};
use super::super::rate_limit::RateLimit;
use super::super::switches::RetryAfter;
use super::super::testing::{AUDIENCE, DOMAIN, Reply, Tenant, json_request};
use super::jwt;
use base64::Engine;
use hyper::Request;
use serde_json::{Value, json};

fn refuses(reply: &Reply, status: u16, error: &str, description: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.json, json!({"error": error, "error_description": description}));
}

/// A token request with one member changed, or removed when it is none.
fn changed(tenant: &Tenant, name: &str, value: Option<&str>) -> Value {
    let mut body = tenant.token_request();
    match value {
        Some(value) => body[name] = value.into(),
        None => drop(body.as_object_mut().unwrap().remove(name)),
    }
    body
}

fn form(tenant: &Tenant, authorization: Option<&str>, pairs: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mut request = Request::builder()
        .method("POST")
        .uri("/oauth/token")
        .header("host", DOMAIN)
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    tenant.send(request.body(body.into()).unwrap())
}

fn basic(id: &str, secret: &str) -> String {
    let credentials = base64::prelude::BASE64_STANDARD.encode(format!("{id}:{secret}"));
    format!("Basic {credentials}")
}

#[test]
fn a_token_for_another_api_is_good_for_nothing_else() {
    const HOOKS: &str = "https://hooks.example.com/";
    let tenant = Tenant::with(|settings| {
        settings.apis = vec!["https://hooks.example.com/=send:hooks,read:hooks".parse().unwrap()];
    });
    let reply = tenant.ask_token(&changed(&tenant, "audience", Some(HOOKS)));
    assert_eq!(reply.json["scope"], "send:hooks read:hooks");
    let token = reply.json["access_token"].as_str().unwrap();
    let claims = jwt::read(token).unwrap().claims;
    assert_eq!((claims.aud.as_str(), claims.scope.as_str()), (HOOKS, "send:hooks read:hooks"));
    let request = json_request("GET", "/api/v2/event-streams");
    let request = request.header("authorization", format!("Bearer {token}"));
    tenant.send(request.body("".into()).unwrap()).refuses(401, "Invalid token", None);

    let tenant = Tenant::with(|settings| settings.apis = vec![HOOKS.parse().unwrap()]);
    let reply = tenant.ask_token(&changed(&tenant, "audience", Some(HOOKS)));
    assert_eq!(reply.json.get("scope"), None, "nothing is granted");
    let other = tenant.ask_token(&changed(&tenant, "audience", Some("https://other.test/")));
    refuses(&other, 403, "access_denied", "Service not enabled within domain: https://other.test/");
}

#[test]
fn a_granted_token_says_what_it_is_good_for() {
    let tenant = Tenant::with(|settings| {
        settings.scopes = vec!["read:event_streams".into(), "create:event_streams".into()];
        settings.token_lifetime_s = 3_600;
    });
    let reply = tenant.ask_token(&tenant.token_request());
    assert_eq!(reply.status, 200);
    let token = reply.json["access_token"].as_str().unwrap();
    assert_eq!(
        reply.text,
        format!(
            r#"{{"access_token":"{token}","scope":"read:event_streams create:event_streams","expires_in":3600,"token_type":"Bearer"}}"#
        )
    );
    let claims = serde_json::to_value(jwt::read(token).unwrap().claims).unwrap();
    let id = tenant.auth0.client_id();
    assert_eq!(claims["iss"], format!("https://{DOMAIN}/"));
    assert_eq!(claims["sub"], format!("{id}@clients"));
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3_600);
    assert_eq!(claims["scope"], "read:event_streams create:event_streams");
    assert_eq!(claims["gty"], "client-credentials");
    assert_eq!(claims["azp"], id);
}

#[test]
fn a_form_is_as_good_as_json() {
    let tenant = Tenant::new();
    let (id, secret) = (tenant.auth0.client_id(), tenant.auth0.client_secret());
    let pairs = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("audience", AUDIENCE),
    ];
    assert_eq!(form(&tenant, None, &pairs).status, 200);
    let repeated = form(&tenant, None, &[&pairs[..], &pairs[..1]].concat());
    refuses(&repeated, 400, "invalid_request", "Repeated parameter: grant_type");
}

#[test]
fn an_incomplete_or_wrong_request_is_refused() {
    let tenant = Tenant::new();
    let unauthorized = (401, "access_denied", "Unauthorized");
    for (name, value, (status, error, description)) in [
        ("grant_type", None, (400, "invalid_request", "Missing required parameter: grant_type")),
        ("client_id", None, (400, "invalid_request", "Missing required parameter: client_id")),
        ("audience", None, (400, "invalid_request", "Missing required parameter: audience")),
        ("audience", Some(""), (400, "invalid_request", "Missing required parameter: audience")),
        ("client_secret", None, unauthorized),
        ("client_secret", Some("wrong"), unauthorized),
        ("client_id", Some("k3YbQ8sWmT1vXz6RnJ4pLd9HcGf2AaUe"), unauthorized),
        (
            "grant_type",
            Some("refresh_token"),
            (400, "unsupported_grant_type", "Unsupported grant type: refresh_token"),
        ),
        (
            "audience",
            Some("https://127.0.0.1:8443/api/v2"),
            (
                403,
                "access_denied",
                "Service not enabled within domain: https://127.0.0.1:8443/api/v2",
            ),
        ),
        (
            "organization",
            Some("org_3aBcD9eFgH1jKlMn"),
            (400, "invalid_request", "Organizations cannot be used with the Management API"),
        ),
        (
            "scope",
            Some("read:event_streams read:users delete:users"),
            (403, "access_denied", "Client has not been granted scopes: read:users, delete:users"),
        ),
    ] {
        let reply = tenant.ask_token(&changed(&tenant, name, value));
        refuses(&reply, status, error, description);
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused() {
    let tenant = Tenant::new();
    for (media_type, body, description) in [
        ("application/json", "{", "Invalid JSON in the request body"),
        ("application/json", "[]", "Invalid JSON in the request body"),
        ("application/json", r#"{"grant_type":1}"#, "Invalid parameter: grant_type"),
        ("application/json", "", "Invalid JSON in the request body"),
        ("text/plain", "x", "Unsupported content type"),
    ] {
        let request = Request::post("/oauth/token")
            .header("host", DOMAIN)
            .header("content-type", media_type)
            .body(body.into())
            .unwrap();
        refuses(&tenant.send(request), 400, "invalid_request", description);
    }
    let get = json_request("GET", "/oauth/token").body(Default::default()).unwrap();
    tenant.send(get).refuses(404, "Not Found", None);
}

#[test]
fn asking_for_some_scopes_gives_no_others() {
    let tenant = Tenant::new();
    let reply = tenant.ask_token(&changed(&tenant, "scope", Some("read:event_streams")));
    assert_eq!(reply.json["scope"], "read:event_streams");
}

#[test]
fn a_client_authenticates_in_the_one_way_it_is_registered_for() {
    for registered in
        [ClientAuthentication::ClientSecretPost, ClientAuthentication::ClientSecretBasic]
    {
        let options = Options { client_authentication: registered, ..Options::default() };
        let tenant = Tenant::start(options);
        let (id, secret) = (tenant.auth0.client_id(), tenant.auth0.client_secret());
        let pairs = [("grant_type", "client_credentials"), ("audience", AUDIENCE)];
        let in_body = [&pairs[..], &[("client_id", id), ("client_secret", secret)]].concat();
        let by_header = form(&tenant, Some(&basic(id, secret)), &pairs);
        let by_body = form(&tenant, None, &in_body);
        let (good, bad) = match registered {
            ClientAuthentication::ClientSecretPost => (by_body, by_header),
            _ => (by_header, by_body),
        };
        assert_eq!(good.status, 200, "{registered:?}");
        refuses(&bad, 401, "invalid_client", "Client authentication failed");
        // Both at once are one too many, whichever is registered.
        let both = form(&tenant, Some(&basic(id, secret)), &in_body);
        refuses(&both, 401, "invalid_client", "Client authentication failed");
    }
}

#[test]
fn a_basic_header_holds_form_encoded_credentials() {
    let options = Options {
        client_authentication: ClientAuthentication::ClientSecretBasic,
        ..Options::default()
    };
    let tenant = Tenant::start(options);
    let id = tenant.auth0.client_id();
    let escaped: String =
        tenant.auth0.client_secret().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let pairs = [("grant_type", "client_credentials"), ("audience", AUDIENCE)];
    assert_eq!(form(&tenant, Some(&basic(id, &escaped)), &pairs).status, 200);
    let wrong = form(&tenant, Some(&basic(id, "wrong")), &pairs);
    refuses(&wrong, 401, "access_denied", "Unauthorized");
    for header in ["Basic", "Basic !", "Bearer x", "Basic eA=="] {
        let reply = form(&tenant, Some(header), &pairs);
        refuses(&reply, 401, "invalid_client", "Client authentication failed");
    }
}

#[test]
fn an_assertion_is_refused_because_the_client_has_a_secret() {
    let tenant = Tenant::new();
    let reply = tenant.ask_token(&json!({
        "grant_type": "client_credentials",
        "audience": AUDIENCE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "eyJ.e30.c2ln",
    }));
    refuses(&reply, 401, "invalid_client", "Client authentication failed");
}

#[test]
fn a_client_without_grant_or_grant_type_gets_no_token() {
    let tenant = Tenant::with(|settings| settings.without_client_grant = true);
    let reply = tenant.ask_token(&tenant.token_request());
    refuses(
        &reply,
        403,
        "access_denied",
        "Client is not authorized to access \"https://127.0.0.1:8443/api/v2/\". You need to create \
         a \"client-grant\" associated to this API. See: \
         https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    );
    let tenant = Tenant::with(|settings| settings.without_grant_type = true);
    let reply = tenant.ask_token(&tenant.token_request());
    let description = "Grant type 'client_credentials' not allowed for the client.";
    refuses(&reply, 403, "unauthorized_client", description);
}

#[test]
fn the_endpoint_has_a_rate_limit_of_its_own() {
    let tenant = Tenant::with(|settings| {
        settings.token_rate_limit = Some(RateLimit { burst: 2, per_second: 0.001 });
        settings.switches.retry_after = RetryAfter::Present;
    });
    // The tenant's own token was the first.
    assert_eq!(tenant.ask_token(&tenant.token_request()).status, 200);
    let reply = tenant.ask_token(&tenant.token_request());
    refuses(&reply, 429, "too_many_requests", "Global limit has been reached");
    assert_eq!(reply.header("retry-after"), Some("1000"));
    assert_eq!(tenant.get("event-streams").status, 200);
}

#[test]
fn a_custom_domain_is_another_issuer_and_no_other_audience() {
    let tenant = Tenant::new();
    let ask = |audience: &str| {
        let body = changed(&tenant, "audience", Some(audience)).to_string();
        let request = Request::post("/oauth/token")
            .header("host", "localhost:8443")
            .header("content-type", "application/json");
        tenant.send(request.body(body.into()).unwrap())
    };
    let own = "https://localhost:8443/api/v2/";
    let description = format!("Service not enabled within domain: {own}");
    refuses(&ask(own), 403, "access_denied", &description);
    let token = ask(AUDIENCE).json["access_token"].as_str().unwrap().to_owned();
    for (host, status) in [("localhost:8443", 200), (DOMAIN, 401)] {
        let request = Request::get("/api/v2/event-streams")
            .header("host", host)
            .header("authorization", format!("Bearer {token}"));
        assert_eq!(tenant.send(request.body(Default::default()).unwrap()).status, status, "{host}");
    }
    let elsewhere = Request::get("/api/v2/event-streams").header("host", "other.example.com");
    tenant.send(elsewhere.body(Default::default()).unwrap()).refuses(404, "Not Found", None);
}
