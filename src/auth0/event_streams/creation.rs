//! A creation, settled where its answer is lost: never twice, and never forgotten.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use super::answer::EventStream;
use super::calls::EventStreams;
use super::request::{CreateEventStream, Destination, UpdateEventStream};
use super::settle::{Found, judge};
use crate::auth0::error::{Error, Existing, Failure};
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

/// What a search for a lost creation ended with.
enum Searched {
    There(Box<Created>),
    /// The list did not show it to the end.
    NotThere,
    /// Nobody knows, because the list could not be read for this reason, or the run is stopped.
    Unsure(Option<String>),
}

impl Created {
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
    /// before is an error, or is taken over where that is allowed and it is equal.
    pub async fn create(self, new: &CreateEventStream) -> Result<Created, Error> {
        let lost = match self.post(new, None).await {
            Ok(stream) => return Ok(Created::Answered(stream)),
            Err(err) if err.is_conflict() => return self.conflict(new, None, err).await,
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
            Err(err) if err.is_conflict() => self.conflict(new, sent, err).await,
            Err(err) if err.outcome_unknown().is_some() => {
                self.found(new, sent, &err).await?.ok_or(err)
            }
            // It tells of the second request, and leaves open what the first one did.
            Err(_) => Err(lost),
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
        match self.search(new, sent, id, self.auth0.limits().settling).await? {
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
    /// `sent` may be made late, and reads may lag behind. A stop ends that early, but not before a
    /// second look.
    async fn search(
        self,
        new: &CreateEventStream,
        sent: Option<Instant>,
        known_id: Option<&str>,
        time: Duration,
    ) -> Result<Searched, Error> {
        let limits = self.auth0.limits();
        let (began, mut pause, mut looks) = (Instant::now(), limits.backoff, 0);
        let settling = self.settling(began + time + limits.grace);
        loop {
            // An answer that could not be read may still have told the id.
            if let Some(id) = known_id
                && let Ok(stream) = settling.get_alone(id).await
            {
                return Ok(Searched::There(Created::Settled(stream).into()));
            }
            // A list that fails is tried again, as one that does not show the stream yet.
            let unread = match settling.named(new).await {
                Err(err) if err.is_final_refusal() => {
                    return Ok(Searched::Unsure(Some(err.to_string())));
                }
                Err(err) => Some(err.to_string()),
                Ok(named) => match judge(new, named, sent.and_then(|at| self.server_time_at(at))) {
                    Found::Nothing => None,
                    Found::Ours(stream) => {
                        return Ok(Searched::There(Created::Settled(stream).into()));
                    }
                    Found::Equal(stream) => {
                        let adopted = self.adopt(new, stream, sent.is_some()).await?;
                        return Ok(Searched::There(adopted.into()));
                    }
                    Found::Other(streams) => {
                        return Err(self.exists(new, &streams, false, sent.is_some()));
                    }
                },
            };
            looks += 1;
            let (stop, left) = (self.auth0.stop(), time.saturating_sub(began.elapsed()));
            if stop.is_cancelled() && looks > 1 {
                return Ok(Searched::Unsure(unread));
            }
            if left.is_zero() {
                return Ok(match unread {
                    None => Searched::NotThere,
                    unread => Searched::Unsure(unread),
                });
            }
            let waiting = Instant::now();
            tokio::select! {
                () = stop.cancelled(), if looks > 1 => {}
                () = sleep(pause.min(left)) => {}
            }
            self.operation.note(Wait::Settling, waiting.elapsed());
            pause = (pause * 2).min(limits.backoff * 8);
        }
    }

    /// Finds out what a 409 means: a stream of this name, or a tenant that is full. `lost` is when
    /// a creation was sent before that was not answered.
    async fn conflict(
        self,
        new: &CreateEventStream,
        lost: Option<Instant>,
        refused: Error,
    ) -> Result<Created, Error> {
        let settling = self.auth0.limits().settling;
        let time = match lost {
            Some(_) => settling,
            // It may be about something else than the name, and one that says so needs no second look.
            None if refused.names_a_limit() => Duration::ZERO,
            None => settling / 5,
        };
        match self.search(new, lost, None, time).await? {
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
        if !self.auth0.adopts_existing() {
            return Err(self.exists(new, &[stream], true, after_loss));
        }
        let Destination::Webhook { .. } = new.destination else {
            return Ok(Created::Adopted(stream));
        };
        let secret =
            UpdateEventStream { destination: Some(new.destination.clone()), ..Default::default() };
        self.update(&stream.id, &secret).await.map(Created::Adopted)
    }

    /// The streams that carry the name of `new`. Names may be unique without regard to case.
    async fn named(self, new: &CreateEventStream) -> Result<Vec<EventStream>, Error> {
        let mut streams = self.list().await?;
        streams.retain(|stream| stream.name.eq_ignore_ascii_case(&new.name));
        Ok(streams)
    }

    /// What the server's clock showed at `then`.
    fn server_time_at(self, then: Instant) -> Option<OffsetDateTime> {
        Some(self.auth0.server_time()? - then.elapsed())
    }

    fn exists(
        self,
        new: &CreateEventStream,
        streams: &[EventStream],
        equal: bool,
        after_loss: bool,
    ) -> Error {
        let name = printable(&new.name);
        let call = self.auth0.describe(
            format!("create event stream {name:?}"),
            reqwest::Method::POST,
            "/event-streams",
        );
        let ids = streams.iter().map(|stream| printable(&stream.id)).collect();
        let existing = Existing { kind: "event stream", name, ids, equal, after_loss };
        self.auth0.error(call, Failure::Exists(existing))
    }
}
