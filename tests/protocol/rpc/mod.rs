//! The RPCs of the real provider over mutual TLS, with a simulated tenant behind it. Values are
//! encoded here and not by the provider's codec, and answers are held against the rules by which core
//! takes or refuses them. The golden files hold whole answers.

mod answers;
mod as_core;
mod core_rules;
mod requests;
mod streams;
mod values;

mod action;
mod apply;
mod configure;
mod data_sources;
mod encodings;
mod ephemeral;
mod every_rpc;
mod functions;
mod hostile;
mod hostile_bytes;
mod import;
mod list;
mod plan;
mod private;
mod read;
mod schema;
mod stop;
mod unknown_type;
mod upgrade;
mod validate;
mod write_only;
