//! Where the client is found once the provider block has been read.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::Auth0;

/// Shared by the provider block, which fills it, and the resources, which ask it for the client.
#[derive(Clone, Default)]
pub struct ClientSlot(Arc<RwLock<Option<Result<Auth0, NotReady>>>>);

/// Why there is no client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// The provider block has not been read.
    NotConfigured,
    /// These attributes of the provider block are not known before apply.
    Unknown(Vec<&'static str>),
}

impl ClientSlot {
    /// Takes the client, or why there is none, in place of an earlier one.
    pub fn set(&self, client: Result<Auth0, NotReady>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(client);
    }

    /// The client.
    pub fn client(&self) -> Result<Auth0, NotReady> {
        let slot = self.0.read().unwrap_or_else(PoisonError::into_inner);
        slot.clone().unwrap_or(Err(NotReady::NotConfigured))
    }
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str(
                "Auth0 was needed before the provider block was read, which is a fault of the \
                 program that runs the provider, or of the provider. Please report this.",
            ),
            Self::Unknown(names) => write!(
                f,
                "Auth0 is needed now, but {} of the provider block comes from a resource that does \
                 not exist yet. Apply that resource first, with -target, or give the value in \
                 another way.",
                names.join(" and ")
            ),
        }
    }
}
