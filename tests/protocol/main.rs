//! The built binary, started and spoken to as core does it.

#[path = "../support/mod.rs"]
mod support;

mod transcription;
