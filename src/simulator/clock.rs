//! The clock that dates objects and answers and ends tokens. Tests set it; buckets fill by the real one.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// A clock that runs, possibly ahead of or behind the real one, or stands still.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    ahead: Duration,
    frozen: Option<OffsetDateTime>,
}

impl Clock {
    pub(crate) fn now(&self) -> OffsetDateTime {
        // Beyond the year 9999 it stands still, rather than panics.
        self.frozen.unwrap_or_else(|| OffsetDateTime::now_utc().saturating_add(self.ahead))
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
            Some(now) => *now = now.saturating_add(by),
            None => self.ahead = self.ahead.saturating_add(by),
        }
    }
}

/// A change of the clock, as a script or the control door asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClockChange {
    /// Runs on from this time.
    Set(#[serde(deserialize_with = "rfc3339")] OffsetDateTime),
    /// Stands still at this time.
    Freeze(#[serde(deserialize_with = "rfc3339")] OffsetDateTime),
    /// Jumps by so many seconds, running or not; back where they are negative.
    AdvanceS(i32),
}

fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    OffsetDateTime::parse(&text, &Rfc3339)
        .map_err(|_| D::Error::custom("expected an RFC 3339 time, such as 2026-03-02T09:15:27Z"))
}

impl Clock {
    pub(crate) fn change(&mut self, change: ClockChange) {
        match change {
            ClockChange::Set(now) => self.set(now),
            ClockChange::Freeze(now) => self.freeze(now),
            ClockChange::AdvanceS(seconds) => self.advance(Duration::seconds(seconds.into())),
        }
    }
}

/// The form of the header `date`, which has none before 1970.
pub(crate) fn http_date(at: OffsetDateTime) -> String {
    httpdate::fmt_http_date(at.max(OffsetDateTime::UNIX_EPOCH).into())
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
        clock.change(ClockChange::AdvanceS(-120));
        assert!(clock.now() < at(0));
    }

    #[test]
    fn no_change_takes_the_clock_out_of_its_range() {
        let last: ClockChange = serde_json::from_str(r#"{"set": "9999-12-31T23:59:59Z"}"#).unwrap();
        let mut clock = Clock::default();
        for change in [last, ClockChange::AdvanceS(i32::MAX)] {
            clock.change(change);
            assert_eq!(clock.now().year(), 9999);
        }
    }
}
