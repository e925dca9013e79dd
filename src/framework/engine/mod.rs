//! What every resource has in common: one function for each thing that core asks for.

mod any_resource;
mod apply;
mod generate;
mod identity;
mod import;
mod plan;
mod read;
mod relocate;
mod secrets;
mod upgrade;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use any_resource::{AnyResource, resource};
pub use apply::{Applied, Apply};
pub use generate::generate;
pub use identity::{identity_of, identity_type, upgrade_identity};
pub use import::{Import, import};
pub use plan::{PlanAnswer, PlanRequest, plan};
pub use read::{ReadAnswer, read};
pub use relocate::{Source, relocate};
pub use upgrade::upgrade;
pub use validate::validate;

use super::diagnostics::{Diagnostic, Diagnostics};
use super::provider::{Client, Provider};
use super::schema::Schema;
use super::value::{FromRaw, Raw, ValueError};

/// A provider with its resources by type name.
pub struct Engine {
    provider: Box<dyn AnyProvider>,
    schema: Schema,
    resources: BTreeMap<&'static str, Arc<dyn AnyResource>>,
}

impl Engine {
    /// The engine of `provider`.
    pub fn new(provider: impl Provider) -> Self {
        let resources = provider.resources().into_iter().map(|r| (r.type_name(), r)).collect();
        Self { schema: provider.schema(), resources, provider: Box::new(provider) }
    }

    /// The schema of the provider block.
    pub fn provider_schema(&self) -> &Schema {
        &self.schema
    }

    /// Every resource, by type name.
    pub fn resources(&self) -> impl Iterator<Item = &dyn AnyResource> {
        self.resources.values().map(AsRef::as_ref)
    }

    /// The resource `type_name`, or the diagnostic that there is none.
    pub fn resource(&self, type_name: &str) -> Result<Arc<dyn AnyResource>, Diagnostic> {
        self.resources.get(type_name).cloned().ok_or_else(|| {
            Diagnostic::error(
                format!("Unknown resource type {type_name:?}"),
                "This provider has no resource of that type. The configuration or the state may \
                 have been written for another provider, or for a newer version of this one.",
            )
        })
    }

    /// Every rule that a schema breaks, and every difference between a schema and its model, for the
    /// provider block and each resource. A test runs this; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut found = self.schema.provider_problems();
        found.extend(self.provider.misfits(&self.schema));
        for resource in self.resources.values() {
            let name = resource.type_name();
            found.extend(resource.problems().into_iter().map(|what| format!("{name}: {what}")));
        }
        found
    }

    /// Faults of a provider block.
    pub fn validate_provider(&self, config: &Raw) -> Diagnostics {
        let mut diagnostics = validate::by_schema(&self.schema.block, config);
        diagnostics.append(self.provider.validate(config));
        diagnostics
    }

    /// Hands the provider block over. Values that core did not know during validation are checked
    /// here.
    pub fn configure(&self, config: Raw, client: Client) -> Diagnostics {
        let mut diagnostics = self.validate_provider(&config);
        if !diagnostics.has_errors() {
            // Warnings were shown by validation already.
            diagnostics = self.provider.configure(config, client);
        }
        diagnostics
    }
}

/// A provider whose model is hidden.
trait AnyProvider: Send + Sync {
    fn misfits(&self, schema: &Schema) -> Vec<String>;
    fn validate(&self, config: &Raw) -> Diagnostics;
    fn configure(&self, config: Raw, client: Client) -> Diagnostics;
}

impl<P: Provider> AnyProvider for P {
    fn misfits(&self, schema: &Schema) -> Vec<String> {
        schema.misfits::<P::Model>()
    }

    fn validate(&self, config: &Raw) -> Diagnostics {
        match P::Model::from_raw(config.clone()) {
            Ok(config) => Provider::validate(self, &config),
            Err(err) => misfit(&err).into(),
        }
    }

    fn configure(&self, config: Raw, client: Client) -> Diagnostics {
        match P::Model::from_raw(config) {
            Ok(config) => Provider::configure(self, config, client),
            Err(err) => misfit(&err).into(),
        }
    }
}

/// A value that does not fit its model, though it fits the schema.
fn misfit(err: &ValueError) -> Diagnostic {
    Diagnostic::error(
        "Unexpected value",
        format!("The provider cannot read what it was given: {err}. Please report this."),
    )
    .at(err.path())
}
