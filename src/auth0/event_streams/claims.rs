//! Which event streams belong to a resource of this run already, so that none comes to belong to two,
//! and none is taken over that the run is about to delete.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::planned::Planned;

/// What this process knows of the streams of its resources.
#[derive(Default)]
pub(in crate::auth0) struct Claims {
    streams: Mutex<Streams>,
    /// Creations of the same name wait for each other: what one has made is not the other's.
    names: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    planned: Mutex<Planned>,
}

#[derive(Default)]
struct Streams {
    /// By their ids: created, taken over, changed, or to be deleted here.
    held: HashSet<String>,
    /// Taken over here, or about to be.
    adopted: HashMap<String, Adopted>,
    /// Being deleted here, or deleted. A list may show them for a while.
    leaving: HashSet<String>,
    /// Deletions that are under way, and when the last one ended.
    under_way: usize,
    last_deletion: Option<Instant>,
    /// Auth0 has refused a name that was in use, so it makes no second stream of a name.
    names_are_unique: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Adopted {
    /// Its secret is being sent.
    Perhaps,
    Surely,
}

/// A stream that is being taken over; dropped without [`done`](Self::done), it was not.
pub(super) struct Adoption<'a> {
    claims: &'a Claims,
    id: String,
    is_done: bool,
}

/// A deletion that is under way.
pub(super) struct Leaving<'a> {
    claims: &'a Claims,
    id: &'a str,
    /// Whether Auth0 has no such stream any more.
    pub(super) is_gone: bool,
}

/// Whether a stream may be deleted.
pub(super) enum Leave<'a> {
    Now(Leaving<'a>),
    /// Another resource is about to take it over, or not.
    Soon,
    /// Another resource has taken it over.
    Never,
}

impl Claims {
    /// Whose turn it is to create a stream of this name, whatever its case.
    pub(super) fn name(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.planned().created(name);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.entry(name.to_lowercase()).or_default().clone()
    }

    pub(in crate::auth0) fn planned(&self) -> MutexGuard<'_, Planned> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a stream that a resource has.
    pub(in crate::auth0) fn hold(&self, id: &str) {
        self.streams().held.insert(id.to_owned());
    }

    pub(super) fn is_held(&self, id: &str) -> bool {
        self.streams().held.contains(id)
    }

    /// Whether it was taken over here, for another resource than the one that had it before.
    pub(super) fn is_adopted(&self, id: &str) -> bool {
        self.streams().adopted.contains_key(id)
    }

    /// Begins to take a stream over; None if another resource has it, or it is being deleted.
    pub(super) fn adopt(&self, id: &str) -> Option<Adoption<'_>> {
        let mut streams = self.streams();
        let is_free = !streams.leaving.contains(id) && streams.held.insert(id.to_owned());
        is_free.then(|| {
            streams.adopted.insert(id.to_owned(), Adopted::Perhaps);
            Adoption { claims: self, id: id.to_owned(), is_done: false }
        })
    }

    /// Begins a deletion.
    pub(super) fn leave<'a>(&'a self, id: &'a str) -> Leave<'a> {
        let mut streams = self.streams();
        match streams.adopted.get(id) {
            Some(Adopted::Perhaps) => return Leave::Soon,
            Some(Adopted::Surely) => return Leave::Never,
            None => {}
        }
        // Should it fail, the state still has it.
        streams.held.insert(id.to_owned());
        streams.leaving.insert(id.to_owned());
        streams.under_way += 1;
        Leave::Now(Leaving { claims: self, id, is_gone: false })
    }

    pub(super) fn is_leaving(&self, id: &str) -> bool {
        self.streams().leaving.contains(id)
    }

    /// Whether something is being deleted, or was so short a time ago.
    pub(super) fn deletes_within(&self, time: Duration) -> bool {
        let streams = self.streams();
        streams.under_way > 0 || streams.last_deletion.is_some_and(|at| at.elapsed() < time)
    }

    pub(super) fn names_are_unique(&self) -> bool {
        self.streams().names_are_unique
    }

    pub(super) fn note_unique_names(&self) {
        self.streams().names_are_unique = true;
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Adoption<'_> {
    pub(super) fn done(mut self) {
        self.claims.streams().adopted.insert(self.id.clone(), Adopted::Surely);
        self.is_done = true;
    }
}

impl Drop for Adoption<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            let mut streams = self.claims.streams();
            streams.adopted.remove(&self.id);
            streams.held.remove(&self.id);
        }
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut streams = self.claims.streams();
        streams.under_way -= 1;
        streams.last_deletion = Some(Instant::now());
        match self.is_gone {
            true => {
                drop(streams);
                self.claims.planned().deleted(self.id);
            }
            false => {
                streams.leaving.remove(self.id);
            }
        }
    }
}
