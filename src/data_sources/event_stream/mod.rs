//! `auth0_event_stream`: one event stream, by its id or by its name.

mod model;
mod read;
mod schema;

pub use model::{EventStreamModel, flatten};
pub use read::{EventStream, absent};
pub use schema::event_stream;
