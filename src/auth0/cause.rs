use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use rustls::pki_types::UnixTime;
use rustls::{
    AlertDescription, CertificateError, Error as TlsError, InvalidMessage, PeerIncompatible,
};

use super::chain::{ChainEnd, RefusedCertificate};
use super::mask::Mask;

/// Sources are written by libraries and the system; a chain of them fits in this many characters.
const LONGEST_CHAIN: usize = 400;

/// Why there was no answer, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) kind: CauseKind,
    /// Whether the certificate that was refused is the proxy's.
    of_proxy: bool,
    /// What each layer said, from the outermost to the first cause.
    chain: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CauseKind {
    /// The name does not exist, says the resolver.
    NoSuchHost,
    /// The name could not be resolved this time.
    Unresolved,
    Refused,
    ConnectTimeout,
    AnswerTimeout,
    /// Signed by itself.
    SelfSigned,
    UnknownAuthority,
    /// Its issuer was not sent: an intermediate, or an authority that is not trusted.
    MissingIssuer,
    WrongName,
    Expired,
    NotYetValid,
    BadCertificate,
    /// The server wants a certificate from us, or another one.
    ClientCertificate,
    /// The server speaks TLS before 1.2 only.
    OldTls,
    /// What answers does not speak TLS at all.
    NoTls,
    Tls,
    Proxy,
    /// The name of the proxy does not exist.
    NoSuchProxy,
    /// The proxy wants a user name and password, or others.
    ProxyLogin,
    Cut,
    TooLong,
}

impl Cause {
    pub(super) fn of(error: &reqwest::Error, mask: &Mask<'_>) -> Self {
        let sources: Vec<&(dyn StdError + 'static)> =
            std::iter::successors(error.source(), |source| inner(*source)).collect();
        let mut said: Vec<String> = Vec::new();
        for source in &sources {
            let words = words_of(*source);
            // Some layers repeat what lies below them; hyper's own name for the step says nothing.
            let jargon = words.starts_with("client error (");
            if !jargon && !said.iter().any(|before| before.contains(&words)) {
                said.push(words);
            }
        }
        let chain = mask.text(&said.join(": "), LONGEST_CHAIN);
        let refused = tls_error(&sources).and_then(RefusedCertificate::of);
        let of_proxy = refused.is_some_and(|refused| refused.of_proxy);
        Self { kind: kind_of(error, &sources), of_proxy, chain }
    }

    pub(super) fn too_long(limit: usize) -> Self {
        let chain = format!("more than {} MiB", limit >> 20);
        Self { kind: CauseKind::TooLong, of_proxy: false, chain }
    }

    /// JSON that is cut off, by something on the way that has counted what it sent anew.
    pub(super) fn ends_early() -> Self {
        Self { kind: CauseKind::Cut, of_proxy: false, chain: "its JSON ends early".to_owned() }
    }

    /// Whether another attempt would end in the same way.
    pub(super) fn is_lasting(&self) -> bool {
        use CauseKind::*;
        match self.kind {
            SelfSigned | UnknownAuthority | MissingIssuer | WrongName | Expired | NotYetValid
            | BadCertificate | ClientCertificate | OldTls | NoTls | ProxyLogin => true,
            NoSuchHost | NoSuchProxy | Unresolved | Refused | ConnectTimeout | AnswerTimeout
            | Tls | Proxy | Cut | TooLong => false,
        }
    }

    /// Whether a name does not exist, the host's or the proxy's.
    pub(super) fn is_unknown_name(&self) -> bool {
        matches!(self.kind, CauseKind::NoSuchHost | CauseKind::NoSuchProxy)
    }

    /// Whether the server ended the connection for a reason that goes before every request. By TLS
    /// 1.3 a client learns what the server thinks of its certificate only after it has sent one.
    pub(super) fn is_before_the_request(&self) -> bool {
        self.kind == CauseKind::ClientCertificate
    }

    /// Whose certificate was refused.
    pub(super) fn is_of_proxy(&self) -> bool {
        self.of_proxy
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.kind {
            CauseKind::NoSuchHost => "the host does not exist",
            CauseKind::Unresolved => "the name of the host could not be resolved",
            CauseKind::Refused => "the connection was refused",
            CauseKind::ConnectTimeout => "no connection was made in time",
            CauseKind::AnswerTimeout => "no answer came in time",
            CauseKind::SelfSigned => "certificate is signed by itself, and not trusted",
            CauseKind::UnknownAuthority => "certificate is from an authority that is not trusted",
            CauseKind::MissingIssuer => {
                "certificate chain breaks off: an intermediate was not sent, or the authority is not \
                 trusted"
            }
            CauseKind::WrongName => "certificate is for another name",
            CauseKind::Expired => "certificate has expired",
            CauseKind::NotYetValid => "certificate is not valid yet",
            CauseKind::BadCertificate => "certificate was not accepted",
            CauseKind::ClientCertificate => "a client certificate is needed, or another one",
            CauseKind::OldTls => "the server does not speak TLS 1.2 or later",
            CauseKind::NoTls => "what answered does not speak TLS",
            CauseKind::Tls => "the TLS connection failed",
            CauseKind::Proxy => "the proxy made no connection",
            CauseKind::NoSuchProxy => "the host of the proxy does not exist",
            CauseKind::ProxyLogin => "the proxy asks for a user name and password",
            CauseKind::Cut => "the connection broke",
            CauseKind::TooLong => "the answer is too long",
        };
        if words.starts_with("certificate") {
            f.write_str(if self.of_proxy { "the proxy's " } else { "its " })?;
        }
        match self.chain.as_str() {
            "" => f.write_str(words),
            chain => write!(f, "{words} ({chain})"),
        }
    }
}

/// The next source. An `io::Error` hands out the source of what it wraps and hides the thing
/// itself, which is where rustls says what was wrong.
fn inner<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// What a source says, in better words where it has none for a person.
fn words_of(source: &(dyn StdError + 'static)) -> String {
    let date =
        |time: UnixTime| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.as_secs()));
    if let Some(wrapped) = source.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return words_of(wrapped);
    }
    let refused = source.downcast_ref::<TlsError>().and_then(RefusedCertificate::of);
    match refused.map(|refused| &refused.why) {
        Some(CertificateError::ExpiredContext { time, not_after }) => {
            format!("valid until {}; here it is {}", date(*not_after), date(*time))
        }
        Some(CertificateError::NotValidYetContext { time, not_before }) => {
            format!("valid from {}; here it is {}", date(*not_before), date(*time))
        }
        Some(_) => refused.map(ToString::to_string).unwrap_or_default(),
        // rustls adds the address of its manual to some of its messages.
        None => {
            source.to_string().split(": https://docs.rs/").next().unwrap_or_default().to_owned()
        }
    }
}

fn kind_of(error: &reqwest::Error, sources: &[&(dyn StdError + 'static)]) -> CauseKind {
    let tls = tls_error(sources);
    let io = sources.iter().find_map(|source| source.downcast_ref::<io::Error>());
    let says = |words: &str| sources.iter().any(|source| source.to_string().contains(words));
    let no_such_name = NO_SUCH_HOST.iter().any(|words| says(words));
    match (tls, io.map(io::Error::kind)) {
        (Some(err), _) => of_tls(err),
        // HTTP/2 keeps of an error of TLS no more than its text.
        _ if OF_CLIENT_CERTIFICATES
            .iter()
            .any(|alert| says(&format!("received fatal alert: {alert:?}"))) =>
        {
            CauseKind::ClientCertificate
        }
        _ if says("proxy authorization required") => CauseKind::ProxyLogin,
        _ if says("tunnel") || says("SOCKS") || says("proxy") => match no_such_name {
            true => CauseKind::NoSuchProxy,
            false => CauseKind::Proxy,
        },
        _ if error.is_dns() && no_such_name => CauseKind::NoSuchHost,
        _ if error.is_dns() => CauseKind::Unresolved,
        (_, Some(io::ErrorKind::ConnectionRefused)) => CauseKind::Refused,
        _ if error.is_timeout() && error.is_connect() => CauseKind::ConnectTimeout,
        _ if error.is_timeout() => CauseKind::AnswerTimeout,
        _ => CauseKind::Cut,
    }
}

/// How the resolvers of Linux, the BSDs and macOS, and Windows say that a name does not exist.
const NO_SUCH_HOST: [&str; 4] = [
    "Name or service not known",
    "Name does not resolve",
    "nodename nor servname provided",
    "No such host is known",
];

fn tls_error<'a>(sources: &[&'a (dyn StdError + 'static)]) -> Option<&'a TlsError> {
    sources.iter().find_map(|source| source.downcast_ref())
}

/// What a server says that wants a certificate of its client, or another one (RFC 8446, 6.2).
const OF_CLIENT_CERTIFICATES: [AlertDescription; 9] = [
    AlertDescription::CertificateRequired,
    AlertDescription::NoCertificate,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::AccessDenied,
];

fn of_tls(err: &TlsError) -> CauseKind {
    if let Some(refused) = RefusedCertificate::of(err) {
        return of_certificate(refused);
    }
    match err {
        // What a server means that has no version in common with us, or that was sent none of it.
        TlsError::AlertReceived(AlertDescription::ProtocolVersion)
        | TlsError::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            CauseKind::OldTls
        }
        TlsError::AlertReceived(alert) if OF_CLIENT_CERTIFICATES.contains(alert) => {
            CauseKind::ClientCertificate
        }
        // The first bytes are no record of TLS.
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => CauseKind::NoTls,
        _ => CauseKind::Tls,
    }
}

fn of_certificate(refused: &RefusedCertificate) -> CauseKind {
    match (&refused.why, &refused.end) {
        (CertificateError::UnknownIssuer, Some(ChainEnd::Itself(_))) => CauseKind::SelfSigned,
        (CertificateError::UnknownIssuer, Some(ChainEnd::Missing(_))) => CauseKind::MissingIssuer,
        // A signature is bad when an authority has the name of a trusted one and not its key.
        (CertificateError::UnknownIssuer | CertificateError::BadSignature, _) => {
            CauseKind::UnknownAuthority
        }
        (CertificateError::NotValidForName, _)
        | (CertificateError::NotValidForNameContext { .. }, _) => CauseKind::WrongName,
        (CertificateError::Expired | CertificateError::ExpiredContext { .. }, _) => {
            CauseKind::Expired
        }
        (CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }, _) => {
            CauseKind::NotYetValid
        }
        _ => CauseKind::BadCertificate,
    }
}
