//! What exists in the tenant, whoever made it, for `terraform query`.

pub mod event_stream;
