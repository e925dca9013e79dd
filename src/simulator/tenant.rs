//! The tenant without its API: what a test sees and changes behind Terraform's back.

use super::actions::{self, Action};
use super::api;
use super::auth0::{Auth0, State};
use super::clock::{Clock, ClockChange};
use super::deliveries;
use super::errors::ApiError;
use super::event_streams::{self, EventStream, Status};
use super::faults::Fault;
use super::options::Settings;
use super::rate_limit::Bucket;
use super::request_log::Request;
use super::token;
use serde_json::Value;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// Objects, past tokens, scopes and limits.
impl Auth0 {
    /// Every event stream with its secrets, oldest first.
    pub fn event_streams(&self) -> Vec<EventStream> {
        self.state().objects.event_streams.iter().cloned().collect()
    }

    /// The event stream with this id.
    pub fn event_stream(&self, id: &str) -> Option<EventStream> {
        self.state().objects.event_streams.get(id).cloned()
    }

    /// The event stream with this name.
    pub fn event_stream_named(&self, name: &str) -> Option<EventStream> {
        self.state().objects.event_streams.iter().find(|stream| stream.name == name).cloned()
    }

    /// Creates an event stream as `POST /event-streams` with this body does. The error is the
    /// refusal of Auth0.
    pub fn create_event_stream(&self, body: &Value) -> Result<EventStream, String> {
        self.write(|state| {
            api::check_body(state, "POST", "event-streams", body)?;
            event_streams::create(state, &self.site, body)
        })
    }

    /// Changes an event stream as `PATCH /event-streams/{id}` with this body does.
    pub fn patch_event_stream(&self, id: &str, body: &Value) -> Result<EventStream, String> {
        self.write(|state| {
            api::check_body(state, "PATCH", "event-streams/{id}", body)?;
            event_streams::change(state, id, body)
        })
    }

    /// Changes an event stream in any way at all, and moves its `updated_at`. Whether it exists.
    pub fn change_event_stream(&self, id: &str, change: impl FnOnce(&mut EventStream)) -> bool {
        let changed = self.write(|state| {
            let mut stream = event_streams::find(&state.objects, id)?.clone();
            change(&mut stream);
            stream.updated_at = event_streams::moved(stream.updated_at, state.clock.now());
            state.objects.event_streams.replace(stream);
            Ok(())
        });
        changed.is_ok()
    }

    /// Puts an event stream there as it is, by no rules, in place of one with the same id.
    pub fn put_event_stream(&self, stream: EventStream) {
        let put = self.write(|state| {
            state.objects.event_streams.remove(&stream.id);
            state.objects.event_streams.add(stream);
            Ok(())
        });
        put.expect("nothing refuses it");
    }

    /// Disables an event stream as Auth0 does when too many deliveries failed. With a total of
    /// 5 000 or more it cannot be enabled again. Whether it exists.
    pub fn disable_event_stream(&self, id: &str, failed_total: u32) -> bool {
        self.change_event_stream(id, |stream| {
            stream.status = Status::Disabled;
            stream.failed_total = failed_total;
        })
    }

    /// Deletes an event stream, and its action where Auth0 would. Whether it existed.
    pub fn delete_event_stream(&self, id: &str) -> bool {
        let deleted = self.write(|state| {
            let switch = state.settings.switches.action_of_deleted_stream;
            Ok(event_streams::delete(&mut state.objects, id, switch))
        });
        deleted.unwrap_or(false)
    }

    /// Lets an event fail at the destination of a stream. The id of the event.
    pub fn fail_event(&self, id: &str, event_type: &str) -> Result<String, String> {
        self.write(|state| deliveries::fail(state, &self.site, id, event_type))
    }

    /// Every action with its secrets, oldest first.
    pub fn actions(&self) -> Vec<Action> {
        self.state().objects.actions.iter().cloned().collect()
    }

    /// Creates a deployed action of the trigger `event-stream`. With an id that exists, it
    /// replaces that action.
    pub fn create_deployed_action(&self, id: Option<&str>, name: &str) -> Action {
        let action = self.write(|state| Ok(actions::add_deployed(state, id, name)));
        action.expect("nothing refuses it")
    }

    /// Deletes an action, used or not. Whether it existed.
    pub fn delete_action(&self, id: &str) -> bool {
        self.write(|state| Ok(state.objects.actions.remove(id))).unwrap_or(false)
    }

    fn write<T>(&self, write: impl FnOnce(&mut State) -> Result<T, ApiError>) -> Result<T, String> {
        let state = &mut *self.state();
        let lag = Duration::from_millis(state.settings.stale_reads_ms);
        state.history.before_write(&state.objects, lag, Instant::now());
        write(state).map_err(|refusal| refusal.message().to_owned())
    }
}

/// Settings, faults, tokens and time.
impl Auth0 {
    /// The present settings.
    pub fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    /// Changes settings and switches. A changed rate limit starts with a full bucket.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings();
        change(&mut settings);
        let (state, now) = (&mut *self.state(), Instant::now());
        if settings.rate_limit != state.settings.rate_limit {
            state.api_bucket = Bucket::full(settings.rate_limit, now);
        }
        if settings.token_rate_limit != state.settings.token_rate_limit {
            state.token_bucket = Bucket::full(settings.token_rate_limit, now);
        }
        state.shapes.forget();
        state.settings = settings;
    }

    /// Orders a fault. Faults befall requests in the order they were asked for.
    pub fn add_fault(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// The faults that have not ended yet.
    pub fn faults(&self) -> Vec<Fault> {
        self.state().faults.pending()
    }

    /// Seeds the draws of the random faults, those ordered and those to come. Without it the seed
    /// is 0. The same requests in the same order are then befallen by the same faults.
    pub fn seed_faults(&self, seed: u64) {
        self.state().faults.seed(seed);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// A token of the client, as if somebody else had asked for it.
    pub fn issue_token(&self) -> String {
        token::ready_made(&mut self.state(), &self.site)
    }

    /// Ends the life of every token issued so far.
    pub fn revoke_tokens(&self) {
        self.state().tokens.revoke_all();
    }

    /// The time of the tenant.
    pub fn now(&self) -> OffsetDateTime {
        self.state().clock.now()
    }

    /// Sets the clock of the tenant, which runs on. Buckets fill by the real clock.
    pub fn set_clock(&self, now: OffsetDateTime) {
        self.state().clock.set(now);
    }

    /// Stops the clock of the tenant.
    pub fn freeze_clock(&self, now: OffsetDateTime) {
        self.state().clock.freeze(now);
    }

    pub(crate) fn change_clock(&self, change: ClockChange) {
        self.state().clock.change(change);
    }

    /// Moves the clock of the tenant forward, running or not.
    pub fn advance_clock(&self, by: Duration) {
        let by = by.try_into().unwrap_or(time::Duration::MAX);
        self.state().clock.advance(by);
    }

    /// Returns to the real clock.
    pub fn reset_clock(&self) {
        self.state().clock = Clock::default();
    }
}

/// What was asked.
impl Auth0 {
    /// The requests so far, oldest first, with their bodies.
    pub fn requests(&self) -> Vec<Request> {
        self.state().log.newest().iter().cloned().collect()
    }

    /// Number of requests with this method whose path starts so. An empty method is any.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let state = self.state();
        let matches = |request: &&Request| {
            (method.is_empty() || request.method == method) && request.path.starts_with(path)
        };
        state.log.newest().iter().filter(matches).count()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.state().log = Default::default();
    }

    /// A table of what was asked, for people.
    pub fn summary(&self) -> String {
        self.state().log.summary(self.connections())
    }
}
