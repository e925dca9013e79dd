//! The provider's program.

use std::process::ExitCode;

use terraform_provider_auth0::cli;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
