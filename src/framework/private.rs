//! Bytes that core keeps for a resource beside its state, without looking at them.

use serde_json::{Map, Value};

/// A JSON object that core stores unencrypted beside the state of a resource. It holds no secrets.
///
/// It stays a JSON object whatever was there: the SDK of most providers cannot read state whose
/// private bytes are anything else.
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub struct Private(Map<String, Value>);

/// Holds what a plan says to the apply that follows, or to the second half of a replacement.
const PLAN: &str = "plan";

impl Private {
    /// Reads stored bytes. Nothing, `null` and what is no object are an empty object.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).map(Self).unwrap_or_default()
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        Value::Object(self.0.clone()).to_string().into_bytes()
    }

    /// What an earlier call for the same plan noted under `name`.
    pub fn plan_note(&self, name: &str) -> Option<&Value> {
        self.0.get(PLAN)?.get(name)
    }

    /// Notes something for the later calls of the same plan. It is not stored with the state.
    pub fn note_for_plan(&mut self, name: &str, value: impl Into<Value>) {
        let notes = self.0.entry(PLAN).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(notes) = notes {
            notes.insert(name.to_owned(), value.into());
        }
    }

    /// What is stored with the state: everything but the notes of a plan.
    #[must_use]
    pub fn without_plan_notes(mut self) -> Self {
        self.0.remove(PLAN);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_stored_becomes_an_object() {
        for (stored, want) in [
            ("", "{}"),
            ("null", "{}"),
            ("[1]", "{}"),
            (r#"{"schema_version":"0"}"#, r#"{"schema_version":"0"}"#),
        ] {
            assert_eq!(Private::from_bytes(stored.as_bytes()).to_bytes(), want.as_bytes());
        }
    }

    #[test]
    fn notes_of_a_plan_end_with_it() {
        let mut private = Private::from_bytes(br#"{"kept":1}"#);
        private.note_for_plan("replaces", "a");
        let read = Private::from_bytes(&private.to_bytes());
        assert_eq!(read.plan_note("replaces"), Some(&"a".into()));
        assert_eq!(read.without_plan_notes().to_bytes(), br#"{"kept":1}"#);
    }
}
