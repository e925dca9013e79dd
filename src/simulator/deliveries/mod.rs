//! Deliveries of event streams: the failed ones, redelivery, test events and statistics. Nothing
//! is really sent anywhere; the handle, the control door and a setting say what fails.

mod list;
mod model;
mod redeliver;
mod schema;
mod stats;
mod test_event;

#[cfg(test)]
mod tests;

pub(crate) use model::{Deliveries, UnderWay, fail, fail_due};

use super::api::Route;

/// The calls of deliveries.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "event-streams/{id}/deliveries",
        scopes: &["read:event_streams", "read:event_deliveries"],
        shape: schema::list,
        handle: list::list,
    },
    Route {
        method: "GET",
        path: "event-streams/{id}/deliveries/{event_id}",
        scopes: &["read:event_deliveries"],
        shape: schema::by_event,
        handle: list::get,
    },
    Route {
        method: "POST",
        path: "event-streams/{id}/redeliver",
        scopes: &["update:event_deliveries"],
        shape: schema::redeliver_many,
        handle: redeliver::many,
    },
    Route {
        method: "POST",
        path: "event-streams/{id}/redeliver/{event_id}",
        scopes: &["update:event_deliveries"],
        shape: schema::by_event,
        handle: redeliver::one,
    },
    Route {
        method: "POST",
        path: "event-streams/{id}/test",
        scopes: &["update:event_streams"],
        shape: schema::test_event,
        handle: test_event::post,
    },
    Route {
        method: "GET",
        path: "event-streams/{id}/stats",
        // The scope is not documented: either of those that read deliveries.
        scopes: &["read:event_streams", "read:event_deliveries"],
        shape: schema::stats,
        handle: stats::get,
    },
];
