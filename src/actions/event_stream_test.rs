//! `auth0_event_stream_test`: sends a test event, and says what is seen of it.

use async_trait::async_trait;

use crate::auth0::ClientSlot;
use crate::framework::Diagnostics;
use crate::framework::action::{Action, Progress};
use crate::framework::resource::Context;
use crate::framework::schema::{Block, Schema};
use crate::framework::value::Value;
use crate::model;
use crate::resources::event_stream_test_event::{Report, Test, arguments, validate};

model! {
    /// The arguments.
    pub struct EventStreamTestModel {
        pub event_stream_id: Value<String>,
        pub event_type: Value<String>,
        pub data: Value<String>,
        pub wait: Value<String>,
    }
}

/// The action `auth0_event_stream_test`.
pub struct EventStreamTest {
    auth0: ClientSlot,
}

impl EventStreamTest {
    /// The action, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl Action for EventStreamTest {
    type Model = EventStreamTestModel;
    const TYPE_NAME: &'static str = "auth0_event_stream_test";

    fn schema(&self) -> Schema {
        Schema::new(Block::new(arguments()).description(
            "Sends a test event through an event stream, and looks for a failure of its delivery, \
             which is an error. Auth0 lists deliveries that failed and no others, so what is said at \
             the best is that no failure was seen, which is no proof of a delivery. Sending needs the \
             scope `update:event_streams`. Where there are no actions, the resource \
             `auth0_event_stream_test_event` does the same.",
        ))
    }

    fn validate(&self, config: &EventStreamTestModel) -> Diagnostics {
        validate(&config.event_type)
    }

    fn plan(&self, config: &EventStreamTestModel) -> Diagnostics {
        config.test().not_allowed(&self.auth0)
    }

    async fn invoke(
        &self,
        context: &Context,
        config: EventStreamTestModel,
        progress: &Progress,
    ) -> Diagnostics {
        match config.test().run(&self.auth0, &context.stop, progress).await {
            Ok(Report { failure: Some(failure), .. }) | Err(failure) => failure.into(),
            Ok(Report { seen, .. }) => {
                progress.say(seen);
                Diagnostics::new()
            }
        }
    }
}

impl EventStreamTestModel {
    fn test(&self) -> Test<'_> {
        Test::of(&self.event_stream_id, &self.event_type, &self.data, &self.wait)
    }
}
