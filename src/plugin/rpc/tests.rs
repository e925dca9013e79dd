//! What core gets from an apply or an action that goes wrong, whatever it does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;

use super::*;
use crate::framework::action::{Action, Progress};
use crate::framework::engine::{AnyAction, AnyResource, action, resource};
use crate::framework::path::path;
use crate::framework::provider::Client;
use crate::framework::resource::{Context, Resource};
use crate::framework::schema::{Block, Schema, dynamic, string};
use crate::framework::value::{Data, IntoRaw, Raw, Value};
use crate::framework::{Diagnostics, Outcome, Path};
use crate::model;
use crate::plugin::convert::{from_wire, to_wire};
use crate::plugin::lifecycle::StartedBy;
use apply_resource_change::handle;
use wire::apply_resource_change::Request as ApplyRequest;
use wire::invoke_action::event::Type;

model! {
    struct Thing { pub id: Value<String>, pub name: Value<String>, pub any: Value<Data> }
}
model! {
    struct Nothing { pub anything: Value<String> }
}

/// Makes things, and then does what the name of the thing says.
struct Things;

#[async_trait]
impl Resource for Things {
    type Model = Thing;
    const TYPE_NAME: &'static str = "toy_thing";

    fn schema(&self) -> Schema {
        Schema::new(Block::new([
            ("id", string().computed()),
            ("name", string().required()),
            ("any", dynamic().computed()),
        ]))
    }

    fn describe(&self, thing: &Thing) -> String {
        assert_ne!(thing.name, "panics when named".into(), "canary");
        "Thing".to_owned()
    }

    async fn create(&self, context: &Context, planned: Thing, _: Thing) -> Outcome<Thing> {
        let made = Thing { id: "1".into(), any: Value::Null, ..planned.clone() };
        context.remember(&Thing { any: Value::Unknown, ..made.clone() });
        assert_ne!(planned.name, "panics".into(), "canary");
        let untyped = Value::Known(Data::String("without a type".to_owned()));
        match planned.name == "answers what cannot be written".into() {
            true => Outcome::state(Thing { any: untyped, ..made }),
            false => Outcome::state(made),
        }
    }

    async fn read(&self, _: &Context, state: Thing) -> Outcome<Thing> {
        Outcome::state(state)
    }

    async fn update(&self, _: &Context, _: Thing, planned: Thing, _: Thing) -> Outcome<Thing> {
        Outcome::state(planned)
    }

    async fn delete(&self, _: &Context, _: Thing) -> Diagnostics {
        Diagnostics::new()
    }

    async fn import(&self, _: &Context, id: &str) -> Result<Thing, Diagnostics> {
        Ok(Thing { id: id.into(), ..Thing::default() })
    }
}

struct Toy;

impl Provider for Toy {
    type Model = Nothing;

    fn schema(&self) -> Schema {
        Schema::new(Block::new([("anything", string().optional())]))
    }

    fn configure(&self, _: Nothing, _: Client) -> Diagnostics {
        Diagnostics::new()
    }

    fn resources(&self) -> Vec<Arc<dyn AnyResource>> {
        vec![resource(Things)]
    }

    fn actions(&self) -> Vec<Arc<dyn AnyAction>> {
        vec![action(Deed)]
    }
}

/// What the deeds that were stopped were asked for.
static STOPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Says three sentences, and then does what its configuration says.
struct Deed;

#[async_trait]
impl Action for Deed {
    type Model = Nothing;
    const TYPE_NAME: &'static str = "toy_deed";

    fn schema(&self) -> Schema {
        Schema::new(Block::new([("anything", string().optional())]))
    }

    async fn invoke(&self, context: &Context, config: Nothing, progress: &Progress) -> Diagnostics {
        for text in ["one", "two", "three"] {
            progress.say(text);
        }
        tokio::task::yield_now().await;
        match config.anything.known().map(String::as_str) {
            Some("panics") => panic!("canary"),
            Some("fails") => Diagnostic::error("It failed", "On purpose.").into(),
            Some("waits" | "waits for nobody") => {
                context.stop.cancelled().await;
                STOPPED.lock().unwrap().extend(config.anything.known().cloned());
                Diagnostic::error("It was stopped", "On purpose.").into()
            }
            _ => Diagnostics::new(),
        }
    }
}

/// What is told on the way, and the summaries of each end.
async fn invoked(lifecycle: &Lifecycle, what: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let service = ProviderService::new(Toy, lifecycle.clone());
    let config = Nothing { anything: what.into() }.into_raw();
    let config = to_wire::value(&config, &Deed.schema().ty()).unwrap();
    let request = wire::invoke_action::Request {
        action_type: "toy_deed".to_owned(),
        config: Some(config),
        ..Default::default()
    };
    let mut events = service.invoke_action(Request::new(request)).await.unwrap().into_inner();
    let (mut said, mut ends) = (Vec::new(), Vec::new());
    while let Some(event) = events.next().await {
        match event.unwrap().r#type.unwrap() {
            Type::Progress(progress) => said.push(progress.message),
            Type::Completed(completed) => {
                ends.push(completed.diagnostics.into_iter().map(|d| d.summary).collect());
            }
        }
    }
    (said, ends)
}

#[tokio::test]
async fn an_action_ends_with_one_event_whatever_happens() {
    for (what, end) in [
        ("is fine", &[][..]),
        ("fails", &["It failed"]),
        ("panics", &["The provider failed"]),
        ("waits", &["It was stopped"]),
    ] {
        let lifecycle = Lifecycle::new(StartedBy::Core);
        let stopping = async {
            sleep(Duration::from_millis(20)).await;
            lifecycle.stop();
        };
        let ((said, ends), ()) = tokio::join!(invoked(&lifecycle, what), stopping);
        assert_eq!(ends, [end], "{what}");
        // What was not handed over before a panic is lost.
        assert!(what == "panics" || said == ["one", "two", "three"], "{what}: {said:?}");
    }
}

/// Nothing waits for ever for somebody to listen.
#[tokio::test]
async fn an_action_that_nobody_listens_to_is_stopped() {
    let (lifecycle, short) = (Lifecycle::new(StartedBy::Core), Duration::from_millis(20));
    // Enough to begin, and then the one who listens goes away.
    timeout(short, invoked(&lifecycle, "waits for nobody")).await.unwrap_err();
    let ended = async {
        while !STOPPED.lock().unwrap().iter().any(|what| what == "waits for nobody") {
            sleep(short).await;
        }
    };
    timeout(Duration::from_secs(5), ended).await.unwrap();
}

fn thing(name: &str, id: Value<String>, any: Value<Data>) -> Raw {
    Thing { id, name: name.into(), any }.into_raw()
}

/// Nobody but the provider knows of an object that it has just made.
#[tokio::test]
async fn a_created_object_is_stored_whatever_happens_then() {
    let service = ProviderService::new(Toy, Lifecycle::new(StartedBy::Core));
    let ty = Things.schema().ty();
    let wire = |value: &Raw| Some(to_wire::value(value, &ty).unwrap());
    for (name, error) in [
        ("is fine", None),
        ("panics", Some(Path::root())),
        ("panics when named", Some(Path::root())),
        ("answers what cannot be written", Some(path("any"))),
    ] {
        let request = ApplyRequest {
            type_name: "toy_thing".to_owned(),
            prior_state: wire(&Value::Null),
            planned_state: wire(&thing(name, Value::Unknown, Value::Unknown)),
            config: wire(&thing(name, Value::Null, Value::Null)),
            ..Default::default()
        };
        let answer = handle(&service, request).await;
        let state = from_wire::value(answer.new_state, &ty).unwrap();
        assert_eq!(state, thing(name, "1".into(), Value::Null), "{name}");
        let said: Vec<_> = answer.diagnostics.iter().map(|d| (d.severity, &d.attribute)).collect();
        let at = error.map(|at| (!at.steps().is_empty()).then(|| to_wire::path(&at)));
        assert_eq!(said, at.iter().map(|at| (1, at)).collect::<Vec<_>>(), "{name}");
    }
}
