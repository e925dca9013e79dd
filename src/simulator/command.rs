//! `auth0-simulator`: serves until it is told to stop.

use super::handle::Simulator;
use super::options::Options;
use super::trust;
use serde::Serialize;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

/// The one line on stdout.
#[derive(Serialize)]
struct Ready<'a> {
    domain: &'a str,
    ca_cert_file: PathBuf,
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_key_file: Option<PathBuf>,
    control: Option<String>,
}

/// Serves at `listen` until SIGTERM or Ctrl-C. Writes `ca.pem` into `directory`, and
/// `client_key.pem` where the client has the built-in key, says on stdout in
/// one line of JSON how to reach it, and ends with a summary on stderr.
pub fn serve_until_terminated(
    options: Options,
    listen: SocketAddr,
    directory: &Path,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Caught before the line is out: whoever read it may stop us at once.
        let terminated = terminated()?;
        let listener = TcpListener::bind(listen)
            .map_err(|err| io::Error::new(err.kind(), format!("{listen}: {err}")))?;
        let mut simulator = Simulator::start_on(listener, options)?;
        std::fs::create_dir_all(directory)?;
        let ca_cert_file = trust::write(directory, "ca.pem", simulator.ca_pem())?;
        let client_key_file = match simulator.client_key_pem() {
            Some(key) => Some(trust::write(directory, "client_key.pem", key)?),
            None => None,
        };
        let ready = Ready {
            domain: simulator.domain(),
            ca_cert_file,
            client_id: simulator.client_id(),
            client_secret: simulator.client_secret(),
            client_key_file,
            control: simulator.control_url(),
        };
        let mut stdout = io::stdout();
        serde_json::to_writer(&stdout, &ready)?;
        stdout.write_all(b"\n")?;
        stdout.flush()?;
        terminated.await;
        simulator.stop();
        let _ = write!(io::stderr(), "auth0-simulator: {}", simulator.summary());
        Ok(())
    })
}

#[cfg(unix)]
fn terminated() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn terminated() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
