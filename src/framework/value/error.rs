//! Why bytes or a tree are not the value that was asked for.

use std::fmt;

use crate::framework::path::{Path, Step};

/// What is wrong with the bytes or the value, and where in it. Never holds a part of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    /// From the inside out while the error travels up.
    steps: Vec<Step>,
    what: &'static str,
}

impl ValueError {
    pub(super) fn new(what: &'static str) -> Self {
        Self { steps: Vec::new(), what }
    }

    /// The same error, seen from one step further out.
    #[must_use]
    pub(super) fn inside(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Where in the value.
    pub fn path(&self) -> Path {
        self.steps.iter().rev().fold(Path::root(), |path, step| match step {
            Step::Attribute(name) => path.attribute(name),
            Step::Index(index) => path.index(*index),
            Step::Key(key) => path.key(key),
        })
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().to_string();
        let subject = if path.is_empty() { "the value" } else { path.as_str() };
        write!(f, "{subject} {}", self.what)
    }
}

impl std::error::Error for ValueError {}
