//! List resources whose models are hidden, so that they can stand in one list.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use tokio::sync::mpsc::Sender;

use super::BlockType;
use super::block_type::typed;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::list_resource::{Found, ListResource, Listed};
use crate::framework::resource::{Context, Resource};
use crate::framework::schema::Schema;
use crate::framework::value::Raw;

/// A [`ListResource`] with untyped values. [`list_resource()`] makes one.
#[async_trait]
pub trait AnyListResource: BlockType {
    /// Hands what a configuration asks for to `objects`, at most `limit` of them.
    async fn list(
        &self,
        context: &Context,
        config: Raw,
        limit: Option<u64>,
        objects: Sender<Listed>,
    ) -> Diagnostics;
}

/// `list`, ready for the list of a provider.
pub fn list_resource<L: ListResource>(list: L) -> Arc<dyn AnyListResource> {
    Arc::new(Untyped { list, schema: OnceLock::new() })
}

struct Untyped<L> {
    list: L,
    schema: OnceLock<Schema>,
}

impl<L: ListResource> BlockType for Untyped<L> {
    fn type_name(&self) -> &'static str {
        L::Resource::TYPE_NAME
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.list.schema())
    }

    fn problems(&self) -> Vec<String> {
        let mut found = self.schema().problems();
        found.extend(self.schema().misfits::<L::Model>());
        if L::Resource::IDENTITY.is_none() {
            found.push("the resource that is listed has no identity".to_owned());
        }
        found
    }

    fn validate(&self, config: &Raw) -> Diagnostics {
        match typed(config.clone()) {
            Ok(config) => self.list.validate(&config),
            Err(misfit) => misfit.into(),
        }
    }
}

#[async_trait]
impl<L: ListResource> AnyListResource for Untyped<L> {
    async fn list(
        &self,
        context: &Context,
        config: Raw,
        limit: Option<u64>,
        objects: Sender<Listed>,
    ) -> Diagnostics {
        match typed(config) {
            Ok(config) => self.list.list(context, config, &mut Found::new(objects, limit)).await,
            Err(misfit) => misfit.into(),
        }
    }
}
