//! The control door, without its network.

use super::super::testing::{Tenant, bearer, eventbridge, webhook};
use super::routes;
use serde_json::{Value, json};

fn ask(tenant: &Tenant, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = routes::answer(&tenant.auth0, method, path, body.as_bytes());
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[test]
fn stored_secrets_are_shown() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    let secret = "/destination/configuration/webhook_authorization/token";
    let (status, stream) = ask(&tenant, "GET", &format!("/event-streams/{id}"), &Value::Null);
    assert_eq!((status, stream.pointer(secret).unwrap()), (200, &json!("s3cr3t-token")));
    let (_, streams) = ask(&tenant, "GET", "/event-streams", &Value::Null);
    assert_eq!(streams, json!([stream]));
}

#[test]
fn streams_are_created_changed_disabled_and_deleted() {
    let tenant = Tenant::new();
    let (status, created) = ask(&tenant, "POST", "/event-streams", &eventbridge("a"));
    assert_eq!(status, 200);
    let path = format!("/event-streams/{}", created["id"].as_str().unwrap());
    let (_, changed) = ask(&tenant, "PATCH", &path, &json!({"name": "b"}));
    assert_eq!(changed["name"], "b");
    let (status, refusal) = ask(&tenant, "PATCH", &path, &json!({"nom": "b"}));
    let want = "Payload validation error: 'Additional properties not allowed: nom'.";
    assert_eq!((status, &refusal["error"]), (400, &json!(want)));
    let disable = format!("{path}/disable");
    assert_eq!(ask(&tenant, "POST", &disable, &json!({"failed_total": 5000})).0, 204);
    assert_eq!(ask(&tenant, "GET", &path, &Value::Null).1["status"], "disabled");
    let fail = json!({"event_type": "user.created"});
    assert_eq!(ask(&tenant, "POST", &format!("{path}/fail"), &fail).0, 201);
    assert_eq!(ask(&tenant, "DELETE", &path, &Value::Null).0, 204);
    assert_eq!(ask(&tenant, "DELETE", &path, &Value::Null).0, 404);
    assert_eq!(ask(&tenant, "POST", &disable, &Value::Null).0, 404);
}

#[test]
fn actions_are_created_deployed() {
    let tenant = Tenant::new();
    let id = "6f0d1c1e-6c0b-4b0e-9a52-3f1d6f5b7a10";
    let (status, action) = ask(&tenant, "POST", "/actions", &json!({"id": id, "name": "x"}));
    assert_eq!((status, &action["id"], &action["deployed_number"]), (201, &json!(id), &json!(1)));
    assert_eq!(ask(&tenant, "GET", "/actions", &Value::Null).1, json!([action]));
    assert_eq!(ask(&tenant, "DELETE", &format!("/actions/{id}"), &Value::Null).0, 204);
}

#[test]
fn settings_are_changed_one_by_one() {
    let tenant = Tenant::new();
    let (status, settings) = ask(
        &tenant,
        "PATCH",
        "/settings",
        &json!({
            "rate_limit": {"burst": 10, "per_second": 2},
            "latency_ms": 40,
            "switches": {"patch_without_secret": "keep"},
        }),
    );
    assert_eq!(status, 200, "{settings}");
    assert_eq!(settings["rate_limit"]["burst"], 10);
    assert_eq!(settings["switches"]["patch_without_secret"], "keep");
    assert_eq!(settings["switches"]["default_status"], "enabled");
    let (_, settings) = ask(&tenant, "PATCH", "/settings", &json!({"rate_limit": null}));
    assert_eq!((&settings["rate_limit"], &settings["latency_ms"]), (&Value::Null, &json!(40)));
    for wrong in [
        json!({"latency": 40}),
        json!({"switches": {"patch_without_secret": "never"}}),
        json!({"switches": {"patch_with_secret": "keep"}}),
        json!({"switches": []}),
        json!({"rate_limit": {"burst": 0, "per_second": 1.0}}),
        json!([]),
    ] {
        assert_eq!(ask(&tenant, "PATCH", "/settings", &wrong).0, 400, "{wrong}");
    }
}

#[test]
fn every_effect_can_be_ordered() {
    let tenant = Tenant::new();
    for effect in [
        json!("truncated_json"),
        json!("cut"),
        json!("execute_then_cut"),
        json!({"slow": 100}),
        json!({"stale_reads": 100}),
        json!({"status": 503}),
        json!({"html": 520}),
        json!({"too_many_requests": {}}),
        json!({"too_many_requests": {"retry_after": "2", "reset_in_s": -5}}),
    ] {
        let fault = json!({"effect": effect, "method": "POST", "path": "/api/v2/", "skip": 1});
        assert_eq!(ask(&tenant, "POST", "/faults", &fault).0, 204, "{fault}");
    }
    let (_, faults) = ask(&tenant, "GET", "/faults", &Value::Null);
    assert_eq!(faults.as_array().unwrap().len(), 9);
    assert_eq!((&faults[0]["skip"], &faults[0]["times"]), (&json!(1), &json!(1)));
    assert_eq!(ask(&tenant, "POST", "/faults", &json!({"effect": "explode"})).0, 400);
    assert_eq!(ask(&tenant, "DELETE", "/faults", &Value::Null).0, 204);
    assert_eq!(ask(&tenant, "GET", "/faults", &Value::Null).1, json!([]));
}

#[test]
fn a_script_is_played_and_a_wrong_one_changes_nothing() {
    let tenant = Tenant::new();
    let script = json!({
        "seed": 42,
        "settings": {"rate_limit": "free", "latency_ms": 40},
        "clock": {"freeze": "2026-03-02T09:15:27Z"},
        "faults": [{"effect": {"status": 503}, "probability": 0.5}],
    });
    assert_eq!(ask(&tenant, "PUT", "/faults", &script).0, 204);
    assert_eq!(tenant.auth0.settings().latency_ms, 40);
    let wrong = json!({"settings": {"latency_ms": 80}, "faults": [{"effect": "explode"}]});
    let (status, refusal) = ask(&tenant, "PUT", "/faults", &wrong);
    assert_eq!(status, 400);
    assert!(refusal["error"].as_str().unwrap().contains("`explode`"), "{refusal}");
    assert_eq!(tenant.auth0.settings().latency_ms, 40);
    let (_, faults) = ask(&tenant, "GET", "/faults", &Value::Null);
    assert_eq!(faults[0]["probability"], 0.5);
    assert_eq!(ask(&tenant, "PUT", "/faults/seed", &json!({"seed": 7})).0, 204);
    assert_eq!(ask(&tenant, "PUT", "/faults/seed", &json!({"seed": -7})).0, 400);
}

#[test]
fn clock_and_tokens_are_changed() {
    let tenant = Tenant::new();
    for change in [json!({"freeze": "2026-03-02T09:15:27Z"}), json!({"advance_s": 60})] {
        assert_eq!(ask(&tenant, "PUT", "/clock", &change).0, 204, "{change}");
    }
    assert_eq!(tenant.auth0.now().unix_timestamp(), 1_772_442_987);
    assert_eq!(ask(&tenant, "PUT", "/clock", &json!({"set": "yesterday"})).0, 400);
    assert_eq!(ask(&tenant, "DELETE", "/clock", &Value::Null).0, 204);
    assert_eq!(tenant.get("event-streams").status, 200);
    assert_eq!(ask(&tenant, "POST", "/tokens/revoke", &Value::Null).0, 204);
    assert_eq!(tenant.get("event-streams").status, 401);
}

#[test]
fn the_door_lists_its_routes_and_knows_no_others() {
    let tenant = Tenant::new();
    let routes = routes::answer(&tenant.auth0, "GET", "/", b"");
    assert_eq!(routes.body, super::ROUTES);
    for (method, path) in [("GET", "/nothing"), ("PUT", "/settings"), ("GET", "/event-streams/x/y")]
    {
        assert_eq!(ask(&tenant, method, path, &Value::Null).0, 404, "{method} {path}");
    }
}
