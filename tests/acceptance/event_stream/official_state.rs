//! State that the official provider wrote plans nothing, outputs included, and goes on from there.
//! Both ways to come from there are tested: the same address, and another `provider` for a resource.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::simulator::{Authorization, Destination, EventStream, Status};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::terraform::Acceptance;

const CONFIGURATION: &str = include_str!("../../official-states/main.tf");
pub const CREATED: &str = include_str!("../../official-states/created.tfstate");
const UPDATED: &str = include_str!("../../official-states/updated.tfstate");
const IMPORTED: &str = include_str!("../../official-states/imported.tfstate");

const NAMES: [&str; 8] = [
    "act",
    "basic_plain",
    "basic_wo",
    "bearer_plain",
    "bearer_wo",
    "bus",
    "header_plain",
    "header_wo",
];

/// The tenant as the official provider left it: the streams of `state`, with some secret.
pub fn tenant_of(acc: &Acceptance, state: &str) {
    let state: Json = serde_json::from_str(state).unwrap();
    for resource in state["resources"].as_array().unwrap() {
        let stream = stream_of(&resource["instances"][0]["attributes"]);
        if let Some(id) = stream.action_id() {
            acc.auth0.create_deployed_action(Some(id), "forward");
        }
        acc.auth0.put_event_stream(stream);
    }
}

fn stream_of(attributes: &Json) -> EventStream {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let time = |value: &Json| {
        let rfc3339 = text(value).replacen(' ', "T", 1).replace(" +0000 UTC", "Z");
        OffsetDateTime::parse(&rfc3339, &Rfc3339).unwrap()
    };
    let secret = || Some("secret-before".into());
    let destination = match attributes["destination_type"].as_str().unwrap() {
        "webhook" => {
            let webhook = &attributes["webhook_configuration"][0];
            let authorization = &webhook["webhook_authorization"][0];
            Destination::Webhook {
                endpoint: text(&webhook["webhook_endpoint"]),
                authorization: match authorization["method"].as_str().unwrap() {
                    "basic" => Authorization::Basic {
                        username: text(&authorization["username"]),
                        password: secret(),
                    },
                    "bearer" => Authorization::Bearer { token: secret() },
                    _ => Authorization::CustomHeader {
                        header_key: text(&authorization["header_key"]),
                        header_value: secret(),
                    },
                },
            }
        }
        "eventbridge" => {
            let eventbridge = &attributes["eventbridge_configuration"][0];
            Destination::EventBridge {
                aws_account_id: text(&eventbridge["aws_account_id"]),
                aws_region: text(&eventbridge["aws_region"]),
                aws_partner_event_source: text(&eventbridge["aws_partner_event_source"]),
            }
        }
        _ => Destination::Action {
            action_id: text(&attributes["action_configuration"][0]["action_id"]),
        },
    };
    let subscriptions = attributes["subscriptions"].as_array().unwrap();
    EventStream {
        id: text(&attributes["id"]),
        status: match attributes["status"].as_str() {
            Some("disabled") => Status::Disabled,
            _ => Status::Enabled,
        },
        name: text(&attributes["name"]),
        subscriptions: subscriptions.iter().map(text).collect(),
        created_at: time(&attributes["created_at"]),
        updated_at: time(&attributes["updated_at"]),
        destination,
        failed_total: 0,
    }
}

/// The configuration of the states, which names the full address that the states hold.
pub fn configuration(subscriptions: &str) -> String {
    CONFIGURATION
        .replace("\"auth0/auth0\"", "\"registry.terraform.io/auth0/auth0\"")
        .replace("[\"user.created\", \"user.updated\"]", subscriptions)
}

/// The part of it that is in the imported state.
fn imported_configuration() -> String {
    let all = configuration(r#"["user.created"]"#);
    let part = |name: &str| {
        let start = all.find(&format!("resource \"auth0_event_stream\" \"{name}\"")).unwrap();
        let rest = &all[start..];
        let end = rest[1..].find("\nresource").map_or(rest.len(), |end| end + 2);
        rest[..end].to_owned()
    };
    all.split("resource").next().unwrap().to_owned() + &part("bus") + &part("bearer_wo")
}

/// Outputs of everything that a state holds, spelled in whatever way.
fn outputs(names: &[&str]) -> String {
    let output = |name: &&str| {
        // The block timeouts is ours alone, so an output of the whole object gets one member more.
        format!(
            "output {name:?} {{\n  value = {{ for k, v in auth0_event_stream.{name} : k => v if k != \
             \"timeouts\" }}\n  sensitive = true\n}}\n"
        )
    };
    names.iter().map(output).collect()
}

/// The state with the outputs that the official provider would have stored beside it.
fn with_outputs(state: &str, names: &[&str]) -> String {
    let mut state: Json = serde_json::from_str(state).unwrap();
    for name in names {
        let resources = state["resources"].as_array().unwrap();
        let resource = resources.iter().find(|resource| resource["name"] == *name).unwrap();
        let value = resource["instances"][0]["attributes"].clone();
        let string = json!("string");
        let list = |object: Json| json!(["list", ["object", object]]);
        let secret = |name: &str| {
            vec![
                (name.to_owned(), string.clone()),
                (format!("{name}_wo"), string.clone()),
                (format!("{name}_wo_version"), json!("number")),
            ]
        };
        let mut authorization: serde_json::Map<String, Json> = ["method", "username", "header_key"]
            .map(|n| (n.to_owned(), string.clone()))
            .into_iter()
            .collect();
        authorization.extend(["password", "token", "header_value"].iter().flat_map(|n| secret(n)));
        let ty = json!(["object", {
            "id": string, "name": string, "destination_type": string, "status": string,
            "created_at": string, "updated_at": string, "subscriptions": ["list", string],
            "action_configuration": list(json!({"action_id": string})),
            "eventbridge_configuration": list(json!({
                "aws_account_id": string, "aws_region": string, "aws_partner_event_source": string,
            })),
            "webhook_configuration": list(json!({
                "webhook_endpoint": string, "webhook_authorization": list(json!(authorization)),
            })),
        }]);
        state["outputs"][*name] = json!({"value": value, "type": ty, "sensitive": true});
    }
    state.to_string()
}

#[test]
fn a_created_and_an_updated_state_plan_nothing_outputs_included() {
    for (state, subscriptions) in
        [(CREATED, r#"["user.created", "user.updated"]"#), (UPDATED, r#"["user.created"]"#)]
    {
        let acc = Acceptance::start();
        tenant_of(&acc, state);
        acc.write(&(configuration(subscriptions) + &outputs(&NAMES)));
        acc.put_state(&with_outputs(state, &NAMES));
        acc.assert_settled();
        let plan = acc.plan();
        plan.assert_empty();
        assert!(plan.run.messages().is_empty(), "{:?}", plan.run.messages());
    }
}

#[test]
fn an_imported_state_plans_nothing_without_secrets_and_one_secret_with_a_version() {
    let acc = Acceptance::start();
    tenant_of(&acc, IMPORTED);
    let secret = "      token_wo         = \"wo-token\"\n      token_wo_version = 3\n";
    let with = imported_configuration();
    let without = with.replace(secret, "");
    assert!(!without.contains("token_wo"));
    acc.write(&without);
    acc.put_state(IMPORTED);
    acc.assert_settled();

    acc.write(&with);
    let plan = acc.plan();
    assert_eq!(plan.actions("bearer_wo"), "update");
    assert_eq!(plan.actions("bus"), "no-op");
    assert_eq!(plan.warnings(), [r#"The secret of event stream "bearer-wo" will be sent"#]);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.bodies("PATCH").len(), 1);
    assert_eq!(acc.auth0.event_stream_named("bearer-wo").unwrap().secret(), Some("wo-token"));
}

/// Names, endpoints and secrets change one after the other, from a state that spells "not set" as
/// `""` and `0`.
#[test]
fn a_state_of_the_official_provider_is_updated_and_destroyed() {
    let acc = Acceptance::start();
    tenant_of(&acc, CREATED);
    acc.put_state(CREATED);
    let renamed = configuration(r#"["user.created", "user.updated"]"#)
        .replace("name             = \"", "name             = \"new-");
    acc.write(&renamed);
    let plan = acc.plan();
    for name in NAMES {
        assert_eq!(plan.actions(name), "update", "{name}");
    }
    acc.apply_plan().ok();
    acc.assert_settled();
    for body in acc.bodies("PATCH") {
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["name"]);
    }
    let created_at = &acc.stored("bus")["created_at"];
    assert_eq!(*created_at, "2026-11-21 05:00:44.168 +0000 UTC", "a moment keeps its spelling");

    acc.auth0.forget_requests();
    let moved = renamed.replace("https://hooks.example.com", "https://new.example.com");
    acc.write(&moved);
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.bodies("PATCH").len(), 6, "every webhook");
    for (name, secret) in [
        ("new-basic-plain", "plain-password"),
        ("new-basic-wo", "wo-password"),
        ("new-bearer-plain", "plain-token"),
        ("new-bearer-wo", "wo-token"),
        ("new-header-plain", "plain-value"),
        ("new-header-wo", "wo-value"),
    ] {
        assert_eq!(acc.auth0.event_stream_named(name).unwrap().secret(), Some(secret), "{name}");
    }
    acc.destroy();
}

/// Nothing but `provider` changes, at the same address, while other resources stay where they are.
#[test]
fn one_resource_moves_by_its_provider_argument_alone() {
    let acc = Acceptance::start();
    tenant_of(&acc, CREATED);
    acc.put_state(CREATED);
    let both = configuration(r#"["user.created", "user.updated"]"#).replace(
        "required_providers {",
        "required_providers {\n    eventing = { source = \"auth0-eventing/auth0\" }",
    );
    let moved = both.replace(
        "resource \"auth0_event_stream\" \"basic_wo\" {",
        "resource \"auth0_event_stream\" \"basic_wo\" {\n  provider = eventing",
    );
    assert_ne!(moved, both);
    acc.write(&moved);
    acc.assert_settled();

    let renamed = moved.replace("\"basic-wo\"", "\"basic-wo-2\"");
    acc.write(&renamed);
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    let state = acc.state();
    let resources = state["resources"].as_array().unwrap();
    let resource = resources.iter().find(|r| r["name"] == "basic_wo").unwrap();
    assert!(resource["provider"].as_str().unwrap().contains("auth0-eventing/auth0"));
    // What an SDK needs to read on the way back: a JSON object, and schema version 0.
    assert_eq!(resource["instances"][0]["schema_version"], 0);
    let private = resource["instances"][0]["private"].as_str().unwrap_or("e30=");
    assert_eq!(private, "e30=", "{{}} in base64");

    // And back.
    acc.write(&both.replace("\"basic-wo\"", "\"basic-wo-2\""));
    acc.assert_settled();
}

/// Several at once, to other addresses, by `moved` blocks; and back, as the guide says: to the old
/// addresses first, and then to the other provider.
#[test]
fn moved_blocks_take_several_streams_to_other_addresses_and_back_and_plan_nothing_else() {
    let secret = "      token_wo         = \"wo-token\"\n      token_wo_version = 3\n";
    let imported = imported_configuration().replace(secret, "");
    for (state, official) in [
        (CREATED, configuration(r#"["user.created", "user.updated"]"#)),
        (UPDATED, configuration(r#"["user.created"]"#)),
        (IMPORTED, imported),
    ] {
        let acc = Acceptance::start();
        tenant_of(&acc, state);
        acc.put_state(state);
        let names: Vec<_> =
            NAMES.into_iter().filter(|name| official.contains(&format!("\"{name}\" {{"))).collect();
        assert_eq!(names.len(), resources(&serde_json::from_str(state).unwrap()).len());
        let both = official.replace(
            "required_providers {",
            "required_providers {\n    eventing = { source = \"auth0-eventing/auth0\" }",
        );
        let ours = |prefix: &str, from: &str| {
            let mut hcl = both.clone();
            for name in &names {
                hcl = hcl.replace(
                    &format!("resource \"auth0_event_stream\" \"{name}\" {{"),
                    &format!(
                        "moved {{\n  from = auth0_event_stream.{from}{name}\n  to = \
                         auth0_event_stream.{prefix}{name}\n}}\nresource \"auth0_event_stream\" \
                         \"{prefix}{name}\" {{\n  provider = eventing"
                    ),
                );
            }
            hcl
        };
        for (prefix, hcl) in [("our_", ours("our_", "")), ("", ours("", "our_"))] {
            acc.write(&hcl);
            let plan = acc.plan();
            for name in &names {
                let change = plan.change(&format!("{prefix}{name}"));
                assert_eq!(change["actions"], json!(["no-op"]), "{name}");
            }
            assert!(plan.run.messages().is_empty(), "{:?}", plan.run.messages());
            acc.apply_plan().ok();
            acc.assert_settled();
            let state = acc.state();
            assert_eq!(resources(&state).len(), names.len());
            for resource in resources(&state) {
                let name = resource["name"].as_str().unwrap();
                assert_eq!(name.strip_prefix("our_").is_some(), prefix == "our_", "{resource}");
                assert!(resource["provider"].as_str().unwrap().contains("auth0-eventing/auth0"));
            }
        }
        // What an SDK needs to read the state: a JSON object, and schema version 0.
        for resource in resources(&acc.state()) {
            let instance = &resource["instances"][0];
            assert_eq!(instance["schema_version"], 0);
            assert_eq!(instance["private"].as_str().unwrap_or("e30="), "e30=", "{{}} in base64");
        }
        acc.write(&both);
        acc.assert_settled();
        assert_eq!(acc.bodies("PATCH").len() + acc.bodies("POST").len(), 0);
    }
}

fn resources(state: &Json) -> &Vec<Json> {
    state["resources"].as_array().unwrap()
}
