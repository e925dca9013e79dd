//! The real Terraform or OpenTofu with the built provider, against a simulated tenant.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/mod.rs"]
mod support;

mod access_token;
mod captured;
mod data_sources;
mod debugging;
mod event_stream;
mod examples;
mod failures;
mod functions;
mod generate;
mod guides;
mod login;
mod network;
mod provider;
mod terraform_only;
mod test_event;
