//! What every resource, data source and function has in common: one function for each thing that
//! core asks for.

mod any_action;
mod any_data_source;
mod any_list_resource;
mod any_resource;
mod apply;
mod block_type;
mod call;
mod generate;
mod identity;
mod import;
mod plan;
mod read;
mod read_data_source;
mod relocate;
mod secrets;
mod upgrade;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use any_action::{AnyAction, action, invoke};
pub use any_data_source::{AnyDataSource, data_source};
pub use any_list_resource::{AnyListResource, list_resource};
pub use any_resource::{AnyResource, resource};
pub use apply::{Applied, Apply};
pub use block_type::BlockType;
pub use call::call;
pub use generate::{generate, left_out, refused};
pub use identity::{identity_of, identity_type, upgrade_identity};
pub use import::{Import, import};
pub use plan::{PlanAnswer, PlanRequest, plan};
pub use read::{ReadAnswer, read};
pub use read_data_source::{DataSourceAnswer, read_data_source};
pub use relocate::{Source, relocate};
pub use upgrade::upgrade;
pub use validate::validate;

use super::diagnostics::{Diagnostic, Diagnostics};
use super::function::{Function, is_identifier};
use super::provider::{Client, Provider};
use super::schema::Schema;
use super::value::{FromRaw, Raw, ValueError};

/// A provider with its resources and data sources by type name, and its functions by name.
pub struct Engine {
    provider: Box<dyn AnyProvider>,
    schema: Schema,
    resources: BTreeMap<&'static str, Arc<dyn AnyResource>>,
    data_sources: BTreeMap<&'static str, Arc<dyn AnyDataSource>>,
    ephemeral_resources: BTreeMap<&'static str, Arc<dyn AnyDataSource>>,
    list_resources: BTreeMap<&'static str, Arc<dyn AnyListResource>>,
    actions: BTreeMap<&'static str, Arc<dyn AnyAction>>,
    functions: BTreeMap<&'static str, Box<dyn Function>>,
}

impl Engine {
    /// The engine of `provider`.
    pub fn new(provider: impl Provider) -> Self {
        Self {
            schema: provider.schema(),
            resources: provider.resources().into_iter().map(|r| (r.type_name(), r)).collect(),
            data_sources: provider.data_sources().into_iter().map(|d| (d.type_name(), d)).collect(),
            ephemeral_resources: provider
                .ephemeral_resources()
                .into_iter()
                .map(|e| (e.type_name(), e))
                .collect(),
            list_resources: provider
                .list_resources()
                .into_iter()
                .map(|l| (l.type_name(), l))
                .collect(),
            actions: provider.actions().into_iter().map(|a| (a.type_name(), a)).collect(),
            functions: provider.functions().into_iter().map(|f| (f.name(), f)).collect(),
            provider: Box::new(provider),
        }
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
        self.resources.get(type_name).cloned().ok_or_else(|| unknown_type("resource", type_name))
    }

    /// Every data source, by type name.
    pub fn data_sources(&self) -> impl Iterator<Item = &dyn AnyDataSource> {
        self.data_sources.values().map(AsRef::as_ref)
    }

    /// The data source `type_name`, or the diagnostic that there is none.
    pub fn data_source(&self, type_name: &str) -> Result<Arc<dyn AnyDataSource>, Diagnostic> {
        let source = self.data_sources.get(type_name).cloned();
        source.ok_or_else(|| unknown_type("data source", type_name))
    }

    /// Every ephemeral resource, by type name.
    pub fn ephemeral_resources(&self) -> impl Iterator<Item = &dyn AnyDataSource> {
        self.ephemeral_resources.values().map(AsRef::as_ref)
    }

    /// The ephemeral resource `type_name`, or the diagnostic that there is none.
    pub fn ephemeral_resource(
        &self,
        type_name: &str,
    ) -> Result<Arc<dyn AnyDataSource>, Diagnostic> {
        let resource = self.ephemeral_resources.get(type_name).cloned();
        resource.ok_or_else(|| unknown_type("ephemeral resource", type_name))
    }

    /// Every list resource, by type name.
    pub fn list_resources(&self) -> impl Iterator<Item = &dyn AnyListResource> {
        self.list_resources.values().map(AsRef::as_ref)
    }

    /// The list resource `type_name`, or the diagnostic that there is none.
    pub fn list_resource(&self, type_name: &str) -> Result<Arc<dyn AnyListResource>, Diagnostic> {
        let list = self.list_resources.get(type_name).cloned();
        list.ok_or_else(|| unknown_type("list resource", type_name))
    }

    /// Every action, by type name.
    pub fn actions(&self) -> impl Iterator<Item = &dyn AnyAction> {
        self.actions.values().map(AsRef::as_ref)
    }

    /// The action `type_name`, or the diagnostic that there is none.
    pub fn action(&self, type_name: &str) -> Result<Arc<dyn AnyAction>, Diagnostic> {
        self.actions.get(type_name).cloned().ok_or_else(|| unknown_type("action", type_name))
    }

    /// Every function, by name.
    pub fn functions(&self) -> impl Iterator<Item = &dyn Function> {
        self.functions.values().map(AsRef::as_ref)
    }

    /// The function `name`.
    pub fn function(&self, name: &str) -> Option<&dyn Function> {
        self.functions.get(name).map(AsRef::as_ref)
    }

    /// Every rule that a schema or a signature breaks, and every difference between a schema and its
    /// model. A test runs this; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut found = self.schema.provider_problems();
        found.extend(self.provider.misfits(&self.schema));
        let resources = self.resources.iter().map(|(name, of)| (name, of.problems()));
        let data_sources = self.data_sources.iter().map(|(name, of)| (name, of.problems()));
        let ephemeral = self.ephemeral_resources.iter().map(|(name, of)| (name, of.problems()));
        let lists = self.list_resources.iter().map(|(name, of)| (name, of.problems()));
        let actions = self.actions.iter().map(|(name, of)| (name, of.problems()));
        let functions = self.functions.iter().map(|(name, of)| (name, of.signature().problems()));
        let misnamed = self.functions.keys().filter(|name| !is_identifier(name));
        found.extend(misnamed.map(|name| format!("{name}: is no name of a function")));
        for (name, problems) in resources
            .chain(data_sources)
            .chain(ephemeral)
            .chain(lists)
            .chain(actions)
            .chain(functions)
        {
            found.extend(problems.into_iter().map(|what| format!("{name}: {what}")));
        }
        found
    }

    /// Faults of a provider block.
    pub fn validate_provider(&self, config: &Raw) -> Diagnostics {
        let mut diagnostics = validate::by_schema(&self.schema.block, config);
        diagnostics.append(self.provider.validate(config));
        secrets::point_beside(&self.schema.block, config, diagnostics)
    }

    /// Hands the provider block over. Values that core did not know during validation are checked
    /// here.
    pub fn configure(&self, config: Raw, client: Client) -> Diagnostics {
        let mut diagnostics = self.validate_provider(&config);
        if !diagnostics.has_errors() {
            // Warnings were shown by validation already.
            let said = self.provider.configure(config.clone(), client);
            diagnostics = secrets::point_beside(&self.schema.block, &config, said);
        }
        diagnostics
    }
}

fn unknown_type(kind: &str, type_name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Unknown {kind} type {type_name:?}"),
        format!(
            "This provider has no {kind} of that type. The configuration or the state may have been \
             written for another provider, or for a newer version of this one."
        ),
    )
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
