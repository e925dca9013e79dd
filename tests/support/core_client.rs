//! The client half of a plugin's connection, as core has it: one certificate per plugin, mutual TLS,
//! gRPC over a Unix socket or TCP.

use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper_util::rt::TokioIo;
use p521::ecdsa::SigningKey;
use rustls::{
    ClientConfig, Error, RootCertStore, SignatureAlgorithm, SignatureScheme,
    SupportedProtocolVersion,
    client::ResolvesClientCert,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
    sign::{CertifiedKey, Signer, SigningKey as TlsKey},
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tonic::{
    codegen::{Service, http::Uri},
    transport::{Channel, Endpoint},
};

use super::certificate::{Certified, sign};

/// What core proves itself with. A stranger has another one, or parts of one.
#[derive(Clone)]
pub struct CoreIdentity {
    certificate: CertificateDer<'static>,
    key: Arc<SigningKey>,
}

impl fmt::Debug for CoreIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CoreIdentity")
    }
}

impl CoreIdentity {
    pub fn generate() -> Self {
        let Certified { der, key } = Certified::generate();
        Self { certificate: der.into(), key: Arc::new(key) }
    }

    /// The value of `PLUGIN_CLIENT_CERT`.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.certificate);
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// This certificate with another one's key, as a thief of the certificate would have it.
    pub fn with_key_of(&self, other: &Self) -> Self {
        Self { certificate: self.certificate.clone(), key: other.key.clone() }
    }
}

/// How a client greets the plugin.
#[derive(Clone, Debug)]
pub enum Greeting {
    Plaintext,
    Tls {
        /// The certificate of the handshake: the only one that core trusts.
        server: CertificateDer<'static>,
        /// `None` sends no certificate.
        identity: Option<CoreIdentity>,
        versions: Vec<&'static SupportedProtocolVersion>,
    },
}

impl Greeting {
    /// With the versions of TLS that core offers.
    pub fn tls(server: CertificateDer<'static>, identity: Option<CoreIdentity>) -> Self {
        Self::Tls { server, identity, versions: vec![&TLS12, &TLS13] }
    }

    /// The same in one version of TLS only.
    pub fn speaking(self, version: &'static SupportedProtocolVersion) -> Self {
        match self {
            Self::Plaintext => panic!("plaintext has no version"),
            Self::Tls { server, identity, .. } => {
                Self::Tls { server, identity, versions: vec![version] }
            }
        }
    }
}

/// A byte stream to the plugin, encrypted or not.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// Connects to `address` of a handshake line.
pub async fn dial(network: &str, address: &str) -> io::Result<Box<dyn ByteStream>> {
    Ok(match network {
        #[cfg(unix)]
        "unix" => Box::new(tokio::net::UnixStream::connect(address).await?),
        "tcp" => Box::new(TcpStream::connect(address).await?),
        other => panic!("no network: {other}"),
    })
}

/// A gRPC channel. Core opens one for each plugin.
pub async fn channel(
    network: &str,
    address: &str,
    greeting: &Greeting,
) -> Result<Channel, tonic::transport::Error> {
    let connector =
        Connector { network: network.into(), address: address.into(), greeting: greeting.clone() };
    Endpoint::from_static("http://localhost").connect_with_connector(connector).await
}

#[derive(Clone)]
struct Connector {
    network: String,
    address: String,
    greeting: Greeting,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn ByteStream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let Self { network, address, greeting } = self.clone();
        Box::pin(async move {
            let stream = dial(&network, &address).await?;
            Ok(TokioIo::new(match &greeting {
                Greeting::Plaintext => stream,
                greeting => Box::new(greet(stream, greeting).await?),
            }))
        })
    }
}

/// Shakes hands as a client of TLS. Under TLS 1.3 success says nothing yet of the client's own proof.
pub async fn greet(
    stream: Box<dyn ByteStream>,
    greeting: &Greeting,
) -> io::Result<tokio_rustls::client::TlsStream<Box<dyn ByteStream>>> {
    let connector = TlsConnector::from(Arc::new(client_config(greeting)));
    connector.connect(ServerName::try_from("localhost").unwrap(), stream).await
}

fn client_config(greeting: &Greeting) -> ClientConfig {
    let Greeting::Tls { server, identity, versions } = greeting else { panic!("not TLS") };
    let mut roots = RootCertStore::empty();
    roots.add(server.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match identity {
        None => config.with_no_client_auth(),
        Some(identity) => config.with_client_cert_resolver(Arc::new(identity.clone())),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

impl ResolvesClientCert for CoreIdentity {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // As Go: a server that does not offer the scheme of our key gets no certificate at all.
        schemes.contains(&SignatureScheme::ECDSA_NISTP521_SHA512).then(|| {
            let key = Arc::new(P521Key(self.key.clone()));
            Arc::new(CertifiedKey::new(vec![self.certificate.clone()], key))
        })
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// P-521 for rustls, which ring cannot do.
#[derive(Clone)]
struct P521Key(Arc<SigningKey>);

impl fmt::Debug for P521Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P521Key")
    }
}

impl TlsKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let offered = offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512);
        offered.then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(sign(&self.0, message))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}
