//! Requests to Auth0 for one event stream: one for each operation.

use async_trait::async_trait;

use super::expand::{expand_create, expand_update};
use super::flatten::flatten;
use super::messages::{failed, gone, never_there, stream, vanished};
use super::model::EventStreamModel;
use super::{plan, schema, validate};
use crate::auth0::{Auth0, ClientSlot};
use crate::framework::path::path;
use crate::framework::resource::{Change, Context, Planned, Resource};
use crate::framework::schema::Schema;
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics, Outcome, capitalized};

/// The resource `auth0_event_stream`.
pub struct EventStreams {
    auth0: ClientSlot,
}

impl EventStreams {
    /// The resource, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }

    fn client(&self) -> Result<Auth0, Diagnostic> {
        self.auth0.client().map_err(|not_ready| {
            Diagnostic::error("The provider is not configured", not_ready.to_string())
        })
    }
}

#[async_trait]
impl Resource for EventStreams {
    type Model = EventStreamModel;
    const TYPE_NAME: &'static str = "auth0_event_stream";

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn describe(&self, model: &EventStreamModel) -> String {
        capitalized(&stream(model))
    }

    fn validate(&self, config: &EventStreamModel) -> Diagnostics {
        validate::validate(config)
    }

    fn plan(&self, change: &Change<'_, EventStreamModel>, planned: &mut Planned<EventStreamModel>) {
        plan::plan(change, planned);
    }

    fn plan_destroy(&self, prior: &EventStreamModel) -> Diagnostics {
        plan::plan_destroy(prior).into_iter().collect()
    }

    async fn create(
        &self,
        context: &Context,
        planned: EventStreamModel,
        config: EventStreamModel,
    ) -> Outcome<EventStreamModel> {
        let (auth0, request) = match (self.client(), expand_create(&planned, &config)) {
            (Ok(auth0), Ok(request)) => (auth0, request),
            (Err(diagnostic), _) => return Outcome::failed(diagnostic),
            (_, Err(diagnostics)) => return Outcome::failed(diagnostics),
        };
        match auth0.event_streams().create(&request).await {
            Ok(created) => {
                context.remember(&EventStreamModel {
                    id: Value::Known(created.id.clone()),
                    ..planned.clone()
                });
                Outcome::state(flatten(created, &planned))
            }
            Err(err) => Outcome::failed(failed("create", &planned, &err)),
        }
    }

    async fn read(&self, _: &Context, state: EventStreamModel) -> Outcome<EventStreamModel> {
        let (auth0, id) = match (self.client(), id_of(&state)) {
            (Ok(auth0), Ok(id)) => (auth0, id),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => return Outcome::failed(diagnostic),
        };
        match auth0.event_streams().get(id).await {
            Ok(stream) => Outcome::state(flatten(stream, &state)),
            // Only an import leaves the name to be read.
            Err(err) if state.name.is_null() && (err.is_not_found() || err.is_malformed_id()) => {
                Outcome::failed(never_there(id, &err))
            }
            Err(err) if err.is_not_found() => Outcome::gone().with(gone(&state, id)),
            Err(err) => Outcome::failed(failed("read", &state, &err)),
        }
    }

    async fn update(
        &self,
        _: &Context,
        prior: EventStreamModel,
        planned: EventStreamModel,
        config: EventStreamModel,
    ) -> Outcome<EventStreamModel> {
        let update = match expand_update(&prior, &planned, &config) {
            Ok(update) if update.is_empty() => return Outcome::state(planned),
            Ok(update) => update,
            Err(diagnostics) => return Outcome::failed(diagnostics),
        };
        let (auth0, id) = match (self.client(), id_of(&prior)) {
            (Ok(auth0), Ok(id)) => (auth0, id),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => return Outcome::failed(diagnostic),
        };
        match auth0.event_streams().update(id, &update).await {
            Ok(updated) => Outcome::state(flatten(updated, &planned)),
            Err(err) if err.is_not_found() => Outcome::failed(vanished(&prior, id, &err)),
            Err(err) => Outcome::failed(failed("update", &prior, &err)),
        }
    }

    async fn delete(&self, _: &Context, prior: EventStreamModel) -> Diagnostics {
        let (auth0, id) = match (self.client(), id_of(&prior)) {
            (Ok(auth0), Ok(id)) => (auth0, id),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => return diagnostic.into(),
        };
        match auth0.event_streams().delete(id).await {
            Ok(()) => Diagnostics::new(),
            Err(err) => failed("delete", &prior, &err).into(),
        }
    }

    fn import(&self, id: &str) -> Result<EventStreamModel, Diagnostics> {
        if !is_id(id) {
            return Err(Diagnostic::error(
                format!("{id:?} is not the id of an event stream"),
                "An id has the form est_ and 22 letters or digits, such as \
                 est_4Kq7WnXy2bVt9RmHc3PzLd. The Management API lists the ids of all event streams \
                 by name: GET /api/v2/event-streams.",
            )
            .into());
        }
        Ok(EventStreamModel { id: id.into(), ..EventStreamModel::default() })
    }
}

/// `est_` and 22 letters or digits.
fn is_id(id: &str) -> bool {
    id.strip_prefix("est_")
        .is_some_and(|rest| rest.len() == 22 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn id_of(model: &EventStreamModel) -> Result<&str, Diagnostic> {
    model.id.known().map(String::as_str).ok_or_else(|| {
        Diagnostic::error(
            format!("{} has no id in the state", capitalized(&stream(model))),
            "Remove it from the state and import it again by its id.",
        )
        .at(path("id"))
    })
}
