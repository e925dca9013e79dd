//! What creating an event stream accepts, stores and refuses.

use super::super::switches::{
    CompareNames, CreateIncomplete, DefaultStatus, EmptySecret, RepeatedEventType, SameEventBus,
    SharedAction, SubscriptionsOrder, UnknownEventType,
};
use super::super::testing::{Tenant, action_stream, bearer, eventbridge, webhook};
use super::Status;
use serde_json::{Value, json};
use time::OffsetDateTime;

const NO_MATCH: &str = "'Data does not match any schemas from 'oneOf'' on property destination.";

/// `body` with the value at a JSON pointer set, or removed when it is none.
fn with(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match value {
        Some(value) => parent[name] = value,
        None => drop(parent.as_object_mut().unwrap().remove(name)),
    }
    body
}

#[test]
fn a_bearer_webhook_comes_back_whole_and_without_its_token() {
    let tenant = Tenant::new();
    tenant.auth0.freeze_clock(OffsetDateTime::from_unix_timestamp(1_772_442_927).unwrap());
    let reply = tenant.post("event-streams", &webhook("crm-sync", &bearer()));
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    let id = reply.json["id"].as_str().unwrap();
    assert_eq!(
        reply.text,
        format!(
            r#"{{"id":"{id}","status":"enabled","name":"crm-sync","subscriptions":[{{"event_type":"user.created"}},{{"event_type":"user.updated"}}],"created_at":"2026-03-02T09:15:27.000Z","updated_at":"2026-03-02T09:15:27.000Z","destination":{{"type":"webhook","configuration":{{"webhook_endpoint":"https://hooks.example.com/auth0","webhook_authorization":{{"method":"bearer"}}}}}}}}"#
        )
    );
    let stored = tenant.auth0.event_stream(id).unwrap();
    assert_eq!(stored.secret(), Some("s3cr3t-token"));
    assert!(!format!("{stored:?}").contains("s3cr3t"));
}

#[test]
fn the_other_authorizations_come_back_without_their_secrets() {
    let tenant = Tenant::new();
    for (sent, want) in [
        (
            json!({"method": "basic", "username": "hook", "password": "s3cr3t"}),
            r#""webhook_authorization":{"method":"basic","username":"hook"}"#,
        ),
        (
            json!({"method": "custom_header", "header_key": "x-hook-secret", "header_value": "s3cr3t"}),
            r#""webhook_authorization":{"method":"custom_header","header_key":"x-hook-secret"}"#,
        ),
    ] {
        let reply = tenant.post("event-streams", &webhook(want, &sent));
        assert!(reply.text.contains(want), "{}", reply.text);
        let stored = tenant.auth0.event_stream(reply.json["id"].as_str().unwrap()).unwrap();
        assert_eq!(stored.secret(), Some("s3cr3t"));
    }
}

#[test]
fn an_eventbridge_stream_gets_a_partner_event_source_of_the_tenant() {
    let tenant = Tenant::new();
    let reply = tenant.post("event-streams", &eventbridge("audit-bus"));
    let source = "/destination/configuration/aws_partner_event_source";
    let source = reply.json.pointer(source).unwrap().as_str().unwrap();
    let uuid = source.strip_prefix("aws.partner/auth0.com/acme-dev-").unwrap();
    assert_eq!(uuid.strip_suffix("/auth0.events").unwrap().len(), 36);
    let want = format!(
        r#""destination":{{"type":"eventbridge","configuration":{{"aws_region":"eu-west-1","aws_account_id":"123456789012","aws_partner_event_source":"{source}"}}}}}}"#
    );
    assert!(reply.text.ends_with(&want), "{}", reply.text);
}

#[test]
fn an_action_stream_names_a_deployed_action_of_its_trigger() {
    let tenant = Tenant::new();
    let deployed = tenant.auth0.create_deployed_action(None, "forward").id;
    let draft =
        json!({"name": "draft", "supported_triggers": [{"id": "event-stream", "version": "v1"}]});
    let draft = tenant.post("actions/actions", &draft).json["id"].as_str().unwrap().to_owned();
    let login = json!({"name": "login", "supported_triggers": [{"id": "post-login", "version": "v3"}], "deploy": true});
    let login = tenant.post("actions/actions", &login).json["id"].as_str().unwrap().to_owned();
    assert_eq!(tenant.get(&format!("actions/actions/{login}")).status, 200);
    for (action, refusal) in [
        ("6f0d1c1e-6c0b-4b0e-9a52-3f1d6f5b7a10", "The action does not exist."),
        (&draft, "The action is not deployed."),
        (&login, "The action does not support the trigger event-stream."),
    ] {
        let reply = tenant.post("event-streams", &action_stream("act", action));
        reply.refuses(400, refusal, Some("invalid_body"));
    }
    let reply = tenant.post("event-streams", &action_stream("act", &deployed));
    assert_eq!(reply.status, 201);
    assert_eq!(
        reply.json["destination"],
        json!({"type": "action", "configuration": {"action_id": deployed}})
    );
}

#[test]
fn every_official_region_and_event_type_is_accepted() {
    let tenant = Tenant::new();
    let regions = "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 \
         ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 \
         ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 \
         eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 \
         me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 \
         us-gov-west-1 us-west-1 us-west-2";
    for region in regions.split(' ') {
        let pointer = "/destination/configuration/aws_region";
        tenant.create(&with(eventbridge(region), pointer, Some(region.into())));
    }
    assert_eq!(tenant.auth0.event_streams().len(), 36);
    let types = "user.created user.updated user.deleted organization.created organization.updated \
         organization.deleted organization.member.added organization.member.deleted \
         organization.member.role.assigned organization.member.role.deleted \
         organization.connection.added organization.connection.updated \
         organization.connection.removed group.created group.updated group.deleted \
         group.member.added group.member.deleted group.role.assigned group.role.deleted \
         organization.group.role.assigned organization.group.role.deleted connection.created \
         connection.updated connection.deleted";
    let subscriptions: Vec<_> =
        types.split(' ').map(|event_type| json!({"event_type": event_type})).collect();
    assert_eq!(subscriptions.len(), 25);
    let body = with(eventbridge("all"), "/subscriptions", Some(subscriptions.clone().into()));
    assert_eq!(tenant.post("event-streams", &body).json["subscriptions"], json!(subscriptions));
}

#[test]
fn a_body_that_does_not_fit_the_schema_is_refused() {
    let tenant = Tenant::new();
    let base = || webhook("crm-sync", &bearer());
    let name = "on property name (Name of the event stream).";
    let subscriptions =
        "on property subscriptions (List of event types subscribed to in this stream).";
    for (pointer, value, want) in [
        ("/name", None, "'Missing required property: name'.".to_owned()),
        ("/subscriptions", None, "'Missing required property: subscriptions'.".to_owned()),
        ("/destination", None, "'Missing required property: destination'.".to_owned()),
        ("/id", Some(json!("est_1")), "'Additional properties not allowed: id'.".to_owned()),
        ("/created_at", Some(json!("")), "'Additional properties not allowed: created_at'.".into()),
        ("/updated_at", Some(json!("")), "'Additional properties not allowed: updated_at'.".into()),
        ("/name", Some(json!("")), format!("'String is too short (0 chars), minimum 1' {name}")),
        (
            "/name",
            Some(json!("x".repeat(129))),
            format!("'String is too long (129 chars), maximum 128' {name}"),
        ),
        ("/name", Some(json!(1)), format!("'Expected type string but found type integer' {name}")),
        ("/name", Some(json!(null)), format!("'Expected type string but found type null' {name}")),
        (
            "/status",
            Some(json!("paused")),
            "'No enum match for: paused' on property status.".into(),
        ),
        (
            "/status",
            Some(json!(true)),
            "'Expected type string but found type boolean' on property status.".into(),
        ),
        (
            "/subscriptions",
            Some(json!([])),
            format!("'Array is too short (0), minimum 1' {subscriptions}"),
        ),
        (
            "/subscriptions",
            Some(json!("user.created")),
            format!("'Expected type array but found type string' {subscriptions}"),
        ),
        (
            "/subscriptions",
            Some(json!(["user.created"])),
            "'Expected type object but found type string' on property subscriptions[0].".into(),
        ),
        (
            "/subscriptions",
            Some(json!([{"event_type": "user.created", "filter": "x"}])),
            "'Additional properties not allowed: filter' on property subscriptions[0].".into(),
        ),
        (
            "/subscriptions",
            Some(json!([{"event_type": "user.created"}, {"event_type": "user.create"}])),
            "'No enum match for: user.create' on property subscriptions[1].event_type.".into(),
        ),
        ("/destination", Some(json!("https://hooks.example.com")), NO_MATCH.into()),
    ] {
        let reply = tenant.post("event-streams", &with(base(), pointer, value));
        reply.refuses_body(&want);
    }
    assert!(tenant.auth0.event_streams().is_empty());
}

#[test]
fn a_fault_inside_the_destination_shows_only_as_no_match() {
    let tenant = Tenant::new();
    let webhook_endpoint = "/destination/configuration/webhook_endpoint";
    let authorization = "/destination/configuration/webhook_authorization";
    for (pointer, value) in [
        ("/destination/type", Some(json!("sqs"))),
        ("/destination/type", Some(json!("eventbridge"))),
        ("/destination/type", None),
        ("/destination/configuration", None),
        ("/destination/extra", Some(json!(1))),
        ("/destination/configuration/extra", Some(json!(1))),
        (webhook_endpoint, None),
        (webhook_endpoint, Some(json!("http://hooks.example.com"))),
        (webhook_endpoint, Some(json!("hooks.example.com"))),
        (webhook_endpoint, Some(json!("HTTPS://hooks.example.com"))),
        (webhook_endpoint, Some(json!(null))),
        (authorization, None),
        (authorization, Some(json!({}))),
        (authorization, Some(json!({"method": "none"}))),
        (authorization, Some(json!({"method": "bearer"}))),
        (authorization, Some(json!({"method": "bearer", "token": ""}))),
        (authorization, Some(json!({"method": "bearer", "token": null}))),
        (authorization, Some(json!({"method": "bearer", "token": 5}))),
        (authorization, Some(json!({"method": "bearer", "token": "t", "username": "u"}))),
        (authorization, Some(json!({"method": "bearer", "token": "t", "password": null}))),
        (authorization, Some(json!({"method": "basic", "username": "u"}))),
        (authorization, Some(json!({"method": "basic", "password": "p"}))),
        (authorization, Some(json!({"method": "basic", "username": "", "password": "p"}))),
        (authorization, Some(json!({"method": "basic", "username": "a:b", "password": "p"}))),
        (
            authorization,
            Some(json!({"method": "basic", "username": "u".repeat(129), "password": "p"})),
        ),
        (
            authorization,
            Some(json!({"method": "basic", "username": "u", "password": "p", "token": "t"})),
        ),
        (authorization, Some(json!({"method": "custom_header", "header_key": "k"}))),
        (authorization, Some(json!({"method": "custom_header", "header_value": "v"}))),
        (
            authorization,
            Some(json!({"method": "custom_header", "header_key": "", "header_value": "v"})),
        ),
        (
            authorization,
            Some(json!({"method": "custom_header", "header_key": "a b", "header_value": "v"})),
        ),
        (
            authorization,
            Some(json!({"method": "custom_header", "header_key": "k:", "header_value": "v"})),
        ),
    ] {
        let body = with(webhook("crm-sync", &bearer()), pointer, value);
        tenant.post("event-streams", &body).refuses_body(NO_MATCH);
    }
    let account = "/destination/configuration/aws_account_id";
    let region = "/destination/configuration/aws_region";
    let source = "/destination/configuration/aws_partner_event_source";
    for (pointer, value) in [
        (account, None),
        (account, Some(json!(123_456_789_012_u64))),
        (account, Some(json!("12345678901"))),
        (account, Some(json!("1234567890123"))),
        (account, Some(json!("12345678901a"))),
        (region, None),
        (region, Some(json!("eu-west-9"))),
        (region, Some(json!("EU-WEST-1"))),
        (source, Some(json!("aws.partner/auth0.com/x/auth0.events"))),
    ] {
        let body = with(eventbridge("audit-bus"), pointer, value);
        tenant.post("event-streams", &body).refuses_body(NO_MATCH);
    }
    for configuration in [json!({}), json!({"action_id": 1}), json!({"action_id": "a", "b": 1})] {
        let body = action_stream("act", "x");
        let body = with(body, "/destination/configuration", Some(configuration));
        tenant.post("event-streams", &body).refuses_body(NO_MATCH);
    }
}

#[test]
fn limits_are_counted_in_characters() {
    let tenant = Tenant::new();
    tenant.create(&webhook(&"ä".repeat(128), &bearer()));
    let username = "ü".repeat(128);
    let basic = json!({"method": "basic", "username": username, "password": "p"});
    tenant.create(&webhook("basic", &basic));
}

#[test]
fn a_used_name_is_a_conflict_until_its_stream_is_deleted() {
    let tenant = Tenant::new();
    let id = tenant.create(&webhook("crm-sync", &bearer()));
    let taken = "An event stream with this name already exists.";
    tenant.post("event-streams", &eventbridge("crm-sync")).refuses(409, taken, None);
    tenant.create(&eventbridge("CRM-sync"));
    assert_eq!(tenant.delete(&format!("event-streams/{id}")).status, 204);
    tenant.create(&eventbridge("crm-sync"));

    let tenant = Tenant::switched(|switches| switches.compare_names = CompareNames::WithoutCase);
    tenant.create(&webhook("crm-sync", &bearer()));
    tenant.post("event-streams", &eventbridge("CRM-Sync")).refuses(409, taken, None);
}

#[test]
fn a_full_tenant_is_a_conflict() {
    let tenant = Tenant::with(|settings| settings.max_event_streams = Some(2));
    let id = tenant.create(&eventbridge("a"));
    tenant.create(&eventbridge("b"));
    let full = "The maximum number of event streams has been reached.";
    tenant.post("event-streams", &eventbridge("c")).refuses(409, full, None);
    tenant.delete(&format!("event-streams/{id}"));
    tenant.create(&eventbridge("c"));
}

#[test]
fn a_status_is_honoured_and_has_a_default() {
    let disabled = with(eventbridge("a"), "/status", Some(json!("disabled")));
    for (default, body, want) in [
        (DefaultStatus::Enabled, eventbridge("a"), Status::Enabled),
        (DefaultStatus::Disabled, eventbridge("a"), Status::Disabled),
        (DefaultStatus::Enabled, disabled, Status::Disabled),
    ] {
        let tenant = Tenant::switched(|switches| switches.default_status = default);
        let id = tenant.create(&body);
        assert_eq!(tenant.auth0.event_stream(&id).unwrap().status, want, "{default:?}");
    }
}

#[test]
fn unknown_event_types_are_accepted_by_a_switch() {
    let body =
        with(eventbridge("a"), "/subscriptions", Some(json!([{"event_type": "moon.rises"}])));
    let unknown = "'No enum match for: moon.rises' on property subscriptions[0].event_type.";
    Tenant::new().post("event-streams", &body).refuses_body(unknown);
    Tenant::switched(|switches| switches.unknown_event_type = UnknownEventType::Accept)
        .create(&body);
}

#[test]
fn repeated_event_types_are_kept_dropped_or_refused() {
    let sent = json!([{"event_type": "user.updated"}, {"event_type": "user.created"}, {"event_type": "user.updated"}]);
    let body = with(eventbridge("a"), "/subscriptions", Some(sent.clone()));
    for (switch, want) in [
        (RepeatedEventType::Keep, Some(sent)),
        (
            RepeatedEventType::Drop,
            Some(json!([{"event_type": "user.updated"}, {"event_type": "user.created"}])),
        ),
        (RepeatedEventType::Refuse, None),
    ] {
        let tenant = Tenant::switched(|switches| switches.repeated_event_type = switch);
        let reply = tenant.post("event-streams", &body);
        match want {
            Some(want) => assert_eq!(reply.json["subscriptions"], want),
            None => reply.refuses_body(
                "'Array items are not unique (indexes 0 and 2)' on property subscriptions (List of \
                 event types subscribed to in this stream).",
            ),
        }
    }
}

#[test]
fn subscriptions_come_back_as_sent_or_sorted() {
    let sent = json!([{"event_type": "user.updated"}, {"event_type": "group.created"}]);
    let sorted = json!([{"event_type": "group.created"}, {"event_type": "user.updated"}]);
    let body = with(eventbridge("a"), "/subscriptions", Some(sent.clone()));
    for (order, want) in [(SubscriptionsOrder::AsSent, sent), (SubscriptionsOrder::Sorted, sorted)]
    {
        let tenant = Tenant::switched(|switches| switches.subscriptions_order = order);
        let reply = tenant.post("event-streams", &body);
        assert_eq!(reply.json["subscriptions"], want);
        let id = reply.json["id"].as_str().unwrap();
        let got = tenant.get(&format!("event-streams/{id}"));
        assert_eq!(got.json["subscriptions"], want);
        assert_eq!(tenant.get("event-streams").json["eventStreams"][0]["subscriptions"], want);
    }
}

#[test]
fn an_incomplete_stream_is_accepted_by_a_switch() {
    let tenant = Tenant::switched(|switches| switches.create_incomplete = CreateIncomplete::Accept);
    for _ in 0..2 {
        let reply =
            tenant.post("event-streams", &json!({"destination": eventbridge("")["destination"]}));
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!(reply.json["name"], "");
        assert_eq!(reply.json["subscriptions"], json!([]));
    }
    tenant
        .post("event-streams", &json!({}))
        .refuses_body("'Missing required property: destination'.");
}

#[test]
fn empty_secrets_are_accepted_by_a_switch() {
    let tenant = Tenant::switched(|switches| switches.empty_secret = EmptySecret::Accept);
    let id = tenant.create(&webhook("a", &json!({"method": "bearer", "token": ""})));
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().secret(), Some(""));
}

#[test]
fn a_second_stream_to_the_same_bus_or_action_is_refused_by_a_switch() {
    let tenant = Tenant::new();
    let action = tenant.auth0.create_deployed_action(None, "forward").id;
    for name in ["a", "b"] {
        tenant.create(&eventbridge(name));
        tenant.create(&action_stream(&format!("{name} act"), &action));
    }
    tenant.auth0.change_settings(|settings| {
        settings.switches.same_event_bus = SameEventBus::Refuse;
        settings.switches.shared_action = SharedAction::Refuse;
    });
    tenant.post("event-streams", &eventbridge("c")).refuses(
        409,
        "An event stream to this AWS account and region exists.",
        None,
    );
    tenant.post("event-streams", &action_stream("c", &action)).refuses(
        400,
        "The action is used by another event stream.",
        Some("invalid_body"),
    );
    let region = "/destination/configuration/aws_region";
    tenant.create(&with(eventbridge("c"), region, Some(json!("eu-west-2"))));
}
