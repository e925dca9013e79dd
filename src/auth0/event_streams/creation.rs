//! A creation, settled where its answer is lost: never twice, and never forgotten.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use super::answer::EventStream;
use super::calls::EventStreams;
use super::request::{CreateEventStream, Destination, UpdateEventStream};
use super::settle::{Found, judge};
use crate::auth0::error::{About, Call, Error, Existing, Failure};
use crate::auth0::mask::printable;
use crate::auth0::operation::Wait;

/// How an event stream came to be.
#[derive(Debug)]
pub enum Created {
    /// Auth0 answered with it.
    Answered(EventStream),
    /// The answer was lost, and this stream was found to be what it would have told of.
    Settled(EventStream),
    /// It was there before and equals what was to be created; its secret has been sent.
    Adopted(EventStream),
}

/// A name that is in use may become free while this run deletes streams; so often it is asked for
/// again.
const AGAIN_AFTER_DELETIONS: usize = 4;

/// The streams of a name.
#[derive(Default)]
struct Named {
    /// Of no resource of this run, as far as it knows.
    free: Vec<EventStream>,
    /// Of another resource of this run.
    held: Vec<EventStream>,
    /// Whether there is one that this run is deleting, or has deleted.
    is_leaving: bool,
}

impl Named {
    /// Whether one of them has the very name.
    fn is_in_use(&self, name: &str) -> bool {
        self.free.iter().chain(&self.held).any(|stream| stream.name == name)
    }
}

/// What a search for a lost creation ended with.
enum Searched {
    There(Box<Created>),
    /// The list did not show it to the end.
    NotThere,
    /// Nobody knows, because the list could not be read for this reason, or the run is stopped.
    Unsure(Option<String>),
}

impl Created {
    fn id(&self) -> &str {
        match self {
            Self::Answered(stream) | Self::Settled(stream) | Self::Adopted(stream) => &stream.id,
        }
    }

    /// The event stream, however it came to be.
    pub fn into_stream(self) -> EventStream {
        match self {
            Self::Answered(stream) | Self::Settled(stream) | Self::Adopted(stream) => stream,
        }
    }
}

impl EventStreams<'_> {
    /// Creates an event stream.
    ///
    /// Where the answer is lost, the list is searched until a settling time has passed; a stream
    /// that was not made by then is sent for once more. A stream of the same name that was there
    /// before is an error, or is taken over where that is allowed and it is equal. One that this run
    /// is deleting is waited for.
    pub async fn create(self, new: &CreateEventStream) -> Result<Created, Error> {
        let claims = self.auth0.claims();
        let name = claims.name(&new.name);
        let _turn = self.turn(new, &name).await?;
        let mut pause = self.auth0.limits().backoff;
        for _ in 0..AGAIN_AFTER_DELETIONS {
            let refused = match self.create_once(new).await {
                Err(err) if err.is_conflict() => err,
                result => return result,
            };
            // What was in the way may be gone by now, or soon.
            if !claims.deletes_within(self.auth0.limits().settling) {
                return Err(refused);
            }
            tokio::select! {
                () = self.auth0.stop().cancelled() => return Err(refused),
                () = sleep(pause) => {}
            }
            pause *= 2;
        }
        self.create_once(new).await
    }

    /// Waits for another creation of the same name, as long as there is time.
    async fn turn<'n>(
        self,
        new: &CreateEventStream,
        name: &'n tokio::sync::Mutex<()>,
    ) -> Result<tokio::sync::MutexGuard<'n, ()>, Error> {
        let over = async {
            match self.operation.left() {
                Some(left) => sleep(left).await,
                None => std::future::pending().await,
            }
        };
        let failure = tokio::select! {
            biased;
            turn = name.lock() => return Ok(turn),
            () = self.auth0.stop().cancelled() => Failure::Stopped { last: None },
            () = over => self.operation.out_of_time(None),
        };
        Err(self.auth0.error(self.creation(&printable(&new.name)), failure))
    }

    async fn create_once(self, new: &CreateEventStream) -> Result<Created, Error> {
        let created = self.sent(new).await?;
        self.auth0.claims().hold(created.id());
        Ok(created)
    }

    async fn sent(self, new: &CreateEventStream) -> Result<Created, Error> {
        let lost = match self.post(new, None).await {
            Ok(stream) => return Ok(Created::Answered(stream)),
            Err(err) if err.is_conflict() => return self.conflict(new, err).await,
            Err(err) if err.outcome_unknown().is_some() => err,
            Err(err) => return Err(err),
        };
        log::warn!(call = lost.call().what(); "the answer was lost; the tenant is searched");
        let sent = lost.outcome_unknown().and_then(|unknown| unknown.sent);
        if let Some(created) = self.found(new, sent, &lost).await? {
            return Ok(created);
        }
        match self.post(new, Some(lost.failure().clone())).await {
            Ok(stream) => Ok(Created::Answered(stream)),
            Err(err) if err.is_conflict() => {
                let settling = self.auth0.limits().settling;
                match self.search(new, sent, true, None, settling).await? {
                    Searched::There(created) => Ok(*created),
                    Searched::NotThere | Searched::Unsure(_) => Err(lost.with_second(&err)),
                }
            }
            Err(err) if err.outcome_unknown().is_some() => {
                self.found(new, sent, &err).await?.ok_or(err)
            }
            // It tells of the second request, and leaves open what the first one did.
            Err(err) => Err(lost.with_second(&err)),
        }
    }

    /// The stream whose creation was `lost`; None where it may be sent once more.
    async fn found(
        self,
        new: &CreateEventStream,
        sent: Option<Instant>,
        lost: &Error,
    ) -> Result<Option<Created>, Error> {
        let id = lost.outcome_unknown().and_then(|unknown| unknown.id.as_deref());
        match self.search(new, sent, false, id, self.auth0.limits().settling).await? {
            Searched::There(created) => Ok(Some(*created)),
            Searched::Unsure(unread) => Err(lost.with_unread(unread)),
            // Nothing may be sent without time.
            Searched::NotThere => match (self.operation.left(), self.operation.limit()) {
                (Some(Duration::ZERO), Some(limit)) => Err(lost.too_late(limit)),
                _ => Ok(None),
            },
        }
    }

    /// Looks for a stream of the name of `new` until it is found or the time is over: one that was
    /// `sent` may be made late, and reads may lag behind, so that another one of the name says
    /// nothing before the end. Where a name was `refused`, case may not matter. A stop ends that
    /// early, but not before its grace is over.
    async fn search(
        self,
        new: &CreateEventStream,
        sent: Option<Instant>,
        refused: bool,
        known_id: Option<&str>,
        time: Duration,
    ) -> Result<Searched, Error> {
        let (limits, claims) = (self.auth0.limits(), self.auth0.claims());
        let (began, mut pause) = (Instant::now(), limits.backoff);
        let settling = self.settling(began + time + limits.grace);
        loop {
            // An answer that could not be read may still have told the id.
            if let Some(id) = known_id
                && let Ok(stream) = settling.get_alone(id).await
            {
                return Ok(Searched::There(Created::Settled(stream).into()));
            }
            let mut in_the_way = None;
            // A list that fails is tried again, as one that does not show the stream yet.
            let unread = match settling.named(new, refused).await {
                Err(err) if err.is_final_refusal() => {
                    return Ok(Searched::Unsure(Some(err.to_string())));
                }
                Err(err) => Some(err.to_string()),
                Ok(named) => {
                    if refused && named.is_in_use(&new.name) {
                        claims.note_unique_names();
                    }
                    // One that leaves explains why a name was refused.
                    if sent.is_none() && named.free.is_empty() && named.is_leaving {
                        return Ok(Searched::NotThere);
                    }
                    let since = sent.and_then(|at| self.server_time_at(at));
                    match judge(new, named.free, since) {
                        Found::Ours(stream) => {
                            return Ok(Searched::There(Created::Settled(stream).into()));
                        }
                        Found::Nothing if named.held.is_empty() => {}
                        Found::Nothing => in_the_way = Some(Found::Other(named.held)),
                        found => in_the_way = Some(found),
                    }
                    None
                }
            };
            let left = time.saturating_sub(began.elapsed());
            match in_the_way {
                // Nothing of ours can appear beside it.
                Some(found) if sent.is_none() || claims.names_are_unique() || left.is_zero() => {
                    return self.not_ours(new, found, sent.is_some()).await;
                }
                _ => {}
            }
            let (grace, is_sent) = (self.auth0.grace(), sent.is_some());
            if grace.is_cancelled() || (!is_sent && self.auth0.stop().is_cancelled()) {
                return Ok(Searched::Unsure(unread));
            }
            if left.is_zero() {
                return Ok(match unread {
                    None => Searched::NotThere,
                    unread => Searched::Unsure(unread),
                });
            }
            let _waiting = self.operation.waiting(Wait::Settling);
            tokio::select! {
                () = grace.cancelled() => {}
                () = self.auth0.stop().cancelled(), if !is_sent => {}
                () = sleep(pause.min(left)) => {}
            }
            pause = (pause * 2).min(limits.backoff * 8);
        }
    }

    /// What comes of a stream of the name that is not the one that was sent.
    async fn not_ours(
        self,
        new: &CreateEventStream,
        found: Found,
        after_loss: bool,
    ) -> Result<Searched, Error> {
        match found {
            Found::Equal(stream) => {
                let adopted = self.adopt(new, stream, after_loss).await?;
                Ok(Searched::There(adopted.into()))
            }
            Found::Other(streams) => Err(self.exists(new, &streams, false, after_loss)),
            Found::Nothing | Found::Ours(_) => Ok(Searched::NotThere),
        }
    }

    /// Finds out what a 409 means: a stream of this name, or a tenant that is full.
    async fn conflict(self, new: &CreateEventStream, refused: Error) -> Result<Created, Error> {
        let settling = self.auth0.limits().settling;
        let time = match refused.is_about(&new.name) {
            // Reads may lag behind.
            Some(About::Name) => settling,
            // One that says so needs no second look.
            Some(About::Limit) => Duration::ZERO,
            None => settling / 5,
        };
        let time = time.min(self.operation.left().unwrap_or(time));
        match self.search(new, None, true, None, time).await? {
            Searched::There(created) => Ok(*created),
            Searched::NotThere | Searched::Unsure(_) => Err(refused),
        }
    }

    /// Takes over what equals `new`, where that is allowed. Nobody knows its secret, so it gets ours.
    async fn adopt(
        self,
        new: &CreateEventStream,
        stream: EventStream,
        after_loss: bool,
    ) -> Result<Created, Error> {
        let adoption = match self.auth0.adopts_existing() {
            true => self.auth0.claims().adopt(&stream.id),
            false => None,
        };
        let Some(adoption) = adoption else {
            return Err(self.exists(new, &[stream], true, after_loss));
        };
        let stream = match &new.destination {
            destination @ Destination::Webhook { .. } => {
                let destination = Some(destination.clone());
                let secret = UpdateEventStream { destination, ..Default::default() };
                self.patch(&stream.id, &secret).await?
            }
            _ => stream,
        };
        adoption.done();
        Ok(Created::Adopted(stream))
    }

    /// The streams that carry the name of `new`, or one that differs in case alone: names may be
    /// unique without regard to it, which matters once one was `refused`.
    async fn named(self, new: &CreateEventStream, refused: bool) -> Result<Named, Error> {
        let (claims, mut named) = (self.auth0.claims(), Named::default());
        for stream in self.list().await? {
            let is_named = match refused {
                true => stream.name.eq_ignore_ascii_case(&new.name),
                false => stream.name == new.name,
            };
            match is_named {
                false => {}
                true if claims.is_leaving(&stream.id) => named.is_leaving = true,
                true if claims.is_held(&stream.id) => named.held.push(stream),
                true => named.free.push(stream),
            }
        }
        Ok(named)
    }

    /// What the server's clock showed at `then`.
    fn server_time_at(self, then: Instant) -> Option<OffsetDateTime> {
        Some(self.auth0.server_time()? - then.elapsed())
    }

    fn creation(self, name: &str) -> Call {
        let what = format!("create event stream {name:?}");
        self.auth0.describe(what, reqwest::Method::POST, "/event-streams")
    }

    fn exists(
        self,
        new: &CreateEventStream,
        streams: &[EventStream],
        equal: bool,
        after_loss: bool,
    ) -> Error {
        let name = printable(&new.name);
        let call = self.creation(&name);
        let ids = streams.iter().map(|stream| printable(&stream.id)).collect();
        let held = streams.iter().any(|stream| self.auth0.claims().is_held(&stream.id));
        let existing = Existing { kind: "event stream", name, ids, equal, after_loss, held };
        self.auth0.error(call, Failure::Exists(existing))
    }
}
