//! What a command must trust to reach the simulator and everything else.

use std::io;
use std::path::{Path, PathBuf};

/// Where the roots of a system are, as one file: Debian and Alpine, Fedora, older Red Hat, SUSE,
/// the BSDs and macOS.
const SYSTEM_ROOTS: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
];

/// The roots of `SSL_CERT_FILE` or else of the system, and `ca`. Comments in such files need not be
/// text.
pub(super) fn system_roots_and(ca: &str) -> Vec<u8> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let usual = SYSTEM_ROOTS.iter().map(PathBuf::from);
    let mut candidates = named.into_iter().chain(usual);
    let roots = candidates.find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
    [roots.trim_ascii_end(), b"\n", ca.as_bytes()].concat()
}

/// A directory that is gone when it is dropped.
pub(super) struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    pub(super) fn create() -> io::Result<Self> {
        let name = format!("auth0-simulator-{}-{:x}", std::process::id(), fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        // What is left in the system's temporary directory does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Writes a file and returns its absolute path.
pub(super) fn write(
    directory: &Path,
    name: &str,
    contents: impl AsRef<[u8]>,
) -> io::Result<PathBuf> {
    let path = std::path::absolute(directory)?.join(name);
    std::fs::write(&path, contents)?;
    Ok(path)
}
