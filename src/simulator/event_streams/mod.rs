//! Event streams.

mod collection;
mod create;
mod delete;
mod model;
mod read;
mod schema;
mod sent;
mod shown;
mod update;

#[cfg(test)]
mod create_tests;
#[cfg(test)]
mod delete_tests;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod update_tests;

pub(crate) use collection::EventStreams;
pub(crate) use create::create;
pub(crate) use delete::delete;
pub use model::{Authorization, Destination, EventStream, Status};
pub(crate) use read::{find, paging};
pub(crate) use schema::{EVENT_TYPES, by_id, id};
pub(crate) use shown::{Secrets, Shown};
pub(crate) use update::{change, moved};

use super::api::Route;

/// The calls of event streams.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "event-streams",
        scopes: &["read:event_streams"],
        shape: schema::list,
        handle: read::list,
    },
    Route {
        method: "POST",
        path: "event-streams",
        scopes: &["create:event_streams"],
        shape: schema::create,
        handle: create::post,
    },
    Route {
        method: "GET",
        path: "event-streams/{id}",
        scopes: &["read:event_streams"],
        shape: schema::by_id,
        handle: read::get,
    },
    Route {
        method: "PATCH",
        path: "event-streams/{id}",
        scopes: &["update:event_streams"],
        shape: schema::update,
        handle: update::patch,
    },
    Route {
        method: "DELETE",
        path: "event-streams/{id}",
        scopes: &["delete:event_streams"],
        shape: schema::by_id,
        handle: delete::call,
    },
];
