//! Client of the Auth0 Management API: one connection, one token, repeats that never create an
//! object twice, and errors in the words of the person who has to act on them.
//!
//! The room knows nothing of Terraform's values. A call is a [`Call`] in the user's words; what went
//! wrong with it is an [`Error`] that can be asked questions, so callers never compare status codes.

mod access_token;
mod advice;
mod answer;
pub mod catalog;
mod cause;
mod chain;
mod client;
mod domain;
mod error;
mod event_streams;
mod http;
mod likely;
mod login;
mod mask;
mod network;
mod no_answer;
mod operation;
mod pace;
mod pem;
mod proxy;
mod retry;
mod slot;
mod tls;
mod token;

#[cfg(test)]
mod tests;

pub use access_token::AccessToken;
pub use client::{Auth0, Settings};
pub use domain::{Domain, DomainError};
pub use error::{Call, Error, OutcomeUnknown};
pub use event_streams::{
    Clash, CreateEventStream, Created, Deleted, Destination, EventStream, EventStreamAuthorization,
    EventStreamDestination, EventStreamFilter, EventStreams, Planned, Subscription, TestEvent,
    UpdateEventStream, WebhookAuthorization, is_event_stream_id,
};
pub use login::{Assertion, AssertionCommand, Credentials, PrivateKey, ReadyMade, SigningAlg};
pub use network::{Authorities, ClientCertificate, Network, Unfit};
pub use operation::Operation;
pub use pace::Allowance;
pub use proxy::{NotAProxy, Proxy};
pub use slot::{ClientSlot, NotReady};
