//! One folder for each resource.

pub mod event_stream;
pub mod event_stream_test_event;
