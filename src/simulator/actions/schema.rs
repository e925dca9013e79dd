//! What the calls of actions must look like.

use super::super::api::Shape;
use super::super::schema::{
    Property, Schema, integer, list as array, object, optional, required, text,
};
use super::super::switches::Switches;

pub(super) fn nothing(_: &Switches) -> Shape {
    Shape::new()
}

pub(super) fn list(_: &Switches) -> Shape {
    Shape::new().query(object([
        optional("triggerId", text()),
        optional("actionName", text()),
        optional("deployed", Schema::Boolean),
        optional("installed", Schema::Boolean),
        page(),
        per_page(),
    ]))
}

pub(super) fn by_id(_: &Switches) -> Shape {
    Shape::new().path(object([id()]))
}

pub(super) fn delete(_: &Switches) -> Shape {
    Shape::new().path(object([id()])).query(object([optional("force", Schema::Boolean)]))
}

pub(super) fn bindings(_: &Switches) -> Shape {
    Shape::new().path(object([id()])).query(object([page(), per_page()]))
}

pub(super) fn create(_: &Switches) -> Shape {
    let [name, triggers, code, dependencies, runtime, secrets, modules] = members();
    Shape::new().body(object([
        name.required_if(true),
        triggers.required_if(true),
        code,
        dependencies,
        runtime,
        secrets,
        modules,
        optional("deploy", Schema::Boolean),
    ]))
}

pub(super) fn update(_: &Switches) -> Shape {
    Shape::new().path(object([id()])).body(object(members()))
}

/// What create and patch have in common.
fn members() -> [Property; 7] {
    let trigger = object([required("id", text()), required("version", text())]);
    let dependency = object([
        required("name", text()),
        required("version", text()),
        optional("registry_url", text()),
    ]);
    let secret =
        object([required("name", text().at_most(128)), required("value", text().at_most(4_096))]);
    [
        optional("name", text().at_least(1)),
        optional("supported_triggers", array(trigger).at_least(1).at_most(1)),
        optional("code", text().at_most(100_000)),
        optional("dependencies", array(dependency).at_most(10)),
        optional("runtime", text()),
        optional("secrets", array(secret).at_most(30)),
        optional("modules", array(Schema::AnyObject)),
    ]
}

fn id() -> Property {
    required("id", text())
}

fn page() -> Property {
    optional("page", integer(0..=i64::MAX))
}

fn per_page() -> Property {
    optional("per_page", integer(1..=100))
}
