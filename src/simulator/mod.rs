//! A strict, offline Auth0: the token endpoint, event streams, and as much of actions as an action
//! destination needs. It judges raw JSON by what Auth0 documents and shares no type with the
//! client, so that a wrong belief of the client is caught and not agreed with. It refuses what
//! Auth0 refuses; where nobody knows what Auth0 does, there is a switch.
//!
//! A request meets, in this order: its faults on order (`faults`), the domain (`auth0`), and then
//! the token endpoint (`token`) or the Management API (`api`): authentication, rate limit, route,
//! scope, path, query, body, existence, conflict.

mod answer;
mod clock;
mod errors;
mod ids;
mod options;
mod rate_limit;
mod request_log;
mod schema;
pub mod switches;
mod tls;

pub use options::{ClientAuthentication, Options, Settings};
pub use rate_limit::RateLimit;
pub use request_log::Request;
