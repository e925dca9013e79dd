//! Wall time of work with the real core, ours and the floor's in turn, so that a machine that becomes
//! slower slows both.

use std::path::Path;
use std::time::Instant;

use crate::configuration::{Destination, built_in, event_streams};
use crate::median;
use crate::support::budgets::milliseconds;
use crate::support::terraform::Acceptance;
use crate::table::Table;

const ROUNDS: usize = 3;
const PHASES: [&str; 5] = ["new plan", "create", "no-op plan", "update", "destroy"];

/// What the rows say, for those who read them.
pub fn legend(destination: Destination) -> String {
    format!(
        "Wall times: {destination:?} streams, medians of {ROUNDS} rounds.\n\
         - new plan: plan -out, where nothing exists\n\
         - create: apply of that plan\n\
         - no-op plan: plan -out, where nothing is to be done\n\
         - update: plan -out after a change in place of every object, and apply of that plan\n\
         - destroy: destroy -auto-approve\n\
         Floor: the same with as many `terraform_data`, which core has built in and starts no plugin\n\
         for. They hold little more than their index: core's work on larger states is charged to us."
    )
}

pub fn measure(provider: &Path, destination: Destination, count: usize, table: &mut Table) {
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let acc = Acceptance::of(provider, Default::default());
        let configure = |version: &str| acc.configure(&event_streams(destination, count, version));
        ours.push(round(&acc, configure));
        assert!(acc.auth0.event_streams().is_empty(), "all are destroyed");
        let acc = Acceptance::of(provider, Default::default());
        floor.push(round(&acc, |version| acc.write(&built_in(count, version))));
    }
    for (i, phase) in PHASES.iter().enumerate() {
        let of_phase = |rounds: &[[f64; 5]]| median(rounds.iter().map(|times| times[i]).collect());
        let objects = if count == 1 { "stream" } else { "streams" };
        let quantity = format!("{phase}, {count} {objects}");
        table.beside_floor(&quantity, of_phase(&ours), of_phase(&floor));
    }
}

/// All phases, in milliseconds. `configure` writes the configuration in one of its versions.
fn round(acc: &Acceptance, configure: impl Fn(&str)) -> [f64; 5] {
    configure("v1");
    let new_plan = plan(acc, CHANGES);
    let create = apply(acc);
    let no_op_plan = plan(acc, NOTHING);
    configure("v2");
    let update = plan(acc, CHANGES) + apply(acc);
    let destroy = timed(acc, &["destroy", "-input=false", "-auto-approve"], 0);
    [new_plan, create, no_op_plan, update, destroy]
}

/// How a plan ends, so that a plan that finds the wrong thing is not measured as a fast one.
const NOTHING: i32 = 0;
const CHANGES: i32 = 2;

fn plan(acc: &Acceptance, finds: i32) -> f64 {
    timed(acc, &["plan", "-input=false", "-detailed-exitcode", "-out=plan.bin"], finds)
}

fn apply(acc: &Acceptance) -> f64 {
    timed(acc, &["apply", "-input=false", "plan.bin"], 0)
}

fn timed(acc: &Acceptance, arguments: &[&str], code: i32) -> f64 {
    let since = Instant::now();
    let run = acc.run(arguments);
    let took = milliseconds(since.elapsed());
    run.assert_code(&[code]);
    took
}
