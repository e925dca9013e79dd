use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

use super::answer::EventStream;
use super::claims::Leave;
use super::request::{CreateEventStream, UpdateEventStream};
use super::shelf::{Rest, Step};
use crate::auth0::client::{Auth0, Request};
use crate::auth0::error::{Error, Existing, Failure, OutcomeUnknown};
use crate::auth0::mask::{percent_encoded, printable};
use crate::auth0::operation::{Operation, Wait};

const STREAMS: &str = "/event-streams";
/// The most that Auth0 puts on one page.
pub(super) const PAGE: usize = 100;

/// The calls on event streams, made within one operation.
#[derive(Clone, Copy)]
pub struct EventStreams<'a> {
    pub(super) auth0: &'a Auth0,
    pub(super) operation: &'a Operation,
    /// Until when they find out what became of an earlier call, also while the run is being stopped.
    pub(super) settles: Option<Instant>,
}

/// A page of the list.
#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(rename = "eventStreams")]
    pub(super) streams: Vec<EventStream>,
    pub(super) next: Option<String>,
}

/// What became of an event stream that was to be deleted.
#[derive(Debug, PartialEq, Eq)]
pub enum Deleted {
    Gone,
    /// Another resource has taken it over in this run.
    Kept,
}

/// Whether `id` has the form of the id of an event stream: `est_` and 22 letters or digits.
pub fn is_event_stream_id(id: &str) -> bool {
    id.strip_prefix("est_")
        .is_some_and(|rest| rest.len() == 22 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The list of event streams, page by page, the oldest first.
pub struct Pages<'a> {
    streams: EventStreams<'a>,
    /// The cursor of the next page, none for the first; or nothing, after the last.
    next: Option<Option<String>>,
}

impl Pages<'_> {
    /// The next page; None after the last one.
    pub async fn next(&mut self) -> Result<Option<Vec<EventStream>>, Error> {
        let Some(cursor) = &self.next else { return Ok(None) };
        let page = self.streams.page(cursor.as_deref()).await?;
        self.next = page.next.map(Some);
        Ok(Some(page.streams))
    }
}

impl<'a> EventStreams<'a> {
    pub(in crate::auth0) fn new(auth0: &'a Auth0, operation: &'a Operation) -> Self {
        Self { auth0, operation, settles: None }
    }

    /// Reads an event stream: from a page of the list, where several are read at once, else alone.
    /// One that no page holds is asked for by itself before it counts as gone.
    pub async fn get(self, id: &str) -> Result<EventStream, Error> {
        let shelf = self.auth0.shelf();
        if let Some(stream) = shelf.find(id) {
            return Ok(stream);
        }
        let _waiting = shelf.wait(id);
        // Another read may be waiting for its page, and that one may have more time.
        let turn = match self.operation.left() {
            None => shelf.turn.lock().await,
            Some(left) => match tokio::time::timeout(left, shelf.turn.lock()).await {
                Ok(turn) => turn,
                Err(_) => return Err(self.out_of_time(id)?),
            },
        };
        let mut gathered = None;
        loop {
            if let Some(stream) = shelf.find(id) {
                return Ok(stream);
            }
            match shelf.next(gathered) {
                Step::Gather(time) => {
                    let began = Instant::now();
                    if let Err(failure) = self.auth0.log_in(self.operation).await {
                        let call = self.with_id("read", Method::GET, id)?.call;
                        return Err(self.auth0.error(call, failure));
                    }
                    tokio::time::sleep_until(began + time).await;
                    gathered = Some(time);
                }
                Step::Page(cursor, writes) => match self.page(cursor.as_deref()).await {
                    Ok(page) => shelf.put(page.streams, page.next, writes),
                    Err(err) if err.is_stopped() || err.is_out_of_time() => return Err(err),
                    // Whatever it is, the read by itself tells it in better words.
                    Err(_) => shelf.give_up(),
                },
                Step::Alone => break,
            }
        }
        drop(turn);
        self.get_alone(id).await
    }

    /// Reads an event stream that was made at `created_at`, by the clock of Auth0. Reads may lag behind:
    /// one that is so young is not gone before the settling time is over.
    pub async fn get_made(self, id: &str, created_at: Option<&str>) -> Result<EventStream, Error> {
        let made = created_at.and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok());
        let limits = self.auth0.limits();
        let (began, mut pause) = (Instant::now(), limits.backoff);
        loop {
            let gone = match self.get(id).await {
                Err(err) if err.is_not_found() => err,
                result => return result,
            };
            let age = made.zip(self.auth0.server_time()).map(|(made, now)| now - made);
            // Dates are in whole seconds, so one may seem to be made in the future.
            let age = age.map(|age| Duration::try_from(age).unwrap_or_default());
            let age = age.map(|age| age.max(began.elapsed()));
            let Some(young) = age.and_then(|age| limits.settling.checked_sub(age)) else {
                return Err(gone);
            };
            if self.operation.left().is_some_and(|left| left < young) {
                return Err(gone.with_failure(self.limit_is_over(Some(&gone))));
            }
            let waiting = Instant::now();
            tokio::select! {
                biased;
                () = self.auth0.stop().cancelled() => {
                    let last = Some(Box::new(gone.failure().clone()));
                    return Err(gone.with_failure(Failure::Stopped { last }));
                }
                () = tokio::time::sleep(pause.min(young)) => {}
            }
            self.operation.note(Wait::Settling, waiting.elapsed());
            pause = (pause * 2).min(limits.backoff * 8);
        }
    }

    fn out_of_time(self, id: &str) -> Result<Error, Error> {
        let call = self.with_id("read", Method::GET, id)?.call;
        Ok(self.auth0.error(call, self.limit_is_over(None)))
    }

    fn limit_is_over(self, last: Option<&Error>) -> Failure {
        let last = last.map(|err| Box::new(err.failure().clone()));
        self.operation.out_of_time(last)
    }

    /// Reads an event stream with a request of its own.
    pub(in crate::auth0) async fn get_alone(self, id: &str) -> Result<EventStream, Error> {
        self.auth0.json(self.with_id("read", Method::GET, id)?).await
    }

    /// Every event stream of the tenant, in the order of Auth0, the oldest first. Calls that come
    /// together, and reads by id, share the pages.
    pub async fn all(self) -> Result<Vec<EventStream>, Error> {
        let shelf = self.auth0.shelf();
        let _turn = shelf.turn.lock().await;
        let mut begun = false;
        loop {
            match shelf.rest() {
                Rest::Nothing(streams) => return Ok(streams),
                // What was read of it has been written to, or is too old by now.
                Rest::Page(None, _) if begun => return self.list().await,
                Rest::Page(cursor, writes) => {
                    let page = self.page(cursor.as_deref()).await?;
                    shelf.put_asked_for_all(page.streams, page.next, writes);
                    begun = true;
                }
            }
        }
    }

    /// Every event stream of the tenant as it is now, by requests of its own.
    pub async fn list(self) -> Result<Vec<EventStream>, Error> {
        let (mut streams, mut pages) = (Vec::new(), self.pages());
        while let Some(page) = pages.next().await? {
            streams.extend(page);
        }
        Ok(streams)
    }

    /// The same, page by page.
    pub fn pages(self) -> Pages<'a> {
        Pages { streams: self, next: Some(None) }
    }

    /// Changes what `changes` holds and leaves the rest as it is. What this run has taken over for
    /// another resource is not changed for the one that had it.
    pub async fn update(self, id: &str, changes: &UpdateEventStream) -> Result<EventStream, Error> {
        if self.auth0.claims().is_adopted(id) {
            let call = self.with_id("update", Method::PATCH, id)?.call;
            let (kind, ids) = ("event stream", vec![printable(id)]);
            let name = String::new();
            let (equal, after_loss, held) = (false, false, true);
            let existing = Existing { kind, name, ids, equal, after_loss, held };
            return Err(self.auth0.error(call, Failure::Exists(existing)));
        }
        self.auth0.claims().hold(id);
        self.patch(id, changes).await
    }

    pub(super) async fn patch(
        self,
        id: &str,
        changes: &UpdateEventStream,
    ) -> Result<EventStream, Error> {
        let mut request = self.with_id("update", Method::PATCH, id)?;
        request.body = Some(changes.body());
        request.secrets = changes.secrets();
        let _writing = self.writing();
        self.auth0.json(request).await
    }

    /// Deletes an event stream. One that is not there any more is deleted as well. Where Auth0 does
    /// not answer, the stream is looked for: only its absence counts as done. What this run has taken
    /// over for another resource stays.
    pub async fn delete(self, id: &str) -> Result<Deleted, Error> {
        let mut leaving = loop {
            match self.auth0.claims().leave(id) {
                Leave::Now(leaving) => break leaving,
                Leave::Never => return Ok(Deleted::Kept),
                Leave::Soon => tokio::time::sleep(self.auth0.limits().backoff).await,
            }
        };
        let _writing = self.writing();
        let result = match self.auth0.done(self.with_id("delete", Method::DELETE, id)?).await {
            Err(err) if err.is_not_found() => Ok(()),
            Err(err) if err.may_have_been_done() => {
                let until = Instant::now() + self.auth0.limits().settling;
                match self.settling(until).get_alone(id).await {
                    Err(read) if read.is_not_found() => Ok(()),
                    _ => Err(err),
                }
            }
            result => result,
        };
        leaving.is_gone = result.is_ok();
        result.map(|()| Deleted::Gone)
    }

    /// Sends a creation once; `after` is why, where it was sent before.
    pub(in crate::auth0) async fn post(
        self,
        new: &CreateEventStream,
        after: Option<Failure>,
    ) -> Result<EventStream, Error> {
        let name = printable(&new.name);
        let what = format!("create event stream {name:?}");
        let creates = OutcomeUnknown {
            kind: "event stream",
            collection: "event-streams",
            name,
            id: None,
            sent: None,
            unread: None,
            second: None,
        };
        let mut request = self.request(what, Method::POST, STREAMS);
        request.body = Some(new.body());
        request.secrets = new.secrets();
        request.creates = Some(creates);
        request.after = after;
        let _writing = self.writing();
        self.auth0.json(request).await
    }

    /// The same calls, to find out what became of an earlier one.
    pub(super) fn settling(self, until: Instant) -> Self {
        Self { settles: Some(until), ..self }
    }

    async fn page(self, cursor: Option<&str>) -> Result<Page, Error> {
        let from = cursor.map(|cursor| format!("&from={}", percent_encoded(cursor)));
        let path = format!("{STREAMS}?take={PAGE}{}", from.unwrap_or_default());
        let request = self.request("list event streams".to_owned(), Method::GET, &path);
        let page: Page = self.auth0.json(request).await?;
        // A page without anything on it is the end, whatever it says of a next one.
        let next = page.next.filter(|_| !page.streams.is_empty());
        Ok(Page { next, ..page })
    }

    fn with_id(self, verb: &str, method: Method, id: &str) -> Result<Request<'a>, Error> {
        self.below(id, verb, method, "")
    }

    /// A request for what lies at `rest` below a stream.
    pub(super) fn below(
        self,
        id: &str,
        verb: &str,
        method: Method,
        rest: &str,
    ) -> Result<Request<'a>, Error> {
        let what = format!("{verb} event stream {:?}", printable(id));
        let path = format!("{STREAMS}/{}{rest}", percent_encoded(id));
        let request = self.request(what, method, &path);
        // An empty segment is another route, and URLs resolve dots even where they are encoded.
        if matches!(id, "" | "." | "..") {
            return Err(self.auth0.error(request.call, Failure::MalformedId));
        }
        Ok(request)
    }

    fn request<'r>(self, what: String, method: Method, path: &str) -> Request<'r>
    where
        'a: 'r,
    {
        Request {
            call: self.auth0.describe(what, method, path),
            body: None,
            secrets: Vec::new(),
            creates: None,
            operation: self.operation,
            settles: self.settles,
            after: None,
        }
    }

    /// A page that is read while something is written may show it or not.
    fn writing(self) -> impl Drop {
        struct Writing<'a>(&'a super::Shelf);
        impl Drop for Writing<'_> {
            fn drop(&mut self) {
                self.0.written();
            }
        }
        self.auth0.shelf().written();
        Writing(self.auth0.shelf())
    }
}
