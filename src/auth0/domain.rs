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
    #[error("it has a scheme twice, {0:?}; give the host alone")]
    SchemeTwice(String),
    #[error(
        "it is {0}, an address of Auth0 itself and of no tenant; a tenant's domain looks like \
         \"acme-dev.eu.auth0.com\", and the Dashboard shows it among the settings of every \
         application"
    )]
    Dashboard(String),
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
        refuse_the_dashboard(rest)?;
        refuse_more_than_a_host(rest)?;
        let url = Url::parse(&format!("https://{rest}")).map_err(|err| match err {
            url::ParseError::InvalidPort => DomainError::Port,
            err => DomainError::Host(err.to_string()),
        })?;
        if rest.ends_with(':') || url.port() == Some(0) {
            return Err(DomainError::Port);
        }
        let host = match url.host() {
            // A dot at the end says to DNS that the name is whole; certificates have none.
            Some(Host::Domain(name)) => {
                Host::Domain(name.strip_suffix('.').unwrap_or(name).to_owned())
            }
            Some(host) => host.to_owned(),
            None => return Err(DomainError::Empty),
        };
        if matches!(&host, Host::Domain(name) if name.split('.').any(str::is_empty)) {
            return Err(DomainError::Host("it has a dot too many".to_owned()));
        }
        Ok(Self { host, port: url.port() })
    }

    /// `https://` and the domain, without a trailing slash.
    pub(super) fn origin(&self) -> String {
        format!("https://{self}")
    }

    /// The host as written in a URL, with the brackets of an IPv6 address.
    pub(super) fn host(&self) -> String {
        self.host.to_string()
    }

    /// The host, unless it is an address.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.host {
            Host::Domain(name) => Some(name),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
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
    let Some((scheme, rest)) = text.split_once("://") else {
        return match misspelled_scheme(text) {
            Some(scheme) => Err(DomainError::Scheme(scheme.to_owned())),
            None => Ok(text),
        };
    };
    // What stands before a later "://" may hold anything, so only a scheme is repeated.
    if !scheme.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(DomainError::Host("it contains \"://\"".to_owned()));
    }
    if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(DomainError::Scheme(format!("{scheme}://")));
    }
    match rest.split_once("://").map(|(second, _)| second).or_else(|| misspelled_scheme(rest)) {
        Some(second) if second.chars().all(|c| c.is_ascii_alphanumeric() || ":/".contains(c)) => {
            let end = if second.contains(['/', ':']) { "" } else { "://" };
            Err(DomainError::SchemeTwice(format!("{scheme}://{second}{end}")))
        }
        _ => Ok(rest),
    }
}

/// What a text begins with that was to be `https://`, such as `https:/` or `https//`.
fn misspelled_scheme(text: &str) -> Option<&str> {
    let word = ["https", "http"]
        .into_iter()
        .find(|word| text.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word)))?;
    let rest = text[word.len()..].trim_start_matches([':', '/']);
    let scheme = &text[..text.len() - rest.len()];
    // "https:8443" is a host of that name, and its port.
    let is_port = scheme.ends_with(':') && rest.starts_with(|c: char| c.is_ascii_digit());
    (scheme.len() > word.len() && !rest.is_empty() && !is_port).then_some(scheme)
}

/// Refuses addresses of Auth0 that people copy from their browser.
fn refuse_the_dashboard(rest: &str) -> Result<(), DomainError> {
    let host = rest.split([':', '/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    match ["manage.auth0.com", "www.auth0.com", "auth0.com"].contains(&host.as_str()) {
        true => Err(DomainError::Dashboard(host)),
        false => Ok(()),
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
            ("acme.eu.auth0.com.", "acme.eu.auth0.com"),
            ("https:8443", "https:8443"),
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
            ("https://https://acme.auth0.com", "has a scheme twice, \"https://https://\""),
            ("https://http:/acme.auth0.com", "has a scheme twice, \"https://http:/\""),
            ("https:/acme.auth0.com", "starts with \"https:/\""),
            ("https//acme.auth0.com", "starts with \"https//\""),
            ("HTTPS:acme.auth0.com", "starts with \"HTTPS:\""),
            (
                "https://manage.auth0.com/dashboard/eu/acme",
                "it is manage.auth0.com, an address of Auth0 itself",
            ),
            ("manage.auth0.com", "and the Dashboard shows it"),
            ("auth0.com", "it is auth0.com, an address of Auth0 itself"),
            ("acme..eu.auth0.com", "a dot too many"),
            (".eu.auth0.com", "a dot too many"),
            ("https://hunter2@x://acme.auth0.com", "user name or password"),
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
