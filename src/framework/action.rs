//! What the author of an action writes.

use async_trait::async_trait;
use tokio::sync::mpsc::UnboundedSender;

use super::diagnostics::Diagnostics;
use super::resource::Context;
use super::schema::Schema;
use super::value::Model;

/// An action: something that is done and leaves no state. A schema, a model of it, and the deed.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// The schema as a struct.
    type Model: Model;

    /// The type's name in configurations, the provider's name included.
    const TYPE_NAME: &'static str;

    /// The schema. Nothing in it is computed: an action answers nothing.
    fn schema(&self) -> Schema;

    /// Faults that need more than one attribute to see. Unknown means "cannot judge yet".
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// What to say of a run that will invoke it. Some of its configuration may be unknown, and
    /// nothing is done yet.
    fn plan(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Does it. By then the configuration is known and was validated.
    async fn invoke(
        &self,
        context: &Context,
        config: Self::Model,
        progress: &Progress,
    ) -> Diagnostics;
}

/// Tells people how far something is.
pub struct Progress(Option<UnboundedSender<String>>);

impl Progress {
    /// To whoever listens at the other end of the channel.
    pub fn to(listener: UnboundedSender<String>) -> Self {
        Self(Some(listener))
    }

    /// To nobody.
    pub fn silent() -> Self {
        Self(None)
    }

    /// Says a sentence.
    pub fn say(&self, text: impl Into<String>) {
        // Nobody listening is no reason to stop.
        let _ = self.0.as_ref().map(|listener| listener.send(text.into()));
    }
}
