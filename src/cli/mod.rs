//! The command line. Core starts the program without arguments; all others are for people.

mod debug;
mod docs;
mod generate;

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::plugin::{self, Lifecycle, ProviderService, ServeError, ServeOptions};
use crate::provider::{self, Auth0Provider};

/// The provider's name, as in `TF_LOG_PROVIDER_AUTH0`.
const NAME: &str = "auth0";

/// Said to whoever starts the plugin as if it were a program of its own.
fn not_by_hand() -> String {
    format!(
        "\
This program is a plugin of Terraform and OpenTofu. It is not meant to be executed directly: they
install and start it where a configuration names it,

    terraform {{
      required_providers {{
        auth0 = {{
          source = \"{}\"
        }}
      }}
    }}

`terraform-provider-auth0 --help` tells what it can do by hand.
",
        provider::source()
    )
}

/// The Auth0 provider of Terraform and OpenTofu.
///
/// Started without arguments it speaks the plugin protocol, which only they do.
#[derive(Parser)]
#[command(name = "terraform-provider-auth0", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Debug(debug::Arguments),
    Docs(docs::Arguments),
    Generate(generate::Arguments),
}

/// Runs the program and answers its exit code. Says on stderr what went wrong.
pub fn run(arguments: impl ExactSizeIterator<Item = OsString>) -> ExitCode {
    // Core waits for the handshake: no parser is built for it.
    if arguments.len() <= 1 {
        return serve();
    }
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command: Some(Command::Debug(arguments)) }) => debug::run(&arguments),
        Ok(Arguments { command: Some(Command::Docs(arguments)) }) => docs::run(&arguments),
        Ok(Arguments { command: Some(Command::Generate(arguments)) }) => generate::run(&arguments),
        Ok(Arguments { command: None }) => serve(),
        Err(err) => {
            // Help and version go to stdout and end well, faults to stderr.
            let _ = err.print();
            ExitCode::from(u8::try_from(err.exit_code()).unwrap_or(1))
        }
    }
}

fn options() -> ServeOptions {
    ServeOptions::new(NAME)
}

fn service(lifecycle: Lifecycle) -> ProviderService {
    ProviderService::new(Auth0Provider::new(), lifecycle)
}

fn serve() -> ExitCode {
    match plugin::serve(options(), service) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            match err {
                ServeError::NotStartedByCore => eprint!("{}", not_by_hand()),
                err => log::error!("{err}"),
            }
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
