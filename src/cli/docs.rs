//! `docs`: the pages of the registries, from the schemas and the examples, without a network.

use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;

use crate::docgen::{self, Pages};
use crate::framework::engine::Engine;
use crate::provider::Auth0Provider;

/// What the names of resources begin with.
const PROVIDER: &str = "auth0";

/// Print a page of the documentation as Markdown; without a name, the names of all pages.
#[derive(Args)]
pub(super) struct Arguments {
    /// Name of a page, such as auth0_event_stream or data/auth0_event_stream.
    name: Option<String>,
    /// Write what is rendered below this folder, instead of printing it.
    #[arg(long, value_name = "FOLDER", conflicts_with = "name")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match tell(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("Error: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn tell(arguments: &Arguments) -> anyhow::Result<()> {
    let engine = Engine::new(Auth0Provider::new());
    let mut pages = docgen::render(&engine, PROVIDER).map_err(|err| anyhow!(err))?;
    if let Some(folder) = &arguments.out {
        return docgen::write(&pages, folder).context("unable to write the pages");
    }
    pages.extend(docgen::guides());
    let text = match &arguments.name {
        None => list(&pages),
        Some(name) => match docgen::find(&pages, PROVIDER, name) {
            Ok(page) => page.to_owned(),
            Err(err) => bail!("{err}\n`terraform-provider-auth0 docs` lists all pages."),
        },
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // Whoever reads has seen enough.
        Err(err) if err.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("unable to print the page"),
    }
}

/// A line for each page: its name, and what it is about.
fn list(pages: &Pages) -> String {
    let lines: Vec<_> = pages
        .iter()
        .map(|(path, page)| (docgen::name(PROVIDER, path), docgen::summary(page)))
        .collect();
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    lines.iter().map(|(name, summary)| format!("{name:width$}  {summary}\n")).collect()
}
