//! What the author of a provider writes.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::diagnostics::Diagnostics;
use super::engine::{AnyAction, AnyDataSource, AnyListResource, AnyResource};
use super::function::Function;
use super::schema::Schema;
use super::value::Model;

/// A provider: its block in the configuration, and what it has to offer.
pub trait Provider: Send + Sync + 'static {
    /// The schema as a struct.
    type Model: Model;

    /// The schema of the provider block.
    fn schema(&self) -> Schema;

    /// Faults that need more than one attribute to see. Unknown means "cannot judge yet". Makes no
    /// request.
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Takes the configuration for all later calls, in place of an earlier one. Values may be
    /// unknown during plan.
    fn configure(&self, config: Self::Model, client: Client) -> Diagnostics;

    /// Every resource.
    fn resources(&self) -> Vec<Arc<dyn AnyResource>>;

    /// Every data source.
    fn data_sources(&self) -> Vec<Arc<dyn AnyDataSource>> {
        Vec::new()
    }

    /// Every ephemeral resource. To open one is to read it; what was read is stored nowhere.
    fn ephemeral_resources(&self) -> Vec<Arc<dyn AnyDataSource>> {
        Vec::new()
    }

    /// Every list resource.
    fn list_resources(&self) -> Vec<Arc<dyn AnyListResource>> {
        Vec::new()
    }

    /// Every action.
    fn actions(&self) -> Vec<Arc<dyn AnyAction>> {
        Vec::new()
    }

    /// Every function.
    fn functions(&self) -> Vec<Box<dyn Function>> {
        Vec::new()
    }
}

/// Who configures the provider.
pub struct Client {
    /// Version of Terraform or OpenTofu, as it says.
    pub version: String,
    /// Cancelled when it wants to stop: for the waits of what all operations of the run share, such
    /// as a client of the API. One operation finds the same token in its
    /// [`Context`](super::resource::Context).
    pub stop: CancellationToken,
}
