//! `auth0_event_stream`: delivers events of a tenant to a webhook, EventBridge or an action.

mod changes;
mod crud;
mod expand;
mod faults;
mod flatten;
mod messages;
mod model;
mod plan;
mod schema;
mod validate;

#[cfg(test)]
mod tests;

pub use self::crud::EventStreams;
pub use self::flatten::listed;
pub use self::model::{
    ActionConfiguration, EventStreamModel, EventbridgeConfiguration, Method, WebhookConfiguration,
};
