//! Actions, as far as event streams need them as destinations: drafts, secrets, deployment.
//! Versions, tests and changes of bindings are not simulated.

mod collection;
mod model;
mod read;
mod schema;
mod shown;
mod triggers;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use collection::Actions;
pub use model::Action;
pub(crate) use write::add_deployed;

use super::api::Route;

/// The calls of actions.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "actions/actions",
        scopes: &["read:actions"],
        shape: schema::list,
        handle: read::list,
    },
    Route {
        method: "POST",
        path: "actions/actions",
        scopes: &["create:actions"],
        shape: schema::create,
        handle: write::create,
    },
    Route {
        method: "GET",
        path: "actions/actions/{id}",
        scopes: &["read:actions"],
        shape: schema::by_id,
        handle: read::get,
    },
    Route {
        method: "PATCH",
        path: "actions/actions/{id}",
        scopes: &["update:actions"],
        shape: schema::update,
        handle: write::update,
    },
    Route {
        method: "DELETE",
        path: "actions/actions/{id}",
        scopes: &["delete:actions"],
        shape: schema::delete,
        handle: write::delete,
    },
    Route {
        method: "POST",
        path: "actions/actions/{id}/deploy",
        scopes: &["create:actions"],
        shape: schema::by_id,
        handle: write::deploy,
    },
    Route {
        method: "GET",
        path: "actions/triggers",
        scopes: &["read:actions"],
        shape: schema::nothing,
        handle: triggers::list,
    },
    Route {
        method: "GET",
        path: "actions/triggers/{id}/bindings",
        scopes: &["read:actions"],
        shape: schema::bindings,
        handle: triggers::bindings,
    },
];
