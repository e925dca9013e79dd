//! Configurations and states of `auth0_event_stream`, written out by the names of the official
//! provider. Core gives every attribute and block: absent attributes are null, absent blocks empty.

use serde_json::{Value as Json, json};

pub const TYPE: &str = "auth0_event_stream";
/// Where the secrets of a webhook stand.
pub const AUTHORIZATION: &str = "webhook_configuration[0].webhook_authorization[0]";

/// An id that Auth0 could have given.
pub const ID: &str = "est_4Kq7WnXy2bVt9RmHc3PzLd";
pub const ENDPOINT: &str = "https://hooks.example.com/auth0";
pub const ACTION: &str = "6f0d1c1e-6c0b-4b0e-9a52-3f1d6f5b7a10";
/// When the streams that exist were made.
pub const THEN: &str = "2026-02-01T08:00:00.500Z";
/// The time of the tenant when a test begins, as Auth0 writes it.
pub const NOW: &str = "2026-03-02T09:15:27.041Z";
/// A secret that no answer may hold.
pub const CANARY: &str = "s3cr3t-canary";

/// The provider block with what is given.
#[track_caller]
pub fn provider_block(given: &Json) -> Json {
    let nothing = json!({
        "adopt_existing": null, "api_token": null, "audience": null, "ca_cert_file": null,
        "ca_cert_pem": null, "cli_login": null, "client_assertion": null,
        "client_assertion_command": null, "client_assertion_private_key": null,
        "client_assertion_signing_alg": null, "client_certificate": null, "client_id": null,
        "client_key": null, "client_secret": null, "custom_domain_header": null, "debug": null,
        "domain": null, "dynamic_credentials": null, "max_requests_per_second": null,
        "proxy_url": null, "rate_limit_reserve": null,
    });
    with(&nothing, given)
}

/// An event stream with what is given.
#[track_caller]
pub fn stream(given: &Json) -> Json {
    let nothing = json!({
        "id": null, "name": null, "destination_type": null, "subscriptions": null, "status": null,
        "created_at": null, "updated_at": null,
        "webhook_configuration": [], "eventbridge_configuration": [], "action_configuration": [],
        "timeouts": null,
    });
    with(&nothing, given)
}

/// The block `webhook_authorization` with what is given.
#[track_caller]
pub fn authorization(given: &Json) -> Json {
    let nothing = json!({
        "method": null,
        "username": null,
        "password": null, "password_wo": null, "password_wo_version": null,
        "token": null, "token_wo": null, "token_wo_version": null,
        "header_key": null,
        "header_value": null, "header_value_wo": null, "header_value_wo_version": null,
    });
    with(&nothing, given)
}

/// The configuration of a webhook.
#[track_caller]
pub fn webhook(given: &Json) -> Json {
    stream(&json!({
        "name": "orders",
        "destination_type": "webhook",
        "subscriptions": ["user.created", "user.updated"],
        "webhook_configuration": [{
            "webhook_endpoint": ENDPOINT,
            "webhook_authorization": [authorization(given)],
        }],
    }))
}

/// The configuration of a webhook whose token is never stored.
pub fn bearer(token: &str, version: i64) -> Json {
    webhook(&json!({"method": "bearer", "token_wo": token, "token_wo_version": version}))
}

/// The configuration of a stream to EventBridge.
pub fn eventbridge(region: &str) -> Json {
    stream(&json!({
        "name": "orders",
        "destination_type": "eventbridge",
        "subscriptions": ["user.created", "user.updated"],
        "eventbridge_configuration": [{
            "aws_account_id": "123456789012",
            "aws_region": region,
            "aws_partner_event_source": null,
        }],
    }))
}

/// The configuration of a stream to an action.
pub fn action() -> Json {
    stream(&json!({
        "name": "orders",
        "destination_type": "action",
        "subscriptions": ["user.created", "user.updated"],
        "action_configuration": [{"action_id": ACTION}],
    }))
}

/// `config` as it is stored since it was created, a while ago.
pub fn stored(config: &Json) -> Json {
    let mut state = with(
        config,
        &json!({"id": ID, "status": "enabled", "created_at": THEN, "updated_at": THEN}),
    );
    for webhook in state["webhook_configuration"].as_array_mut().unwrap() {
        for secret in ["password_wo", "token_wo", "header_value_wo"] {
            webhook["webhook_authorization"][0][secret] = Json::Null;
        }
    }
    for eventbridge in state["eventbridge_configuration"].as_array_mut().unwrap() {
        eventbridge["aws_partner_event_source"] = SOURCE.into();
    }
    state
}

/// A partner event source that Auth0 could have made.
pub const SOURCE: &str =
    "aws.partner/auth0.com/acme-dev-0f2b1b0a-54a3-4a4e-8a4c-1d2f6a9b0c3e/auth0.events";

/// `object` with some of its members in place of what they were.
#[track_caller]
pub fn with(object: &Json, given: &Json) -> Json {
    let mut object = object.clone();
    for (name, value) in given.as_object().unwrap() {
        assert!(object.get(name).is_some(), "{name} is no attribute");
        object[name] = value.clone();
    }
    object
}

/// `stream` with some members of its one `webhook_authorization` in place of what they were.
#[track_caller]
pub fn authorized(stream: &Json, given: &Json) -> Json {
    let mut stream = stream.clone();
    let authorization = &mut stream["webhook_configuration"][0]["webhook_authorization"][0];
    *authorization = with(authorization, given);
    stream
}
