//! `docs`: the pages of the registries, from the schemas and the examples.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::docgen;
use crate::framework::engine::Engine;
use crate::provider::Auth0Provider;

/// Render the pages of the registries from the schemas and the examples.
#[derive(Args)]
pub(super) struct Arguments {
    /// Folder of the examples.
    #[arg(long, default_value = "examples")]
    examples: PathBuf,
    /// Folder to write to.
    #[arg(long, default_value = "docs")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match render(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("Error: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn render(arguments: &Arguments) -> anyhow::Result<()> {
    let engine = Engine::new(Auth0Provider::new());
    let pages = docgen::render(&engine, "auth0", &arguments.examples)
        .context("unable to read the examples")?;
    docgen::write(&pages, &arguments.out).context("unable to write the pages")
}
