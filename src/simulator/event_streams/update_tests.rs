//! What changing an event stream accepts, keeps and refuses.

use super::super::switches::{
    PatchActionDestination, PatchEmptySubscriptions, PatchEndpointAlone, PatchToUsedName,
    PatchUnknownId, PatchWithoutSecret,
};
use super::super::testing::{
    Tenant, UNKNOWN, action_stream, bearer, eventbridge, webhook, webhook_destination,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

const NO_MATCH: &str = "'Data does not match any schemas from 'oneOf'' on property destination.";

fn patch(tenant: &Tenant, id: &str, body: &Value) -> super::super::testing::Reply {
    tenant.patch(&format!("event-streams/{id}"), body)
}

fn destination(authorization: &Value) -> Value {
    json!({"destination": webhook_destination(authorization)})
}

#[test]
fn the_top_level_is_merged() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    let reply = patch(&tenant, &id, &json!({"status": "disabled"}));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json["status"], "disabled");
    assert_eq!(reply.json["name"], "crm-sync");
    let reply = patch(&tenant, &id, &json!({"subscriptions": [{"event_type": "group.created"}]}));
    assert_eq!(reply.json["subscriptions"], json!([{"event_type": "group.created"}]));
    assert_eq!(reply.json["status"], "disabled");
    let reply = patch(&tenant, &id, &json!({"name": "crm"}));
    assert_eq!(reply.json["name"], "crm");
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().secret(), Some("s3cr3t-token"));
}

#[test]
fn a_new_name_frees_the_old_one() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("a"));
    patch(&tenant, &id, &json!({"name": "b"}));
    tenant.create(&eventbridge("a"));
    let reply = tenant.post("event-streams", &eventbridge("b"));
    reply.refuses(409, "An event stream with this name already exists.", None);
    // Its own name, and its own name in another case, are no conflict.
    assert_eq!(patch(&tenant, &id, &json!({"name": "b"})).status, 200);
    assert_eq!(patch(&tenant, &id, &json!({"name": "B"})).status, 200);
    let reply = patch(&tenant, &id, &json!({"name": "a"}));
    reply.refuses(409, "An event stream with this name already exists.", None);
}

#[test]
fn every_patch_moves_updated_at_and_none_created_at() {
    let tenant = Tenant::new();
    let start = OffsetDateTime::from_unix_timestamp(1_772_442_927).unwrap();
    tenant.auth0.freeze_clock(start);
    let id = tenant.create(&eventbridge("a"));
    let reply = patch(&tenant, &id, &json!({}));
    assert_eq!(reply.json["created_at"], "2026-03-02T09:15:27.000Z");
    assert_eq!(reply.json["updated_at"], "2026-03-02T09:15:27.001Z");
    tenant.auth0.advance_clock(std::time::Duration::from_secs(60));
    let reply = patch(&tenant, &id, &json!({"name": "a"}));
    assert_eq!(reply.json["updated_at"], "2026-03-02T09:16:27.000Z");
    let stored = tenant.auth0.event_stream(&id).unwrap();
    assert_eq!((stored.created_at, stored.updated_at), (start, start + Duration::MINUTE));
}

#[test]
fn a_refused_patch_changes_nothing() {
    let tenant = Tenant::new();
    tenant.create(&eventbridge("a"));
    let id = tenant.create(&webhook("b", &bearer()));
    let before = tenant.get(&format!("event-streams/{id}")).text;
    assert_eq!(patch(&tenant, &id, &json!({"status": "disabled", "name": "a"})).status, 409);
    assert_eq!(patch(&tenant, &id, &json!({"status": "disabled", "nom": "a"})).status, 400);
    assert_eq!(tenant.get(&format!("event-streams/{id}")).text, before);
}

#[test]
fn a_webhook_takes_a_new_endpoint_secret_and_method() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    for (authorization, shown, secret) in [
        (
            json!({"method": "basic", "username": "hook", "password": "p"}),
            json!({"method": "basic", "username": "hook"}),
            "p",
        ),
        (json!({"method": "bearer", "token": "t1"}), json!({"method": "bearer"}), "t1"),
        (json!({"method": "bearer", "token": "t2"}), json!({"method": "bearer"}), "t2"),
        (
            json!({"method": "custom_header", "header_key": "k", "header_value": "v"}),
            json!({"method": "custom_header", "header_key": "k"}),
            "v",
        ),
    ] {
        let reply = patch(&tenant, &id, &destination(&authorization));
        assert_eq!(reply.status, 200, "{}", reply.text);
        let configuration = &reply.json["destination"]["configuration"];
        assert_eq!(configuration["webhook_authorization"], shown);
        assert_eq!(tenant.auth0.event_stream(&id).unwrap().secret(), Some(secret));
    }
    let mut body = destination(&bearer());
    body["destination"]["configuration"]["webhook_endpoint"] = json!("https://new.example.com");
    let reply = patch(&tenant, &id, &body);
    let endpoint = &reply.json["destination"]["configuration"]["webhook_endpoint"];
    assert_eq!(endpoint, "https://new.example.com");
}

#[test]
fn an_authorization_without_its_secret_is_refused_or_keeps_or_clears_it() {
    for (switch, want) in [
        (PatchWithoutSecret::Refuse, None),
        (PatchWithoutSecret::Keep, Some(Some("s3cr3t-token"))),
        (PatchWithoutSecret::Clear, Some(None)),
    ] {
        let tenant = Tenant::switched(|switches| switches.patch_without_secret = switch);
        let id = tenant.create(&webhook("crm-sync", &bearer()));
        let reply = patch(&tenant, &id, &destination(&json!({"method": "bearer"})));
        let stored = tenant.auth0.event_stream(&id).unwrap();
        match want {
            None => {
                reply.refuses_body(NO_MATCH);
                assert_eq!(stored.secret(), Some("s3cr3t-token"));
            }
            Some(secret) => {
                assert_eq!(reply.status, 200);
                assert_eq!(stored.secret(), secret, "{switch:?}");
            }
        }
    }
}

#[test]
fn a_kept_secret_does_not_pass_to_another_method() {
    let tenant =
        Tenant::switched(|switches| switches.patch_without_secret = PatchWithoutSecret::Keep);
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    let basic = json!({"method": "basic", "username": "hook"});
    assert_eq!(patch(&tenant, &id, &destination(&basic)).status, 200);
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().secret(), None);
}

#[test]
fn an_endpoint_alone_is_accepted_by_a_switch() {
    let body = json!({"destination": {"type": "webhook", "configuration": {"webhook_endpoint": "https://new.example.com"}}});
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    patch(&tenant, &id, &body).refuses_body(NO_MATCH);
    tenant.auth0.change_settings(|settings| {
        settings.switches.patch_endpoint_alone = PatchEndpointAlone::Accept;
    });
    let reply = patch(&tenant, &id, &body);
    assert_eq!(
        reply.json["destination"]["configuration"],
        json!({"webhook_endpoint": "https://new.example.com", "webhook_authorization": {"method": "bearer"}})
    );
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().secret(), Some("s3cr3t-token"));
}

#[test]
fn the_destination_of_an_eventbridge_stream_never_changes() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("audit-bus"));
    let same = eventbridge("")["destination"].clone();
    patch(&tenant, &id, &json!({"destination": same})).refuses_body(NO_MATCH);
    let type_changed = "The destination type of an event stream cannot be changed.";
    patch(&tenant, &id, &destination(&bearer())).refuses(400, type_changed, Some("invalid_body"));
}

#[test]
fn the_destination_of_an_action_stream_changes_only_by_a_switch() {
    let tenant = Tenant::new();
    let [first, second] = ["a", "b"].map(|name| tenant.auth0.create_deployed_action(None, name).id);
    let id = tenant.create(&action_stream("act", &first));
    let hook = tenant.create(&webhook("hook", &bearer()));
    let body = json!({"destination": {"type": "action", "configuration": {"action_id": second}}});
    patch(&tenant, &id, &body).refuses_body(NO_MATCH);
    tenant.auth0.change_settings(|settings| {
        settings.switches.patch_action_destination = PatchActionDestination::Accept;
    });
    let reply = patch(&tenant, &id, &body);
    assert_eq!(reply.json["destination"]["configuration"]["action_id"], second);
    let unknown = json!({"destination": {"type": "action", "configuration": {"action_id": "x"}}});
    let missing = "The action does not exist.";
    patch(&tenant, &id, &unknown).refuses(400, missing, Some("invalid_body"));
    let type_changed = "The destination type of an event stream cannot be changed.";
    patch(&tenant, &hook, &body).refuses(400, type_changed, Some("invalid_body"));
    patch(&tenant, &id, &destination(&bearer())).refuses(400, type_changed, Some("invalid_body"));
}

#[test]
fn members_that_auth0_sets_are_refused() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    for name in ["id", "created_at", "updated_at", "type", "aws_partner_event_source"] {
        let want = format!("'Additional properties not allowed: {name}'.");
        patch(&tenant, &id, &json!({name: "x"})).refuses_body(&want);
    }
    let mut body = destination(&bearer());
    body["destination"]["configuration"]["aws_partner_event_source"] = json!("x");
    patch(&tenant, &id, &body).refuses_body(NO_MATCH);
}

#[test]
fn no_member_may_be_null() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    for (name, want) in [
        (
            "name",
            "'Expected type string but found type null' on property name (Name of the event stream).",
        ),
        ("status", "'Expected type string but found type null' on property status."),
        (
            "subscriptions",
            "'Expected type array but found type null' on property subscriptions (List of event \
             types subscribed to in this stream).",
        ),
        ("destination", NO_MATCH),
    ] {
        patch(&tenant, &id, &json!({name: null})).refuses_body(want);
    }
    patch(&tenant, &id, &json!(null)).refuses_body("'Expected type object but found type null'.");
}

#[test]
fn empty_subscriptions_are_accepted_by_a_switch() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    patch(&tenant, &id, &json!({"subscriptions": []})).refuses_body(
        "'Array is too short (0), minimum 1' on property subscriptions (List of event types \
         subscribed to in this stream).",
    );
    tenant.auth0.change_settings(|settings| {
        settings.switches.patch_empty_subscriptions = PatchEmptySubscriptions::Accept;
    });
    let reply = patch(&tenant, &id, &json!({"subscriptions": []}));
    assert_eq!(reply.json["subscriptions"], json!([]));
}

#[test]
fn an_unknown_stream_is_missing_or_a_bad_request() {
    let tenant = Tenant::new();
    let missing = "The requested stream does not exist.";
    patch(&tenant, UNKNOWN, &json!({})).refuses(404, missing, None);
    tenant.auth0.change_settings(|settings| {
        settings.switches.patch_unknown_id = PatchUnknownId::BadRequest;
    });
    patch(&tenant, UNKNOWN, &json!({})).refuses(400, missing, None);
    // The body is judged first.
    patch(&tenant, UNKNOWN, &json!({"nom": 1}))
        .refuses_body("'Additional properties not allowed: nom'.");
}

#[test]
fn a_used_name_is_accepted_by_a_switch() {
    let tenant = Tenant::switched(|switches| switches.patch_to_used_name = PatchToUsedName::Accept);
    tenant.create(&eventbridge("a"));
    let id = tenant.create(&eventbridge("b"));
    assert_eq!(patch(&tenant, &id, &json!({"name": "a"})).status, 200);
    // Create still refuses, also after one of the two is gone.
    tenant.delete(&format!("event-streams/{id}"));
    assert_eq!(tenant.post("event-streams", &eventbridge("a")).status, 409);
}

#[test]
fn a_stream_that_failed_too_often_stays_disabled() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("a"));
    assert!(tenant.auth0.disable_event_stream(&id, 500));
    assert_eq!(tenant.get(&format!("event-streams/{id}")).json["status"], "disabled");
    assert_eq!(patch(&tenant, &id, &json!({"status": "enabled"})).status, 200);
    tenant.auth0.disable_event_stream(&id, 5_000);
    patch(&tenant, &id, &json!({"status": "enabled"})).refuses(
        400,
        "The event stream has too many failed deliveries and cannot be enabled.",
        Some("invalid_body"),
    );
    assert_eq!(patch(&tenant, &id, &json!({"name": "b", "status": "disabled"})).status, 200);
}
