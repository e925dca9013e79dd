//! A scripted HTTPS server: a function answers each request, and what came is kept.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::certificates::{Authority, Issued, Validity};
use crate::auth0::Network;

pub(super) struct Server {
    pub(super) port: u16,
    ca: NamedTempFile,
    state: Arc<State>,
    task: JoinHandle<()>,
}

/// How the server behaves below HTTP.
pub(super) struct Options {
    pub(super) address: IpAddr,
    pub(super) port: u16,
    /// How it gets its certificate from the authority that its clients trust; by default a good
    /// one for its address.
    pub(super) issue: Option<fn(&Authority) -> Issued>,
    /// Asks its clients for a certificate of this authority.
    pub(super) clients: Option<Authority>,
    pub(super) protocols: &'static [&'static str],
    pub(super) tls: &'static [&'static rustls::SupportedProtocolVersion],
    /// So many connections are closed before their handshake.
    pub(super) drop_first: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            issue: None,
            clients: None,
            protocols: &["h2", "http/1.1"],
            tls: rustls::ALL_VERSIONS,
            drop_first: 0,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Method and path.
    pub(super) line: String,
    pub(super) headers: hyper::HeaderMap,
    pub(super) body: String,
    pub(super) http2: bool,
}

pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    },
    /// The connection breaks before any answer.
    Cut,
    /// The connection breaks within the body.
    CutBody(u16),
    Late(Duration, Box<Reply>),
}

struct State {
    script: Box<dyn Fn(&Seen) -> Reply + Send + Sync>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
}

pub(super) fn json(status: u16, body: impl ToString) -> Reply {
    let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
    Reply::Answer { status, headers, body: body.to_string().into() }
}

impl Reply {
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_string()));
        }
        self
    }
}

impl Server {
    pub(super) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(Options::default(), script).await
    }

    pub(super) async fn start_with(
        options: Options,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((options.address, options.port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, authority) = tls(&options);
        let ca = NamedTempFile::new().unwrap();
        std::fs::write(ca.path(), authority).unwrap();
        let state = Arc::new(State {
            script: Box::new(script),
            seen: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let task = tokio::spawn(accept(listener, acceptor, state.clone(), options.drop_first));
        Self { port, ca, state, task }
    }

    pub(super) fn ca_cert_file(&self) -> PathBuf {
        self.ca.path().to_owned()
    }

    /// A way that trusts this server alone, beside the platform.
    pub(super) fn network(&self) -> Network {
        trusting(self.ca.path())
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// How many requests began with `line`.
    pub(super) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|seen| seen.starts_with(line)).count()
    }

    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

/// A way that trusts the authorities of a file.
pub(super) fn trusting(file: &Path) -> Network {
    let mut network = Network::default();
    network.authorities.add_file(file).unwrap();
    network
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn tls(options: &Options) -> (TlsAcceptor, String) {
    let authority = Authority::new("Test Root");
    let issued = match options.issue {
        Some(issue) => issue(&authority),
        None => authority.issue(&options.address.to_string(), Validity::Now),
    };
    let mut config = issued.server_config(options.tls, options.clients.as_ref());
    config.alpn_protocols = options.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    state: Arc<State>,
    drop_first: usize,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        stream.set_nodelay(true).unwrap();
        if state.connections.fetch_add(1, Ordering::SeqCst) < drop_first {
            continue;
        }
        tokio::spawn(connection(stream, acceptor.clone(), state.clone()));
    }
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, state: Arc<State>) {
    let stream = match acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((_, mut stream)) => {
            // To close with something unread would reset the connection before the alert is read.
            let _ = stream.shutdown().await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
            return;
        }
    };
    let service = service_fn(move |request| answer(request, state.clone()));
    // A connection that the script breaks ends in an error, as it should.
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

type Chunks = tokio_stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, io::Error>>>;

async fn answer(
    request: Request<Incoming>,
    state: Arc<State>,
) -> Result<Response<StreamBody<Chunks>>, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let seen = Seen {
        line: format!(
            "{} {}",
            head.method,
            head.uri.path_and_query().map_or("", |path| path.as_str())
        ),
        headers: head.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        http2: head.version == hyper::Version::HTTP_2,
    };
    state.seen.lock().unwrap().push(seen.clone());
    let mut reply = (state.script)(&seen);
    while let Reply::Late(wait, next) = reply {
        tokio::time::sleep(wait).await;
        reply = *next;
    }
    let broken = || io::Error::other("as the script says");
    let (status, headers, chunks) = match reply {
        Reply::Answer { status, headers, body } => (status, headers, vec![Ok(Frame::data(body))]),
        Reply::CutBody(status) => {
            let piece = Bytes::from_static(b"{\"id\":");
            (status, Vec::new(), vec![Ok(Frame::data(piece)), Err(broken())])
        }
        Reply::Cut | Reply::Late(..) => return Err(broken()),
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response.body(StreamBody::new(tokio_stream::iter(chunks))).unwrap())
}

/// A proxy that understands CONNECT, leads every name to `port`, and counts what it was asked.
pub(super) async fn connect_proxy(port: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().port();
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let log = asked.clone();
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            let log = log.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                log.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
                async move {
                    tokio::spawn(async move {
                        let Ok(client) = hyper::upgrade::on(request).await else { return };
                        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                        let mut client = TokioIo::new(client);
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                    });
                    Ok::<_, Infallible>(Response::new(http_body_util::Empty::<Bytes>::new()))
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades(),
            );
        }
    });
    (address, asked)
}

/// A proxy that answers 407, and how often it was asked.
pub(super) async fn refusing_proxy() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::<AtomicUsize>::default();
    let count = asked.clone();
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            count.fetch_add(1, Ordering::SeqCst);
            let service = service_fn(|_: Request<Incoming>| async {
                let response = Response::builder().status(407);
                Ok::<_, Infallible>(response.body(http_body_util::Empty::<Bytes>::new()).unwrap())
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    (port, asked)
}

/// Speaks just enough HTTP/2 to read a request, say goodbye without a fault (GOAWAY) and close, as
/// a server that is being replaced does. Counts the requests.
pub(super) async fn leaving_server() -> (u16, NamedTempFile, Arc<AtomicUsize>) {
    const PREFACE: usize = 24;
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    const GOAWAY: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const HEADERS: u8 = 1;

    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (acceptor, authority) = tls(&Options { protocols: &["h2"], ..Options::default() });
    let ca = NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), authority).unwrap();
    let requests = Arc::<AtomicUsize>::default();
    let count = requests.clone();
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            stream.read_exact(&mut [0; PREFACE]).await.unwrap();
            stream.write_all(SETTINGS).await.unwrap();
            let mut head = [0; 9];
            while stream.read_exact(&mut head).await.is_ok() && head[3] != HEADERS {
                let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
                stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
            }
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(GOAWAY).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    (port, ca, requests)
}

/// Says the same to everybody, whatever they say, and closes. Counts the connections.
pub(super) async fn blunt_server(says: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::<AtomicUsize>::default();
    let count = connections.clone();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            count.fetch_add(1, Ordering::SeqCst);
            // To close with something unread would reset the connection before the answer is read.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(says).await;
        }
    });
    (port, connections)
}
