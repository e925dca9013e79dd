//! Authorities of a test, and the certificates that they issue.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, and what a server sends with it.
pub(super) struct Issued {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: KeyPair,
}

/// When a certificate is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    Now,
    Past,
    Future,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let issuer = CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap());
        Self(issuer.unwrap())
    }

    /// An authority below this one.
    pub(super) fn intermediate(&self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::signed_by(authority(name), key, &self.0).unwrap())
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(super) fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    pub(super) fn issue(&self, name: &str, validity: Validity) -> Issued {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        match validity {
            Validity::Now => {}
            Validity::Past => params.not_after = rcgen::date_time_ymd(2020, 1, 1),
            Validity::Future => params.not_before = rcgen::date_time_ymd(2100, 1, 1),
        }
        params.serial_number = Some(SerialNumber::from(1));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Issued { chain: vec![CertificateDer::from(certificate)], key }
    }
}

impl Issued {
    /// A certificate that vouches for itself.
    pub(super) fn by_itself(name: &str, is_ca: IsCa) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.is_ca = is_ca;
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { chain: vec![CertificateDer::from(certificate)], key }
    }

    /// Sends the certificate of `authority` as well.
    pub(super) fn with(mut self, authority: &Authority) -> Self {
        self.chain.push(authority.der());
        self
    }

    pub(super) fn certificate_pem(&self) -> String {
        let body = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &self.chain[0]);
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    /// What a server needs that has this certificate, and asks for one of `clients` if given.
    pub(super) fn server_config(
        self,
        versions: &[&'static rustls::SupportedProtocolVersion],
        clients: Option<&Authority>,
    ) -> ServerConfig {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(ring.clone());
        let builder = builder.with_protocol_versions(versions).unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.der()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), ring);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        builder.with_single_cert(self.chain, key.into()).unwrap()
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}
