//! `auth0_event_stream`: the event streams of the tenant.

use async_trait::async_trait;

use crate::auth0::{ClientSlot, EventStreamFilter, Operation};
use crate::data_sources::event_streams::{check_filters, filter_of, filters};
use crate::framework::list_resource::{Found, ListResource};
use crate::framework::resource::Context;
use crate::framework::schema::{Block, Schema};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics};
use crate::model;
use crate::resources::event_stream::{EventStreamModel, EventStreams, listed};

model! {
    /// The filters.
    pub struct FiltersModel {
        pub destination_type: Value<String>,
        pub status: Value<String>,
        pub name_pattern: Value<String>,
        pub subscribed_to: Value<String>,
    }
}

/// The list resource `auth0_event_stream`.
pub struct ListEventStreams {
    auth0: ClientSlot,
}

impl ListEventStreams {
    /// The list resource, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl ListResource for ListEventStreams {
    type Model = FiltersModel;
    type Resource = EventStreams;

    fn schema(&self) -> Schema {
        Schema::new(Block::new(filters()).description(
            "Lists the event streams of the tenant that pass every filter that is set, the oldest \
             first; without filters, all. A hundred of them cost one request, and they are shown as \
             they come. Two arguments stand beside `config`, since they are Terraform's own: `limit`, \
             without which it stops at 100 and does not say that there are more, and \
             `include_resource`, which adds the whole object of each stream to what `-json` prints. \
             There and in generated configuration, a stream that this provider would refuse, such as \
             one with a newer kind of destination, is left out with a warning.",
        ))
    }

    fn validate(&self, config: &FiltersModel) -> Diagnostics {
        check_filters(&config.subscribed_to).into_iter().collect()
    }

    async fn list(
        &self,
        _: &Context,
        config: FiltersModel,
        found: &mut Found<EventStreamModel>,
    ) -> Diagnostics {
        let auth0 = match self.auth0.client() {
            Ok(auth0) => auth0,
            Err(not_ready) => return Diagnostic::not_configured(&not_ready).into(),
        };
        let operation = Operation::default();
        let filter = config.filter();
        let mut pages = auth0.event_streams(&operation).pages();
        loop {
            match pages.next().await {
                Ok(Some(streams)) => {
                    for stream in streams.into_iter().filter(|stream| filter.passes(stream)) {
                        if !found.push(stream.name.clone(), listed(stream)).await {
                            return Diagnostics::new();
                        }
                    }
                }
                Ok(None) => {
                    let delay = operation.delay();
                    let told =
                        delay.map(|delay| Diagnostic::warning("The list had to wait", delay));
                    return told.into_iter().collect();
                }
                Err(err) => {
                    let what = "Unable to list the event streams of the tenant";
                    return Diagnostic::error(what, err.explained()).into();
                }
            }
        }
    }
}

impl FiltersModel {
    fn filter(&self) -> EventStreamFilter {
        let Self { destination_type, status, name_pattern, subscribed_to } = self;
        filter_of([destination_type, status, name_pattern, subscribed_to])
    }
}
