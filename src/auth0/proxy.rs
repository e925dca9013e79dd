use std::net::IpAddr;

use url::Url;

use super::domain::Domain;

/// Reads a variable of the environment.
pub(super) type Env = fn(&str) -> Option<String>;

/// The proxy for `domain`, read from the environment as Go programs read it: `HTTPS_PROXY` and
/// `NO_PROXY`, or their lower-case forms, and none for this machine. `ALL_PROXY` and the settings
/// of the desktop do not count.
///
/// An error names the variable and not its value, which may hold a password.
pub(super) fn proxy_for(
    domain: &Domain,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Option<Url>, String> {
    let first = |names: [&'static str; 2]| {
        names.into_iter().find_map(|name| Some((name, env(name).filter(|v| !v.is_empty())?)))
    };
    let Some((variable, value)) = first(["HTTPS_PROXY", "https_proxy"]) else { return Ok(None) };
    let exceptions = first(["NO_PROXY", "no_proxy"]).map(|(_, list)| list).unwrap_or_default();
    if domain.is_loopback() || is_exempt(domain, &exceptions) {
        return Ok(None);
    }
    match parse_proxy(value.trim()) {
        Some(proxy) => Ok(Some(proxy)),
        None => Err(format!(
            "the environment variable {variable} is not the address of a proxy; \
             write it as http://host:port, https://host:port or socks5://host:port"
        )),
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
    (known && proxy.host_str().is_some_and(|host| !host.is_empty())).then_some(proxy)
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
        Ok(proxy_for(&domain, env)?.map(|proxy| proxy.to_string()))
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
        for value in ["ftp://u:hunter2@p.test", "http://u:hunter2@", "::hunter2::"] {
            let err = proxy("acme.auth0.com", &[("https_proxy", value)]).unwrap_err();
            assert!(err.contains("https_proxy") && !err.contains("hunter2"), "{err}");
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
