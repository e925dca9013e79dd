use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::{Failure, in_words};

/// A wait that is shorter is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(5);

/// One operation on one object: how long it may take, and what it had to wait for. It may make
/// several calls.
#[derive(Debug)]
pub struct Operation {
    began: Instant,
    limit: Option<Duration>,
    waits: Mutex<BTreeMap<Wait, Duration>>,
}

/// What was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wait {
    /// Room in the tenant's bucket, before Auth0 had to refuse.
    Room,
    /// The rate that this provider is held to by its own settings.
    OwnRate,
    /// Auth0 answered 429.
    Refused,
    /// There was no access token yet.
    Token,
    /// A request failed and was sent again.
    Failed,
    /// A stream whose creation was not answered could still appear.
    Settling,
}

impl Operation {
    /// An operation that begins now. Once `limit` is over, nothing is sent again and no wait goes
    /// on; what was sent is settled all the same.
    pub fn new(limit: Option<Duration>) -> Self {
        Self { began: Instant::now(), limit, waits: Mutex::default() }
    }

    /// What it waited for and how long, in a sentence, where that was longer than a few seconds.
    pub fn delay(&self) -> Option<String> {
        let waits = self.waits();
        let total: Duration = waits.values().sum();
        let (longest, _) = waits.iter().max_by_key(|(_, time)| **time)?;
        if total < WORTH_A_WORD {
            return None;
        }
        let reason = match longest {
            Wait::Room => {
                "The tenant's rate limit had no room left. Fewer requests at once (-parallelism), or \
                 other users of the Management API that ask for less, make it faster."
            }
            Wait::OwnRate => "max_requests_per_second of the provider holds it to that rate.",
            Wait::Refused => {
                "Auth0 answered 429: other users of the Management API have used up the tenant's \
                 rate limit."
            }
            Wait::Token => {
                "Auth0 was long in giving an access token: requests for one failed, or its limit for \
                 tokens was reached; see the log at level INFO."
            }
            Wait::Failed => "Requests failed and were sent again; see the log at level INFO.",
            Wait::Settling => {
                "The answer to its creation was lost, so the tenant was searched for it."
            }
        };
        Some(format!(
            "{} of its {} were spent waiting. {reason}",
            in_words(total),
            in_words(self.began.elapsed())
        ))
    }

    /// The time that is left; None where there is no limit.
    pub(super) fn left(&self) -> Option<Duration> {
        self.limit.map(|limit| limit.saturating_sub(self.began.elapsed()))
    }

    pub(super) fn limit(&self) -> Option<Duration> {
        self.limit
    }

    /// Its time is over; `last` is what was heard last.
    pub(super) fn out_of_time(&self, last: Option<Box<Failure>>) -> Failure {
        Failure::OutOfTime { limit: self.limit.unwrap_or_default(), last }
    }

    pub(super) fn waited(&self) -> Duration {
        self.waits().values().sum()
    }

    pub(super) fn note(&self, wait: Wait, time: Duration) {
        *self.waits().entry(wait).or_default() += time;
    }

    /// Counts the time until what it answers is dropped, be it that the wait was broken off.
    pub(super) fn waiting(&self, wait: Wait) -> Waiting<'_> {
        Waiting { operation: self, wait, began: Instant::now() }
    }

    fn waits(&self) -> MutexGuard<'_, BTreeMap<Wait, Duration>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait that goes on.
pub(super) struct Waiting<'a> {
    operation: &'a Operation,
    wait: Wait,
    began: Instant,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.operation.note(self.wait, self.began.elapsed());
    }
}

impl Default for Operation {
    fn default() -> Self {
        Self::new(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_long_waits_are_told_with_the_longest_reason() {
        let operation = Operation::default();
        operation.note(Wait::Refused, Duration::from_secs(1));
        operation.note(Wait::Room, Duration::from_secs(3));
        assert_eq!(operation.delay(), None);
        operation.note(Wait::Room, Duration::from_secs(9));
        tokio::time::advance(Duration::from_secs(20)).await;
        let told = operation.delay().unwrap();
        assert!(
            told.starts_with("13 s of its 20 s were spent waiting. The tenant's rate"),
            "{told}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_runs_from_the_beginning() {
        let operation = Operation::new(Some(Duration::from_secs(5)));
        assert_eq!(operation.left(), Some(Duration::from_secs(5)));
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(operation.left(), Some(Duration::ZERO));
        assert_eq!(Operation::default().left(), None);
    }
}
