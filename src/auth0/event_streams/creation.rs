//! A creation, settled where its answer is lost: never twice, and never forgotten.

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
    /// Nobody knows.
    Unsure,
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
        let sent = Instant::now();
        let lost = match self.post(new).await {
            Ok(stream) => return Ok(Created::Answered(stream)),
            Err(err) if err.is_conflict() => return self.conflict(new, None, err).await,
            Err(err) if err.outcome_unknown().is_some() => err,
            Err(err) => return Err(err),
        };
        log::warn!(call = lost.call().what(); "the answer was lost; the tenant is searched");
        match self.search(new, sent, &lost).await? {
            Searched::There(created) => return Ok(*created),
            Searched::Unsure => return Err(lost),
            Searched::NotThere => {}
        }
        match self.post(new).await {
            Ok(stream) => Ok(Created::Answered(stream)),
            Err(err) if err.is_conflict() => self.conflict(new, Some(sent), err).await,
            Err(err) if err.outcome_unknown().is_some() => {
                match self.search(new, sent, &err).await? {
                    Searched::There(created) => Ok(*created),
                    Searched::NotThere | Searched::Unsure => Err(err),
                }
            }
            // It tells of the second request, and leaves open what the first one did.
            Err(_) => Err(lost),
        }
    }

    /// Looks for a stream whose creation was `lost`, until it is found or the settling time is over.
    /// A stop ends that early, but not before a second look.
    async fn search(
        self,
        new: &CreateEventStream,
        sent: Instant,
        lost: &Error,
    ) -> Result<Searched, Error> {
        let known_id = lost.outcome_unknown().and_then(|unknown| unknown.id.as_deref());
        let limits = self.auth0.limits();
        let (began, mut pause, mut looks) = (Instant::now(), limits.backoff, 0);
        loop {
            // An answer that could not be read may still have told the id.
            if let Some(id) = known_id
                && let Ok(stream) = self.settling().get_alone(id).await
            {
                return Ok(Searched::There(Created::Settled(stream).into()));
            }
            // A list that fails is tried again, as one that does not show the stream yet.
            let absent = match self.named(new).await {
                Err(_) => false,
                Ok(named) => match judge(new, named, self.server_time_at(sent)) {
                    Found::Nothing => true,
                    Found::Ours(stream) => {
                        return Ok(Searched::There(Created::Settled(stream).into()));
                    }
                    Found::Equal(stream) => {
                        let adopted = self.adopt(new, stream, true).await?;
                        return Ok(Searched::There(adopted.into()));
                    }
                    Found::Other(streams) => return Err(self.exists(new, &streams, false, true)),
                },
            };
            looks += 1;
            let stop = self.auth0.stop();
            if stop.is_cancelled() && looks > 1 {
                return Ok(Searched::Unsure);
            }
            if began.elapsed() + pause > limits.settling {
                // Nothing may be sent after a list that could not be read, or without time.
                let in_time = self.operation.left().is_none_or(|left| !left.is_zero());
                return Ok(if absent && in_time { Searched::NotThere } else { Searched::Unsure });
            }
            let waiting = Instant::now();
            tokio::select! {
                () = stop.cancelled(), if looks > 1 => {}
                () = sleep(pause) => {}
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
        let Ok(named) = self.named(new).await else { return Err(refused) };
        match judge(new, named, lost.and_then(|sent| self.server_time_at(sent))) {
            Found::Nothing => Err(refused),
            Found::Ours(stream) => Ok(Created::Settled(stream)),
            Found::Equal(stream) => self.adopt(new, stream, lost.is_some()).await,
            Found::Other(streams) => Err(self.exists(new, &streams, false, lost.is_some())),
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
        let mut streams = self.settling().list().await?;
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
