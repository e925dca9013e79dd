//! Prints every budget beside what is measured: `make bench`. It ends with 1 where something is
//! above what its budget calls a fault.
//!
//! What is measured is the program that `make build` has left in `target/release/`, alone and with
//! the real core (`TF_BIN`, else `terraform` or `tofu` of the path), against a simulated tenant in
//! this process. Wall times are explained below the table. The environment chooses among them:
//!
//! - `BENCH_STREAMS="1 50"`: numbers of event streams; `1 50 200` unless it is set
//! - `BENCH_DESTINATION=eventbridge`: where the streams go; to a `webhook` unless it is set, whose
//!   secrets make the larger state
#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a measurement may fail where it stands")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod configuration;
mod launches;
mod listing;
mod requests;
mod resources;
mod table;
mod wall_time;

use std::process::{Command, ExitCode};

use configuration::Destination;
use nix::sys::resource::{UsageWho, getrusage};
use support::budgets::{BINARY_SIZE, megabytes};
use support::{release_program, terraform};
use table::Table;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let provider = release_program();
    let (counts, destination) = choice();
    println!("{}\n", surroundings());

    let mut table = Table::begin();
    table.row(&BINARY_SIZE, megabytes(provider.metadata().unwrap().len()));
    let cpu_per_launch = launches::measure(&provider, &mut table).await;
    resources::measure(&provider, cpu_per_launch, &mut table).await;
    listing::measure(&provider, &mut table).await;
    requests::measure(&provider, &mut table);
    for count in counts {
        wall_time::measure(&provider, destination, count, &mut table);
    }
    println!("\n{}", wall_time::legend(destination));
    if table.has_failures() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What the environment chooses. The arguments are cargo's own.
fn choice() -> (Vec<usize>, Destination) {
    let chosen = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let counts = chosen("BENCH_STREAMS", "1 50 200");
    let count = |word| str::parse(word).unwrap_or_else(|_| panic!("BENCH_STREAMS: {word:?}"));
    let destination = match chosen("BENCH_DESTINATION", "webhook").as_str() {
        "webhook" => Destination::Webhook,
        "eventbridge" => Destination::Eventbridge,
        other => panic!("BENCH_DESTINATION: {other:?}"),
    };
    (counts.split_whitespace().map(count).collect(), destination)
}

/// What the times depend on beside us.
fn surroundings() -> String {
    let version = Command::new(terraform::program()).arg("version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let cpus = std::thread::available_parallelism().unwrap();
    format!("{} on {cpus} CPUs", version.lines().next().unwrap_or_default())
}

/// The CPU time of all processes that have ended so far, in milliseconds: exact where clock ticks,
/// which last longer than a launch, are not.
fn cpu_of_ended_processes() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let (user, system) = (usage.user_time(), usage.system_time());
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    (micros(user) + micros(system)) as f64 / 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
