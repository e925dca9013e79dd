//! The clock that dates objects and ends tokens. Tests set it; rate limits keep to the real one.

use time::{Duration, OffsetDateTime};

/// A clock that runs, possibly ahead of or behind the real one, or stands still.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    ahead: Duration,
    frozen: Option<OffsetDateTime>,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.frozen.unwrap_or_else(|| OffsetDateTime::now_utc() + self.ahead)
    }

    /// Runs on from `now`.
    pub(crate) fn set(&mut self, now: OffsetDateTime) {
        *self = Self { ahead: now - OffsetDateTime::now_utc(), frozen: None };
    }

    /// Stands still at `now`.
    pub(crate) fn freeze(&mut self, now: OffsetDateTime) {
        self.frozen = Some(now);
    }

    /// Jumps forward, running or not.
    pub(crate) fn advance(&mut self, by: Duration) {
        match &mut self.frozen {
            Some(now) => *now += by,
            None => self.ahead += by,
        }
    }
}

/// RFC 3339 with milliseconds, as on event streams and deliveries.
pub(crate) fn milliseconds(at: OffsetDateTime) -> String {
    format!("{}.{:03}Z", seconds(at), at.millisecond())
}

/// RFC 3339 with nanoseconds, as on actions.
pub(crate) fn nanoseconds(at: OffsetDateTime) -> String {
    format!("{}.{:09}Z", seconds(at), at.nanosecond())
}

fn seconds(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// `at` without what its milliseconds do not say, so that a stored time equals the shown one.
pub(crate) fn whole_milliseconds(at: OffsetDateTime) -> OffsetDateTime {
    at - Duration::nanoseconds(i64::from(at.nanosecond() % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_772_442_927).unwrap()
            + Duration::milliseconds(milliseconds)
    }

    #[test]
    fn times_keep_their_trailing_zeros() {
        assert_eq!(milliseconds(at(40)), "2026-03-02T09:15:27.040Z");
        assert_eq!(milliseconds(at(0)), "2026-03-02T09:15:27.000Z");
        assert_eq!(nanoseconds(at(40)), "2026-03-02T09:15:27.040000000Z");
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = Clock::default();
        clock.freeze(at(0));
        clock.advance(Duration::seconds(1));
        assert_eq!(clock.now(), at(1000));
        assert_eq!(clock.now(), at(1000));
        clock.set(at(0));
        assert!(clock.now() >= at(0) && clock.now() < at(60_000));
    }
}
