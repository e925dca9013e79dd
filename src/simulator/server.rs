//! Connections: TLS, HTTP/1.1 and HTTP/2, and answers that leave late or never.

use super::answer::Answer;
use super::auth0::Auth0;
use super::clock;
use super::errors::ApiError;
use super::faults::Departure;
use super::request_log::received;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{DATE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use std::io::{self, Write};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Time for answers under way when the server stops.
const FAREWELL: Duration = Duration::from_millis(250);

/// Serves Auth0 over HTTPS on a bound listener until `shutdown` completes.
pub async fn serve(
    listener: TcpListener,
    auth0: Auth0,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let tls = TlsAcceptor::from(auth0.site.tls.config.clone());
    accept(listener, shutdown, |stream, stop| {
        auth0.count_connection();
        connection(auth0.clone(), tls.clone(), stream, stop)
    })
    .await;
    Ok(())
}

/// Accepts connections until `shutdown`, then gives those under way a moment.
pub(crate) async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    connection: impl Fn(TcpStream, CancellationToken) -> F,
) {
    let stop = CancellationToken::new();
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, stop.clone()));
                }
                // Out of file descriptors, for one: it passes when connections end.
                Err(_) => sleep(Duration::from_millis(20)).await,
            }
        }
    }
    drop(listener);
    stop.cancel();
    let farewell = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(FAREWELL, farewell).await;
}

async fn connection(auth0: Auth0, tls: TlsAcceptor, stream: TcpStream, stop: CancellationToken) {
    // Without it, small answers wait for the acknowledgement of the last one.
    let _ = stream.set_nodelay(true);
    let stream = match timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(err)) => return auth0.print(&format!("no TLS connection: {err}")),
        Err(_) => return auth0.print("no TLS connection: the client says nothing"),
    };
    let cut = CancellationToken::new();
    let answer = |request| exchange(auth0.clone(), request, cut.clone());
    http(stream, answer, &stop, &cut).await;
}

/// Serves one connection until it ends, is cut, or the server stops.
pub(crate) async fn http<F, E>(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    answer: impl Fn(Request<Incoming>) -> F,
    stop: &CancellationToken,
    cut: &CancellationToken,
) where
    F: Future<Output = Result<Response<Full<Bytes>>, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let builder = Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service_fn(answer));
    tokio::pin!(connection);
    tokio::select! {
        biased;
        () = cut.cancelled() => return,
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        () = cut.cancelled() => {}
        _ = connection => {}
    }
}

/// The answer never leaves, because the connection is cut.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on order")]
struct Cut;

async fn exchange(
    auth0: Auth0,
    request: Request<Incoming>,
    cut: CancellationToken,
) -> Result<Response<Full<Bytes>>, Cut> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => Some(body.to_bytes()),
        Err(err) if err.is::<LengthLimitError>() => None,
        // The client went away in mid-sentence.
        Err(_) => return Err(Cut),
    };
    let started = Instant::now();
    let is_too_large = body.is_none();
    let request = Request::from_parts(parts, body.unwrap_or_default());
    let departure =
        if is_too_large { Departure::Answer(too_large()) } else { auth0.judge(&request) };
    let latency = auth0.latency();
    let (delay, answer) = match departure {
        Departure::Answer(answer) => (latency, Some(answer)),
        Departure::Late(by, answer) => (latency + by, Some(answer)),
        Departure::Cut => (latency, None),
    };
    // Noted before the delay: a client that gives up waiting must not erase what it did.
    let took = started.elapsed() + delay;
    let entry = received(request.method(), request.uri(), request.body(), answer.as_ref(), took);
    auth0.print(&entry.line());
    auth0.state().log.add(entry);
    if !delay.is_zero() {
        sleep(delay).await;
    }
    match answer {
        Some(mut answer) => {
            let date = clock::http_date(auth0.state().clock.now());
            answer.headers.extend(HeaderValue::from_str(&date).map(|date| (DATE, date)));
            Ok(answer.into())
        }
        None => {
            cut.cancel();
            Err(Cut)
        }
    }
}

fn too_large() -> Answer {
    let message = format!("Payload content length greater than maximum allowed: {LARGEST_BODY}");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, message).answer()
}

impl Auth0 {
    fn latency(&self) -> Duration {
        Duration::from_millis(self.state().settings.latency_ms)
    }

    /// A line on stderr, where requests are printed at all.
    fn print(&self, line: &str) {
        if self.site.prints_requests {
            // A log that nobody reads any more is no reason to stop.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}
