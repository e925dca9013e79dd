//! A strict, offline Auth0 for tests and demonstrations.

use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use terraform_provider_auth0::simulator::{CONTROL_ROUTES, Options, run, serve_until_terminated};

/// A strict, offline Auth0: event streams, the token endpoint, and actions as their destination
///
/// Serves HTTPS until SIGTERM and prints one line of JSON: domain, ca_cert_file, client_id,
/// client_secret, control. With `run`, runs a command against it instead.
#[derive(Parser)]
#[command(version, after_long_help = CONTROL_ROUTES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Serve {
    /// Address to serve at; port 0 is a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Directory to write `ca.pem` into
    #[arg(long, required = true)]
    dir: Option<PathBuf>,

    #[command(flatten)]
    options: Quiet,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a command with AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_CA_CERT_FILE
    /// and SSL_CERT_FILE set, and exits with its code
    #[command(after_long_help = CONTROL_ROUTES)]
    Run {
        #[command(flatten)]
        options: Quiet,

        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
}

#[derive(Args)]
struct Quiet {
    /// Prints no line for each request
    #[arg(long)]
    quiet: bool,

    #[command(flatten)]
    options: Options,
}

impl Quiet {
    fn options(self) -> Options {
        Options { print_requests: !self.quiet, ..self.options }
    }
}

fn main() -> ExitCode {
    let Cli { command, serve } = Cli::parse();
    let outcome = match command {
        Some(Command::Run { options, command }) => run(options.options(), &command),
        None => {
            let directory = serve.dir.expect("required where there is no command");
            serve_until_terminated(serve.options.options(), serve.listen, &directory).map(|()| 0)
        }
    };
    match outcome {
        // A code beyond a byte is none that a shell would see.
        Ok(code) => ExitCode::from(u8::try_from(code & 0xff).unwrap_or(1)),
        Err(err) => {
            eprintln!("auth0-simulator: {err}");
            ExitCode::FAILURE
        }
    }
}
