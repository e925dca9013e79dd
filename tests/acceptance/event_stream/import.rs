//! Taking existing streams under management.

use std::fs;

use serde_json::{Value as Json, json};

use super::{ENDPOINT, eventbridge, eventbridge_body, webhook, with_authorization};
use crate::support::terraform::{Acceptance, Message};

fn bearer_stream(acc: &Acceptance) -> String {
    let body = json!({
        "name": "orders",
        "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
        "destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": ENDPOINT,
            "webhook_authorization": {"method": "bearer", "token": "made-by-hand"},
        }},
    });
    acc.auth0.create_event_stream(&body).unwrap().id
}

fn import_block(id: &str) -> String {
    format!("import {{\n  to = auth0_event_stream.it\n  id = {id:?}\n}}\n")
}

const WITHOUT_SECRET: &str = "method = \"bearer\"";

#[test]
fn an_import_without_a_configured_secret_plans_nothing_and_says_nothing() {
    let acc = Acceptance::start();
    let id = bearer_stream(&acc);
    let hcl = with_authorization("orders", ENDPOINT, WITHOUT_SECRET);
    let plan = acc.apply(&(hcl + &import_block(&id)));
    assert_eq!(plan.actions("it"), "no-op");
    assert!(plan.run.messages().is_empty(), "{:?}", plan.run.messages());
    let stream = acc.auth0.event_stream(&id).unwrap();
    assert_eq!(stream.secret(), Some("made-by-hand"));
}

#[test]
fn an_import_with_a_version_sends_the_secret_once_and_says_so() {
    let acc = Acceptance::start();
    let id = bearer_stream(&acc);
    let plan = acc.apply(&(webhook("orders", ENDPOINT, "from-now-on", 1) + &import_block(&id)));
    assert_eq!(plan.actions("it"), "update");
    assert_eq!(plan.warnings(), [r#"The secret of event stream "orders" will be sent"#]);
    assert_eq!(acc.bodies("PATCH").len(), 1);
    assert!(acc.bodies("PATCH")[0].get("name").is_none());
    let stream = acc.auth0.event_stream(&id).unwrap();
    assert_eq!(stream.secret(), Some("from-now-on"));
}

#[test]
fn the_command_imports_what_the_block_imports() {
    let acc = Acceptance::start();
    let id = bearer_stream(&acc);
    acc.configure(&with_authorization("orders", ENDPOINT, WITHOUT_SECRET));
    acc.run(&["import", "-input=false", "auth0_event_stream.it", &id]).ok();
    acc.assert_settled();
    let stored = acc.stored("it");
    assert_eq!(stored["name"], "orders");
    assert_eq!(stored["webhook_configuration"][0]["webhook_authorization"][0]["method"], "bearer");
    // What Terraform verifies: an import gives what create has stored, secrets aside.
    let mut created = Acceptance::start();
    created.set("TF_CLI_ARGS", "-no-color");
    created.apply(&with_authorization("orders", ENDPOINT, "method = \"bearer\"\n token = \"t\""));
    let without = |mut stored: Json| {
        let members = stored.as_object_mut().unwrap();
        for volatile in ["id", "created_at", "updated_at"] {
            members.remove(volatile);
        }
        stored["webhook_configuration"][0]["webhook_authorization"][0]["token"] = Json::Null;
        stored
    };
    assert_eq!(without(stored), without(created.stored("it")));
}

#[test]
fn an_eventbridge_stream_is_imported_with_its_source() {
    let acc = Acceptance::start();
    let id = acc.auth0.create_event_stream(&eventbridge_body("audit")).unwrap().id;
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.run(&["import", "-input=false", "auth0_event_stream.it", &id]).ok();
    let source = &acc.stored("it")["eventbridge_configuration"][0]["aws_partner_event_source"];
    assert!(source.as_str().unwrap().starts_with("aws.partner/auth0.com/"));
    acc.apply(&eventbridge("audit", "eu-west-1"));
    assert!(acc.bodies("PATCH").is_empty());
}

/// Everything but the secret comes from Auth0, for every kind of destination.
#[test]
fn every_kind_of_stream_is_imported_and_plans_nothing() {
    let acc = Acceptance::start();
    let action = acc.auth0.create_deployed_action(None, "forward").id;
    let webhook = |authorization: Json| {
        json!({"type": "webhook", "configuration": {
            "webhook_endpoint": ENDPOINT, "webhook_authorization": authorization,
        }})
    };
    for (name, destination, hcl) in [
        (
            "basic",
            webhook(json!({"method": "basic", "username": "hook", "password": "p"})),
            with_authorization("basic", ENDPOINT, "method = \"basic\"\n username = \"hook\""),
        ),
        (
            "header",
            webhook(
                json!({"method": "custom_header", "header_key": "X-Hook", "header_value": "v"}),
            ),
            with_authorization(
                "header",
                ENDPOINT,
                "method = \"custom_header\"\n header_key = \"x-hook\"",
            ),
        ),
        (
            "action",
            json!({"type": "action", "configuration": {"action_id": action}}),
            super::action("action", &action),
        ),
    ] {
        let body = json!({
            "name": name, "status": "disabled", "destination": destination,
            "subscriptions": [{"event_type": "user.updated"}, {"event_type": "user.created"}],
        });
        let id = acc.auth0.create_event_stream(&body).unwrap().id;
        let hcl = hcl.replace("[\"user.created\"]", "[\"user.created\", \"user.updated\"]");
        acc.configure(&(hcl + &import_block(&id)));
        let plan = acc.plan();
        assert_eq!(plan.actions("it"), "no-op", "{name}");
        assert!(plan.run.messages().is_empty(), "{name}: {:?}", plan.run.messages());
        acc.apply_plan().ok();
        acc.assert_settled();
        assert_eq!(acc.stored("it")["status"], "disabled", "{name}");
        acc.run(&["state", "rm", "auth0_event_stream.it"]).ok();
    }
    assert!(acc.bodies("PATCH").is_empty());
}

/// The state cannot tell whether Auth0 holds the same one.
#[test]
fn an_import_with_a_plain_secret_sends_it_once_and_says_so() {
    let acc = Acceptance::start();
    let id = bearer_stream(&acc);
    let hcl = with_authorization("orders", ENDPOINT, "method = \"bearer\"\n token = \"plain\"");
    let plan = acc.apply(&(hcl + &import_block(&id)));
    assert_eq!(plan.actions("it"), "update");
    let [warning] = &plan.run.warnings()[..] else { panic!("{:?}", plan.run.messages()) };
    assert_eq!(warning.summary, r#"The secret of event stream "orders" will be sent"#);
    // Not at the line of the secret, which core would print.
    assert!(warning.code.contains("webhook_authorization {"), "{}", warning.code);
    assert_eq!(acc.bodies("PATCH").len(), 1);
}

/// Well-formed for us, malformed for Auth0: either way there is no such stream.
#[test]
fn an_id_that_only_auth0_knows_to_be_malformed_does_not_exist() {
    let acc = Acceptance::start();
    let id = "est_0000000000000000000000";
    acc.configure(&(eventbridge("audit", "eu-west-1") + &import_block(id)));
    let errors = acc.plan().run.errors();
    assert_eq!(errors[0].summary, format!("There is no event stream {id:?}"));
    assert!(errors[0].detail.contains("400"), "{}", errors[0].detail);
}

#[test]
fn the_command_refuses_what_the_block_refuses() {
    let acc = Acceptance::start();
    acc.configure(&eventbridge("audit", "eu-west-1"));
    for (id, text) in [
        ("orders", "is not the id of an event stream"),
        ("est_4Kq7WnXy2bVt9RmHc3PzLd", "There is no event stream"),
    ] {
        let run = acc.run(&["import", "-input=false", "-no-color", "auth0_event_stream.it", id]);
        run.assert_code(&[1]);
        assert!(run.printed().contains(text), "{}", run.printed());
    }
    assert!(acc.state_text().is_empty());
}

#[test]
fn ids_that_cannot_be_are_named_with_their_form() {
    let acc = Acceptance::start();
    for id in ["orders", "est_123", "est_4Kq7WnXy2bVt9RmHc3Pz__", "lst_0000000000030412"] {
        acc.configure(&(eventbridge("audit", "eu-west-1") + &import_block(id)));
        let plan = acc.plan();
        plan.run.assert_code(&[1]);
        let error = &plan.run.errors()[0];
        assert_eq!(error.summary, format!("{id:?} is not the id of an event stream"));
        assert!(error.detail.contains("est_ and 22 letters or digits"), "{}", error.detail);
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn an_id_that_does_not_exist_is_an_error() {
    let acc = Acceptance::start();
    let id = "est_4Kq7WnXy2bVt9RmHc3PzLd";
    acc.configure(&(eventbridge("audit", "eu-west-1") + &import_block(id)));
    let errors = acc.plan().run.errors();
    assert_eq!(errors[0].summary, format!("There is no event stream {id:?}"));
    assert!(errors[0].detail.contains("404"), "{}", errors[0].detail);
    assert!(acc.state_text().is_empty());
}

/// Core writes null for a secret; nothing needs one until the destination changes.
#[test]
fn a_generated_configuration_plans_the_import_and_nothing_else() {
    let mut acc = Acceptance::start();
    let id = bearer_stream(&acc);
    acc.configure(&import_block(&id));
    acc.plan_with("-generate-config-out=generated.tf");
    acc.plan().run.assert_code(&[0, 2]);
    acc.plan_plainly();
    let plan = acc.plan();
    assert_eq!(plan.actions("it"), "no-op");
    let generated = fs::read_to_string(acc.folder().join("generated.tf")).unwrap();
    assert!(generated.contains("webhook_authorization"), "{generated}");
    acc.apply_plan().ok();
    acc.assert_settled();
}

#[test]
fn a_name_in_place_of_an_id_is_enough() {
    let acc = Acceptance::start();
    let id = bearer_stream(&acc);
    let hcl = with_authorization("orders", ENDPOINT, WITHOUT_SECRET);
    acc.configure(&(hcl.clone() + &import_block("name:orders")));
    let plan = acc.plan();
    assert_eq!(plan.actions("it"), "no-op");
    acc.apply_plan().ok();
    assert_eq!(acc.stored("it")["id"], id);
    acc.run(&["state", "rm", "auth0_event_stream.it"]).ok();
    acc.configure(&hcl);
    acc.run(&["import", "-input=false", "auth0_event_stream.it", "name:orders"]).ok();
    assert_eq!(acc.stored("it")["id"], id);
    acc.assert_settled();
}

/// What the plan of an import by this id ends with, in a tenant that has the stream "orders".
fn refused_import(id: &str) -> Message {
    let acc = Acceptance::start();
    bearer_stream(&acc);
    let hcl = with_authorization("orders", ENDPOINT, WITHOUT_SECRET);
    acc.configure(&(hcl + &import_block(id)));
    let run = acc.plan().run;
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    error.clone()
}

#[test]
fn a_name_that_no_stream_has_is_refused_with_the_nearest() {
    let error = refused_import("name:oders");
    assert_eq!(error.summary, "There is no event stream named \"oders\"");
    assert!(error.detail.contains("The nearest name is \"orders\"."), "{}", error.detail);
}

#[test]
fn an_empty_name_is_told_as_such() {
    let error = refused_import("name:");
    assert_eq!(error.summary, "The name of the event stream is empty");
}
