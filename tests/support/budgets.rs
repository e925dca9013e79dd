//! The budgets, one table for `make bench`, which prints each beside what it measures, and for
//! `make test`, which asserts what does not depend on the speed of the machine.

use std::time::Duration;

/// What a quantity may come to.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    pub quantity: &'static str,
    pub unit: Unit,
    /// What we aim for.
    pub goal: f64,
    /// What is a fault, if anything is.
    pub fails_above: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    /// Of 1,000,000 bytes.
    Megabytes,
    Requests,
    /// How many times the floor: what core itself takes with built-in resources.
    TimesFloor,
}

/// How a measurement compares with its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    OverGoal,
    Fail,
}

use Unit::{Megabytes, Milliseconds, Requests, TimesFloor};

pub const HANDSHAKE: Budget =
    Budget::of("exec to handshake line, median", Milliseconds, 2.0, Some(10.0));
pub const SCHEMA: Budget =
    Budget::of("GetProviderSchema after start, median", Milliseconds, 1.0, Some(10.0));
pub const RSS: Budget =
    Budget::of("RSS after schema + configure, median", Megabytes, 8.0, Some(15.0));
pub const PEAK_RSS: Budget =
    Budget::of("highest RSS up to then, median", Megabytes, 8.0, Some(15.0));
pub const BINARY_SIZE: Budget = Budget::of("stripped release binary", Megabytes, 6.0, Some(10.0));
pub const CPU_PER_LAUNCH: Budget =
    Budget::of("provider CPU per launch, mean", Milliseconds, 5.0, Some(15.0));
pub const CPU_PER_CREATE: Budget =
    Budget::of("provider CPU per resource: create", Milliseconds, 0.5, Some(1.0));
pub const CPU_PER_NO_OP: Budget =
    Budget::of("provider CPU per resource: no-op", Milliseconds, 0.5, Some(1.0));
pub const SHUTDOWN: Budget =
    Budget::of("Shutdown call to exit, median", Milliseconds, 5.0, Some(200.0));

pub const CREATE_REQUESTS: Budget = one_request("HTTP requests: create of one stream");
pub const READ_REQUESTS: Budget = one_request("HTTP requests: read of one stream");
pub const UPDATE_REQUESTS: Budget = one_request("HTTP requests: update of one stream");
pub const DELETE_REQUESTS: Budget = one_request("HTTP requests: delete of one stream");

/// A list of objects is answered page by page.
pub const RSS_OF_LIST: Budget =
    Budget::of("highest RSS while 100 streams are listed", Megabytes, 8.0, Some(15.0));
pub const RSS_OF_LONG_LIST: Budget =
    Budget::of("highest RSS while 10,000 streams are listed", Megabytes, 8.0, Some(15.0));
/// A token, and ten pages of a hundred streams.
pub const LIST_REQUESTS: Budget =
    Budget::of("HTTP requests: list of 1,000 streams", Requests, 11.0, Some(11.0));

/// A token, and two pages of a hundred streams.
pub const NO_OP_PLAN_REQUESTS: Budget =
    Budget::of("HTTP requests: no-op plan of 200 streams", Requests, 3.0, Some(5.0));

/// Of every phase of work with the real core.
pub const WALL_TIME: Budget = Budget::of("wall time", TimesFloor, 1.5, None);

const fn one_request(quantity: &'static str) -> Budget {
    Budget::of(quantity, Requests, 1.0, Some(1.0))
}

impl Budget {
    const fn of(quantity: &'static str, unit: Unit, goal: f64, fails_above: Option<f64>) -> Self {
        Self { quantity, unit, goal, fails_above }
    }

    pub fn verdict(&self, measured: f64) -> Verdict {
        match self.fails_above {
            Some(limit) if measured > limit => Verdict::Fail,
            _ if measured > self.goal => Verdict::OverGoal,
            _ => Verdict::Ok,
        }
    }

    /// Panics when `measured` is a fault.
    #[track_caller]
    pub fn assert_met_by(&self, measured: f64) {
        let is_met = self.verdict(measured) != Verdict::Fail;
        assert!(is_met, "{}: {measured:.2} {:?}; {self:?}", self.quantity, self.unit);
    }
}

pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
