//! `auth0-simulator run -- COMMAND`: a command in an environment where Auth0 is the simulator.

use super::handle::Simulator;
use super::options::Options;
use super::trust::{self, TemporaryDirectory};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};

/// Settings of a real tenant or another simulator, which must not reach the command beside ours.
const UNSET: &[&str] = &[
    "AUTH0_API_TOKEN",
    "AUTH0_AUDIENCE",
    "AUTH0_CA_CERT_PEM",
    "AUTH0_CLIENT_ASSERTION",
    "AUTH0_CLIENT_ASSERTION_COMMAND",
    "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY",
    "AUTH0_CLIENT_ASSERTION_SIGNING_ALG",
    "AUTH0_CLIENT_CERTIFICATE",
    "AUTH0_CLIENT_KEY",
    "AUTH0_CLI_LOGIN",
    "AUTH0_CUSTOM_DOMAIN_HEADER",
    "AUTH0_DYNAMIC_CREDENTIALS",
    "AUTH0_PROXY_URL",
    "AUTH0_SIMULATOR_CONTROL",
];

/// Runs a command against a simulator of its own and returns the command's exit code. Prints a
/// summary of what was asked on stderr.
pub fn run(options: Options, command: &[OsString]) -> io::Result<i32> {
    let [program, arguments @ ..] = command else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no command to run"));
    };
    let mut simulator = Simulator::start(options)?;
    let directory = TemporaryDirectory::create()?;
    let mut command = Command::new(program);
    command.args(arguments);
    simulator.configure(&mut command, directory.path())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Signals are caught from before the start, so that none of them orphans the command.
    let status = runtime.block_on(async {
        let signals = Signals::catch()?;
        let child = command.spawn().map_err(|err| {
            io::Error::new(err.kind(), format!("{}: {err}", program.to_string_lossy()))
        })?;
        wait(child, signals).await
    })?;
    simulator.stop();
    let _ = write!(io::stderr(), "auth0-simulator: {}", simulator.summary());
    Ok(exit_code(status))
}

impl Simulator {
    /// Gives a command the environment in which our provider and the official one use this
    /// simulator: `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID`, `AUTH0_CLIENT_SECRET`, and the certificates,
    /// as `AUTH0_CA_CERT_FILE` and beside the system's as `SSL_CERT_FILE`. Writes these two files. A
    /// client with a key has its key and algorithm in place of the secret.
    pub fn configure(&self, command: &mut Command, directory: &Path) -> io::Result<()> {
        let ca = trust::write(directory, "ca.pem", self.ca_pem())?;
        let roots = trust::system_roots_and(self.ca_pem());
        let roots = trust::write(directory, "roots.pem", &roots)?;
        for name in UNSET {
            command.env_remove(name);
        }
        command
            .env("AUTH0_DOMAIN", self.domain())
            .env("AUTH0_CLIENT_ID", self.client_id())
            .env("AUTH0_CLIENT_SECRET", self.client_secret())
            .env("AUTH0_CA_CERT_FILE", ca)
            .env("SSL_CERT_FILE", roots);
        if let Some(key) = self.client_key_pem() {
            command
                .env_remove("AUTH0_CLIENT_SECRET")
                .env("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", key)
                .env("AUTH0_CLIENT_ASSERTION_SIGNING_ALG", self.client_signing_alg());
        }
        // A proxy could not reach this machine's loopback.
        for name in ["NO_PROXY", "no_proxy"] {
            let before = std::env::var(name).unwrap_or_default();
            let comma = if before.is_empty() { "" } else { "," };
            command.env(name, format!("{before}{comma}127.0.0.1,::1,localhost"));
        }
        if let Some(url) = self.control_url() {
            command.env("AUTH0_SIMULATOR_CONTROL", url);
        }
        Ok(())
    }
}

async fn wait(mut child: Child, mut signals: Signals) -> io::Result<ExitStatus> {
    let id = child.id();
    let ended = tokio::task::spawn_blocking(move || child.wait());
    tokio::pin!(ended);
    loop {
        tokio::select! {
            ended = &mut ended => return ended.map_err(io::Error::other)?,
            signal = signals.next() => forward(signal, id),
        }
    }
}

#[cfg(unix)]
use unix::{Signals, exit_code, forward};

#[cfg(unix)]
mod unix {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::{Pid, getpgrp, tcgetpgrp};
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;
    use tokio::signal::unix::{SignalKind, signal};

    /// The signals that end a command.
    pub(super) struct Signals {
        hangup: tokio::signal::unix::Signal,
        interrupt: tokio::signal::unix::Signal,
        quit: tokio::signal::unix::Signal,
        terminate: tokio::signal::unix::Signal,
    }

    impl Signals {
        pub(super) fn catch() -> io::Result<Self> {
            Ok(Self {
                hangup: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
                quit: signal(SignalKind::quit())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.hangup.recv() => Signal::SIGHUP,
                _ = self.interrupt.recv() => Signal::SIGINT,
                _ = self.quit.recv() => Signal::SIGQUIT,
                _ = self.terminate.recv() => Signal::SIGTERM,
            }
        }
    }

    /// Passes a signal on, but for what a terminal's keys send: the command has got that one, too,
    /// and a second Ctrl-C makes Terraform give up without saving.
    pub(super) fn forward(signal: Signal, command: u32) {
        let by_key = matches!(signal, Signal::SIGINT | Signal::SIGQUIT);
        if by_key && is_in_foreground() {
            return;
        }
        if let Ok(command) = i32::try_from(command) {
            // It may have ended just now.
            let _ = kill(Pid::from_raw(command), signal);
        }
    }

    fn is_in_foreground() -> bool {
        let terminal = std::fs::File::open("/dev/tty");
        terminal.is_ok_and(|terminal| tcgetpgrp(terminal) == Ok(getpgrp()))
    }

    /// That of the command; as a shell has it where a signal ended it.
    pub(super) fn exit_code(status: ExitStatus) -> i32 {
        status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1)
    }
}

#[cfg(not(unix))]
use other::{Signals, exit_code, forward};

#[cfg(not(unix))]
mod other {
    use std::io;
    use std::process::ExitStatus;

    /// Ctrl-C, which the console sends to the command, too.
    pub(super) struct Signals;

    impl Signals {
        pub(super) fn catch() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    pub(super) fn forward((): (), _: u32) {}

    pub(super) fn exit_code(status: ExitStatus) -> i32 {
        status.code().unwrap_or(1)
    }
}
