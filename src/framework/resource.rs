//! What the author of a resource writes.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::diagnostics::Diagnostics;
use super::outcome::Outcome;
use super::path::Path;
use super::private::Private;
use super::schema::Schema;
use super::value::{IntoRaw, Model, Raw};

/// A managed resource: a schema, a model of it, and what create, read, update and delete do.
///
/// The engine has validated the configuration by the schema and by [`validate`](Self::validate)
/// before anything is planned or applied, and gives every answer the form that core demands.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// The schema as a struct.
    type Model: Model;

    /// The type's name in configurations, the provider's name included.
    const TYPE_NAME: &'static str;

    /// The attribute that identifies an object for ever, where one does: a computed string.
    const IDENTITY: Option<&'static str> = None;

    /// The schema.
    fn schema(&self) -> Schema;

    /// Names one object in messages: `Event stream "orders"`.
    fn describe(&self, model: &Self::Model) -> String;

    /// Faults that need more than one attribute to see. Unknown means "cannot judge yet".
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Adds to a plan what the schema alone does not say. Called for every plan of a create or an
    /// update, also when nothing changes; must give the same answer for the same input.
    ///
    /// `planned.requires_replace` says by then what follows from the schema. Where this changes an
    /// attribute that replaces the object, it adds or removes that path itself.
    fn plan(&self, change: &Change<'_, Self::Model>, planned: &mut Planned<Self::Model>) {
        let _ = (change, planned);
    }

    /// What to say to a plan that destroys `prior`.
    fn plan_destroy(&self, prior: &Self::Model) -> Diagnostics {
        let _ = prior;
        Diagnostics::new()
    }

    /// Makes the object. Write-only values are in `config` only. The answer fills what was unknown.
    /// With an error and no state, what was [remembered](Context::remember) is stored.
    async fn create(
        &self,
        context: &Context,
        planned: Self::Model,
        config: Self::Model,
    ) -> Outcome<Self::Model>;

    /// Reads the object; no state means that it is gone. With an error, the old state stays.
    async fn read(&self, context: &Context, state: Self::Model) -> Outcome<Self::Model>;

    /// Changes the object. With an error and no state, what was [remembered](Context::remember) is
    /// stored, or the old state stays.
    async fn update(
        &self,
        context: &Context,
        prior: Self::Model,
        planned: Self::Model,
        config: Self::Model,
    ) -> Outcome<Self::Model>;

    /// Deletes the object; that it is gone already is success. With an error, the old state stays.
    async fn delete(&self, context: &Context, prior: Self::Model) -> Diagnostics;

    /// The state that is known from an import id, or from the value of [`IDENTITY`](Self::IDENTITY); it
    /// is read next.
    async fn import(&self, context: &Context, id: &str) -> Result<Self::Model, Diagnostics>;
}

/// What a plan is made for.
pub struct Change<'a, M> {
    /// What is configured, write-only values included.
    pub config: &'a M,
    /// What is stored; None for a create, also the one in a replacement.
    pub prior: Option<&'a M>,
    /// What is kept beside the state. In the second half of a replacement: what the first half
    /// planned to keep, notes included.
    pub private: &'a Private,
}

/// A plan in the making.
pub struct Planned<M> {
    /// The planned state.
    pub state: M,
    /// Attributes whose change replaces the object.
    pub requires_replace: Vec<Path>,
    /// What is kept beside the state.
    pub private: Private,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// What an operation may need besides its values.
#[derive(Clone, Default)]
pub struct Context {
    /// Cancelled when core wants to stop: end waits, begin nothing new, answer what is known. It is
    /// the token that the provider got in [`Client`](super::provider::Client); it stands here too for
    /// waits of one operation, so that a resource needs no client to end them.
    pub stop: CancellationToken,
    checkpoint: Arc<Mutex<Option<Raw>>>,
}

impl Context {
    /// A context whose operations end when `stop` is cancelled.
    pub fn new(stop: CancellationToken) -> Self {
        Self { stop, ..Self::default() }
    }

    /// Notes what is known of the object by now. Should the operation fail without a state, or
    /// panic, this is stored: what was planned, with what was unknown taken from here.
    pub fn remember<M: Model>(&self, state: &M) {
        self.remember_raw(state.clone().into_raw());
    }

    pub(super) fn remember_raw(&self, state: Raw) {
        *self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    pub(super) fn remembered(&self) -> Option<Raw> {
        self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
