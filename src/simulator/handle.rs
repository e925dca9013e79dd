//! A simulator in a thread of its own, for code that is not asynchronous.

use super::auth0::Auth0;
use super::control;
use super::options::Options;
use super::server::serve;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use tokio_util::sync::CancellationToken;

/// A running simulator. It stops when it is dropped.
///
/// What it saw and what can be changed are the methods of [`Auth0`].
pub struct Simulator {
    auth0: Auth0,
    control: Option<SocketAddr>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts on a free port of loopback.
    pub fn start(options: Options) -> io::Result<Self> {
        Self::start_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, options)
    }

    /// Starts on a bound listener.
    pub fn start_on(listener: TcpListener, options: Options) -> io::Result<Self> {
        let control_listener = options.control.map(TcpListener::bind).transpose()?;
        let control = control_listener.as_ref().map(TcpListener::local_addr).transpose()?;
        let auth0 = Auth0::new(options, listener.local_addr()?)?;
        let stop = CancellationToken::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (served, stopped) = (auth0.clone(), stop.clone());
        listener.set_nonblocking(true)?;
        if let Some(listener) = &control_listener {
            listener.set_nonblocking(true)?;
        }
        let serve = async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let api = serve(listener, served.clone(), stopped.clone().cancelled_owned());
            let control = async move {
                let Some(listener) = control_listener else { return Ok(()) };
                let listener = tokio::net::TcpListener::from_std(listener)?;
                control::serve(listener, served, stopped.cancelled_owned()).await
            };
            tokio::try_join!(api, control)
        };
        let thread =
            thread::Builder::new().name("auth0-simulator".to_owned()).spawn(move || {
                runtime.block_on(serve).expect("the listeners are bound and do not block");
            })?;
        Ok(Self { auth0, control, stop, thread: Some(thread) })
    }

    /// The control door, if the options ask for one: `http://127.0.0.1:PORT`.
    pub fn control_url(&self) -> Option<String> {
        self.control.map(|address| format!("http://{address}"))
    }
}

impl std::ops::Deref for Simulator {
    type Target = Auth0;

    fn deref(&self) -> &Auth0 {
        &self.auth0
    }
}

impl Simulator {
    /// Stops serving; what was under way has been answered, or cut off, when this returns.
    pub fn stop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed by its own thread.
            let _ = thread.join();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop();
    }
}
