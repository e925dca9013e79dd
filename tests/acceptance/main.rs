//! The real Terraform or OpenTofu with the built provider, against a simulated tenant.

#[path = "../support/mod.rs"]
mod support;

mod event_stream;
mod examples;
mod provider;
