//! `generate`: the configuration of what a tenant has, with import blocks, for both programs.

mod folder;
mod hcl;
mod names;
mod text;

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::folder::{Change, Folder};
use self::text::{EVENT_STREAMS, Texts};
use crate::auth0::{Auth0, EventStream, EventStreamFilter, Operation};
use crate::data_sources::event_streams::check_filters;
use crate::framework::diagnostics::Severity;
use crate::framework::{Diagnostic, Diagnostics};
use crate::{plugin, provider, redact};

/// Write the configuration of the event streams that the tenant has.
///
/// For each stream an import block and a resource, for each secret two variables that may stay null.
/// The result applies as it stands: the first plan imports the streams and changes nothing.
///
/// The tenant and the way to log in are those of the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID,
/// AUTH0_CLIENT_SECRET, and every other variable that the provider reads.
#[derive(Args)]
pub(super) struct Arguments {
    /// Folder to write event_streams.tf, variables.tf and versions.tf to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only streams with this kind of destination.
    #[arg(long, value_name = "TYPE", value_parser = ["action", "eventbridge", "webhook"])]
    destination_type: Option<String>,
    /// Only streams with this status.
    #[arg(long, value_parser = ["enabled", "disabled"])]
    status: Option<String>,
    /// Only streams whose name is spelled so; `*` stands for any characters.
    #[arg(long, value_name = "PATTERN")]
    name_pattern: Option<String>,
    /// Only streams that deliver events of this type; `*` stands for any characters.
    #[arg(long, value_name = "PATTERN")]
    subscribed_to: Option<String>,
    /// Replace files of an earlier run, so that `git diff` shows what has changed in the tenant.
    ///
    /// A stream that is in them keeps its address there, and stays in them whatever the filters are,
    /// as long as the tenant has it: an apply would delete what has gone from the configuration.
    #[arg(long)]
    overwrite: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    plugin::guard(super::NAME);
    let done = generate(arguments).and_then(|report| {
        let mut stdout = io::stdout().lock();
        let printed = stdout.write_all(report.as_bytes()).and_then(|()| stdout.flush());
        printed
            .map_err(|err| Diagnostic::error("Unable to write to stdout", err.to_string()).into())
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(diagnostics) => {
            diagnostics.iter().for_each(tell);
            ExitCode::FAILURE
        }
    }
}

/// Writes the files. The answer tells what has been done, and what is next.
fn generate(arguments: &Arguments) -> Result<String, Diagnostics> {
    check_filters(&arguments.subscribed_to.clone().into()).iter().for_each(tell);
    let settings = provider::settings_from_environment("generate")?;
    let folder = Folder::open(&arguments.out, arguments.overwrite)?;
    let tenant = settings.domain.to_string();
    let earlier = names::of(folder.earlier(EVENT_STREAMS));
    let filter = arguments.filter();
    let mut streams = read(Auth0::new(settings))?;
    streams.retain(|stream| filter.passes(stream) || earlier.contains_key(&stream.id));
    let texts = text::texts(streams, &earlier);
    for left_out in &texts.left_out {
        eprintln!("{}", redact::redact(&format!("Warning: {left_out}\n")));
    }
    let changes = folder.write(&texts.files)?;
    Ok(report(arguments, &tenant, &texts, &changes))
}

/// Every stream of the tenant, a hundred with each request.
fn read(auth0: Auth0) -> Result<Vec<EventStream>, Diagnostic> {
    let failed =
        |detail| Diagnostic::error("Unable to list the event streams of the tenant", detail);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|err| failed(err.to_string()))?;
    let operation = Operation::default();
    let streams = runtime.block_on(auth0.event_streams(&operation).list());
    runtime.shutdown_background();
    streams.map_err(|err| failed(err.explained()))
}

impl Arguments {
    fn filter(&self) -> EventStreamFilter {
        EventStreamFilter {
            destination_type: self.destination_type.clone(),
            status: self.status.clone(),
            name_pattern: self.name_pattern.clone(),
            subscribed_to: self.subscribed_to.clone(),
        }
    }
}

fn report(
    arguments: &Arguments,
    tenant: &str,
    texts: &Texts,
    changes: &[(&'static str, Change)],
) -> String {
    let mut report = format!(
        "{} of {tenant} in {}:\n\n",
        match texts.streams {
            1 => "1 event stream".to_owned(),
            count => format!("{count} event streams"),
        },
        arguments.out.display()
    );
    for (file, change) in changes {
        report += &format!("  {file:16}  {}\n", change.in_words());
    }
    if changes.iter().any(|(_, change)| *change == Change::Replaced) {
        report += "\n`git diff` shows what has changed in the tenant.\n";
    }
    if texts.streams > 0 {
        report += "\nIn that folder, with the same environment, `terraform init` and `terraform plan` (or \
                   `tofu`)\ncome next. The first plan imports the event streams and changes nothing.\n";
    }
    if texts.secrets > 0 {
        report += "\nSecrets stay as Auth0 has them. variables.tf says how to send another one.\n";
    }
    report
}

/// Says a diagnostic to a person, without any secret of this process.
fn tell(diagnostic: &Diagnostic) {
    let severity = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let text = format!("{severity}: {}\n\n{}\n", diagnostic.summary, diagnostic.detail);
    eprintln!("{}", redact::redact(&text));
}
