//! Where the plugin listens: a Unix socket, or TCP on the loopback where there are none.

use std::{io, path::PathBuf};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use super::handshake::SocketPlace;
#[cfg(unix)]
use super::unix_socket::{self, SocketFolder};

/// The kind of socket to listen on. The default is right for the platform; the other one exists so
/// that the code of Windows is tested on every system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// A socket that only the owner's processes can open.
    #[cfg(unix)]
    Unix,
    /// A free port of 127.0.0.1. Every user of the machine reaches it, so mutual TLS is its guard.
    Tcp,
}

impl Default for Network {
    fn default() -> Self {
        #[cfg(unix)]
        return Self::Unix;
        #[cfg(not(unix))]
        return Self::Tcp;
    }
}

/// Why the plugin could not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error(
        "the socket path {path} has {length} bytes and the system allows {max}; set TMPDIR or PLUGIN_UNIX_SOCKET_DIR to a shorter path"
    )]
    PathTooLong { path: PathBuf, length: usize, max: usize },
    #[error(
        "the socket path {path:?} cannot be told to core: it is not UTF-8 or holds `|` or a line break"
    )]
    PathUnspeakable { path: PathBuf },
    #[error("PLUGIN_UNIX_SOCKET_GROUP names the group {name:?}, which does not exist")]
    NoSuchGroup { name: String },
}

impl ListenError {
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// Address of a listener, in the words of the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) text: String,
}

/// A socket that already accepts connections, before there is a runtime to serve them.
#[derive(Debug)]
pub(super) enum Bound {
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener, SocketFolder),
    Tcp(std::net::TcpListener),
}

impl Bound {
    #[cfg_attr(not(unix), allow(unused_variables, reason = "a port needs no place"))]
    pub(super) fn bind(network: Network, place: &SocketPlace) -> Result<Self, ListenError> {
        match network {
            #[cfg(unix)]
            Network::Unix => {
                let (listener, folder) = unix_socket::bind(place)?;
                listener.set_nonblocking(true).map_err(ListenError::io("the socket"))?;
                Ok(Self::Unix(listener, folder))
            }
            Network::Tcp => {
                // Core reads the port from the handshake, so any will do, in its range or not.
                let listener = std::net::TcpListener::bind(("127.0.0.1", 0))
                    .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
                    .map_err(ListenError::io("could not listen on 127.0.0.1"))?;
                Ok(Self::Tcp(listener))
            }
        }
    }

    pub(super) fn address(&self) -> Result<Address, ListenError> {
        match self {
            #[cfg(unix)]
            Self::Unix(_, folder) => {
                Ok(Address { network: "unix", text: folder.socket().to_owned() })
            }
            Self::Tcp(listener) => {
                let address =
                    listener.local_addr().map_err(ListenError::io("the address of the socket"))?;
                Ok(Address { network: "tcp", text: address.to_string() })
            }
        }
    }

    /// Moves the socket into the runtime that calls this.
    pub(super) fn into_incoming(self) -> io::Result<Incoming> {
        Ok(match self {
            #[cfg(unix)]
            Self::Unix(listener, folder) => {
                Incoming::Unix(tokio::net::UnixListener::from_std(listener)?, folder)
            }
            Self::Tcp(listener) => Incoming::Tcp(TcpListener::from_std(listener)?),
        })
    }
}

/// Accepts connections. A socket file is gone once this is dropped.
#[derive(Debug)]
pub(super) enum Incoming {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener, #[allow(dead_code, reason = "removes the file")] SocketFolder),
    Tcp(TcpListener),
}

impl Incoming {
    pub(super) async fn accept(&self) -> io::Result<Connection> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener, _) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Delayed acknowledgements would add 40 ms to a lone call.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// A byte stream of any kind, with or without TLS in it.
pub(super) type Connection = Box<dyn ByteStream>;

/// What a connection must be able to do.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}
