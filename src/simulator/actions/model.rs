//! An action as it is stored, with the secrets that no answer shows.

use super::super::ids;
use secrecy::SecretString;
use serde_json::Value;
use time::OffsetDateTime;

/// An action as it is stored.
#[derive(Clone, Debug)]
pub struct Action {
    /// The id, a UUID.
    pub id: String,
    /// Time of creation.
    pub created_at: OffsetDateTime,
    /// Time of the last change of the draft.
    pub updated_at: OffsetDateTime,
    /// What was sent last, deployed or not.
    pub draft: Draft,
    /// Whether the draft is built. The first GET after a change finds it so.
    pub built: bool,
    /// What runs, if anything does.
    pub deployed: Option<Version>,
    pub(super) deploy_when_built: bool,
    pub(super) changed_since_deployment: bool,
}

/// What a client sends of an action.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The name.
    pub name: String,
    /// The trigger, such as `event-stream`.
    pub trigger: String,
    /// The version of the trigger, such as `v1`.
    pub trigger_version: String,
    /// The source code.
    pub code: Option<String>,
    /// The runtime, such as `node22`.
    pub runtime: String,
    /// Packages, as they were sent.
    pub dependencies: Vec<Value>,
    /// Names and values.
    pub secrets: Vec<ActionSecret>,
    /// References to modules, as they were sent.
    pub modules: Option<Vec<Value>>,
}

/// A secret of an action. Its value is never shown.
#[derive(Clone, Debug)]
pub struct ActionSecret {
    /// The name.
    pub name: String,
    /// The value.
    pub value: SecretString,
    /// When it was sent.
    pub updated_at: OffsetDateTime,
}

/// A draft that was deployed.
#[derive(Clone, Debug)]
pub struct Version {
    /// The id, a UUID.
    pub id: String,
    /// 1, 2, …
    pub number: u32,
    /// When it was deployed.
    pub created_at: OffsetDateTime,
    pub(super) draft: Draft,
}

impl Action {
    pub(super) fn new(draft: Draft, now: OffsetDateTime) -> Self {
        Self {
            id: ids::uuid(),
            created_at: now,
            updated_at: now,
            draft,
            built: false,
            deployed: None,
            deploy_when_built: false,
            changed_since_deployment: true,
        }
    }

    /// Ends the building, which takes no time here but shows only to one who asks.
    pub(super) fn build(&mut self, now: OffsetDateTime) {
        self.built = true;
        if std::mem::take(&mut self.deploy_when_built) {
            self.deploy(now);
        }
    }

    /// Makes a version of the draft.
    pub(super) fn deploy(&mut self, now: OffsetDateTime) -> &Version {
        let number = self.deployed.as_ref().map_or(1, |version| version.number + 1);
        self.changed_since_deployment = false;
        self.deployed.insert(Version {
            id: ids::uuid(),
            number,
            created_at: now,
            draft: self.draft.clone(),
        })
    }
}
