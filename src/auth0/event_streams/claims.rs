//! Which event streams belong to a resource of this run already, so that none comes to belong to two,
//! and none is taken over that the run is about to delete.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What this process knows of the streams of its resources.
#[derive(Default)]
pub(in crate::auth0) struct Claims {
    streams: Mutex<Streams>,
    /// Creations of the same name wait for each other: what one has made is not the other's.
    names: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    planned: Mutex<Planned>,
}

/// What was planned so far: names of what is created and deleted, ids of what is kept and deleted.
#[derive(Default)]
struct Planned {
    created: HashSet<String>,
    deleted: HashSet<String>,
    kept: HashSet<String>,
    deleted_ids: HashSet<String>,
}

/// What a plan does that goes well only by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// It creates a stream of a name and deletes another of it.
    Name,
    /// It keeps a stream and deletes the same.
    Id,
}

#[derive(Default)]
struct Streams {
    /// By their ids: created here, taken over here, or in a state that was looked at.
    held: HashSet<String>,
    /// Taken over here.
    adopted: HashSet<String>,
    /// Being deleted here, or deleted. A list may show them for a while.
    leaving: HashSet<String>,
    /// Deletions that are under way, and when the last one ended.
    under_way: usize,
    last_deletion: Option<Instant>,
    /// Auth0 has refused a name that was in use, so it makes no second stream of a name.
    names_are_unique: bool,
}

/// A deletion that is under way.
pub(super) struct Leaving<'a> {
    claims: &'a Claims,
    id: &'a str,
    /// Whether Auth0 has no such stream any more.
    pub(super) is_gone: bool,
}

impl Claims {
    /// Whose turn it is to create a stream of this name, whatever its case.
    pub(super) fn name(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.entry(name.to_lowercase()).or_default().clone()
    }

    /// Notes that the plan creates a stream of this name.
    pub(in crate::auth0) fn plans_creation(&self, name: &str) -> Option<Clash> {
        let mut planned = self.planned();
        planned.created.insert(name.to_lowercase());
        planned.deleted.contains(&name.to_lowercase()).then_some(Clash::Name)
    }

    /// Notes that the plan keeps this stream.
    pub(in crate::auth0) fn plans_keeping(&self, id: &str) -> Option<Clash> {
        let mut planned = self.planned();
        planned.kept.insert(id.to_owned());
        planned.deleted_ids.contains(id).then_some(Clash::Id)
    }

    /// Notes that the plan deletes this stream.
    pub(in crate::auth0) fn plans_deletion(&self, id: &str, name: &str) -> Option<Clash> {
        let mut planned = self.planned();
        planned.deleted.insert(name.to_lowercase());
        planned.deleted_ids.insert(id.to_owned());
        match (planned.kept.contains(id), planned.created.contains(&name.to_lowercase())) {
            (true, _) => Some(Clash::Id),
            (false, true) => Some(Clash::Name),
            (false, false) => None,
        }
    }

    /// Notes that a creation is carried out: what is planned from now on comes after it.
    pub(super) fn creates(&self, name: &str) {
        self.planned().created.remove(&name.to_lowercase());
    }

    fn planned(&self) -> MutexGuard<'_, Planned> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a stream that a resource has.
    pub(in crate::auth0) fn hold(&self, id: &str) {
        let mut streams = self.streams();
        if !streams.held.contains(id) {
            streams.held.insert(id.to_owned());
        }
    }

    pub(super) fn is_held(&self, id: &str) -> bool {
        self.streams().held.contains(id)
    }

    /// Takes a stream over; false if another resource has it, or it is being deleted.
    pub(super) fn adopt(&self, id: &str) -> bool {
        let mut streams = self.streams();
        let is_free = !streams.leaving.contains(id) && streams.held.insert(id.to_owned());
        if is_free {
            streams.adopted.insert(id.to_owned());
        }
        is_free
    }

    /// Begins a deletion; None for what was taken over here, which must stay.
    pub(super) fn leave<'a>(&'a self, id: &'a str) -> Option<Leaving<'a>> {
        let mut streams = self.streams();
        if streams.adopted.contains(id) {
            return None;
        }
        streams.leaving.insert(id.to_owned());
        streams.under_way += 1;
        Some(Leaving { claims: self, id, is_gone: false })
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

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut streams = self.claims.streams();
        streams.under_way -= 1;
        streams.last_deletion = Some(Instant::now());
        if !self.is_gone {
            streams.leaving.remove(self.id);
        }
    }
}
