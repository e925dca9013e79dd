//! One folder for each resource.

pub mod event_stream;
