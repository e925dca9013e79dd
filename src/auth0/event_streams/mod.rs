//! `/api/v2/event-streams`. Requests carry secrets, answers never do, so they have types of their own.

mod answer;
mod request;

use reqwest::Method;

use super::client::{Auth0, Request};
use super::error::{Error, Failure, OutcomeUnknown};
use super::mask::{percent_encoded, printable};

pub use answer::{EventStream, EventStreamAuthorization, EventStreamDestination};
pub use request::{
    CreateEventStream, Destination, Subscription, UpdateEventStream, WebhookAuthorization,
};

/// The calls on event streams.
#[derive(Clone, Copy)]
pub struct EventStreams<'a> {
    auth0: &'a Auth0,
}

impl<'a> EventStreams<'a> {
    pub(super) fn new(auth0: &'a Auth0) -> Self {
        Self { auth0 }
    }

    /// Creates an event stream, once: where the answer is lost, the error says that it may exist.
    pub async fn create(self, new: &CreateEventStream) -> Result<EventStream, Error> {
        let name = printable(&new.name);
        let what = format!("create event stream {name:?}");
        let creates =
            OutcomeUnknown { kind: "event stream", collection: "event-streams", name, id: None };
        let request = Request {
            call: self.auth0.describe(what, Method::POST, "/event-streams"),
            body: Some(new.body()),
            secrets: new.secrets(),
            creates: Some(creates),
        };
        self.auth0.json(request).await
    }

    /// Reads an event stream.
    pub async fn get(self, id: &str) -> Result<EventStream, Error> {
        self.auth0.json(self.with_id("read", Method::GET, id)?).await
    }

    /// Changes what `changes` holds and leaves the rest as it is.
    pub async fn update(self, id: &str, changes: &UpdateEventStream) -> Result<EventStream, Error> {
        let mut request = self.with_id("update", Method::PATCH, id)?;
        request.body = Some(changes.body());
        request.secrets = changes.secrets();
        self.auth0.json(request).await
    }

    /// Deletes an event stream. One that is not there any more is deleted as well.
    pub async fn delete(self, id: &str) -> Result<(), Error> {
        match self.auth0.done(self.with_id("delete", Method::DELETE, id)?).await {
            Err(err) if err.is_not_found() => Ok(()),
            result => result,
        }
    }

    fn with_id<'r>(self, verb: &str, method: Method, id: &str) -> Result<Request<'r>, Error> {
        let what = format!("{verb} event stream {:?}", printable(id));
        let path = format!("/event-streams/{}", percent_encoded(id));
        let call = self.auth0.describe(what, method, &path);
        // An empty segment is another route, and URLs resolve dots even where they are encoded.
        if matches!(id, "" | "." | "..") {
            return Err(self.auth0.error(call, Failure::MalformedId));
        }
        Ok(Request { call, body: None, secrets: Vec::new(), creates: None })
    }
}
