use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::mask::Mask;

/// Sources are written by libraries and the system; a chain of them fits in this many characters.
const LONGEST_CHAIN: usize = 400;

/// Why there was no answer, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) kind: CauseKind,
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
    UnknownAuthority,
    WrongName,
    Expired,
    BadCertificate,
    Tls,
    Proxy,
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
        Self { kind: kind_of(error, &sources), chain }
    }

    pub(super) fn too_long(limit: usize) -> Self {
        Self { kind: CauseKind::TooLong, chain: format!("more than {} MiB", limit >> 20) }
    }

    /// Whether another attempt would end in the same way.
    pub(super) fn is_lasting(&self) -> bool {
        use CauseKind::*;
        matches!(self.kind, UnknownAuthority | WrongName | Expired | BadCertificate | ProxyLogin)
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
            CauseKind::UnknownAuthority => {
                "its certificate is from an authority that is not trusted"
            }
            CauseKind::WrongName => "its certificate is for another name",
            CauseKind::Expired => "its certificate is not valid at this time",
            CauseKind::BadCertificate => "its certificate was not accepted",
            CauseKind::Tls => "the TLS connection failed",
            CauseKind::Proxy => "the proxy made no connection",
            CauseKind::ProxyLogin => "the proxy asks for a user name and password",
            CauseKind::Cut => "the connection broke",
            CauseKind::TooLong => "the answer is too long",
        };
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
    let certificate = match source.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::InvalidCertificate(why)) => Some(why),
        _ => None,
    };
    match certificate {
        Some(CertificateError::ExpiredContext { time, not_after }) => {
            format!("valid until {}; here it is {}", date(*not_after), date(*time))
        }
        Some(CertificateError::NotValidYetContext { time, not_before }) => {
            format!("valid from {}; here it is {}", date(*not_before), date(*time))
        }
        // rustls adds the address of its manual to some of its messages.
        _ => source.to_string().split(": https://docs.rs/").next().unwrap_or_default().to_owned(),
    }
}

fn kind_of(error: &reqwest::Error, sources: &[&(dyn StdError + 'static)]) -> CauseKind {
    let tls = sources.iter().find_map(|source| source.downcast_ref::<rustls::Error>());
    let io = sources.iter().find_map(|source| source.downcast_ref::<io::Error>());
    let says = |words: &str| sources.iter().any(|source| source.to_string().contains(words));
    match (tls, io.map(io::Error::kind)) {
        (Some(rustls::Error::InvalidCertificate(why)), _) => certificate(why),
        (Some(_), _) => CauseKind::Tls,
        _ if says("proxy authorization required") => CauseKind::ProxyLogin,
        _ if says("tunnel") || says("SOCKS") || says("proxy") => CauseKind::Proxy,
        _ if error.is_dns() && NO_SUCH_HOST.iter().any(|words| says(words)) => {
            CauseKind::NoSuchHost
        }
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

fn certificate(why: &CertificateError) -> CauseKind {
    match why {
        // A signature is bad when an authority has the name of a trusted one and not its key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            CauseKind::UnknownAuthority
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CauseKind::WrongName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CauseKind::Expired,
        _ => CauseKind::BadCertificate,
    }
}
