//! Actions in answers: the members in the order of Auth0, without the values of secrets.

use super::super::clock::nanoseconds;
use super::model::{Action, ActionSecret, Draft, Version};
use serde::Serialize;
use serde_json::Value;

/// An action, ready to be written.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    supported_triggers: [Trigger<'a>; 1],
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    dependencies: &'a [Value],
    runtime: &'a str,
    status: &'static str,
    secrets: Vec<Secret<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<&'a [Value]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<CurrentVersion<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployed_version: Option<ShownVersion<'a>>,
    all_changes_deployed: bool,
}

#[derive(Serialize)]
struct Trigger<'a> {
    id: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Secret<'a> {
    name: &'a str,
    updated_at: String,
}

#[derive(Serialize)]
struct CurrentVersion<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    runtime: &'a str,
    status: &'static str,
    number: u32,
    build_time: String,
    created_at: String,
    updated_at: String,
}

/// A version, ready to be written.
#[derive(Serialize)]
pub(super) struct ShownVersion<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    dependencies: &'a [Value],
    id: &'a str,
    deployed: bool,
    number: u32,
    built_at: String,
    secrets: Vec<Secret<'a>>,
    status: &'static str,
    created_at: String,
    updated_at: String,
    runtime: &'a str,
    supported_triggers: [Trigger<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Box<Shown<'a>>>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(action: &'a Action) -> Self {
        let draft = &action.draft;
        Self {
            id: &action.id,
            name: &draft.name,
            supported_triggers: trigger(draft),
            created_at: nanoseconds(action.created_at),
            updated_at: nanoseconds(action.updated_at),
            code: draft.code.as_deref(),
            dependencies: &draft.dependencies,
            runtime: &draft.runtime,
            status: if action.built { "built" } else { "pending" },
            secrets: secrets(&draft.secrets),
            modules: draft.modules.as_deref(),
            current_version: action.deployed.as_ref().map(CurrentVersion::new),
            deployed_version: action.deployed.as_ref().map(|version| version_of(version, true)),
            all_changes_deployed: !action.changed_since_deployment,
        }
    }
}

impl<'a> ShownVersion<'a> {
    /// As in the answer to a deployment, which is not through yet.
    pub(super) fn deploying(version: &'a Version, action: &'a Action) -> Self {
        Self { action: Some(Box::new(Shown::new(action))), ..version_of(version, false) }
    }
}

impl<'a> CurrentVersion<'a> {
    fn new(version: &'a Version) -> Self {
        let time = nanoseconds(version.created_at);
        Self {
            id: &version.id,
            code: version.draft.code.as_deref(),
            runtime: &version.draft.runtime,
            status: "BUILT",
            number: version.number,
            build_time: time.clone(),
            created_at: time.clone(),
            updated_at: time,
        }
    }
}

fn version_of(version: &Version, deployed: bool) -> ShownVersion<'_> {
    let time = nanoseconds(version.created_at);
    ShownVersion {
        code: version.draft.code.as_deref(),
        dependencies: &version.draft.dependencies,
        id: &version.id,
        deployed,
        number: version.number,
        built_at: time.clone(),
        secrets: secrets(&version.draft.secrets),
        status: "built",
        created_at: time.clone(),
        updated_at: time,
        runtime: &version.draft.runtime,
        supported_triggers: trigger(&version.draft),
        action: None,
    }
}

fn trigger(draft: &Draft) -> [Trigger<'_>; 1] {
    [Trigger { id: &draft.trigger, version: &draft.trigger_version }]
}

fn secrets<'a>(secrets: &'a [ActionSecret]) -> Vec<Secret<'a>> {
    let shown = |secret: &'a ActionSecret| {
        let ActionSecret { name, updated_at, .. } = secret;
        Secret { name, updated_at: nanoseconds(*updated_at) }
    };
    // Auth0 keeps no order; this one is never the order of the request.
    secrets.iter().rev().map(shown).collect()
}
