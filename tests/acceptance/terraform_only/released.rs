//! Plan files that a released version wrote are applied by this one, as where a provider is upgraded
//! between plan and apply. Core reads none that another version of it wrote, so they are the pinned
//! Terraform's, which the name of each tells: when the pin moves, those of the old one go.

use std::fs;

use serde_json::Value as Json;

use crate::event_stream::eventbridge;
use crate::event_stream::official_state::{configuration, tenant_of};
use crate::event_stream::released::{files, folder, is_to_be_written, own_state};
use crate::support::terraform::Acceptance;

/// The end of the names of the files.
const CORE: &str = "-terraform-1.15.5";

/// Updates every stream to an action or a webhook, replaces the one to EventBridge, and creates one.
fn changed() -> String {
    let updated = configuration(r#"["user.created", "user.deleted"]"#);
    assert!(updated.contains("eu-west-1"));
    updated.replace("eu-west-1", "eu-central-1") + &eventbridge("new", "us-east-1")
}

/// Where a version left the tenant and the state, from which its plan begins.
fn as_left_by(version: &str) -> Acceptance {
    let state = fs::read_to_string(folder().join(format!("{version}.tfstate"))).unwrap();
    let acc = Acceptance::of_pinned_terraform();
    tenant_of(&acc, &state);
    acc.put_state(&state);
    acc
}

#[test]
fn the_plan_of_every_released_version_is_applied() {
    let version = env!("CARGO_PKG_VERSION");
    let own = folder().join(format!("{version}{CORE}.tfplan"));
    own_state();
    if is_to_be_written(&own) {
        let acc = as_left_by(version);
        acc.write(&changed());
        acc.plan().run.assert_code(&[2]);
        fs::copy(acc.folder().join("plan.bin"), &own).unwrap();
    }
    for file in files("tfplan") {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let version = name.strip_suffix(CORE).expect("a plan of the pinned Terraform");
        let acc = as_left_by(version);
        acc.write(&changed());
        fs::copy(&file, acc.folder().join("plan.bin")).unwrap();
        let planned: Vec<String> = acc.show("plan.bin")["resource_changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["change"]["actions"].to_string())
            .collect();
        let count = |actions: &str| planned.iter().filter(|planned| *planned == actions).count();
        assert_eq!(
            [count(r#"["update"]"#), count(r#"["delete","create"]"#), count(r#"["create"]"#)],
            [7, 1, 1],
            "{name}: {planned:?}"
        );
        acc.apply_plan().ok();
        acc.assert_settled();
        let streams = acc.auth0.event_streams();
        assert_eq!(streams.len(), 9, "{name}");
        let subscribed =
            |types: &[&str]| streams.iter().filter(|s| s.subscriptions == types).count();
        assert_eq!(subscribed(&["user.created", "user.deleted"]), 8, "{name}");
        let state: Json = serde_json::from_str(&acc.state_text()).unwrap();
        assert_eq!(state["resources"].as_array().unwrap().len(), 9, "{name}");
    }
}
