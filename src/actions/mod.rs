//! What is done and leaves no state.

pub mod event_stream_test;
