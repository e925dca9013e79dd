//! The objects of the tenant, and for a while what they were.

use super::actions::Actions;
use super::deliveries::Deliveries;
use super::event_streams::EventStreams;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The objects of the tenant. A clone shares what it holds, so that a look back stays cheap.
#[derive(Clone, Default)]
pub(crate) struct Objects {
    pub(crate) event_streams: EventStreams,
    pub(crate) actions: Actions,
    pub(crate) deliveries: Deliveries,
}

/// How the objects stood before each of the last writes: for reads that lag behind.
#[derive(Default)]
pub(crate) struct History {
    writes: VecDeque<(Instant, Arc<Objects>)>,
    /// What reads show until a time, whatever the lag; oldest first.
    held: Vec<(Instant, Arc<Objects>)>,
}

impl History {
    /// To be called before a write. Remembers nothing while reads do not lag.
    pub(crate) fn before_write(&mut self, objects: &Objects, lag: Duration, now: Instant) {
        if !lag.is_zero() {
            self.writes.push_back((now, Arc::new(objects.clone())));
        }
    }

    /// Lets reads show the objects as they stand now until a time.
    pub(crate) fn hold(&mut self, objects: &Objects, until: Instant) {
        self.held.push((until, Arc::new(objects.clone())));
    }

    /// How the objects stood `lag` ago, if it is not how they stand now.
    pub(crate) fn as_of(&mut self, lag: Duration, now: Instant) -> Option<Arc<Objects>> {
        self.held.retain(|(until, _)| now < *until);
        if let Some((_, objects)) = self.held.first() {
            return Some(Arc::clone(objects));
        }
        while self.writes.front().is_some_and(|(written, _)| now.duration_since(*written) >= lag) {
            self.writes.pop_front();
        }
        self.writes.front().map(|(_, objects)| Arc::clone(objects))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Tenant, eventbridge};
    use super::*;

    #[test]
    fn each_write_shows_after_the_lag() {
        let tenant = Tenant::new();
        let lag = Duration::from_secs(2);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs_f64(seconds);
        let mut history = History::default();
        for second in [0.0, 1.0] {
            history.before_write(&tenant.auth0.state().objects, lag, at(second));
            tenant.create(&eventbridge(&second.to_string()));
        }
        for (second, want) in [(1.5, Some(0)), (2.5, Some(1)), (3.0, None)] {
            let seen = history.as_of(lag, at(second)).map(|objects| objects.event_streams.len());
            assert_eq!(seen, want, "{second}");
        }
    }

    #[test]
    fn nothing_is_remembered_while_reads_do_not_lag() {
        let (mut history, now) = (History::default(), Instant::now());
        history.before_write(&Objects::default(), Duration::ZERO, now);
        assert!(history.as_of(Duration::from_secs(1), now).is_none());
    }
}
