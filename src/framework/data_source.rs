//! What the author of a data source writes.

use async_trait::async_trait;

use super::diagnostics::Diagnostics;
use super::outcome::Outcome;
use super::resource::Context;
use super::schema::Schema;
use super::value::Model;

/// A data source: a schema, a model of it, and how it is read. Nothing is kept between two reads.
///
/// Core reads it once the configuration is wholly known, and has it validated before. Before that it
/// plans a read during apply by itself.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// The schema as a struct.
    type Model: Model;

    /// The type's name in configurations, the provider's name included.
    const TYPE_NAME: &'static str;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Faults that need more than one attribute to see. Unknown means "cannot judge yet".
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Reads what `config` asks for. The answer holds the configured attributes as they are, and
    /// nothing unknown. There is no answer for what does not exist: that is an error.
    async fn read(&self, context: &Context, config: Self::Model) -> Outcome<Self::Model>;
}
