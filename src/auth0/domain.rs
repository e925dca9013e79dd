use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The host that a tenant's Management API is reached at, with its port if that is not 443.
/// Lower case and free of scheme and slashes, however it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    host: Host<String>,
    port: Option<u16>,
}

/// Why a text is not a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    #[error("it is empty; a tenant's domain looks like \"acme-dev.eu.auth0.com\"")]
    Empty,
    #[error("it contains a space or a line break")]
    Space,
    #[error("it starts with {0:?}; leave the scheme out, Auth0 is always reached by https")]
    Scheme(String),
    #[error("it contains a user name or password before \"@\"; give the host alone")]
    Credentials,
    #[error("it contains the path {0:?}; give the host alone")]
    Path(String),
    #[error("it contains a query or a fragment (\"?\" or \"#\"); give the host alone")]
    Query,
    #[error("its port is not a number from 1 to 65535")]
    Port,
    #[error("it is not a host name ({0})")]
    Host(String),
}

impl Domain {
    /// Reads what a person may write: a host with or without scheme, port and trailing slashes.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        let rest = without_scheme(text)?.trim_end_matches('/');
        refuse_more_than_a_host(rest)?;
        let url = Url::parse(&format!("https://{rest}")).map_err(|err| match err {
            url::ParseError::InvalidPort => DomainError::Port,
            err => DomainError::Host(err.to_string()),
        })?;
        if rest.ends_with(':') || url.port() == Some(0) {
            return Err(DomainError::Port);
        }
        match url.host() {
            Some(host) => Ok(Self { host: host.to_owned(), port: url.port() }),
            None => Err(DomainError::Empty),
        }
    }

    /// `https://` and the domain, without a trailing slash.
    pub(super) fn origin(&self) -> String {
        format!("https://{self}")
    }

    /// The host as written in a URL, with the brackets of an IPv6 address.
    pub(super) fn host(&self) -> String {
        self.host.to_string()
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(443)
    }

    /// Whether the host is this machine, which no proxy is asked for.
    pub(super) fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        Self::parse(text)
    }
}

fn without_scheme(text: &str) -> Result<&str, DomainError> {
    match text.split_once("://") {
        None => Ok(text),
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") =>
        {
            Ok(rest)
        }
        // What stands before a later "://" may hold anything, so only a scheme is repeated.
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
            Err(DomainError::Scheme(format!("{scheme}://")))
        }
        Some(_) => Err(DomainError::Host("it contains \"://\"".to_owned())),
    }
}

fn refuse_more_than_a_host(rest: &str) -> Result<(), DomainError> {
    if rest.is_empty() {
        return Err(DomainError::Empty);
    }
    if rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(DomainError::Space);
    }
    if rest.contains('@') {
        return Err(DomainError::Credentials);
    }
    if rest.contains(['?', '#']) {
        return Err(DomainError::Query);
    }
    match rest.find(['/', '\\']) {
        Some(at) => Err(DomainError::Path(rest[at..].to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_read_however_it_is_written() {
        for (text, want) in [
            ("acme-dev.eu.auth0.com", "acme-dev.eu.auth0.com"),
            ("https://acme-dev.eu.auth0.com", "acme-dev.eu.auth0.com"),
            ("http://acme-dev.eu.auth0.com/", "acme-dev.eu.auth0.com"),
            ("HTTPS://Acme-Dev.EU.auth0.com//", "acme-dev.eu.auth0.com"),
            ("acme.auth0.com:443", "acme.auth0.com"),
            ("127.0.0.1:8443", "127.0.0.1:8443"),
            ("localhost", "localhost"),
            ("https://[::1]:8443/", "[::1]:8443"),
            ("[2001:db8::7]", "[2001:db8::7]"),
            ("anmeldung.bücher.example", "anmeldung.xn--bcher-kva.example"),
        ] {
            assert_eq!(Domain::parse(text).unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_host_is_refused_with_the_reason() {
        for (text, want) in [
            ("", "it is empty"),
            ("https://", "it is empty"),
            ("https:///", "it is empty"),
            (" acme.auth0.com", "a space or a line break"),
            ("acme.auth0.com\n", "a space or a line break"),
            ("ftp://acme.auth0.com", "starts with \"ftp://\""),
            ("user:hunter2@acme.auth0.com", "user name or password"),
            ("acme.auth0.com/api/v2/", "the path \"/api/v2\""),
            ("acme.auth0.com\\api", "the path \"\\\\api\""),
            ("acme.auth0.com?x=1", "a query or a fragment"),
            ("acme.auth0.com#x", "a query or a fragment"),
            ("acme.auth0.com:", "port"),
            ("acme.auth0.com:0", "port"),
            ("acme.auth0.com:65536", "port"),
            ("acme.auth0.com:https", "port"),
            (":8443", "not a host name"),
            ("[::1", "not a host name"),
            ("acme<tenant>.auth0.com", "not a host name"),
        ] {
            let err = Domain::parse(text).unwrap_err().to_string();
            assert!(err.contains(want), "{text:?} gave {err:?}");
            assert!(!err.contains("hunter2"), "{err}");
        }
    }

    #[test]
    fn loopback_is_recognized_by_name_and_by_address() {
        for (text, want) in [
            ("localhost:8443", true),
            ("127.0.0.1", true),
            ("127.9.9.9:1", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("128.0.0.1", false),
            ("localhost.example", false),
            ("acme.auth0.com", false),
        ] {
            assert_eq!(Domain::parse(text).unwrap().is_loopback(), want, "{text}");
        }
    }
}
