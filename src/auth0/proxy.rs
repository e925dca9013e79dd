use std::fmt;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::Url;

use super::domain::Domain;
use crate::redact;

/// Reads a variable of the environment.
pub(super) type Env = fn(&str) -> Option<String>;

/// The value of a variable; one that is empty counts as not set.
pub(super) fn set(env: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.is_empty())
}

/// The address of a proxy, and what gave it. Neither `Debug` nor a message shows its password.
#[derive(Clone)]
pub struct Proxy {
    url: Url,
    /// The attribute or variable, as people are told of it.
    named: &'static str,
}

/// Why a text is no proxy, in words that do not repeat it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the address of a proxy; write it as http://host:port, https://host:port or \
     socks5://host:port, with USER:PASSWORD@ before the host where the proxy asks for them, and \
     characters such as @ : / # in them as %40 %3A %2F %23"
)]
pub struct NotAProxy;

impl Proxy {
    /// Reads what `named` gives. The password in it is hidden from every log and message from now
    /// on.
    pub fn read(text: &str, named: &'static str) -> Result<Self, NotAProxy> {
        let url = parse_proxy(text.trim()).ok_or(NotAProxy)?;
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        match url.password() {
            Some(password) => {
                redact::register(password);
                redact::register(&decoded(password));
                // The base64 of this is the header that the proxy gets.
                redact::register(&format!("{}:{}", decoded(url.username()), decoded(password)));
            }
            // A name alone may be a token.
            None => {
                redact::register(url.username());
                redact::register(&decoded(url.username()));
            }
        }
        Ok(Self { url, named })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn named(&self) -> &'static str {
        self.named
    }

    pub(super) fn has_login(&self) -> bool {
        !self.url.username().is_empty() || self.url.password().is_some()
    }

    /// Whether the proxy itself is spoken to by TLS.
    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("named", &self.named).finish_non_exhaustive()
    }
}

/// The proxy for `domain`: the configured one, or that of the environment, which is read as Go
/// programs read it, from `HTTPS_PROXY` or its lower-case form. For this machine, and for what
/// `NO_PROXY` names, there is none. `ALL_PROXY` and the settings of the desktop do not count.
pub(super) fn proxy_for(
    domain: &Domain,
    configured: Option<&Proxy>,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, String> {
    let first = |names: [&'static str; 2]| {
        names.into_iter().find_map(|name| Some((name, set(&env, name)?)))
    };
    let exceptions = first(["NO_PROXY", "no_proxy"]).map(|(_, list)| list).unwrap_or_default();
    if domain.is_loopback() || is_exempt(domain, &exceptions) {
        return Ok(None);
    }
    match (configured, first(["HTTPS_PROXY", "https_proxy"])) {
        (Some(proxy), _) => Ok(Some(proxy.clone())),
        (None, Some((variable, value))) => Proxy::read(&value, variable)
            .map(Some)
            .map_err(|why| format!("the environment variable {variable} is {why}")),
        (None, None) => Ok(None),
    }
}

fn parse_proxy(value: &str) -> Option<Url> {
    let proxy = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    // Go lets the proxy resolve names with either spelling of the scheme.
    let proxy = match proxy.strip_prefix("socks5://") {
        Some(rest) => format!("socks5h://{rest}"),
        None => proxy,
    };
    let proxy = Url::parse(&proxy).ok()?;
    let known = matches!(proxy.scheme(), "http" | "https" | "socks5h");
    let host = proxy.host_str().filter(|host| !host.is_empty());
    // A password with a slash in it ends the host early, and most of it is then no password.
    let cut = proxy[url::Position::AfterPort..].contains('@');
    (known && host.is_some() && !cut).then_some(proxy)
}

/// Whether an entry of `NO_PROXY` fits: an address, a network, a host with its subdomains, a dot
/// and subdomains only, each with an optional port, or `*`.
fn is_exempt(domain: &Domain, list: &str) -> bool {
    let host = domain.host();
    let host = host.trim_matches(['[', ']']);
    let address: Option<IpAddr> = host.parse().ok();
    list.split(',').map(|entry| entry.trim().to_lowercase()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some((network, bits)) = network(&entry) {
            return address.is_some_and(|address| contains(network, bits, address));
        }
        let (name, port) = split_port(&entry);
        if name.is_empty() || port.is_some_and(|port| port != domain.port().to_string()) {
            return false;
        }
        match name.parse::<IpAddr>() {
            Ok(ip) => address == Some(ip),
            Err(_) => is_within(host, name),
        }
    })
}

/// Whether `host` lies below `name`, or is `name`, which a leading dot or `*.` rules out.
fn is_within(host: &str, name: &str) -> bool {
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host == name || host.strip_suffix(name).is_some_and(|below| below.ends_with('.')),
    }
}

fn network(entry: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = entry.split_once('/')?;
    let (address, bits) = (address.parse::<IpAddr>().ok()?, bits.parse::<u8>().ok()?);
    (bits <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, bits))
}

fn contains(network: IpAddr, bits: u8, address: IpAddr) -> bool {
    let same = |a: u128, b: u128, width: u8| {
        a.checked_shr(u32::from(width - bits)) == b.checked_shr(u32::from(width - bits))
    };
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

fn split_port(entry: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, rest.strip_prefix(':'));
    }
    match entry.split_once(':') {
        // More than one colon is an IPv6 address without a port.
        Some((name, port)) if !port.contains(':') => (name, Some(port)),
        _ => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(domain: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let domain = Domain::parse(domain).unwrap();
        let env = |name: &str| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Ok(proxy_for(&domain, None, env)?.map(|proxy| proxy.url.to_string()))
    }

    #[test]
    fn the_proxy_is_read_from_the_variables_that_go_reads() {
        for (variables, want) in [
            (&[][..], None),
            (&[("HTTPS_PROXY", "http://p.test:3128")][..], Some("http://p.test:3128/")),
            (&[("https_proxy", "p.test:3128")], Some("http://p.test:3128/")),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "p.test")], Some("http://p.test/")),
            (&[("HTTPS_PROXY", "https://u:pw@p.test")], Some("https://u:pw@p.test/")),
            (&[("HTTPS_PROXY", "socks5://p.test:1080")], Some("socks5h://p.test:1080")),
            (&[("HTTP_PROXY", "http://p.test"), ("ALL_PROXY", "http://p.test")], None),
        ] {
            assert_eq!(proxy("acme.auth0.com", variables), Ok(want.map(str::to_owned)));
        }
    }

    #[test]
    fn a_variable_that_is_no_proxy_is_named_and_its_value_is_not() {
        for value in [
            "ftp://u:hunter2@p.test",
            "http://u:hunter2@",
            "::hunter2::",
            "http://u:1/hunter2@p.test",
        ] {
            let err = proxy("acme.auth0.com", &[("https_proxy", value)]).unwrap_err();
            assert!(err.contains("https_proxy") && !err.contains("hunter2"), "{err}");
        }
    }

    #[test]
    fn the_configured_proxy_takes_the_place_of_the_variable_and_not_of_the_exceptions() {
        let configured = Proxy::read("http://q.test:8080", "`proxy_url`").unwrap();
        let env = |name: &str| match name {
            "HTTPS_PROXY" => Some("not a proxy".to_owned()),
            "NO_PROXY" => Some("exempt.auth0.com".to_owned()),
            _ => None,
        };
        for (domain, want) in [
            ("acme.auth0.com", Some("http://q.test:8080/")),
            ("exempt.auth0.com", None),
            ("localhost:8443", None),
        ] {
            let domain = Domain::parse(domain).unwrap();
            let proxy = proxy_for(&domain, Some(&configured), env).unwrap();
            assert_eq!(proxy.as_ref().map(|proxy| proxy.url.as_str()), want, "{domain}");
        }
    }

    #[test]
    fn what_a_proxy_is_logged_in_with_is_hidden_from_then_on() {
        let proxy = Proxy::read("http://user:pr0xy%40canary@p.test", "`proxy_url`").unwrap();
        assert!(proxy.has_login());
        assert!(!format!("{proxy:?}").contains("canary"), "{proxy:?}");
        Proxy::read("http://t0ken-canary@p.test", "`proxy_url`").unwrap();
        for text in [
            "pr0xy@canary",
            "http://user:pr0xy%40canary@p.test",
            "Proxy-Authorization: Basic dXNlcjpwcjB4eUBjYW5hcnk=",
            "http://t0ken-canary@p.test",
        ] {
            let said = redact::redact(text);
            assert!(said.contains("(sensitive value)"), "{said}");
            assert!(!said.contains("canary") && !said.contains("dXNlcjpw"), "{said}");
        }
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy() {
        for domain in ["localhost:8443", "127.0.0.1:8443", "127.3.2.1", "[::1]:8443"] {
            assert_eq!(proxy(domain, &[("HTTPS_PROXY", "http://p.test")]), Ok(None), "{domain}");
        }
    }

    #[test]
    fn no_proxy_lists_hosts_networks_and_ports_as_in_go() {
        for (domain, list, exempt) in [
            ("acme.auth0.com", "auth0.com", true),
            ("acme.auth0.com", "other.test, AUTH0.com", true),
            ("acme.auth0.com", ".auth0.com", true),
            ("acme.auth0.com", "*.auth0.com", true),
            ("acme.auth0.com", "acme.auth0.com:443", true),
            ("acme.auth0.com", "acme.auth0.com:8443", false),
            ("acme.auth0.com:8443", "auth0.com:8443", true),
            ("acme.auth0.com", ".acme.auth0.com", false),
            ("notauth0.com", "auth0.com", false),
            ("acme.auth0.com", "*", true),
            ("acme.auth0.com", " , :443,", false),
            ("10.1.2.3", "10.0.0.0/8", true),
            ("11.1.2.3", "10.0.0.0/8", false),
            ("10.1.2.3", "0.0.0.0/0", true),
            ("10.1.2.3", "10.1.2.3:443", true),
            ("[2001:db8::7]", "2001:db8::/32", true),
            ("[2001:db8::7]", "2001:db8::7", true),
            ("[2001:db8::7]:99", "[2001:db8::7]:99", true),
            ("[2001:db8::7]", "::/0", true),
        ] {
            let got = proxy(domain, &[("HTTPS_PROXY", "http://p.test"), ("no_proxy", list)]);
            assert_eq!(got.unwrap().is_none(), exempt, "{domain} with {list:?}");
        }
    }
}
