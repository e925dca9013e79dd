use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::proxy::Env;

/// TLS 1.2 or 1.3 by ring, trusting the authorities of the platform, where `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` count as they do for Go programs, and those of `ca_cert_file` in addition.
pub(super) fn client_config(ca_cert_file: Option<&Path>, env: Env) -> Result<ClientConfig, String> {
    let authorities = match ca_cert_file {
        Some(file) => authorities(file)?,
        None => Vec::new(),
    };
    // Named here and not installed for the process, which may use another one for other ends.
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(authorities, ring.clone(), env)
        .map_err(|err| unusable(ca_cert_file, err.as_ref()))?;
    let mut config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .map_err(|err| err.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
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
    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls_native_certs::load_certs_from_paths;
    use std::path::PathBuf;

    let set = |name| env(name).filter(|value| !value.is_empty());
    let file = match set("SSL_CERT_FILE") {
        Some(file) => Some(PathBuf::from(file)),
        None => openssl_probe::probe().cert_file,
    };
    let folders: Vec<PathBuf> = match set("SSL_CERT_DIR") {
        Some(folders) => std::env::split_paths(&folders).collect(),
        None => openssl_probe::candidate_cert_dirs().map(Path::to_owned).collect(),
    };
    let mut roots = RootCertStore::empty();
    // What cannot be read is passed over, as there: an authority that is missing shows soon enough.
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

/// Leaves the judgement to the platform.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn verifier(
    authorities: Vec<CertificateDer<'static>>,
    ring: Arc<CryptoProvider>,
    _: Env,
) -> Verifier {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(authorities, ring)?))
}

/// Whether `ca_cert_file` can be used, or what is wrong with it in the words of its reader.
pub fn check_ca_cert_file(file: &Path) -> Result<(), String> {
    authorities(file).map(|_| ())
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let refuse = |why: &str| format!("the file of `ca_cert_file`, {}, {why}", file.display());
    let text = fs::read(file).map_err(|err| refuse(&format!("cannot be read: {err}")))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|err| refuse(&format!("is not valid PEM: {err}")))?;
    if certificates.is_empty() {
        let begins = "\"-----BEGIN CERTIFICATE-----\"";
        return Err(refuse(&format!("holds no certificate: PEM is expected, with lines {begins}")));
    }
    Ok(certificates)
}

fn unusable(ca_cert_file: Option<&Path>, err: &dyn std::error::Error) -> String {
    match ca_cert_file {
        Some(file) => format!(
            "a certificate in the file of `ca_cert_file`, {}, cannot be used as an authority: {err}",
            file.display()
        ),
        None => format!(
            "this machine has no certificate authorities to check Auth0 against ({err}); install \
             its package of CA certificates, or set `ca_cert_file` or SSL_CERT_FILE"
        ),
    }
}
