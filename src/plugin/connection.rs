//! The server: accepts connections, lets core in and nobody else, and hands the requests on.

use std::{convert::Infallible, error::Error, io, pin::pin, sync::OnceLock, time::Duration};

use hyper::{body::Incoming as RequestBody, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    select,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;
use tonic::{Status, body::Body, codegen::Service, service::Routes};

use super::{
    lifecycle::{Lifecycle, Limits},
    listener::{Connection, Incoming},
    panics::caught,
};

/// What every connection needs; a clone is cheap.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) routes: Routes,
    /// `None` is plaintext, which a person asked for.
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) lifecycle: Lifecycle,
    pub(super) limits: Limits,
}

impl Server {
    /// Accepts connections for ever. Each has its own task: a silent one holds up nobody.
    pub(super) async fn accept(
        &self,
        incoming: &Incoming,
        connections: &TaskTracker,
    ) -> Infallible {
        loop {
            match incoming.accept().await {
                Ok(connection) => {
                    connections.spawn(self.clone().serve(connection));
                }
                Err(err) => {
                    log::warn!("could not accept a connection: {err}");
                    // Out of descriptors, say: the next attempt would fail at once.
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Serves one connection to its end, or until the server closes.
    async fn serve(self, connection: Connection) {
        let closing = self.lifecycle.closing().clone();
        let connection = select! {
            () = closing.cancelled() => return,
            admitted = self.admit(connection) => match admitted {
                Ok(connection) => connection,
                Err(err) => return log::warn!("refused a connection: {err}"),
            },
        };
        // A stranger on a socket without TLS may connect and go; only requests are core's.
        let presence = OnceLock::new();
        let (routes, lifecycle) = (&self.routes, &self.lifecycle);
        let service = service_fn(move |request: hyper::Request<RequestBody>| {
            presence.get_or_init(|| lifecycle.connected());
            let mut routes = routes.clone();
            async move {
                Ok::<_, Infallible>(answer(caught(async { routes.call(request).await }).await))
            }
        });
        let mut serving = pin!(
            http2::Builder::new(TokioExecutor::new())
                // `StopProvider` must never queue behind the requests it is to stop.
                .max_concurrent_streams(None)
                .serve_connection(TokioIo::new(connection), service)
        );
        let served = select! {
            served = &mut serving => served,
            () = closing.cancelled() => {
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        // A peer that is faster to close than we are is no news at the end.
        if let Err(err) = served
            && !closing.is_cancelled()
        {
            let reason = err.source().map(ToString::to_string).unwrap_or_default();
            log::debug!(reason; "a connection broke off: {err}");
        }
    }

    /// Has the peer prove that it is core.
    async fn admit(&self, connection: Connection) -> io::Result<Connection> {
        let Some(tls) = &self.tls else { return Ok(connection) };
        match timeout(self.limits.tls_handshake, tls.accept(connection)).await {
            Ok(accepted) => Ok(Box::new(accepted?)),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "it did not speak TLS in time")),
        }
    }
}

type Answer = hyper::Response<Body>;

/// The answer of a service. Handlers catch their own panics and answer what they know; this is for
/// what lies around them.
fn answer<P>(called: Result<Result<Answer, Infallible>, P>) -> Answer {
    match called {
        Ok(Ok(response)) => response,
        Err(_) => {
            Status::internal("the provider failed at this request; its log says where").into_http()
        }
    }
}
