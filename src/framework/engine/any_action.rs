//! Actions whose models are hidden, so that they can stand in one list.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use super::block_type::typed;
use super::{BlockType, validate};
use crate::framework::action::{Action, Progress};
use crate::framework::diagnostics::Diagnostics;
use crate::framework::resource::Context;
use crate::framework::schema::Schema;
use crate::framework::value::Raw;

/// An [`Action`] with untyped values. [`action()`] makes one.
#[async_trait]
pub trait AnyAction: BlockType {
    /// What to say of a run that will invoke it.
    fn plan(&self, config: Raw) -> Diagnostics;

    /// Does what a configuration asks for.
    async fn invoke(&self, context: &Context, config: Raw, progress: &Progress) -> Diagnostics;
}

/// `of`, ready for the list of a provider.
pub fn action<A: Action>(of: A) -> Arc<dyn AnyAction> {
    Arc::new(Untyped { action: of, schema: OnceLock::new() })
}

/// Does what `config` asks for. What was unknown when it was validated is known now.
pub async fn invoke(
    action: &dyn AnyAction,
    context: &Context,
    config: Raw,
    progress: &Progress,
) -> Diagnostics {
    let faults = validate(action, &config, true);
    if faults.has_errors() {
        return faults;
    }
    action.invoke(context, config, progress).await
}

struct Untyped<A> {
    action: A,
    schema: OnceLock<Schema>,
}

impl<A: Action> BlockType for Untyped<A> {
    fn type_name(&self) -> &'static str {
        A::TYPE_NAME
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.action.schema())
    }

    fn problems(&self) -> Vec<String> {
        let mut found = self.schema().problems();
        found.extend(self.schema().misfits::<A::Model>());
        let computed = self.schema().block.attributes.iter().filter(|(_, a)| a.computed);
        found.extend(computed.map(|(name, _)| format!("{name}: an action answers nothing")));
        found
    }

    fn validate(&self, config: &Raw) -> Diagnostics {
        match typed(config.clone()) {
            Ok(config) => self.action.validate(&config),
            Err(misfit) => misfit.into(),
        }
    }
}

#[async_trait]
impl<A: Action> AnyAction for Untyped<A> {
    fn plan(&self, config: Raw) -> Diagnostics {
        match typed(config) {
            Ok(config) => self.action.plan(&config),
            Err(misfit) => misfit.into(),
        }
    }

    async fn invoke(&self, context: &Context, config: Raw, progress: &Progress) -> Diagnostics {
        match typed(config) {
            Ok(config) => self.action.invoke(context, config, progress).await,
            Err(misfit) => misfit.into(),
        }
    }
}
