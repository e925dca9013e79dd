//! The keychain of macOS, by the program that the CLI wrote it with: the keychain asks nothing when
//! it is read by the same one.

use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use tokio::process::Command;
use zeroize::Zeroizing;

use super::text;
use crate::auth0::proxy::Env;

const PROGRAM: &str = "/usr/bin/security";
/// `errSecItemNotFound`, as far as an exit code can hold it.
const NOT_FOUND: i32 = 44;

pub(super) struct Keyring;

impl Keyring {
    pub(super) async fn open(_: Env) -> Result<Self, String> {
        Ok(Self)
    }

    pub(super) async fn secret(
        &self,
        service: &str,
        user: &str,
    ) -> Result<Option<SecretString>, String> {
        let printed = Command::new(PROGRAM)
            .args(["find-generic-password", "-s", service, "-a", user, "-w"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|err| format!("{PROGRAM} cannot be run: {err}"))?;
        let (status, printed) = (printed.status, Zeroizing::new(printed.stdout));
        match status.code() {
            Some(0) => decoded(&printed).map(Some),
            Some(NOT_FOUND) => Ok(None),
            _ => Err(format!("{PROGRAM} failed ({status})")),
        }
    }
}

/// The CLI writes secrets as base64 behind a mark.
fn decoded(printed: &[u8]) -> Result<SecretString, String> {
    let printed = printed.trim_ascii();
    match printed.strip_prefix(b"go-keyring-base64:") {
        None => text(printed.to_vec()),
        Some(encoded) => text(STANDARD.decode(encoded).map_err(|_| "what it holds is no base64")?),
    }
}
