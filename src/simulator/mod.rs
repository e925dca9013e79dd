//! A strict, offline Auth0: the token endpoint, event streams, and as much of actions as an action
//! destination needs. It judges raw JSON by what Auth0 documents and shares no type with the
//! client, so that a wrong belief of the client is caught and not agreed with. It refuses what
//! Auth0 refuses; where nobody knows what Auth0 does, there is a switch.
//!
//! A request meets, in this order: its faults on order (`faults`), the domain (`auth0`), and then
//! the token endpoint (`token`) or the Management API (`api`): authentication, rate limit, route,
//! scope, path, query, body, existence, conflict.

mod actions;
mod answer;
mod api;
mod auth0;
mod clock;
mod command;
mod control;
mod cursor;
mod deliveries;
mod errors;
mod event_streams;
mod faults;
mod handle;
mod ids;
mod options;
mod rate_limit;
mod request_log;
mod run;
mod schema;
mod script;
mod server;
mod store;
pub mod switches;
mod tenant;
mod tls;
mod token;
mod trust;

#[cfg(test)]
mod api_tests;
#[cfg(test)]
mod server_tests;
#[cfg(test)]
mod testing;

pub use actions::Action;
pub use auth0::Auth0;
pub use command::serve_until_terminated;
pub use control::{ROUTES as CONTROL_ROUTES, serve as serve_control};
pub use event_streams::{Authorization, Destination, EventStream, Status};
pub use faults::{Effect, Fault};
pub use handle::Simulator;
pub use options::{Api, ClientAuthentication, Options, Settings, SigningAlg};
pub use rate_limit::RateLimit;
pub use request_log::Request;
pub use run::run;
pub use script::Script;
pub use server::serve;
