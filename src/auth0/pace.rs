//! Keeps this process inside the tenant's rate limit, so that Auth0 need not refuse, and the users
//! who log in at the same time are left their share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::operation::{Operation, Wait};
use super::retry::{self, Ended};

/// Requests that may be under way before the first answer has told the size of the bucket: the
/// smallest one of any plan (auth0-api: 2 for free tenants).
const BEFORE_THE_FIRST_ANSWER: f64 = 2.0;
/// The refill that every plan has, until the answers show this tenant's own.
const LEAST_RATE: f64 = 2.0;
/// Others may use most of a bucket; slower than this is not believed.
const SLOWEST_RATE: f64 = 0.2;
/// So long the refill is watched, or until it has gained so many requests.
const WATCHED: Duration = Duration::from_secs(4);
const GAINED: f64 = 4.0;
const SHORTEST_WATCH: Duration = Duration::from_millis(400);
/// A share of the bucket that is never free would keep us waiting for ever.
const PATIENCE_WITH_OTHERS: Duration = Duration::from_secs(30);
const LONGEST_STEP: Duration = Duration::from_secs(5);

/// What the person who runs the provider allows it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Allowance {
    /// None: as many as the tenant's rate limit has room for.
    pub max_requests_per_second: Option<f64>,
    /// Share of the tenant's bucket, from 0 to below 1, that is left to others.
    pub rate_limit_reserve: f64,
}

/// The one pace of all calls to the Management API.
pub(super) struct Pace {
    allowance: Allowance,
    state: Mutex<State>,
    /// Told when an answer may have changed how long to wait.
    news: Notify,
}

/// Leave to send one request. The pace counts it as under way for as long as this lives.
pub(super) struct Leave<'a> {
    pace: &'a Pace,
    number: u64,
    /// How many of ours had been answered when it was given.
    answered_before: u64,
}

struct State {
    sent: u64,
    answered: u64,
    tenant: Bucket,
    own: Option<Bucket>,
    /// Auth0 said so by a 429; also the number of the last request that it refused.
    closed: Option<(Instant, u64)>,
}

/// A bucket as it is believed to be.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    size: f64,
    level: f64,
    rate: f64,
    at: Instant,
    /// Whether an answer has told of it.
    known: bool,
    watch: Option<Watch>,
}

/// Where the refill is measured from.
#[derive(Debug, Clone, Copy)]
struct Watch {
    at: Instant,
    level: f64,
    answered: u64,
}

impl Pace {
    pub(super) fn new(allowance: Allowance) -> Self {
        // A bucket of one: what was not used of a second is not made up for in the next.
        let own = allowance.max_requests_per_second.map(|rate| Bucket::full(1.0, rate));
        let tenant = Bucket::full(BEFORE_THE_FIRST_ANSWER, LEAST_RATE);
        let state = State { sent: 0, answered: 0, tenant, own, closed: None };
        Self { allowance, state: Mutex::new(state), news: Notify::new() }
    }

    /// Waits until a request may be sent, which must be within `patience`.
    pub(super) async fn admit(
        &self,
        operation: &Operation,
        stop: &CancellationToken,
        patience: Duration,
    ) -> Result<Leave<'_>, Ended> {
        let asked = Instant::now();
        loop {
            // Taken before the state is looked at, so that no news is missed.
            let news = self.news.notified();
            let taken = self.state().take(&self.allowance, asked);
            let (wait, reason) = match taken {
                Ok((number, answered_before)) => {
                    return Ok(Leave { pace: self, number, answered_before });
                }
                Err(wait) => wait,
            };
            if operation.left().is_some_and(|left| left < wait) {
                return Err(Ended::OutOfTime);
            }
            // To wait for what comes too late would only keep the bad news back.
            if patience.saturating_sub(asked.elapsed()) < wait {
                return Err(Ended::NoRoom { own: reason == Wait::OwnRate });
            }
            let _waiting = operation.waiting(reason);
            // Processes that wait for the same bucket would otherwise all come back at once.
            let jitter = 1.0 + fastrand::f64() / 10.0;
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(Ended::Stopped),
                () = news => {}
                () = tokio::time::sleep(wait.min(LONGEST_STEP).mul_f64(jitter)) => {}
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// Learns from the headers of the answer.
    pub(super) fn answered(&self, headers: &HeaderMap) {
        if self.pace.state().learn(self, headers) {
            self.pace.news.notify_waiters();
        }
    }

    /// What is believed to be left of the bucket, for the log.
    pub(super) fn left(&self) -> i64 {
        self.pace.state().tenant.level.floor() as i64
    }

    /// Learns from a 429 that nothing is served until `wait` is over.
    pub(super) fn refused(&self, wait: Duration) {
        let state = &mut *self.pace.state();
        state.tenant.refused();
        let until = Instant::now() + wait;
        if state.closed.is_none_or(|(before, _)| before < until) {
            state.closed = Some((until, state.sent));
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.pace.state().answered += 1;
    }
}

impl State {
    /// Takes one request out of every bucket, or says how long there is none, and why.
    fn take(
        &mut self,
        allowance: &Allowance,
        asked: Instant,
    ) -> Result<(u64, u64), (Duration, Wait)> {
        let now = Instant::now();
        self.tenant.settle(now);
        if let Some((until, _)) = self.closed {
            if now < until {
                return Err((until - now, Wait::Refused));
            }
            self.closed = None;
            self.tenant.level = self.tenant.level.max(1.0);
        }
        if let Some(own) = &mut self.own {
            own.settle(now);
            if own.level < 1.0 {
                return Err((own.time_until(1.0), Wait::OwnRate));
            }
        }
        let patient = now.duration_since(asked) < PATIENCE_WITH_OTHERS;
        let reserve = match patient && self.tenant.known {
            // A bucket of one must still serve somebody.
            true => (allowance.rate_limit_reserve * self.tenant.size).min(self.tenant.size - 1.0),
            false => 0.0,
        };
        if self.tenant.level < 1.0 + reserve {
            // The share of others is waited for so long and no longer.
            let patience = PATIENCE_WITH_OTHERS.saturating_sub(now.duration_since(asked));
            let room = self.tenant.time_until(1.0).max(patience);
            return Err((self.tenant.time_until(1.0 + reserve).min(room), Wait::Room));
        }
        self.tenant.level -= 1.0;
        if let Some(own) = &mut self.own {
            own.level -= 1.0;
        }
        self.sent += 1;
        Ok((self.sent, self.answered))
    }

    /// Whether the answer told anything.
    fn learn(&mut self, leave: &Leave<'_>, headers: &HeaderMap) -> bool {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
        let (Some(size), Some(remaining)) =
            (number("x-ratelimit-limit"), number("x-ratelimit-remaining"))
        else {
            // Something between us and Auth0 hides them: 429 alone can tell, where it comes.
            let untold = !self.tenant.known && self.tenant.size.is_finite();
            if untold {
                (self.tenant.size, self.tenant.level) = (f64::INFINITY, f64::INFINITY);
            }
            return untold;
        };
        if !(1.0..=1e6).contains(&size) || !(0.0..=size).contains(&remaining) {
            return false;
        }
        if self.closed.is_some_and(|(_, last)| leave.number > last) && remaining > 0.0 {
            self.closed = None;
        }
        let (now, answered) = (Instant::now(), self.answered);
        let bucket = &mut self.tenant;
        bucket.settle(now);
        if !bucket.known {
            let until = retry::reset_in(headers, SystemTime::now()).unwrap_or_default();
            let shown = (size - remaining) / until.as_secs_f64().max(1.0);
            bucket.rate = bucket.rate.max(if remaining > 0.0 { shown } else { 0.0 });
            bucket.known = true;
        }
        bucket.size = size;
        // Requests overtake each other, so nobody knows which of those that were under way beside
        // this one are in the number: none of them, at worst. In between, our own count is right.
        let beside = (self.sent - 1 - leave.answered_before) as f64;
        bucket.level = bucket.level.clamp(remaining - beside, remaining);
        bucket.measure(now, remaining, answered);
        true
    }
}

impl Bucket {
    fn full(size: f64, rate: f64) -> Self {
        Self { size, level: size, rate, at: Instant::now(), known: false, watch: None }
    }

    /// Refills for the time since the last look.
    fn settle(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.rate).min(self.size);
        self.at = now;
    }

    fn time_until(&self, level: f64) -> Duration {
        let seconds = (level - self.level) / self.rate;
        Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_STEP).max(Duration::from_millis(2))
    }

    /// It held less than was believed, so it fills more slowly, or others take out of it.
    fn refused(&mut self) {
        self.settle(Instant::now());
        self.level = self.level.min(0.0);
        self.rate = (self.rate * 0.9).max(SLOWEST_RATE);
        self.watch = None;
    }

    /// Measures the refill between two answers: what others take out meanwhile makes it smaller,
    /// which is what there is for us.
    fn measure(&mut self, now: Instant, remaining: f64, answered: u64) {
        let here = Watch { at: now, level: remaining, answered };
        let Some(watch) = self.watch.filter(|_| remaining < self.size - 1.0) else {
            // A bucket that is full gains nothing.
            self.watch = (remaining < self.size - 1.0).then_some(here);
            return;
        };
        let passed = now.duration_since(watch.at);
        let gained = remaining - watch.level + (answered - watch.answered) as f64;
        if passed >= WATCHED || (passed >= SHORTEST_WATCH && gained >= GAINED) {
            let seen = gained / passed.as_secs_f64();
            self.rate = ((self.rate + seen) / 2.0).max(SLOWEST_RATE);
            self.watch = Some(here);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn headers(size: u32, remaining: u32) -> HeaderMap {
        [("x-ratelimit-limit", size), ("x-ratelimit-remaining", remaining)]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.into()))
            .collect()
    }

    /// A tenant's bucket, which refuses when it is empty.
    struct Tenant {
        size: f64,
        rate: f64,
        level: f64,
        at: Instant,
        refused: u32,
    }

    impl Tenant {
        fn new(size: u32, rate: f64) -> Self {
            let size = f64::from(size);
            Self { size, rate, level: size, at: Instant::now(), refused: 0 }
        }

        fn serve(&mut self) -> Option<u32> {
            let now = Instant::now();
            let passed = now.duration_since(self.at).as_secs_f64();
            (self.level, self.at) = ((self.level + passed * self.rate).min(self.size), now);
            if self.level < 1.0 {
                self.refused += 1;
                return None;
            }
            self.level -= 1.0;
            Some(self.level as u32)
        }
    }

    /// Sends `count` requests of 40 ms, ten at once, and answers how long it took.
    async fn run(pace: &Pace, tenant: &Mutex<Tenant>, count: u32) -> Duration {
        let (stop, began) = (CancellationToken::new(), Instant::now());
        let left = Mutex::new(count);
        let one = async || {
            while {
                let mut left = left.lock().unwrap();
                let more = *left > 0;
                *left = left.saturating_sub(1);
                more
            } {
                let operation = Operation::default();
                loop {
                    let leave = pace.admit(&operation, &stop, LONG).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    let served = tenant.lock().unwrap().serve();
                    let size = tenant.lock().unwrap().size as u32;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    match served {
                        Some(remaining) => {
                            leave.answered(&headers(size, remaining));
                            break;
                        }
                        None => leave.refused(Duration::from_secs(1)),
                    }
                }
            }
        };
        tokio::join!(one(), one(), one(), one(), one(), one(), one(), one(), one(), one());
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn ten_at_once_use_the_rate_of_the_tenant_and_are_hardly_ever_refused() {
        for (size, rate, count) in [(10, 10.0, 50), (2, 2.0, 40), (50, 16.0, 200), (10, 2.0, 40)] {
            let tenant = Mutex::new(Tenant::new(size, rate));
            let took = run(&Pace::new(Allowance::default()), &tenant, count).await;
            let least = (f64::from(count) - f64::from(size)) / rate;
            let refused = tenant.lock().unwrap().refused;
            assert!(refused <= 2, "{size}/{rate}: {refused} answers 429");
            assert!(took.as_secs_f64() <= f64::from(count) / rate * 1.2, "{size}/{rate}: {took:?}");
            assert!(took.as_secs_f64() >= least - 0.1, "{size}/{rate}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_without_headers_is_not_slowed_down_before_it_refuses() {
        let pace = Pace::new(Allowance::default());
        let (operation, stop) = (Operation::default(), CancellationToken::new());
        let began = Instant::now();
        for _ in 0..100 {
            pace.admit(&operation, &stop, LONG).await.unwrap().answered(&HeaderMap::new());
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        pace.admit(&operation, &stop, LONG).await.unwrap().refused(Duration::from_secs(3));
        for _ in 0..10 {
            pace.admit(&operation, &stop, LONG).await.unwrap().answered(&HeaderMap::new());
        }
        assert!(began.elapsed() >= Duration::from_secs(5), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_share_is_left_to_others_but_never_waited_for_in_vain() {
        let pace = Pace::new(Allowance { rate_limit_reserve: 0.3, ..Default::default() });
        let (operation, stop) = (Operation::default(), CancellationToken::new());
        pace.admit(&operation, &stop, LONG).await.unwrap().answered(&headers(10, 5));
        for _ in 0..2 {
            pace.admit(&operation, &stop, LONG).await.unwrap();
        }
        let began = Instant::now();
        let leave = pace.admit(&operation, &stop, LONG).await.unwrap();
        assert!(began.elapsed() >= Duration::from_millis(100), "3 of 10 are left");
        // Others take all that comes back.
        leave.answered(&headers(10, 2));
        drop(leave);
        pace.state().tenant.rate = SLOWEST_RATE / 100.0;
        let began = Instant::now();
        pace.admit(&operation, &stop, LONG).await.unwrap();
        assert!(began.elapsed() >= PATIENCE_WITH_OTHERS);
        assert!(began.elapsed() < PATIENCE_WITH_OTHERS * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_own_rate_is_kept_whatever_the_tenant_allows() {
        let allowance = Allowance { max_requests_per_second: Some(4.0), rate_limit_reserve: 0.0 };
        let tenant = Mutex::new(Tenant::new(50, 50.0));
        let took = run(&Pace::new(allowance), &tenant, 44).await;
        assert!((9.5..=11.5).contains(&took.as_secs_f64()), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_and_a_time_limit_end_the_wait() {
        let pace = Pace::new(Allowance::default());
        let (operation, stop) = (Operation::default(), CancellationToken::new());
        pace.admit(&operation, &stop, LONG).await.unwrap().refused(Duration::from_secs(60));
        let short = Operation::new(Some(Duration::from_secs(2)));
        let began = Instant::now();
        assert_eq!(pace.admit(&short, &stop, LONG).await.err(), Some(Ended::OutOfTime));
        assert_eq!(began.elapsed(), Duration::ZERO, "a wait that ends too late is not begun");
        let stopper = stop.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            stopper.cancel();
        });
        assert_eq!(pace.admit(&operation, &stop, LONG).await.err(), Some(Ended::Stopped));
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        assert!(operation.delay().is_none());
    }
}
