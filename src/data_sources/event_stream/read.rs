//! Finding one event stream.

use async_trait::async_trait;

use super::model::{EventStreamModel, flatten};
use super::schema;
use crate::auth0::catalog::near;
use crate::auth0::{self, Auth0, ClientSlot, Error, Operation};
use crate::data_sources::{client, delayed, failed, nearest};
use crate::framework::data_source::DataSource;
use crate::framework::path::path;
use crate::framework::resource::Context;
use crate::framework::schema::Schema;
use crate::framework::{Diagnostic, Diagnostics, Outcome};

/// The data source `auth0_event_stream`.
pub struct EventStream {
    auth0: ClientSlot,
}

impl EventStream {
    /// The data source, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl DataSource for EventStream {
    type Model = EventStreamModel;
    const TYPE_NAME: &'static str = "auth0_event_stream";

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn validate(&self, config: &EventStreamModel) -> Diagnostics {
        let EventStreamModel { id, name, .. } = config;
        let fault = if id.is_null() && name.is_null() {
            Diagnostic::error(
                "Missing id or name",
                "An event stream is found by its id or by its name. Set one of the two.",
            )
            .at(path("id"))
        } else if id.known().is_some() && name.known().is_some() {
            Diagnostic::error(
                "Both id and name",
                "An event stream is found by its id or by its name. Remove one of the two.",
            )
            .at(path("name"))
        } else {
            return Diagnostics::new();
        };
        fault.into()
    }

    async fn read(&self, _: &Context, config: EventStreamModel) -> Outcome<EventStreamModel> {
        let auth0 = match client(&self.auth0) {
            Ok(auth0) => auth0,
            Err(outcome) => return outcome,
        };
        let operation = Operation::default();
        let (what, found) = match (config.id.known(), config.name.known()) {
            (Some(id), _) => (format!("event stream {id:?}"), by_id(&auth0, &operation, id).await),
            (None, Some(name)) => {
                (format!("event stream {name:?}"), by_name(&auth0, &operation, name).await)
            }
            (None, None) => return Outcome::failed(self.validate(&config)),
        };
        let outcome = match found {
            Ok(stream) => Outcome::state(flatten(stream)),
            Err(NotFound::Absent(diagnostic)) => Outcome::failed(diagnostic),
            Err(NotFound::Failed(err)) => Outcome::failed(failed(&what, &err)),
        };
        outcome.with_all(delayed(&what, &operation))
    }
}

/// Why there is no stream to show.
enum NotFound {
    /// The tenant does not have it.
    Absent(Diagnostic),
    /// It cannot be told.
    Failed(Error),
}

async fn by_id(
    auth0: &Auth0,
    operation: &Operation,
    id: &str,
) -> Result<auth0::EventStream, NotFound> {
    auth0.event_streams(operation).get(id).await.map_err(|err| {
        if !err.is_not_found() && !err.is_malformed_id() {
            return NotFound::Failed(err);
        }
        let absent = Diagnostic::error(
            format!("There is no event stream {id:?}"),
            format!(
                "{} Check the id, and that the provider is configured for the tenant that has the \
                 event stream. A stream can be found by its name, too: set name in place of id.",
                err.sentence()
            ),
        );
        NotFound::Absent(absent.at(path("id")))
    })
}

/// From the pages of the list, which all searches of a run share.
async fn by_name(
    auth0: &Auth0,
    operation: &Operation,
    name: &str,
) -> Result<auth0::EventStream, NotFound> {
    let streams = auth0.event_streams(operation).all().await.map_err(NotFound::Failed)?;
    if let Some(found) = streams.iter().find(|stream| stream.name == name) {
        return Ok(found.clone());
    }
    let mut absent = absent(name, &streams);
    absent.detail.push_str(
        " Where this configuration creates it, set id to the id of its resource, so that it is read \
         after it has been created.",
    );
    Err(NotFound::Absent(absent.at(path("name"))))
}

/// There is no stream of this name among those of the tenant, and which names are near.
pub fn absent(name: &str, streams: &[auth0::EventStream]) -> Diagnostic {
    let near = near(name, streams.iter().map(|stream| stream.name.as_str()));
    if name.is_empty() {
        return Diagnostic::error(
            "The name of the event stream is empty",
            "Give the name that the event stream has in Auth0, such as orders.",
        );
    }
    let tenant = match streams.len() {
        0 => "The tenant has no event streams.".to_owned(),
        1 => format!("The tenant has one event stream. {}", nearest(&near, "")),
        n => format!("The tenant has {n} event streams. {}", nearest(&near, "No name is near.")),
    };
    Diagnostic::error(
        format!("There is no event stream named {name:?}"),
        format!(
            "{} Names are compared letter by letter. Check that the provider is configured for the \
             tenant that has the event stream.",
            tenant.trim_end()
        ),
    )
}
