//! The way to Auth0, as far as it is configured. The rest is the environment's.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{Error as TlsError, InconsistentKeys, RootCertStore};
use secrecy::ExposeSecret;

use super::pem;
use super::proxy::Proxy;

/// What is configured of the way to Auth0.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Takes the place of `HTTPS_PROXY`.
    pub proxy: Option<Proxy>,
    pub authorities: Authorities,
    pub client_certificate: Option<ClientCertificate>,
}

/// Authorities to trust besides those of the platform.
#[derive(Debug, Clone, Default)]
pub struct Authorities(Vec<CertificateDer<'static>>);

/// A certificate that the provider shows to a server which asks for one, and its key.
#[derive(Clone)]
pub struct ClientCertificate(Arc<CertifiedKey>);

/// Which half of a client certificate cannot be used, and why, in words that do not repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    Certificate(String),
    Key(String),
}

impl Authorities {
    /// Adds those of `ca_cert_file`. The words of a fault name the file.
    pub fn add_file(&mut self, file: &Path) -> Result<(), String> {
        let named = format!("the file of `ca_cert_file`, {},", file.display());
        match fs::read(file) {
            Ok(text) => self.add(&text, &named),
            Err(err) => Err(format!("{named} cannot be read: {err}")),
        }
    }

    /// Adds those of `ca_cert_pem`.
    pub fn add_pem(&mut self, text: &str) -> Result<(), String> {
        let named = "the text of `ca_cert_pem`";
        if !pem::is_pem(text) {
            return Err(format!("{named} is no PEM; the path of a file goes to `ca_cert_file`"));
        }
        self.add(pem::unfolded(text).expose_secret().as_bytes(), named)
    }

    fn add(&mut self, text: &[u8], named: &str) -> Result<(), String> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(text)
            .collect::<Result<_, _>>()
            .map_err(|err| format!("{named} is not valid PEM: {err}"))?;
        if certificates.is_empty() {
            return Err(format!(
                "{named} holds no certificate: PEM is expected, with lines \
                 \"-----BEGIN CERTIFICATE-----\""
            ));
        }
        for certificate in &certificates {
            RootCertStore::empty().add(certificate.clone()).map_err(|err| {
                format!("{named} holds a certificate that cannot be used as an authority: {err}")
            })?;
        }
        self.0.extend(certificates);
        Ok(())
    }

    pub(super) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.0
    }
}

impl ClientCertificate {
    /// Reads a chain, which begins with the client's own certificate, and its key. Each is PEM, or
    /// the path of a file of it. The key is hidden from every log and message from now on.
    pub fn read(certificate: &str, key: &str) -> Result<Self, Unfit> {
        let chain = chain(certificate).map_err(Unfit::Certificate)?;
        let key = private_key(key).map_err(Unfit::Key)?;
        let ring = rustls::crypto::ring::default_provider();
        let key = ring.key_provider.load_private_key(key).map_err(|_| {
            Unfit::Key("it is no RSA, P-256, P-384 or Ed25519 key that can be used".to_owned())
        })?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            // Whoever cannot tell is no reason against it: the server will.
            Ok(()) | Err(TlsError::InconsistentKeys(InconsistentKeys::Unknown)) => {
                Ok(Self(Arc::new(certified)))
            }
            Err(TlsError::InconsistentKeys(_)) => {
                Err(Unfit::Key("it is not the key of `client_certificate`".to_owned()))
            }
            Err(_) => Err(Unfit::Certificate("the certificate is damaged".to_owned())),
        }
    }

    pub(super) fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(self.0.clone()))
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}

fn chain(given: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = pem::read(given)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(text.expose_secret().as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| "the PEM is damaged".to_owned())?;
    match chain.is_empty() {
        true => Err("the PEM holds no certificate".to_owned()),
        false => Ok(chain),
    }
}

fn private_key(given: &str) -> Result<PrivateKeyDer<'static>, String> {
    let text = pem::read_key(given)?;
    PrivateKeyDer::from_pem_slice(text.expose_secret().as_bytes()).map_err(|err| match err {
        PemError::NoItemsFound => "the PEM holds no private key".to_owned(),
        _ => "the PEM is damaged".to_owned(),
    })
}
