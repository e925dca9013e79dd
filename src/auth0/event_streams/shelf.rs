//! Serves reads that come together from pages of the list: core refreshes many streams at once,
//! and a page holds a hundred of them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::answer::EventStream;

/// So long the first read waits for others to come, the time for the token included.
const GATHERING: Duration = Duration::from_millis(25);
/// A page is not kept longer, so that values are as fresh as the run.
const FRESH: Duration = Duration::from_secs(60);
/// So many reads, each alone, make it likely that more will follow.
const ALONE: u32 = 2;

/// The pages of this process.
#[derive(Default)]
pub(in crate::auth0) struct Shelf {
    pages: Mutex<Pages>,
    /// Held by the read that decides what to ask for.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Pages {
    streams: HashMap<String, EventStream>,
    /// Their ids, in the order of the list.
    order: Vec<String>,
    next: Next,
    since: Option<Instant>,
    /// Raised by each write, which a page that is under way may or may not show.
    writes: u64,
    /// What is being read and was not served yet.
    waiting: Vec<String>,
    alone: u32,
    /// Pages that were asked for, and reads that they have served.
    asked: usize,
    served: usize,
}

#[derive(Default, Clone, PartialEq)]
enum Next {
    #[default]
    First,
    After(String),
    /// The last page has come.
    Nothing,
    /// One has failed.
    GivenUp,
}

/// What a read that is not served yet does next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Waits so long, for it is the first.
    Gather(Duration),
    /// Asks for the page behind this cursor; the number goes back with the page.
    Page(Option<String>, u64),
    /// Asks for its one stream.
    Alone,
}

/// What is left to read of the whole list.
pub(super) enum Rest {
    /// Everything is there.
    Nothing(Vec<EventStream>),
    /// The page behind this cursor; the number goes back with the page.
    Page(Option<String>, u64),
}

/// A read that waits to be served.
pub(super) struct Waiting<'a> {
    shelf: &'a Shelf,
    id: &'a str,
}

impl Shelf {
    /// Counts a read for as long as the answer lives.
    pub(super) fn wait<'a>(&'a self, id: &'a str) -> Waiting<'a> {
        self.pages().waiting.push(id.to_owned());
        Waiting { shelf: self, id }
    }

    /// The stream, where a fresh page holds it.
    pub(super) fn find(&self, id: &str) -> Option<EventStream> {
        let pages = &mut *self.pages();
        pages.drop_if_stale();
        let stream = pages.streams.get(id).cloned()?;
        pages.served += 1;
        Some(stream)
    }

    /// Decides for a read that has waited `gathered` for others. No sequence of reads costs more
    /// than one request beyond reading one by one: a page is asked for only if all pages before
    /// have served, or will serve, as many reads as there were of them.
    pub(super) fn next(&self, gathered: Option<Duration>) -> Step {
        let pages = &mut *self.pages();
        pages.drop_if_stale();
        let sure = pages.waiting.iter().filter(|id| pages.streams.contains_key(*id)).count();
        if pages.asked > pages.served + sure {
            return pages.alone();
        }
        match &pages.next {
            Next::Nothing | Next::GivenUp => pages.alone(),
            Next::After(cursor) => Step::Page(Some(cursor.clone()), pages.writes),
            Next::First if pages.waiting.len() > 1 || pages.alone >= ALONE => {
                Step::Page(None, pages.writes)
            }
            Next::First => match gathered {
                None => Step::Gather(GATHERING),
                Some(_) => pages.alone(),
            },
        }
    }

    /// Takes a page that was asked for, unless something was written since.
    pub(super) fn put(&self, streams: Vec<EventStream>, next: Option<String>, writes: u64) {
        let pages = &mut *self.pages();
        pages.asked += 1;
        pages.put(streams, next, writes);
    }

    /// What a call that wants all streams has to ask for.
    pub(super) fn rest(&self) -> Rest {
        let pages = &mut *self.pages();
        pages.drop_if_stale();
        match &pages.next {
            Next::Nothing => {
                let streams = pages.order.iter().filter_map(|id| pages.streams.get(id).cloned());
                Rest::Nothing(streams.collect())
            }
            Next::After(cursor) => Rest::Page(Some(cursor.clone()), pages.writes),
            Next::First | Next::GivenUp => Rest::Page(None, pages.writes),
        }
    }

    /// Takes a page that such a call asked for: it was needed, so reads by id owe nothing for it.
    pub(super) fn put_asked_for_all(
        &self,
        streams: Vec<EventStream>,
        next: Option<String>,
        writes: u64,
    ) {
        self.pages().put(streams, next, writes);
    }

    /// The list cannot be had: from now on each read is alone.
    pub(super) fn give_up(&self) {
        let pages = &mut *self.pages();
        pages.asked += 1;
        pages.next = Next::GivenUp;
    }

    /// Forgets every page, for something is being written, or has been.
    pub(super) fn written(&self) {
        let pages = &mut *self.pages();
        pages.writes += 1;
        pages.forget();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn put(&mut self, streams: Vec<EventStream>, next: Option<String>, writes: u64) {
        if self.writes != writes {
            return;
        }
        self.since.get_or_insert_with(Instant::now);
        for stream in streams {
            let id = stream.id.clone();
            if self.streams.insert(id.clone(), stream).is_none() {
                self.order.push(id);
            }
        }
        self.next = next.map_or(Next::Nothing, Next::After);
    }

    fn alone(&mut self) -> Step {
        self.alone += 1;
        Step::Alone
    }

    fn drop_if_stale(&mut self) {
        if self.since.is_some_and(|since| since.elapsed() > FRESH) {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.streams.clear();
        self.order.clear();
        self.since = None;
        self.next = Next::First;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let waiting = &mut self.shelf.pages().waiting;
        if let Some(at) = waiting.iter().position(|id| id == self.id) {
            waiting.swap_remove(at);
        }
    }
}
