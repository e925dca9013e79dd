//! Token buckets. They fill by the real clock, because a client measures the wait by its own; what
//! their headers say is by the clock of the tenant, as `date` is.

mod limit;

pub use limit::RateLimit;

use super::answer::Answer;
use super::switches::RetryAfter;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// What is shown when nothing is limited: the bucket of an enterprise's production tenant.
const SHOWN_WITHOUT_LIMIT: u32 = 50;

/// The level of one bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    level: f64,
    filled: Instant,
}

/// What the headers say of a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Time until the bucket is full, or, when it is empty, until it serves again.
    pub(crate) reset_in: Duration,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn full(limit: Option<RateLimit>, now: Instant) -> Self {
        Self { level: limit.map_or(0.0, |limit| f64::from(limit.burst)), filled: now }
    }

    /// Takes one request out, if there is one.
    pub(crate) fn take(&mut self, limit: Option<RateLimit>, now: Instant) -> bool {
        let Some(limit) = limit else { return true };
        self.refill(limit, now);
        let served = self.level >= 1.0;
        if served {
            self.level -= 1.0;
        }
        served
    }

    pub(crate) fn standing(&mut self, limit: Option<RateLimit>, now: Instant) -> Standing {
        let Some(limit) = limit else {
            let limit = SHOWN_WITHOUT_LIMIT;
            return Standing { limit, remaining: limit - 1, reset_in: Duration::ZERO };
        };
        self.refill(limit, now);
        let wanted = if self.level < 1.0 { 1.0 } else { f64::from(limit.burst) };
        let seconds = (wanted - self.level) / limit.per_second;
        Standing {
            limit: limit.burst,
            remaining: self.level as u32,
            reset_in: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
        }
    }

    fn refill(&mut self, limit: RateLimit, now: Instant) {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.level = (self.level + passed * limit.per_second).min(f64::from(limit.burst));
        self.filled = now;
    }
}

impl Standing {
    /// The three headers of every answer of the Management API, as of `now`.
    pub(crate) fn describe(&self, answer: Answer, now: OffsetDateTime) -> Answer {
        let now = Duration::try_from(now - OffsetDateTime::UNIX_EPOCH).unwrap_or_default();
        let reset = seconds_up(now.saturating_add(self.reset_in));
        answer
            .with("x-ratelimit-limit", self.limit)
            .with("x-ratelimit-remaining", self.remaining)
            .with("x-ratelimit-reset", reset)
    }

    pub(crate) fn retry_after(&self, answer: Answer, switch: RetryAfter) -> Answer {
        match switch {
            RetryAfter::Absent => answer,
            RetryAfter::Present => answer.with("retry-after", seconds_up(self.reset_in).max(1)),
        }
    }
}

/// Whole seconds, rounded up: a client that waits until then is served.
fn seconds_up(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_serves_its_burst_and_refills() {
        let limit = Some(RateLimit { burst: 2, per_second: 4.0 });
        let start = Instant::now();
        let mut bucket = Bucket::full(limit, start);
        assert!(bucket.take(limit, start));
        assert!(bucket.take(limit, start));
        assert!(!bucket.take(limit, start));
        let empty = bucket.standing(limit, start);
        assert_eq!(
            empty,
            Standing { limit: 2, remaining: 0, reset_in: Duration::from_millis(250) }
        );
        assert!(!bucket.take(limit, start + Duration::from_millis(249)));
        assert!(bucket.take(limit, start + Duration::from_millis(251)));
        let full = bucket.standing(limit, start + Duration::from_secs(60));
        assert_eq!(full, Standing { limit: 2, remaining: 2, reset_in: Duration::ZERO });
    }

    #[test]
    fn without_a_limit_the_headers_show_a_large_one() {
        let now = Instant::now();
        let mut bucket = Bucket::full(None, now);
        for _ in 0..1000 {
            assert!(bucket.take(None, now));
        }
        let standing = bucket.standing(None, now);
        assert_eq!((standing.limit, standing.remaining), (50, 49));
    }
}
