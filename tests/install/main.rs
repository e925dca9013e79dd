//! The real Terraform or OpenTofu installs the released program from what `make dist` lays out.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/mod.rs"]
mod support;

mod filesystem;
mod network;
mod official_address;
mod release;
mod site;
mod workspace;
