use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};

use super::chain::Explaining;
use super::domain::Domain;
use super::network::Network;
use super::proxy::Env;

/// TLS 1.2 or 1.3 by ring, trusting the authorities of the platform, where `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` count as they do for Go programs, and those that are configured in addition.
pub(super) fn client_config(
    network: &Network,
    domain: &Domain,
    env: Env,
) -> Result<ClientConfig, String> {
    // Named here and not installed for the process, which may use another one for other ends.
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let inner = verifier(network.authorities.certificates().to_vec(), ring.clone(), env)
        .map_err(|err| no_authorities(err.as_ref(), names_nothing(env)))?;
    let host = domain.host();
    let host = ServerName::try_from(host.trim_matches(['[', ']'])).ok().map(|name| name.to_owned());
    let config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .map_err(|err| err.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Explaining { inner, host }));
    let mut config = match &network.client_certificate {
        Some(certificate) => config.with_client_cert_resolver(certificate.resolver()),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

type Verifier = Result<Arc<dyn ServerCertVerifier>, Box<dyn std::error::Error>>;

/// Trusts the platform's authorities in files. Each variable takes the place of its own half of
/// them, and an empty one is not set (Go, `crypto/x509/root_unix.go`).
#[cfg(all(unix, not(target_vendor = "apple")))]
fn verifier(
    authorities: Vec<CertificateDer<'static>>,
    ring: Arc<CryptoProvider>,
    env: Env,
) -> Verifier {
    use super::proxy::set;
    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls_native_certs::load_certs_from_paths;
    use std::path::PathBuf;

    let file = match set(env, "SSL_CERT_FILE") {
        Some(file) => Some(PathBuf::from(file)),
        None => openssl_probe::probe().cert_file,
    };
    let folders: Vec<PathBuf> = match set(env, "SSL_CERT_DIR") {
        Some(folders) => std::env::split_paths(&folders).collect(),
        None => openssl_probe::candidate_cert_dirs().map(Path::to_owned).collect(),
    };
    let mut roots = RootCertStore::empty();
    // What cannot be read is passed over, as there; `names_nothing` tells of it where that matters.
    let found = load_certs_from_paths(file.as_deref(), None).certs;
    roots.add_parsable_certificates(found);
    for folder in &folders {
        roots.add_parsable_certificates(load_certs_from_paths(None, Some(folder)).certs);
    }
    for authority in authorities {
        roots.add(authority)?;
    }
    Ok(WebPkiServerVerifier::builder_with_provider(Arc::new(roots), ring).build()?)
}

/// Which of the two variables is set and gives no authority at all, in a sentence.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) fn names_nothing(env: Env) -> Option<String> {
    use super::proxy::set;
    use rustls_native_certs::load_certs_from_paths;

    ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find_map(|variable| {
        let named = set(env, variable)?;
        let is_empty = match variable {
            "SSL_CERT_FILE" => load_certs_from_paths(Some(Path::new(&named)), None).certs.is_empty(),
            _ => std::env::split_paths(&named)
                .all(|folder| load_certs_from_paths(None, Some(&folder)).certs.is_empty()),
        };
        is_empty.then(|| {
            format!(
                "The environment variable {variable} is {named:?}, where no certificate can be read; \
                 it takes the place of the system's authorities all the same."
            )
        })
    })
}

/// Neither variable counts here.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(super) fn names_nothing(_: Env) -> Option<String> {
    None
}

/// Leaves the judgement to the platform.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn verifier(
    authorities: Vec<CertificateDer<'static>>,
    ring: Arc<CryptoProvider>,
    _: Env,
) -> Verifier {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(authorities, ring)?))
}

fn no_authorities(err: &dyn std::error::Error, why: Option<String>) -> String {
    let why = why.map(|why| format!(". {why}")).unwrap_or_default();
    format!(
        "this machine has no certificate authorities to check Auth0 against ({err}); install its \
         package of CA certificates, or set `ca_cert_file`, `ca_cert_pem` or SSL_CERT_FILE{why}"
    )
}
