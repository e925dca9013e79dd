//! Mutual TLS as go-plugin does it: both sides pin the other's self-signed certificate. Ours goes to
//! core in the handshake; core's came in the environment.

use std::sync::{Arc, LazyLock};

use p521::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{
        AlgorithmIdentifier, CertificateDer, InvalidSignature, PrivatePkcs8KeyDer,
        SignatureVerificationAlgorithm, UnixTime, alg_id,
    },
    server::{
        NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio_rustls::TlsAcceptor;

use super::serve::ServeError;

/// The certificate of this process and its key. Both live and die with it.
pub(super) struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    /// Makes a self-signed certificate for the name under which core looks for us.
    pub(super) fn generate() -> Result<Self, ServeError> {
        // P-256: a larger curve would double the time to start.
        let key = rcgen::KeyPair::generate()?;
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()])?;
        params.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            key: key.serialized_der().to_vec().into(),
        })
    }

    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Accepts TLS connections of the owner of `client`, and of nobody else.
    pub(super) fn acceptor(self, client: CertificateDer<'static>) -> Result<TlsAcceptor, Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(Pinned { client }))
            .with_single_cert(vec![self.certificate], self.key.into())?;
        // Clients on grpc-go 1.67 and later end a connection that did not negotiate it.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // Core connects once. Without resumption every connection proves its key.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// Takes one certificate, byte for byte, from a peer that proves to have its key.
///
/// The usual verifier cannot be had for this: go-plugin's certificate is a CA and an end entity at
/// once, which it refuses.
#[derive(Debug)]
struct Pinned {
    client: CertificateDer<'static>,
}

impl ClientCertVerifier for Pinned {
    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.client {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &ALGORITHMS)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &ALGORITHMS)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ALGORITHMS.supported_schemes()
    }
}

/// P-521, the key of every go-plugin so far, and what `ring` has, should a later one choose another.
///
/// P-521 comes first: under TLS 1.2 a Go client takes the first scheme for ECDSA whatever its curve.
static ALGORITHMS: LazyLock<WebPkiSupportedAlgorithms> = LazyLock::new(|| {
    let ring = ring::default_provider().signature_verification_algorithms;
    let p521: &[&dyn SignatureVerificationAlgorithm] = &[&EcdsaP521Sha512];
    WebPkiSupportedAlgorithms {
        all: [p521, ring.all].concat().leak(),
        mapping: [&[(SignatureScheme::ECDSA_NISTP521_SHA512, p521)], ring.mapping].concat().leak(),
    }
});

/// ECDSA on P-521 with SHA-512, which `ring` lacks. Without it core would not send its certificate.
#[derive(Debug)]
struct EcdsaP521Sha512;

impl SignatureVerificationAlgorithm for EcdsaP521Sha512 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_longer_than_core_demands_and_new_each_time() {
        let (one, other) = (Identity::generate().unwrap(), Identity::generate().unwrap());
        assert!(one.certificate().len() > 50);
        assert_ne!(one.certificate(), other.certificate());
    }

    #[test]
    fn p521_comes_before_every_other_scheme() {
        let schemes = ALGORITHMS.supported_schemes();
        assert_eq!(schemes[0], SignatureScheme::ECDSA_NISTP521_SHA512);
        assert!(schemes.contains(&SignatureScheme::ECDSA_NISTP256_SHA256));
    }
}
