//! What core expects of the process of a plugin: the handshake, a socket that only core can use, the
//! services of go-plugin beside the provider's own, logs, and an end that loses nothing.

mod broker;
mod connection;
mod controller;
mod convert;
mod core_dump;
mod guard;
mod handshake;
mod health;
mod lifecycle;
mod listener;
pub mod logging;
mod panics;
mod reattach;
mod rpc;
mod schema_once;
mod serve;
mod signals;
mod stdio;
#[cfg(test)]
mod tests;
mod tls;
#[cfg(unix)]
mod unix_socket;

pub use guard::guard;
pub use lifecycle::{Lifecycle, StartedBy};
pub use listener::{ListenError, Network};
pub use panics::Panicked;
pub use rpc::ProviderService;
pub use serve::{ServeError, ServeOptions, serve, serve_reattach};
