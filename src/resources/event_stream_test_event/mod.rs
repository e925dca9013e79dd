//! `auth0_event_stream_test_event`: a test event, sent once, and again when its triggers change. The
//! twin of the action `auth0_event_stream_test`, for programs that have no actions.

mod crud;
mod schema;
mod send;

pub use crud::EventStreamTestEvents;
pub use schema::{arguments, validate};
pub use send::{Report, Test};
