//! What core gets from an apply that goes wrong, whatever a resource does.

use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::framework::engine::{AnyResource, resource};
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
