//! What is likely wrong with a domain at which no tenant answers.

use super::domain::Domain;

/// Where Auth0's public cloud is.
const REGIONS: [&str; 6] = ["us", "eu", "au", "jp", "uk", "ca"];
/// So many wrong letters are still a slip of the fingers.
const SLIP: usize = 2;

/// The mistake that a domain looks like, in a sentence, where it looks like one.
pub(super) fn mistake(domain: &Domain) -> Option<String> {
    let name = domain.name()?;
    let labels: Vec<&str> = name.split('.').collect();
    match labels[..] {
        _ if domain.is_loopback() => None,
        // Domains of the first years have none, and DNS knows TENANT.auth0.com for every TENANT.
        [tenant, "auth0", "com"] => Some(format!(
            "The region may be missing: only old tenants of the US have none, all others are at \
             TENANT.REGION.auth0.com, such as {tenant}.us.auth0.com or {tenant}.eu.auth0.com."
        )),
        [_, .., region, "auth0", "com"] if !REGIONS.contains(&region) => {
            Some(format!("Auth0 has no region {region:?}; its regions are {}.", REGIONS.join(", ")))
        }
        [.., "auth0", "com"] => None,
        [tenant] => Some(format!(
            "The name of a tenant alone is no domain: is {tenant}.us.auth0.com or \
             {tenant}.eu.auth0.com meant?"
        )),
        [tenant, region] if REGIONS.contains(&region) => {
            Some(format!("Is {tenant}.{region}.auth0.com meant?"))
        }
        _ => slip(&labels),
    }
}

/// A domain that ends almost like Auth0's own.
fn slip(labels: &[&str]) -> Option<String> {
    let is_near = |end: &str, meant: &str| strsim::osa_distance(end, meant) <= SLIP;
    let before = match labels {
        [before @ .., one] if is_near(one, "auth0com") => before,
        [before @ .., auth0, com] if is_near(&format!("{auth0}.{com}"), "auth0.com") => before,
        _ => return None,
    };
    (!before.is_empty()).then(|| format!("Is {}.auth0.com meant?", before.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_domain_looks_like_is_told() {
        for (domain, want) in [
            ("acme", "is acme.us.auth0.com or acme.eu.auth0.com meant?"),
            ("acme.auth0.com", "such as acme.us.auth0.com or acme.eu.auth0.com"),
            ("acme.eu", "Is acme.eu.auth0.com meant?"),
            ("acme.eur.auth0.com", "no region \"eur\"; its regions are us, eu, au, jp, uk, ca"),
            ("acme.eu.auth0.con", "Is acme.eu.auth0.com meant?"),
            ("acme.eu.auht0.com", "Is acme.eu.auth0.com meant?"),
            ("acme.eu.autho.com", "Is acme.eu.auth0.com meant?"),
            ("acme.eu.auth0com", "Is acme.eu.auth0.com meant?"),
            ("acme.eu.auth0.co", "Is acme.eu.auth0.com meant?"),
        ] {
            let said = mistake(&Domain::parse(domain).unwrap()).unwrap_or_default();
            assert!(said.contains(want), "{domain}: {said}");
        }
        for domain in ["acme.eu.auth0.com", "login.acme.com", "localhost:1", "127.0.0.1", "[::1]"] {
            assert_eq!(mistake(&Domain::parse(domain).unwrap()), None, "{domain}");
        }
    }
}
