//! What the author of a list resource writes.

use async_trait::async_trait;
use tokio::sync::mpsc::Sender;

use super::diagnostics::Diagnostics;
use super::resource::{Context, Resource};
use super::schema::Schema;
use super::value::{IntoRaw, Model, Raw};

/// The objects of one type that exist, whoever made them: a schema of filters, a model of it, and how
/// they are listed. The type is that of a managed resource with an identity.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// The filters as a struct.
    type Model: Model;

    /// The resource whose objects are listed.
    type Resource: Resource;

    /// The schema of the filters.
    fn schema(&self) -> Schema;

    /// Faults that need more than one attribute to see. Unknown means "cannot judge yet".
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Hands every object that passes the filters to `found`, until that wants no more. What is
    /// answered is said at the end.
    async fn list(
        &self,
        context: &Context,
        config: Self::Model,
        found: &mut Found<<Self::Resource as Resource>::Model>,
    ) -> Diagnostics;
}

/// An object that was listed, without its model.
pub struct Listed {
    /// How people call it.
    pub display_name: String,
    /// Its state.
    pub object: Raw,
}

/// Where objects go that are found. It takes one at a time, so that few are in memory.
pub struct Found<M> {
    objects: Sender<Listed>,
    /// How many more are wanted.
    wanted: u64,
    model: std::marker::PhantomData<fn(M)>,
}

impl<M: Model> Found<M> {
    pub(super) fn new(objects: Sender<Listed>, limit: Option<u64>) -> Self {
        Self { objects, wanted: limit.unwrap_or(u64::MAX), model: std::marker::PhantomData }
    }

    /// Hands over one object. False when no more are wanted, because there are enough of them or
    /// nobody listens any more.
    pub async fn push(&mut self, display_name: String, object: M) -> bool {
        if self.wanted == 0 {
            return false;
        }
        let listed = Listed { display_name, object: object.into_raw() };
        self.wanted -= 1;
        self.objects.send(listed).await.is_ok() && self.wanted > 0
    }
}
