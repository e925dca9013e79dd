//! Access tokens: the endpoint that issues them, and their verification on each request.

mod assertion;
#[cfg(test)]
mod assertion_tests;
mod client;
mod endpoint;
#[cfg(test)]
mod endpoint_tests;
mod issued;
mod jwt;
mod parameters;

pub(crate) use assertion::{Accepted, Credential, built_in_key_pem};
pub(crate) use client::Client;
pub(crate) use endpoint::{answer, ready_made};
pub(crate) use issued::Tokens;
pub(crate) use jwt::{SigningKey, is_jwt_shaped};

/// The path of the token endpoint.
pub(crate) const PATH: &str = "/oauth/token";
