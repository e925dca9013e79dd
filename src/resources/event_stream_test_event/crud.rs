//! Sending once; what is stored says what was seen.

use std::collections::BTreeMap;

use async_trait::async_trait;
use time::format_description::well_known::Rfc3339;

use super::schema::{arguments, validate};
use super::send::{Report, Test};
use crate::auth0::{ClientSlot, TestEvent};
use crate::framework::action::Progress;
use crate::framework::resource::{Change, Context, Planned, Resource};
use crate::framework::schema::{Block, Schema, map, string};
use crate::framework::value::{Type, Value};
use crate::framework::{Diagnostic, Diagnostics, Outcome};
use crate::model;

model! {
    /// A test event that was sent.
    pub struct TestEventModel {
        pub id: Value<String>,
        pub event_stream_id: Value<String>,
        pub event_type: Value<String>,
        pub data: Value<String>,
        pub wait: Value<String>,
        pub triggers: Value<BTreeMap<String, Value<String>>>,
        pub sent_at: Value<String>,
        pub result: Value<String>,
    }
}

/// The resource `auth0_event_stream_test_event`.
pub struct EventStreamTestEvents {
    auth0: ClientSlot,
}

impl EventStreamTestEvents {
    /// The resource, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl Resource for EventStreamTestEvents {
    type Model = TestEventModel;
    const TYPE_NAME: &'static str = "auth0_event_stream_test_event";

    fn schema(&self) -> Schema {
        let replacing = arguments().into_iter().map(|(name, attribute)| match name {
            // Nothing is sent because of it.
            "wait" => (name, attribute),
            _ => (name, attribute.requires_replace()),
        });
        let told = |description| string().computed().stable().description(description);
        let own = [
            (
                "triggers",
                map(Type::String).optional().requires_replace().description(
                    "Values whose change sends another event, such as the `updated_at` of the \
                     event stream.",
                ),
            ),
            ("id", told("Id of the event, by which its receiver knows it.")),
            ("sent_at", told("When Auth0 made the event (RFC 3339).")),
            (
                "result",
                told(
                    "What was seen. Auth0 lists deliveries that failed and no others, so the best \
                     is `No failure seen within 60 s.`, which is no proof of a delivery.",
                ),
            ),
        ];
        Schema::new(Block::new(replacing.chain(own)).description(
            "Sends a test event through an event stream when it is created, and another one when an \
             argument other than `wait` changes. A delivery that is seen to fail is an error, and the next apply tries \
             again. Destroying it sends nothing. Sending needs the scope `update:event_streams`. Where Terraform has actions, \
             `auth0_event_stream_test` does the same without a resource.",
        ))
    }

    fn describe(&self, model: &TestEventModel) -> String {
        let stream = model.event_stream_id.known().map_or("an event stream", String::as_str);
        format!("The test event of {stream}")
    }

    fn validate(&self, config: &TestEventModel) -> Diagnostics {
        validate(&config.event_type)
    }

    /// An event is sent with a create, also the one in a replacement, whose warnings core drops.
    fn plan(&self, change: &Change<'_, TestEventModel>, planned: &mut Planned<TestEventModel>) {
        if change.prior.is_none() || !planned.requires_replace.is_empty() {
            planned.diagnostics.append(planned.state.test().not_allowed(&self.auth0));
        }
    }

    async fn create(
        &self,
        context: &Context,
        planned: TestEventModel,
        _: TestEventModel,
    ) -> Outcome<TestEventModel> {
        match planned.test().run(&self.auth0, &context.stop, &Progress::silent()).await {
            Ok(Report { event, seen, failure }) => {
                Outcome::state(planned.sent(event, seen)).with_all(failure)
            }
            Err(diagnostic) => Outcome::failed(diagnostic),
        }
    }

    /// What was sent cannot change.
    async fn read(&self, _: &Context, state: TestEventModel) -> Outcome<TestEventModel> {
        Outcome::state(state)
    }

    async fn update(
        &self,
        _: &Context,
        _: TestEventModel,
        planned: TestEventModel,
        _: TestEventModel,
    ) -> Outcome<TestEventModel> {
        Outcome::state(planned)
    }

    /// There is nothing to take back.
    async fn delete(&self, _: &Context, _: TestEventModel) -> Diagnostics {
        Diagnostics::new()
    }

    async fn import(&self, _: &Context, _: &str) -> Result<TestEventModel, Diagnostics> {
        Err(Diagnostic::error(
            "A test event cannot be imported",
            "Auth0 does not keep test events. Remove the import: creating the resource sends one.",
        )
        .into())
    }
}

impl TestEventModel {
    fn test(&self) -> Test<'_> {
        Test::of(&self.event_stream_id, &self.event_type, &self.data, &self.wait)
    }

    fn sent(self, event: TestEvent, seen: String) -> Self {
        let time = event.time.and_then(|time| time.format(&Rfc3339).ok());
        Self {
            id: Value::Known(event.id),
            sent_at: time.into(),
            result: Value::Known(seen),
            ..self
        }
    }
}
