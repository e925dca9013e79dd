//! Client of the Auth0 Management API: one connection, one token, repeats that never create an
//! object twice, and errors in the words of the person who has to act on them.
//!
//! The room knows nothing of Terraform's values. A call is a [`Call`] in the user's words; what went
//! wrong with it is an [`Error`] that can be asked questions, so callers never compare status codes.

mod domain;
mod proxy;
mod tls;
mod mask;

pub use domain::{Domain, DomainError};
