//! Actions: drafts, secrets, deployment, deletion.

use super::super::switches::DeployAnswer;
use super::super::testing::{Tenant, action_stream};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::OffsetDateTime;

fn draft(name: &str) -> Value {
    json!({
        "name": name,
        "supported_triggers": [{"id": "event-stream", "version": "v1"}],
        "code": "exports.onExecuteEventStream = async (event, api) => {};",
    })
}

fn create(tenant: &Tenant, body: &Value) -> String {
    let reply = tenant.post("actions/actions", body);
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json["id"].as_str().unwrap().to_owned()
}

/// One member of a body, as a body.
fn body_of(body: &Value, name: &str) -> Value {
    json!({name: body[name]})
}

fn tenant() -> Tenant {
    let tenant = Tenant::new();
    let start = OffsetDateTime::from_unix_timestamp_nanos(1_772_442_927_041_882_169).unwrap();
    tenant.auth0.freeze_clock(start);
    tenant
}

#[test]
fn a_new_action_is_pending_and_built_when_asked_for() {
    let tenant = tenant();
    let reply = tenant.post("actions/actions", &draft("forward-events"));
    let id = reply.json["id"].as_str().unwrap();
    let time = "2026-03-02T09:15:27.041882169Z";
    let want = |status: &str| {
        format!(
            r#"{{"id":"{id}","name":"forward-events","supported_triggers":[{{"id":"event-stream","version":"v1"}}],"created_at":"{time}","updated_at":"{time}","code":"exports.onExecuteEventStream = async (event, api) => {{}};","dependencies":[],"runtime":"node22","status":"{status}","secrets":[],"all_changes_deployed":false}}"#
        )
    };
    assert_eq!((reply.status, reply.text), (201, want("pending")));
    assert_eq!(tenant.get(&format!("actions/actions/{id}")).text, want("built"));
}

#[test]
fn only_a_built_draft_is_deployed() {
    let tenant = tenant();
    let id = create(&tenant, &draft("forward-events"));
    let (path, deploy) = (format!("actions/actions/{id}"), format!("actions/actions/{id}/deploy"));
    let not_built = "A draft must be in the 'built' state before it can be deployed.";
    tenant.call("POST", &deploy, "null").refuses(400, not_built, None);
    tenant.get(&path);
    let reply = tenant.call("POST", &deploy, "");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json["number"], 1);
    assert_eq!(reply.json["deployed"], false);
    assert_eq!(reply.json["status"], "built");
    assert_eq!(reply.json["action"]["id"], id.as_str());
    let version = &reply.json["id"];
    let action = tenant.get(&path).json;
    assert_eq!(&action["deployed_version"]["id"], version);
    assert_eq!(action["deployed_version"]["deployed"], true);
    assert_eq!(action["current_version"]["status"], "BUILT");
    assert_eq!(action["all_changes_deployed"], true);

    // A change leaves what is deployed alone, and is built anew.
    let changed = tenant.patch(&path, &json!({"code": "// new"})).json;
    assert_eq!(changed["status"], "pending");
    assert_eq!(changed["all_changes_deployed"], false);
    assert_eq!(&changed["deployed_version"]["id"], version);
    tenant.call("POST", &deploy, "").refuses(400, not_built, None);
    tenant.get(&path);
    tenant
        .auth0
        .change_settings(|settings| settings.switches.deploy_answer = DeployAnswer::Accepted);
    let reply = tenant.call("POST", &deploy, "{}");
    assert_eq!((reply.status, &reply.json["number"]), (202, &json!(2)));
}

#[test]
fn an_action_may_be_deployed_from_the_start() {
    let tenant = tenant();
    let mut body = draft("forward-events");
    body["deploy"] = json!(true);
    let id = create(&tenant, &body);
    let reply = tenant.post("event-streams", &action_stream("a", &id));
    reply.refuses(400, "The action is not deployed.", Some("invalid_body"));
    let action = tenant.get(&format!("actions/actions/{id}")).json;
    assert_eq!(action["deployed_version"]["number"], 1);
    tenant.create(&action_stream("a", &id));
}

#[test]
fn the_values_of_secrets_are_stored_and_never_shown() {
    let tenant = tenant();
    let mut body = draft("forward-events");
    body["secrets"] = json!([{"name": "K", "value": "s3cr3t"}]);
    let id = create(&tenant, &body);
    let path = format!("actions/actions/{id}");
    let shown = tenant.get(&path);
    let secrets = json!([{"name": "K", "updated_at": "2026-03-02T09:15:27.041882169Z"}]);
    assert_eq!(shown.json["secrets"], secrets);
    let stored = &tenant.auth0.actions()[0];
    assert_eq!(stored.draft.secrets[0].value.expose_secret(), "s3cr3t");
    assert!(!format!("{stored:?}").contains("s3cr3t"));
    let two = json!({"secrets": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]});
    let names = tenant.patch(&path, &two).json["secrets"].clone();
    assert_eq!((&names[0]["name"], &names[1]["name"]), (&json!("B"), &json!("A")));
    tenant.patch(&path, &body_of(&body, "secrets"));
    // Kept when left out, cleared by an empty list.
    assert_eq!(tenant.patch(&path, &json!({"name": "x"})).json["secrets"], secrets);
    assert_eq!(tenant.patch(&path, &json!({"secrets": []})).json["secrets"], json!([]));
}

#[test]
fn a_body_that_does_not_fit_is_refused() {
    let tenant = tenant();
    let id = create(&tenant, &draft("forward-events"));
    let path = format!("actions/actions/{id}");
    for (body, what) in [
        (json!({"status": "built"}), "'Additional properties not allowed: status'."),
        (json!({"deploy": true}), "'Additional properties not allowed: deploy'."),
        (
            json!({"supported_triggers": []}),
            "'Array is too short (0), minimum 1' on property supported_triggers.",
        ),
        (
            json!({"secrets": [{"name": "K"}]}),
            "'Missing required property: value' on property secrets[0].",
        ),
        (
            json!({"dependencies": [{"name": "lodash"}]}),
            "'Missing required property: version' on property dependencies[0].",
        ),
    ] {
        tenant.patch(&path, &body).refuses_body(what);
    }
    tenant.post("actions/actions", &json!({})).refuses_body(
        "'Missing required property: name'. (also) Payload validation error: 'Missing required \
         property: supported_triggers'.",
    );
    for (body, message) in [
        (
            json!({"runtime": "node18"}),
            "The runtime node18 is not supported by the trigger event-stream.",
        ),
        (
            json!({"supported_triggers": [{"id": "event-stream", "version": "v2"}]}),
            "The trigger event-stream v2 does not exist.",
        ),
    ] {
        tenant.patch(&path, &body).refuses(400, message, Some("invalid_body"));
    }
}

#[test]
fn an_action_in_use_is_deleted_only_by_force() {
    let tenant = tenant();
    let id = tenant.auth0.create_deployed_action(None, "forward-events").id;
    tenant.create(&action_stream("a", &id));
    let path = format!("actions/actions/{id}");
    let bound = "Unable to delete an action bound to a trigger.";
    tenant.delete(&path).refuses(409, bound, None);
    tenant.delete(&format!("{path}?force=1")).refuses(
        400,
        "Query validation error: 'Expected type boolean but found type string' on property force.",
        Some("invalid_query_string"),
    );
    assert_eq!(tenant.delete(&format!("{path}?force=true")).status, 204);
    for method in ["GET", "PATCH", "DELETE"] {
        let body = if method == "PATCH" { "{}" } else { "" };
        tenant.call(method, &path, body).refuses(404, "That action does not exist.", None);
    }
    let deploy = tenant.call("POST", &format!("{path}/deploy"), "");
    deploy.refuses(404, "That action does not exist.", None);
}

#[test]
fn a_list_has_totals_and_filters() {
    let tenant = tenant();
    let login =
        json!({"name": "login", "supported_triggers": [{"id": "post-login", "version": "v3"}]});
    create(&tenant, &login);
    tenant.auth0.create_deployed_action(None, "forward-events");
    let list = |query: &str| tenant.get(&format!("actions/actions{query}"));
    let all = list("").json;
    assert_eq!((&all["total"], &all["page"], &all["per_page"]), (&json!(2), &json!(0), &json!(20)));
    for (query, want) in [
        ("?triggerId=post-login", &["login"][..]),
        ("?actionName=forward-events", &["forward-events"]),
        ("?deployed=true", &["forward-events"]),
        ("?deployed=false", &["login"]),
        ("?installed=true", &[]),
        ("?page=1&per_page=1", &["forward-events"]),
    ] {
        let listed = list(query).json;
        let names: Vec<_> = listed["actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, want, "{query}");
    }
    let message = "Query validation error: 'Additional properties not allowed: include_totals'.";
    list("?include_totals=true").refuses(400, message, Some("invalid_query_string"));
}

#[test]
fn a_trigger_has_at_most_twenty_actions() {
    let tenant = tenant();
    for index in 0..20 {
        create(&tenant, &draft(&format!("action {index}")));
    }
    tenant.post("actions/actions", &draft("one too many")).refuses(
        403,
        "You reached the limit of entities of this type for this tenant.",
        Some("too_many_entities"),
    );
}

#[test]
fn the_trigger_of_event_streams_is_listed_and_has_no_bindings() {
    let tenant = tenant();
    let triggers = tenant.get("actions/triggers").json["triggers"].clone();
    let want = json!({"id": "event-stream", "version": "v1", "status": "CURRENT", "runtimes": ["node22"], "default_runtime": "node22", "binding_policy": "entity-bound", "compatible_triggers": []});
    assert!(triggers.as_array().unwrap().contains(&want));
    let bindings = |path: &str| tenant.get(&format!("actions/triggers/{path}"));
    assert_eq!(bindings("event-stream/bindings").text, r#"{"bindings":[],"per_page":50}"#);
    assert_eq!(
        bindings("post-login/bindings?page=1&per_page=100").text,
        r#"{"bindings":[],"page":1,"per_page":100}"#
    );
    assert_eq!(bindings("moon-rise/bindings").status, 404);
}
