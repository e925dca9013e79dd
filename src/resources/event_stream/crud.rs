//! Requests to Auth0 for one event stream: one for each operation.

use async_trait::async_trait;

use super::expand::{expand_create, expand_update};
use super::flatten::flatten;
use super::messages::{delayed, failed, gone, kept, never_there, not_as_usual, stream, vanished};
use super::model::EventStreamModel;
use super::plan::Call;
use super::{plan, schema, validate};
use crate::auth0::{
    Auth0, Clash, ClientSlot, Deleted, Operation, Planned as OfAll, is_event_stream_id,
};
use crate::data_sources::event_stream::absent;
use crate::framework::path::path;
use crate::framework::resource::{Change, Context, Planned, Resource};
use crate::framework::schema::Schema;
use crate::framework::timeouts::Timeouts;
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics, Outcome, capitalized};

/// What stands before a name in place of an id.
const BY_NAME: &str = "name:";

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
        self.auth0.client().map_err(|not_ready| Diagnostic::not_configured(&not_ready))
    }

    /// The state of the one stream of this name.
    async fn import_by_name(&self, name: &str) -> Result<EventStreamModel, Diagnostic> {
        let (auth0, operation) = (self.client()?, Operation::default());
        let streams = auth0.event_streams(&operation).all().await.map_err(|err| {
            let what = format!("Unable to look for event stream {name:?}");
            Diagnostic::error(what, err.explained())
        })?;
        let named = streams.iter().filter(|stream| stream.name == name);
        match named.map(|stream| stream.id.as_str()).collect::<Vec<_>>()[..] {
            [] => Err(absent(name, &streams)),
            [id] => Ok(EventStreamModel { id: id.into(), ..EventStreamModel::default() }),
            ref ids => Err(Diagnostic::error(
                format!("There are {} event streams named {name:?}", ids.len()),
                format!("Import the one that is meant by its id: {}.", ids.join(", ")),
            )),
        }
    }

    /// What there is to say where a plan does two things to a name or an id.
    fn clash(
        &self,
        model: &EventStreamModel,
        note: impl FnOnce(&mut OfAll, &str, Option<String>) -> Option<Clash>,
    ) -> Option<Diagnostic> {
        let auth0 = self.auth0.client().ok()?;
        let clash = note(&mut auth0.planned(), model.name.known()?, plan::content(model))?;
        Some(plan::clashing(model, &clash, auth0.adopts_existing()))
    }

    /// A warning, where there is a token already and it does not allow what apply will ask for.
    fn not_allowed(&self, call: Call, model: &EventStreamModel) -> Option<Diagnostic> {
        let advice = self.auth0.client().ok()?.lacks_scope(&call.scope())?;
        Some(plan::not_allowed(call, model, &advice))
    }
}

#[async_trait]
impl Resource for EventStreams {
    type Model = EventStreamModel;
    const TYPE_NAME: &'static str = "auth0_event_stream";
    // Alone, so that it survives a move of the tenant to a custom domain.
    const IDENTITY: Option<&'static str> = Some("id");

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
        let calls = plan::plan(change, planned);
        let model = change.prior.unwrap_or(&planned.state);
        let warnings = calls.iter().filter_map(|call| self.not_allowed(*call, model)).collect();
        planned.diagnostics.append(warnings);
        let replaced = change.private.plan_note(plan::REPLACED).and_then(|id| id.as_str());
        let clash = self.clash(model, |of_all, name, content| match (calls, model.id.known()) {
            ([Call::Create], _) => of_all.creates(name, content, replaced),
            ([] | [Call::Update], Some(id)) => of_all.keeps(id, name, content),
            (_, Some(id)) => of_all.deletes(id, name, content),
            (_, None) => None,
        });
        planned.diagnostics.append(clash.into_iter().collect());
    }

    fn plan_destroy(&self, prior: &EventStreamModel) -> Diagnostics {
        plan::plan_destroy(prior)
            .into_iter()
            .chain(self.not_allowed(Call::Delete, prior))
            .chain(self.clash(prior, |of_all, name, content| {
                of_all.deletes(prior.id.known()?, name, content)
            }))
            .collect()
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
        let operation = Operation::new(Timeouts::limit(&planned.timeouts, |t| &t.create));
        let outcome = match auth0.event_streams(&operation).create(&request).await {
            Ok(created) => {
                let notice = not_as_usual(&planned, &created);
                let created = created.into_stream();
                context.remember(&EventStreamModel {
                    id: Value::Known(created.id.clone()),
                    ..planned.clone()
                });
                Outcome::state(flatten(created, &planned)).with_all(notice)
            }
            Err(err) => Outcome::failed(failed("create", &planned, &err)),
        };
        outcome.with_all(delayed(&planned, &operation))
    }

    async fn read(&self, _: &Context, state: EventStreamModel) -> Outcome<EventStreamModel> {
        let (auth0, id) = match (self.client(), id_of(&state)) {
            (Ok(auth0), Ok(id)) => (auth0, id),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => return Outcome::failed(diagnostic),
        };
        let operation = Operation::new(Timeouts::limit(&state.timeouts, |t| &t.read));
        let created_at = state.created_at.known().map(String::as_str);
        let outcome = match auth0.event_streams(&operation).get_made(id, created_at).await {
            Ok(stream) => Outcome::state(flatten(stream, &state)),
            // Only an import leaves the name to be read.
            Err(err) if state.name.is_null() && (err.is_not_found() || err.is_malformed_id()) => {
                Outcome::failed(never_there(id, &err))
            }
            Err(err) if err.is_not_found() => Outcome::gone().with(gone(&state, id)),
            Err(err) => Outcome::failed(failed("read", &state, &err)),
        };
        outcome.with_all(delayed(&state, &operation))
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
        let operation = Operation::new(Timeouts::limit(&planned.timeouts, |t| &t.update));
        let outcome = match auth0.event_streams(&operation).update(id, &update).await {
            Ok(updated) => Outcome::state(flatten(updated, &planned)),
            Err(err) if err.is_not_found() => Outcome::failed(vanished(&prior, id, &err)),
            Err(err) => Outcome::failed(failed("update", &prior, &err)),
        };
        outcome.with_all(delayed(&prior, &operation))
    }

    async fn delete(&self, _: &Context, prior: EventStreamModel) -> Diagnostics {
        let (auth0, id) = match (self.client(), id_of(&prior)) {
            (Ok(auth0), Ok(id)) => (auth0, id),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => return diagnostic.into(),
        };
        let operation = Operation::new(Timeouts::limit(&prior.timeouts, |t| &t.delete));
        let notice = match auth0.event_streams(&operation).delete(id).await {
            Ok(Deleted::Gone) => None,
            Ok(Deleted::Kept) => Some(kept(&prior, id)),
            Err(err) => Some(failed("delete", &prior, &err)),
        };
        notice.into_iter().chain(delayed(&prior, &operation)).collect()
    }

    async fn import(&self, _: &Context, id: &str) -> Result<EventStreamModel, Diagnostics> {
        if let Some(name) = id.strip_prefix(BY_NAME) {
            return self.import_by_name(name).await.map_err(Into::into);
        }
        if !is_event_stream_id(id) {
            return Err(Diagnostic::error(
                format!("{id:?} is not the id of an event stream"),
                "An id has the form est_ and 22 letters or digits, such as \
                 est_4Kq7WnXy2bVt9RmHc3PzLd. An event stream is imported by its name as well, with \
                 name: before it, such as name:orders.",
            )
            .into());
        }
        Ok(EventStreamModel { id: id.into(), ..EventStreamModel::default() })
    }
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
