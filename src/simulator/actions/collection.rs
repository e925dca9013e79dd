//! The actions of the tenant, by age and id.

use super::super::errors::ApiError;
use super::model::Action;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Every action, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Actions {
    by_age: BTreeMap<u64, Arc<Action>>,
    ages: HashMap<String, u64>,
    newest: u64,
}

impl Actions {
    /// From the oldest to the newest.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Action> {
        self.by_age.values().map(AsRef::as_ref)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Action> {
        self.by_age.get(self.ages.get(id)?).map(AsRef::as_ref)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Action> {
        self.by_age.get_mut(self.ages.get(id)?).map(Arc::make_mut)
    }

    pub(super) fn add(&mut self, action: Action) {
        self.newest += 1;
        self.ages.insert(action.id.clone(), self.newest);
        self.by_age.insert(self.newest, Arc::new(action));
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let age = self.ages.remove(id);
        age.is_some_and(|age| self.by_age.remove(&age).is_some())
    }

    /// Only a deployed action of the right trigger can receive events. The texts are not known.
    pub(crate) fn check_usable_by_event_stream(&self, id: &str) -> Result<(), ApiError> {
        let refusal = match self.get(id) {
            None => "The action does not exist.",
            Some(action) if action.draft.trigger != "event-stream" => {
                "The action does not support the trigger event-stream."
            }
            Some(action) if action.deployed.is_none() => "The action is not deployed.",
            Some(_) => return Ok(()),
        };
        Err(ApiError::invalid_body(refusal))
    }
}
