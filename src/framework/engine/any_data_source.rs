//! Data sources whose models are hidden, so that they can stand in one list.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use super::BlockType;
use super::block_type::{typed, untyped};
use crate::framework::data_source::DataSource;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::outcome::Outcome;
use crate::framework::resource::Context;
use crate::framework::schema::Schema;
use crate::framework::value::Raw;

/// A [`DataSource`] with untyped values. [`data_source()`] makes one.
#[async_trait]
pub trait AnyDataSource: BlockType {
    /// Reads what a configuration asks for.
    async fn read(&self, context: &Context, config: Raw) -> Outcome<Raw>;
}

/// `source`, ready for the list of a provider.
pub fn data_source<D: DataSource>(source: D) -> Arc<dyn AnyDataSource> {
    Arc::new(Untyped { source, schema: OnceLock::new() })
}

struct Untyped<D> {
    source: D,
    schema: OnceLock<Schema>,
}

impl<D: DataSource> BlockType for Untyped<D> {
    fn type_name(&self) -> &'static str {
        D::TYPE_NAME
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.source.schema())
    }

    fn problems(&self) -> Vec<String> {
        let mut found = self.schema().problems();
        found.extend(self.schema().misfits::<D::Model>());
        found
    }

    fn validate(&self, config: &Raw) -> Diagnostics {
        match typed(config.clone()) {
            Ok(config) => self.source.validate(&config),
            Err(misfit) => misfit.into(),
        }
    }
}

#[async_trait]
impl<D: DataSource> AnyDataSource for Untyped<D> {
    async fn read(&self, context: &Context, config: Raw) -> Outcome<Raw> {
        match typed(config) {
            Ok(config) => untyped(self.source.read(context, config).await),
            Err(misfit) => Outcome::failed(misfit),
        }
    }
}
