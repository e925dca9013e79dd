//! What a certificate that was refused says about itself. rustls says `UnknownIssuer` of an
//! authority that is not trusted and of a server that leaves its intermediate out alike; the two
//! have different cures.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use webpki::EndEntityCert;

/// Leaves the judgement to another verifier, and adds to a refusal whose certificate it was and
/// where its chain ends.
#[derive(Debug)]
pub(super) struct Explaining {
    pub(super) inner: Arc<dyn ServerCertVerifier>,
    /// The host of the tenant; a certificate for another name is the proxy's.
    pub(super) host: Option<ServerName<'static>>,
}

/// A certificate that was refused.
#[derive(Debug, Clone)]
pub(super) struct RefusedCertificate {
    pub(super) why: CertificateError,
    pub(super) of_proxy: bool,
    pub(super) end: Option<ChainEnd>,
}

/// Where the certificates that a server sent lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ChainEnd {
    /// The certificate has signed itself.
    Itself(String),
    /// To a root authority, which was sent with it.
    Root(String),
    /// To an issuer whose certificate was not sent: an intermediate that the server leaves out, or
    /// a root, which servers need not send.
    Missing(String),
}

impl ServerCertVerifier for Explaining {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        judged.map_err(|err| match err {
            Error::InvalidCertificate(why) => {
                let of_proxy = self.host.as_ref().is_some_and(|host| host != server_name);
                let end = end_of(end_entity, intermediates);
                let refused = RefusedCertificate { why, of_proxy, end };
                CertificateError::Other(rustls::OtherError(Arc::new(refused))).into()
            }
            err => err,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.inner.root_hint_subjects()
    }
}

impl RefusedCertificate {
    /// The refusal that an error of rustls carries.
    pub(super) fn of(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
            _ => None,
        }
    }
}

impl std::error::Error for RefusedCertificate {}

impl fmt::Display for RefusedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.why, &self.end) {
            (CertificateError::UnknownIssuer, Some(ChainEnd::Itself(name))) => {
                write!(f, "it names itself {name:?}")
            }
            (CertificateError::UnknownIssuer, Some(ChainEnd::Root(name))) => {
                write!(f, "the authority is {name:?}")
            }
            (CertificateError::UnknownIssuer, Some(ChainEnd::Missing(name))) => {
                write!(f, "the issuer that is missing is {name:?}")
            }
            (CertificateError::BadSignature, _) => {
                f.write_str("it has the name of a trusted one, and another key")
            }
            (CertificateError::NotValidForNameContext { presented, .. }, _) => {
                // They are written as `DnsName("acme.com")`.
                let names = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name));
                write!(f, "it names {}", names.collect::<Vec<_>>().join(", "))
            }
            (why, _) if is_of_authority(why) => {
                f.write_str("it is for an authority, and no server may use it as its own")
            }
            (why, _) => write!(f, "{why}"),
        }
    }
}

/// Whether the certificate of an authority was used for a server. Many that are signed by
/// themselves are such.
fn is_of_authority(why: &CertificateError) -> bool {
    match why {
        CertificateError::Other(other) => {
            other.0.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
        }
        _ => false,
    }
}

/// Follows the certificates that were sent from each to its issuer.
fn end_of(end_entity: &CertificateDer<'_>, sent: &[CertificateDer<'_>]) -> Option<ChainEnd> {
    let leaf = EndEntityCert::try_from(end_entity).ok()?;
    let mut last = &leaf;
    if last.issuer() == last.subject() {
        return Some(ChainEnd::Itself(name_of(last.subject())));
    }
    let sent: Vec<_> = sent.iter().filter_map(|sent| EndEntityCert::try_from(sent).ok()).collect();
    // Certificates that have issued each other in a circle lead nowhere.
    for _ in 0..=sent.len() {
        let Some(issuer) = sent.iter().find(|sent| sent.subject() == last.issuer()) else { break };
        last = issuer;
        if last.issuer() == last.subject() {
            return Some(ChainEnd::Root(name_of(last.subject())));
        }
    }
    Some(ChainEnd::Missing(name_of(last.issuer())))
}

/// The common name, or else the organization, in a name as it is encoded (RFC 5280, 4.1.2.4): an
/// object identifier, and behind it a string with its tag and its length.
fn name_of(encoded: &[u8]) -> String {
    const COMMON_NAME: &[u8] = &[0x06, 3, 0x55, 4, 3];
    const ORGANIZATION: &[u8] = &[0x06, 3, 0x55, 4, 10];
    let value = |identifier: &[u8]| {
        let at = encoded.windows(identifier.len()).rposition(|window| window == identifier)?;
        let [_, length, rest @ ..] = &encoded[at + identifier.len()..] else { return None };
        Some(String::from_utf8_lossy(rest.get(..usize::from(*length))?).into_owned())
    };
    let name = value(COMMON_NAME).or_else(|| value(ORGANIZATION));
    name.unwrap_or_else(|| "an authority without a name".to_owned())
}
