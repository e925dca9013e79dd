//! The process of a plugin from its start to its end.

use std::io::{self, Write};
use std::sync::Arc;

use rustls::pki_types::pem;
use tokio::{select, sync::mpsc::UnboundedReceiver, time::timeout};
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use super::{
    broker::Broker,
    connection::Server,
    controller::Controller,
    core_dump,
    handshake::{Invitation, SocketPlace},
    health::Health,
    lifecycle::{End, Lifecycle, Limits, StartedBy},
    listener::{Bound, ListenError, Network},
    logging, panics,
    reattach::Reattach,
    schema_once::SchemaOnce,
    signals::{self, Signal},
    stdio::Stdio,
    tls::Identity,
};
use crate::wire::{
    go_plugin::{
        grpc_broker_server::GrpcBrokerServer, grpc_controller_server::GrpcControllerServer,
        grpc_stdio_server::GrpcStdioServer,
    },
    grpc_health::health_server::HealthServer,
    tfplugin6::provider_server::{Provider, ProviderServer},
};

/// The largest message either way, as in the providers of others. States can be large.
const MAX_MESSAGE: usize = 256 * 1024 * 1024;

/// How a provider is served.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The provider's name, as in `TF_LOG_PROVIDER_<NAME>`.
    pub name: &'static str,
    pub network: Network,
}

impl ServeOptions {
    pub fn new(name: &'static str) -> Self {
        Self { name, network: Network::default() }
    }
}

/// Why a provider could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("this program is a plugin, and was not started by Terraform or OpenTofu")]
    NotStartedByCore,
    #[error("PLUGIN_CLIENT_CERT holds no certificate: {0}")]
    ClientCertificate(#[from] pem::Error),
    #[error("could not make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("could not set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error("could not write to stdout: {0}")]
    Stdout(#[source] io::Error),
    #[error("could not start the runtime: {0}")]
    Runtime(#[source] io::Error),
}

/// Serves a provider to the core that started this process, until core ends it or is gone.
///
/// Returns [`ServeError::NotStartedByCore`] at once, with nothing written anywhere, where there is no
/// core.
pub fn serve<P: Provider>(
    options: ServeOptions,
    new_provider: impl FnOnce(Lifecycle) -> P,
) -> Result<(), ServeError> {
    logging::init(options.name);
    panics::install_hook();
    let invitation = Invitation::from_env(|name| std::env::var_os(name))?;
    core_dump::forbid();
    on_this_thread(async {
        let signals = signals::listen().map_err(ServeError::Runtime)?;
        // Core waits for the line: whatever it does not need comes after.
        let bound = Bound::bind(options.network, &invitation.place)?;
        let tls = match &invitation.client_certificate {
            Some(client) => Some((Identity::generate()?, client.clone())),
            None => None,
        };
        let certificate = tls.as_ref().map(|(identity, _)| identity.certificate());
        print(&invitation.answer(&bound.address()?, certificate)).map_err(ServeError::Stdout)?;

        if !invitation.version_offered {
            log::warn!("core does not speak version 6 of the protocol, and this provider no other");
        }
        let tls = match tls {
            Some((identity, client)) => Some(identity.acceptor(client)?),
            None => {
                warn_of_plaintext(options.network);
                None
            }
        };
        let lifecycle = Lifecycle::new(StartedBy::Core);
        let routes = routes(new_provider(lifecycle.clone()), &lifecycle);
        let server = Server { routes, tls, lifecycle, limits: Limits::default() };
        serve_until_end(bound, server, signals).await
    })
}

/// Serves a provider to every core that is told of it by `TF_REATTACH_PROVIDERS`, until a signal ends
/// it. `announce` gets the value of that variable, for `source_address`.
///
/// There is no TLS: the mode of the socket is the guard, or nothing where the network is TCP.
pub fn serve_reattach<P: Provider>(
    options: ServeOptions,
    source_address: &str,
    announce: impl FnOnce(&str) -> io::Result<()>,
    new_provider: impl FnOnce(Lifecycle) -> P,
) -> Result<(), ServeError> {
    logging::init(options.name);
    panics::install_hook();
    on_this_thread(async {
        let signals = signals::listen().map_err(ServeError::Runtime)?;
        let place = SocketPlace::from_env(&|name: &str| std::env::var_os(name));
        let bound = Bound::bind(options.network, &place)?;
        warn_of_plaintext(options.network);
        let reattach = Reattach::new(&bound.address()?).for_provider(source_address);
        announce(&reattach).map_err(ServeError::Stdout)?;

        let lifecycle = Lifecycle::new(StartedBy::Person);
        let routes = routes(new_provider(lifecycle.clone()), &lifecycle);
        let server = Server { routes, tls: None, lifecycle, limits: Limits::default() };
        serve_until_end(bound, server, signals).await
    })
}

/// Writes what core reads, past every buffer.
fn print(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    stdout.flush()
}

/// Plaintext is what a person asked for; on TCP it is open to others.
fn warn_of_plaintext(network: Network) {
    match network {
        #[cfg(unix)]
        Network::Unix => {
            log::info!("without TLS, the mode of the socket alone guards this process")
        }
        Network::Tcp => log::warn!("without TLS, every user of this machine can use this process"),
    }
}

/// One thread: the work is waiting for others, and a second one would only cost.
fn on_this_thread(work: impl Future<Output = Result<(), ServeError>>) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let done = runtime.block_on(work);
    // A blocking call of a handler that was given up must not hold the process.
    runtime.shutdown_background();
    done
}

/// Serves, and returns when nothing is left to do and no file is left behind.
async fn serve_until_end(
    bound: Bound,
    server: Server,
    signals: UnboundedReceiver<Signal>,
) -> Result<(), ServeError> {
    let incoming = bound.into_incoming().map_err(ServeError::Runtime)?;
    let connections = TaskTracker::new();
    let end = select! {
        end = server.lifecycle.end(signals, &server.limits) => end,
        never = server.accept(&incoming, &connections) => match never {},
    };
    match end {
        End::Shutdown => log::debug!("core ended this process"),
        End::CoreGone => log::warn!("core has gone without ending this process"),
        End::Signal => log::info!("a signal ended this process"),
    }
    drop(incoming);
    server.lifecycle.closing().cancel();
    connections.close();
    // A stream that does not end, or a peer that does not read, holds nobody up.
    let _ = timeout(server.limits.flushing, connections.wait()).await;
    Ok(())
}

fn routes<P: Provider>(provider: P, lifecycle: &Lifecycle) -> Routes {
    let provider = Arc::new(provider);
    let server = ProviderServer::from_arc(provider.clone())
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    Routes::new(SchemaOnce::new(provider, server))
        .add_service(GrpcControllerServer::new(Controller(lifecycle.clone())))
        .add_service(GrpcStdioServer::new(Stdio(lifecycle.clone())))
        .add_service(GrpcBrokerServer::new(Broker(lifecycle.clone())))
        .add_service(HealthServer::new(Health(lifecycle.clone())))
        .prepare()
}
