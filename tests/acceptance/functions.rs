//! The functions, called by a real core. None of them needs Auth0.

use serde_json::{Value as Json, json};

use crate::support::terraform::{Acceptance, Message};

/// What the plan knows of the value of an expression, in which functions are called `auth0::name`.
#[track_caller]
fn value(acc: &Acceptance, expression: &str) -> Json {
    acc.configure(&output(expression));
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    plan.json["planned_values"]["outputs"]["it"]["value"].clone()
}

/// The one error of an expression.
#[track_caller]
fn error(acc: &Acceptance, expression: &str) -> Message {
    acc.configure(&output(expression));
    let plan = acc.plan();
    plan.run.assert_code(&[1]);
    let errors = plan.run.errors();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    error.clone()
}

fn output(expression: &str) -> String {
    format!(
        "output \"it\" {{\n  value = {}\n}}\n",
        expression.replace("auth0::", "provider::auth0::")
    )
}

#[test]
fn event_types_lists_what_fits_a_pattern() {
    let acc = Acceptance::start();
    let users = json!(["user.created", "user.deleted", "user.updated"]);
    for (expression, want) in [
        ("auth0::event_types(\"user.*\")", users.clone()),
        (
            "auth0::event_types(\"user.*\", \"*.created\", \"user.created\")[0]",
            "connection.created".into(),
        ),
        ("length(auth0::event_types())", 25.into()),
        ("auth0::event_types([\"user.*\"]...)", users),
        ("auth0::event_types(\"user.deleted\")", json!(["user.deleted"])),
    ] {
        assert_eq!(value(&acc, expression), want, "{expression}");
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn eventbridge_pattern_is_the_event_pattern_of_a_rule() {
    let acc = Acceptance::start();
    let pattern = value(
        &acc,
        "auth0::eventbridge_pattern(\"user.created\", \"user.deleted\", \"user.created\")",
    );
    // As a configuration of AWS would write it by hand.
    let by_hand = value(
        &acc,
        "jsonencode({ source = [{ prefix = \"aws.partner/auth0.com/\" }], detail = { type = [\"user.created\", \"user.deleted\"] } })",
    );
    assert_eq!(pattern, by_hand);
    let all = value(&acc, "auth0::eventbridge_pattern(auth0::event_types(\"*\")...)");
    assert!(all.as_str().unwrap().len() < 2048, "longer than AWS takes");
}

#[test]
fn parse_partner_event_source_gives_its_parts() {
    let acc = Acceptance::start();
    let source = "aws.partner/auth0.com/acme-dev-0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11/auth0.events";
    let want = json!({
        "partner": "auth0.com",
        "event_namespace": "acme-dev-0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11",
        "event_name": "auth0.events",
        "tenant": "acme-dev",
        "id": "0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11",
    });
    assert_eq!(value(&acc, &format!("auth0::parse_partner_event_source({source:?})")), want);
}

#[test]
fn example_event_is_a_cloud_event_of_its_type() {
    let acc = Acceptance::start();
    let event = value(&acc, "auth0::example_event(\"user.created\")");
    let event: Json = serde_json::from_str(event.as_str().unwrap()).unwrap();
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["type"], "user.created");
    assert_eq!(event["data"]["object"]["user_id"], "auth0|65f0c0ffee0000000000a001");
    let types = value(
        &acc,
        "tolist([for t in auth0::event_types() : jsondecode(auth0::example_event(t)).type]) == auth0::event_types()",
    );
    assert_eq!(types, json!(true));
}

#[test]
fn wrong_arguments_are_named_with_what_was_probably_meant() {
    let acc = Acceptance::start();
    for (expression, parts) in [
        (
            "auth0::event_types(\"user.creatd\")",
            &["\"patterns\"", "\"user.creatd\"", "\"user.created\""][..],
        ),
        ("auth0::event_types(\"user.*\", \"\")", &["\"patterns\"", "it is empty"]),
        ("auth0::event_types(\"zzz*\")", &["\"zzz*\"", "event_types() lists all"]),
        ("auth0::eventbridge_pattern(\"user.creatd\")", &["\"event_type\"", "\"user.created\""]),
        (
            "auth0::eventbridge_pattern(\"user.created\", \"user.*\")",
            &["\"more_event_types\"", "\"user.*\""],
        ),
        ("auth0::example_event(\"user.creatd\")", &["\"event_type\"", "\"user.created\""]),
        ("auth0::example_event(\"\")", &["\"event_type\"", "it is empty"]),
        ("auth0::parse_partner_event_source(\"\")", &["\"name\"", "aws.partner/auth0.com/"]),
        (
            "auth0::parse_partner_event_source(\"aws.partner/zendesk.com/x/y\")",
            &["\"name\"", "zendesk.com/x/y"],
        ),
    ] {
        let error = error(&acc, expression);
        // Core breaks no lines in JSON, and begins each sentence by itself.
        for part in parts {
            assert!(error.detail.contains(part), "{expression}: {part} is not in {}", error.detail);
        }
        assert!(!error.detail.contains(".."), "{}", error.detail);
    }
}

/// Core answers by itself, and says so in its own words.
#[test]
fn null_and_missing_arguments_are_refused() {
    let acc = Acceptance::start();
    for expression in [
        "auth0::event_types(null)",
        "auth0::eventbridge_pattern(null)",
        "auth0::eventbridge_pattern()",
        "auth0::eventbridge_pattern([]...)",
        "auth0::parse_partner_event_source(null)",
        "auth0::example_event(null)",
        "auth0::example_event(\"user.created\", \"user.updated\")",
        "auth0::example_event([\"user.created\"])",
    ] {
        error(&acc, expression);
    }
}

#[test]
fn a_call_with_what_is_not_known_yet_waits_for_it() {
    let acc = Acceptance::start();
    let later = "resource \"terraform_data\" \"later\" {\n  input = \"user.created\"\n}\n";
    for expression in [
        "auth0::event_types(terraform_data.later.output)[0]",
        "jsondecode(auth0::eventbridge_pattern(terraform_data.later.output)).detail.type[0]",
        "jsondecode(auth0::example_event(terraform_data.later.output)).type",
    ] {
        let acc = Acceptance::start();
        acc.configure(&(output(expression) + later));
        let plan = acc.plan();
        plan.run.assert_code(&[2]);
        assert_eq!(plan.json["output_changes"]["it"]["after_unknown"], true, "{expression}");
        acc.apply_plan().ok();
        assert_eq!(acc.output("it"), "user.created", "{expression}");
        acc.assert_settled();
    }
    let name = "aws.partner/auth0.com/acme-0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11/auth0.events";
    let hcl = output("auth0::parse_partner_event_source(terraform_data.later.output).tenant")
        + &later.replace("user.created", name);
    acc.configure(&hcl);
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    assert_eq!(acc.output("it"), "acme");
}

/// As a module without any access to a tenant does.
#[test]
fn functions_need_no_configured_provider() {
    let mut acc = Acceptance::start();
    for name in ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_CA_CERT_FILE"] {
        acc.unset(name);
    }
    acc.configure(&output("auth0::example_event(\"user.creatd\")"));
    let run = acc.run(&["validate", "-json"]);
    run.assert_code(&[1]);
    assert!(run.stdout.contains("user.created"), "{}", run.stdout);
    assert_eq!(value(&acc, "length(auth0::event_types(\"user.*\"))"), 3);
}
