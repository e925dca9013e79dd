//! The typed framework that resources, data sources and functions are written in. A resource is a
//! schema, a model, and four async functions; values, validation, planning and diagnostics live
//! here.
//!
//! This room knows no wire protocol and no Auth0: `plugin` converts what core sends into these
//! types, and `resources`, `data_sources` and `functions` fill them.

pub mod action;
pub mod data_source;
pub mod diagnostics;
pub mod engine;
pub mod function;
pub mod list_resource;
pub mod outcome;
pub mod path;
pub mod plan;
pub mod private;
pub mod provider;
pub mod resource;
pub mod schema;
pub mod timeouts;
pub mod value;

pub use diagnostics::{Diagnostic, Diagnostics, Severity, capitalized};
pub use outcome::Outcome;
pub use path::{Path, Step, path};
pub use private::Private;
