//! What core expects of the process of a plugin: the handshake, a socket that only core can use, the
//! services of go-plugin beside the provider's own, logs, and an end that loses nothing.

mod lifecycle;
pub mod logging;
mod panics;
mod signals;

pub use lifecycle::{Lifecycle, StartedBy};
pub use panics::Panicked;
