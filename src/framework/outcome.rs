//! What an operation of a resource ends with.

use super::diagnostics::{Diagnostic, Diagnostics};

/// The state that is known after an operation, if there is one, together with what there is to say.
///
/// Both travel together, so that a warning goes with success, and a state that must not be lost
/// goes with an error.
#[must_use]
pub struct Outcome<T> {
    /// The object as it is now. None: there is no such object, or nothing is known of it.
    pub state: Option<T>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
    /// Nothing was done, because the provider's configuration is not known yet. The diagnostics say
    /// so to a core that cannot put the operation off.
    pub awaits_provider: bool,
}

impl<T> Outcome<T> {
    /// The object is there, as given.
    pub fn state(state: T) -> Self {
        Self { state: Some(state), diagnostics: Diagnostics::new(), awaits_provider: false }
    }

    /// There is no such object (any more).
    pub fn gone() -> Self {
        Self { state: None, diagnostics: Diagnostics::new(), awaits_provider: false }
    }

    /// The operation failed, and left nothing that core should store.
    pub fn failed(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), ..Self::gone() }
    }

    /// The operation failed for want of a provider configuration that will be known later.
    pub fn awaiting_provider(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { awaits_provider: true, ..Self::failed(diagnostics) }
    }

    /// The same outcome, with these messages more.
    pub fn with_all(mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Self {
        diagnostics.into_iter().for_each(|diagnostic| self.diagnostics.push(diagnostic));
        self
    }

    /// The same outcome, with one message more.
    pub fn with(self, diagnostic: Diagnostic) -> Self {
        self.with_all([diagnostic])
    }
}
