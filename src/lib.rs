//! A Terraform and OpenTofu provider for Auth0 event streams. Each room has one concern; who may
//! import whom is drawn in `docs/design/architecture.md`.

/// What is done and leaves no state.
pub mod actions;
/// Client of the Auth0 Management API.
pub mod auth0;
/// The command line.
pub mod cli;
/// What there is to be found: one folder or file for each data source.
pub mod data_sources;
/// Renders `docs/` from the schemas.
pub mod docgen;
/// What lives for one run and is stored nowhere.
pub mod ephemeral_resources;
/// Typed framework: schema, values, plans, diagnostics. Knows no protocol and no Auth0.
pub mod framework;
/// The functions of the provider, one file for each.
pub mod functions;
/// What exists in the tenant, for `terraform query`.
pub mod list_resources;
/// What go-plugin and core expect of a plugin process, and the RPCs, converted to and from `framework`.
pub mod plugin;
/// The provider block, and the lists of what the provider has to offer.
pub mod provider;
/// Secrets of this process by value, hidden on every way out to people.
pub mod redact;
/// One folder for each resource: schema, model, plan and requests.
pub mod resources;
/// A strict, offline Auth0. Shares no type with the client.
pub mod simulator;
/// The wire contract: bindings generated from `proto/`, nothing by hand.
pub mod wire;
