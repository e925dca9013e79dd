//! Resources whose models are hidden, so that they can stand in one list.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use super::BlockType;
use super::block_type::{typed, untyped};
use crate::framework::diagnostics::Diagnostics;
use crate::framework::outcome::Outcome;
use crate::framework::private::Private;
use crate::framework::resource::{Change, Context, Planned, Resource};
use crate::framework::schema::{Attribute, Schema};
use crate::framework::value::{IntoRaw, Raw};

/// A [`Resource`] with untyped values. [`resource()`] makes one.
#[async_trait]
pub trait AnyResource: BlockType {
    /// Names an object in messages.
    fn describe(&self, value: &Raw) -> String;

    /// Adds what only the resource knows to a plan; `prior` is null for a create.
    fn plan(
        &self,
        config: &Raw,
        prior: &Raw,
        private: &Private,
        planned: Planned<Raw>,
    ) -> Planned<Raw>;

    /// What to say to a plan that destroys `prior`.
    fn plan_destroy(&self, prior: &Raw) -> Diagnostics;

    /// Makes the object.
    async fn create(&self, context: &Context, planned: Raw, config: Raw) -> Outcome<Raw>;

    /// Reads the object.
    async fn read(&self, context: &Context, state: Raw) -> Outcome<Raw>;

    /// Changes the object.
    async fn update(
        &self,
        context: &Context,
        prior: Raw,
        planned: Raw,
        config: Raw,
    ) -> Outcome<Raw>;

    /// Deletes the object.
    async fn delete(&self, context: &Context, prior: Raw) -> Diagnostics;

    /// The attribute that identifies an object, if the type has one.
    fn identity(&self) -> Option<&'static str>;

    /// The state that is known from an import id.
    async fn import(&self, context: &Context, id: &str) -> Result<Raw, Diagnostics>;
}

/// `resource`, ready for the list of a provider.
pub fn resource<R: Resource>(resource: R) -> Arc<dyn AnyResource> {
    Arc::new(Untyped { resource, schema: OnceLock::new() })
}

struct Untyped<R> {
    resource: R,
    schema: OnceLock<Schema>,
}

impl<R: Resource> BlockType for Untyped<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.resource.schema())
    }

    fn problems(&self) -> Vec<String> {
        let mut found = self.schema().problems();
        found.extend(self.schema().misfits::<R::Model>());
        if let Some(name) = R::IDENTITY
            && !self.schema().block.attributes.get(name).is_some_and(Attribute::can_identify)
        {
            found.push(format!("{name}: what identifies is a computed string that is stable"));
        }
        found
    }

    fn validate(&self, config: &Raw) -> Diagnostics {
        match typed(config.clone()) {
            Ok(config) => self.resource.validate(&config),
            Err(misfit) => misfit.into(),
        }
    }
}

#[async_trait]
impl<R: Resource> AnyResource for Untyped<R> {
    fn describe(&self, value: &Raw) -> String {
        typed(value.clone())
            .map_or_else(|_| R::TYPE_NAME.to_owned(), |model| self.resource.describe(&model))
    }

    fn plan(
        &self,
        config: &Raw,
        prior: &Raw,
        private: &Private,
        mut planned: Planned<Raw>,
    ) -> Planned<Raw> {
        let models = || {
            let prior = if prior.is_null() { None } else { Some(typed(prior.clone())?) };
            Ok((typed(config.clone())?, prior, typed(planned.state.clone())?))
        };
        match models() {
            Ok((config, prior, state)) => {
                let change = Change { config: &config, prior: prior.as_ref(), private };
                let Planned { requires_replace, private, diagnostics, .. } = planned;
                let mut planned = Planned { state, requires_replace, private, diagnostics };
                self.resource.plan(&change, &mut planned);
                let Planned { state, requires_replace, private, diagnostics } = planned;
                Planned { state: R::Model::into_raw(state), requires_replace, private, diagnostics }
            }
            Err(misfit) => {
                planned.diagnostics.push(misfit);
                planned
            }
        }
    }

    fn plan_destroy(&self, prior: &Raw) -> Diagnostics {
        match typed(prior.clone()) {
            Ok(prior) => self.resource.plan_destroy(&prior),
            Err(misfit) => misfit.into(),
        }
    }

    async fn create(&self, context: &Context, planned: Raw, config: Raw) -> Outcome<Raw> {
        match (typed(planned), typed(config)) {
            (Ok(planned), Ok(config)) => {
                untyped(self.resource.create(context, planned, config).await)
            }
            (Err(misfit), _) | (_, Err(misfit)) => Outcome::failed(misfit),
        }
    }

    async fn read(&self, context: &Context, state: Raw) -> Outcome<Raw> {
        match typed(state) {
            Ok(state) => untyped(self.resource.read(context, state).await),
            Err(misfit) => Outcome::failed(misfit),
        }
    }

    async fn update(
        &self,
        context: &Context,
        prior: Raw,
        planned: Raw,
        config: Raw,
    ) -> Outcome<Raw> {
        match (typed(prior), typed(planned), typed(config)) {
            (Ok(prior), Ok(planned), Ok(config)) => {
                untyped(self.resource.update(context, prior, planned, config).await)
            }
            (Err(misfit), ..) | (_, Err(misfit), _) | (.., Err(misfit)) => Outcome::failed(misfit),
        }
    }

    async fn delete(&self, context: &Context, prior: Raw) -> Diagnostics {
        match typed(prior) {
            Ok(prior) => self.resource.delete(context, prior).await,
            Err(misfit) => misfit.into(),
        }
    }

    fn identity(&self) -> Option<&'static str> {
        R::IDENTITY
    }

    async fn import(&self, context: &Context, id: &str) -> Result<Raw, Diagnostics> {
        self.resource.import(context, id).await.map(R::Model::into_raw)
    }
}
