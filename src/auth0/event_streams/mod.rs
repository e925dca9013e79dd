//! `/api/v2/event-streams`. Requests carry secrets, answers never do, so they have types of their own.

mod answer;
mod calls;
mod claims;
mod creation;
mod filter;
mod planned;
mod request;
mod settle;
mod shelf;
mod test_event;

pub use answer::{EventStream, EventStreamAuthorization, EventStreamDestination};
pub use calls::{Deleted, EventStreams, is_event_stream_id};
pub(super) use claims::Claims;
pub use creation::Created;
pub use filter::EventStreamFilter;
pub use planned::{Clash, Planned};
pub use request::{
    CreateEventStream, Destination, Subscription, UpdateEventStream, WebhookAuthorization,
};
pub(super) use shelf::Shelf;
pub use test_event::TestEvent;
