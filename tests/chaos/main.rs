//! Rounds of random faults and signals, after which the tenant holds exactly what is configured.
//!
//! `CHAOS_ROUNDS` (10) rounds are run, from `CHAOS_SEED` on; without a seed, a random one. A round
//! depends on its seed alone, up to the speed of the machine: `make chaos ROUNDS=1 SEED=n` replays it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/mod.rs"]
mod support;

mod round;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

/// Rounds mostly wait, so several run at once.
const AT_ONCE: usize = 4;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

#[test]
fn whatever_happens_every_stream_exists_once_and_is_in_the_state() {
    let rounds = number("CHAOS_ROUNDS").unwrap_or(10);
    let first = number("CHAOS_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("{rounds} rounds from seed {first}");
    let seeds = Mutex::new(first..first + rounds);
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let Some(seed) = { seeds.lock().unwrap().next() } {
            match catch_unwind(AssertUnwindSafe(|| round::run(seed))) {
                Ok(told) => println!("seed {seed}: {told}"),
                Err(_) => {
                    println!("seed {seed} FAILED; replay it by `make chaos ROUNDS=1 SEED={seed}`");
                    failed.lock().unwrap().push(seed);
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
}
