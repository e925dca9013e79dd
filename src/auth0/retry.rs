use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::operation::{Operation, Wait};
use super::pace::{Leave, Pace};

/// One request, from the first byte of the connection to the last of the answer.
const REQUEST: Duration = Duration::from_secs(60);
/// A new connection: name, TCP, proxy and TLS.
const CONNECT: Duration = Duration::from_secs(10);
/// From the first attempt of a call to the last that is begun. Ten calls at once on the two
/// requests a second of a free tenant each wait up to 50 s; this leaves room for other users of it.
const REPEATING: Duration = Duration::from_secs(5 * 60);
/// Attempts that may fail by 5xx or a broken connection; 429 does not count.
const FAILURES: u32 = 5;
/// So long a request waits for another one to open the connection before it goes on without.
const TURN: Duration = Duration::from_secs(5);
/// How long after its first failure a host that was never reached is worth another repeat. Later,
/// each call tries once: two hundred resources should not each wait for the same wrong port.
const PATIENCE: Duration = Duration::from_secs(10);
const BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(8);
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// What the answers of a full bucket are spread over, the first time and at most: calls that wait
/// for the same second would otherwise all come back in it.
const SPREAD: Duration = Duration::from_millis(500);
const WIDEST_SPREAD: Duration = Duration::from_secs(4);
/// A creation that was not answered may show in the list so much later: Auth0 may still be at
/// work, and may read from a copy that lags behind.
const SETTLING: Duration = Duration::from_secs(15);
/// Whoever stops a run may kill it ten seconds later.
const GRACE: Duration = Duration::from_secs(4);
/// A program that prints an assertion.
const COMMAND: Duration = Duration::from_secs(30);
/// A keyring, which may first be unlocked by a person.
const KEYRING: Duration = Duration::from_secs(60);
/// A later reset is not believed: no quota of Auth0 is longer than a day.
const LONGEST_BELIEVED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long and how often is tried.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) request: Duration,
    pub(super) connect: Duration,
    pub(super) turn: Duration,
    pub(super) patience: Duration,
    pub(super) repeating: Duration,
    pub(super) failures: u32,
    pub(super) backoff: Duration,
    pub(super) spread: Duration,
    pub(super) settling: Duration,
    /// So long what settles may wait for more once the run is being stopped.
    pub(super) grace: Duration,
    pub(super) command: Duration,
    pub(super) keyring: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request: REQUEST,
            connect: CONNECT,
            turn: TURN,
            patience: PATIENCE,
            repeating: REPEATING,
            failures: FAILURES,
            backoff: BACKOFF,
            spread: SPREAD,
            settling: SETTLING,
            grace: GRACE,
            command: COMMAND,
            keyring: KEYRING,
        }
    }
}

/// Why a call is not repeated any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The run is being stopped.
    Stopped,
    /// Tried often enough, or the wait would end too late.
    Exhausted,
    /// The wait for room would end too late: in the tenant's rate limit, or in one's own.
    NoRoom { own: bool },
    /// The time limit of the operation is over, or would be after the wait.
    OutOfTime,
}

/// Counts the attempts of one call and waits between them.
pub(super) struct Repeats<'a> {
    limits: &'a Limits,
    stop: &'a CancellationToken,
    operation: &'a Operation,
    /// The call in the user's words, for the log.
    call: &'a str,
    began: Instant,
    attempts: u32,
    /// So many may fail.
    failures: u32,
    failed: u32,
    limited: u32,
}

impl<'a> Repeats<'a> {
    pub(super) fn new(
        limits: &'a Limits,
        stop: &'a CancellationToken,
        operation: &'a Operation,
        call: &'a str,
    ) -> Self {
        let (began, failures) = (Instant::now(), limits.failures);
        let (attempts, failed, limited) = (0, 0, 0);
        Self { limits, stop, operation, call, began, attempts, failures, failed, limited }
    }

    /// Counts an attempt that is about to be sent.
    pub(super) fn attempt(&mut self) -> u32 {
        self.attempts += 1;
        self.attempts
    }

    pub(super) fn effort(&self) -> Effort {
        Effort { attempts: self.attempts, took: self.began.elapsed() }
    }

    /// Waits after 429: until the time Auth0 named, bounded by time alone.
    pub(super) async fn after_limit(&mut self, asked: Option<Duration>) -> Result<(), Ended> {
        self.limited += 1;
        let wait = asked.unwrap_or_else(|| doubled(self.limits.backoff, self.limited));
        let spread = doubled(self.limits.spread, self.limited).min(WIDEST_SPREAD);
        self.pause(Wait::Refused, wait + spread.mul_f64(fastrand::f64())).await
    }

    /// Waits after 5xx or a broken connection: exponentially, bounded by attempts as well.
    pub(super) async fn after_failure(&mut self, asked: Option<Duration>) -> Result<(), Ended> {
        self.failed += 1;
        if self.failed >= self.failures {
            return Err(Ended::Exhausted);
        }
        let backoff = doubled(self.limits.backoff, self.failed);
        let wait = backoff.mul_f64(1.0 + fastrand::f64() / 2.0);
        self.pause(Wait::Failed, wait.max(asked.unwrap_or_default())).await
    }

    /// Waits until the pace of the process has room for an attempt.
    pub(super) async fn room<'p>(&self, pace: &'p Pace) -> Result<Leave<'p>, Ended> {
        let left = self.limits.repeating.saturating_sub(self.began.elapsed());
        pace.admit(self.operation, self.stop, left).await
    }

    /// What ends its waits.
    pub(super) fn stop(&self) -> &'a CancellationToken {
        self.stop
    }

    /// Within which it is tried.
    pub(super) fn operation(&self) -> &'a Operation {
        self.operation
    }

    /// Leaves repeats to the caller, but for one that may be bad luck.
    pub(super) fn hardly(mut self) -> Self {
        self.failures = 2;
        self
    }

    async fn pause(&self, reason: Wait, wait: Duration) -> Result<(), Ended> {
        let wait = wait.max(SHORTEST_WAIT);
        // To wait for what comes too late would only keep the bad news back.
        if self.began.elapsed() + wait > self.limits.repeating {
            return Err(Ended::Exhausted);
        }
        if self.operation.left().is_some_and(|left| left < wait) {
            return Err(Ended::OutOfTime);
        }
        log::info!(
            call = self.call, attempt = self.attempts, wait_ms = wait.as_millis() as u64;
            "waiting before the request is sent to Auth0 again"
        );
        let _waiting = self.operation.waiting(reason);
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Ended::Stopped),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }
}

fn doubled(first: Duration, time: u32) -> Duration {
    first.saturating_mul(1 << (time - 1).min(16)).min(LONGEST_BACKOFF)
}

/// What a call has cost so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effort {
    pub(super) attempts: u32,
    pub(super) took: Duration,
}

/// How long an answer asks to wait: the larger of `retry-after` (seconds or a date) and
/// `x-ratelimit-reset` (Unix seconds). Dates are compared with the server's own clock where it
/// tells the time, so that ours may be wrong.
pub(super) fn asked_to_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let now = served_at(headers).unwrap_or(now);
    let retry_after = text(headers, RETRY_AFTER.as_str()).and_then(|text| match text.parse() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => date(text).map(|then| then.duration_since(now).unwrap_or_default()),
    });
    let reset = reset_in(headers, now);
    [retry_after, reset].into_iter().flatten().filter(|wait| *wait <= LONGEST_BELIEVED).max()
}

/// How long it is until `x-ratelimit-reset`.
pub(super) fn reset_in(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let now = served_at(headers).unwrap_or(now);
    let seconds = text(headers, "x-ratelimit-reset")?.parse().ok()?;
    let reset = UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)?;
    Some(reset.duration_since(now).unwrap_or_default())
}

/// The server's own time, in whole seconds.
pub(super) fn served_at(headers: &HeaderMap) -> Option<SystemTime> {
    date(text(headers, DATE.as_str())?)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_wait_is_the_larger_of_both_headers_by_the_clock_of_the_server() {
        const DATE: (&str, &str) = ("date", "Mon, 02 Mar 2026 09:15:20 GMT");
        let seconds = |n| Some(Duration::from_secs(n));
        for (case, list, want) in [
            ("nothing", &[][..], None),
            ("seconds", &[("retry-after", "7")][..], seconds(7)),
            ("a date", &[DATE, ("retry-after", "Mon, 02 Mar 2026 09:15:29 GMT")], seconds(9)),
            ("a past date", &[DATE, ("retry-after", "Mon, 02 Mar 2026 09:15:11 GMT")], seconds(0)),
            ("reset", &[DATE, ("x-ratelimit-reset", "1772442923")], seconds(3)),
            ("reset by our clock", &[("x-ratelimit-reset", "1772442923")], seconds(923)),
            ("a past reset", &[DATE, ("x-ratelimit-reset", "1772442910")], seconds(0)),
            (
                "both",
                &[DATE, ("retry-after", "2"), ("x-ratelimit-reset", "1772442925")],
                seconds(5),
            ),
            (
                "both",
                &[DATE, ("retry-after", "8"), ("x-ratelimit-reset", "1772442925")],
                seconds(8),
            ),
            ("nonsense", &[("retry-after", "soon"), ("x-ratelimit-reset", "-1")], None),
            ("not finite", &[("retry-after", "NaN"), ("x-ratelimit-reset", "inf")], None),
            ("milliseconds", &[DATE, ("x-ratelimit-reset", "1772442925000")], None),
            ("no date", &[("date", "today"), ("retry-after", "4")], seconds(4)),
        ] {
            let now = UNIX_EPOCH + Duration::from_secs(1_772_442_000);
            assert_eq!(asked_to_wait(&headers(list), now), want, "{case}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_waited_for_with_some_jitter_and_never_less_than_the_minimum() {
        let (limits, stop) = (Limits::default(), CancellationToken::new());
        let operation = Operation::default();
        for (asked, least, most) in [
            (Some(Duration::ZERO), SHORTEST_WAIT, SPREAD),
            (Some(Duration::from_secs(3)), Duration::from_secs(3), Duration::from_millis(3500)),
            (None, BACKOFF, BACKOFF + SPREAD),
        ] {
            let began = Instant::now();
            Repeats::new(&limits, &stop, &operation, "test").after_limit(asked).await.unwrap();
            let (waited, most) = (began.elapsed(), most.max(SHORTEST_WAIT));
            // The timer counts whole milliseconds.
            assert!(waited >= least && waited <= most + Duration::from_millis(1), "{waited:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn limits_are_bounded_by_time_and_failures_by_number() {
        let (limits, stop) = (Limits::default(), CancellationToken::new());
        let operation = Operation::default();
        let (mut repeats, began) =
            (Repeats::new(&limits, &stop, &operation, "test"), Instant::now());
        let mut times = 0;
        while repeats.after_limit(Some(Duration::from_secs(1))).await.is_ok() {
            times += 1;
        }
        assert!(times > 60, "{times}");
        assert!(began.elapsed() <= REPEATING);
        assert!(began.elapsed() > REPEATING - Duration::from_secs(6));

        let (mut repeats, began) =
            (Repeats::new(&limits, &stop, &operation, "test"), Instant::now());
        for _ in 1..FAILURES {
            repeats.after_failure(None).await.unwrap();
        }
        assert_eq!(repeats.after_failure(None).await, Err(Ended::Exhausted));
        // 0.5, 1, 2 and 4 seconds, each and up to half as much again.
        assert!(began.elapsed() >= Duration::from_millis(7500));
        assert!(began.elapsed() <= Duration::from_millis(11_254));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_would_end_too_late_is_not_begun() {
        let (limits, stop) = (Limits::default(), CancellationToken::new());
        let operation = Operation::default();
        let began = Instant::now();
        let an_hour = Some(Duration::from_secs(3600));
        assert_eq!(
            Repeats::new(&limits, &stop, &operation, "test").after_limit(an_hour).await,
            Err(Ended::Exhausted)
        );
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_every_wait_at_once() {
        let (limits, stop) = (Limits::default(), CancellationToken::new());
        let operation = Operation::default();
        let stopper = stop.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            stopper.cancel();
        });
        let began = Instant::now();
        let mut repeats = Repeats::new(&limits, &stop, &operation, "test");
        assert_eq!(repeats.after_limit(Some(Duration::from_secs(60))).await, Err(Ended::Stopped));
        assert_eq!(began.elapsed(), Duration::from_millis(1500));
        assert_eq!(repeats.after_failure(None).await, Err(Ended::Stopped));
        assert_eq!(began.elapsed(), Duration::from_millis(1500));
    }
}
