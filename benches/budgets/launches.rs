//! The process alone, launched as core does it: handshake, connection, schema, configuration, and the
//! end. All of core's launches do less or work on.

use std::path::Path;
use std::time::Instant;

use crate::support::budgets::{
    CPU_PER_LAUNCH, HANDSHAKE, PEAK_RSS, RSS, SCHEMA, SHUTDOWN, megabytes, milliseconds,
};
use crate::support::configured::Configured;
use crate::support::terraform::Acceptance;
use crate::table::Table;
use crate::{cpu_of_ended_processes, median};

const LAUNCHES: usize = 100;

/// The answer is the CPU time of a launch, in milliseconds.
pub async fn measure(provider: &Path, table: &mut Table) -> f64 {
    let acc = Acceptance::of(provider, Default::default());
    let (mut handshakes, mut schemas, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    let (mut resident, mut peaks) = (Vec::new(), Vec::new());
    let cpu_before = cpu_of_ended_processes();
    for _ in 0..LAUNCHES {
        let launch = acc.launch();
        let since = Instant::now();
        let plugin = launch.start();
        handshakes.push(milliseconds(since.elapsed()));
        let provider = Configured::connect(plugin).await;
        schemas.push(milliseconds(provider.schema_took));
        if let Some(memory) = provider.memory() {
            resident.push(megabytes(memory.resident));
            peaks.push(megabytes(memory.peak));
        }
        ends.push(milliseconds(provider.shutdown().await));
    }
    let cpu = (cpu_of_ended_processes() - cpu_before) / LAUNCHES as f64;
    table.row(&HANDSHAKE, median(handshakes));
    table.row(&SCHEMA, median(schemas));
    if !resident.is_empty() {
        table.row(&RSS, median(resident));
        table.row(&PEAK_RSS, median(peaks));
    }
    table.row(&CPU_PER_LAUNCH, cpu);
    table.row(&SHUTDOWN, median(ends));
    cpu
}
