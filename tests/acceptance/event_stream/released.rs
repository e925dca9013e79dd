//! State that a released version wrote stays readable, and plans nothing. Each version adds a file:
//! `UPDATE_RELEASED=1` writes that of the version that is built.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::official_state::{CREATED, configuration, tenant_of};
use crate::support::terraform::Acceptance;

const SUBSCRIPTIONS: &str = r#"["user.created", "user.updated"]"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released-states")
}

/// What this version writes for every kind of stream.
fn written_now() -> String {
    let acc = Acceptance::start();
    let created: Json = serde_json::from_str(CREATED).unwrap();
    let resources = created["resources"].as_array().unwrap().iter();
    for resource in resources {
        let action =
            &resource["instances"][0]["attributes"]["action_configuration"][0]["action_id"];
        if let Some(id) = action.as_str() {
            acc.auth0.create_deployed_action(Some(id), "forward");
        }
    }
    acc.write(&configuration(SUBSCRIPTIONS));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    acc.state_text()
}

#[test]
fn the_state_of_every_released_version_plans_nothing() {
    let own = folder().join(format!("{}.tfstate", env!("CARGO_PKG_VERSION")));
    if std::env::var_os("UPDATE_RELEASED").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(&own, written_now()).unwrap();
    }
    assert!(own.exists(), "UPDATE_RELEASED=1 writes {}", own.display());
    for file in fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().path();
        let state = fs::read_to_string(&file).unwrap();
        let acc = Acceptance::start();
        tenant_of(&acc, &state);
        acc.write(&configuration(SUBSCRIPTIONS));
        acc.put_state(&state);
        acc.assert_settled();
        let plan = acc.plan();
        assert!(plan.run.messages().is_empty(), "{}: {:?}", file.display(), plan.run.messages());
    }
}
