//! State that a released version wrote stays readable, and plans nothing. Each version adds a file:
//! `UPDATE_RELEASED=1` writes that of the version that is built, where it is missing. Plan files are in `terraform_only`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value as Json;

use super::official_state::{CREATED, configuration, tenant_of};
use crate::support::terraform::Acceptance;

const SUBSCRIPTIONS: &str = r#"["user.created", "user.updated"]"#;

/// What released versions wrote, each file named by its version.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released")
}

/// The files of one kind.
pub fn files(extension: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|e| e == extension)).collect()
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

/// The state of the version that is built, written first where that is asked for and there is none.
pub fn own_state() -> PathBuf {
    static OWN: OnceLock<PathBuf> = OnceLock::new();
    let own = OWN.get_or_init(|| {
        let own = folder().join(format!("{}.tfstate", env!("CARGO_PKG_VERSION")));
        if is_to_be_written(&own) {
            fs::write(&own, written_now()).unwrap();
        }
        own
    });
    own.clone()
}

/// Whether a file is missing and is to be written now. What a release has written stays as it is.
#[track_caller]
pub fn is_to_be_written(file: &Path) -> bool {
    let asked = std::env::var_os("UPDATE_RELEASED").is_some();
    assert!(asked || file.exists(), "UPDATE_RELEASED=1 writes {}", file.display());
    !file.exists()
}

#[test]
fn the_state_of_every_released_version_plans_nothing() {
    own_state();
    for file in files("tfstate") {
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
