//! The budgets of the released program that do not depend on the speed of the machine. Those of
//! requests are asserted by the acceptance tests, those of time by `make bench`.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/mod.rs"]
mod support;

use support::budgets::{BINARY_SIZE, megabytes};
use support::release_program;

#[test]
fn the_released_program_is_small() {
    let size = release_program().metadata().unwrap().len();
    BINARY_SIZE.assert_met_by(megabytes(size));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_configured_provider_takes_little_memory() {
    use support::budgets::{PEAK_RSS, RSS};
    use support::{configured::Configured, terraform::Acceptance};

    let acc = Acceptance::of(&release_program(), Default::default());
    let provider = Configured::connect(acc.launch().start()).await;
    let memory = provider.memory().unwrap();
    RSS.assert_met_by(megabytes(memory.resident));
    PEAK_RSS.assert_met_by(megabytes(memory.peak));
    provider.shutdown().await;
}
