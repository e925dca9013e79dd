//! The built binary, started and spoken to as core does it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/mod.rs"]
mod support;

mod handshake;
mod lifetime;
mod logs;
#[cfg(unix)]
mod reattach;
mod rpc;
mod services;
#[cfg(unix)]
mod socket;
mod strangers;
mod transcription;
