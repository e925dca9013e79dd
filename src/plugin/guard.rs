//! What keeps the secrets of a process in it.

use super::{core_dump, logging, panics};

/// Prepares a process that is no plugin for holding credentials: it logs to stderr, tells of a panic
/// only where it was, and leaves no core dump. `name` is the provider's, as for the log.
pub fn guard(name: &str) {
    logging::init(name);
    panics::install_hook();
    core_dump::forbid();
}
