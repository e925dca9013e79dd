//! The keyring of the system, in which the official CLI keeps its token where there is one. The
//! CLI's library decides how it is named and written on each platform (zalando/go-keyring 0.2).

#[cfg_attr(all(unix, not(target_vendor = "apple")), path = "secret_service.rs")]
#[cfg_attr(target_vendor = "apple", path = "keychain.rs")]
#[cfg_attr(windows, path = "credential_manager.rs")]
mod platform;

use secrecy::{ExposeSecret, SecretString};

use crate::auth0::error::in_words;
use crate::auth0::http::Http;
use crate::auth0::proxy::Env;
use platform::Keyring;

/// A token is cut into so many entries at most (official CLI, `internal/keyring`).
const MOST_PARTS: usize = 50;

/// The token of the CLI for a tenant, or None where the keyring holds none. The error says in words
/// why the keyring cannot be read. It may ask the person at the desk to unlock it.
pub(super) async fn token(domain: &str, http: &Http) -> Result<Option<SecretString>, String> {
    let limit = http.limits().keyring;
    tokio::select! {
        biased;
        () = http.stop().cancelled() => Err("the run is being stopped".to_owned()),
        read = tokio::time::timeout(limit, read(domain, http.env())) => {
            read.unwrap_or_else(|_| Err(format!("it did not answer within {}", in_words(limit))))
        }
    }
}

async fn read(domain: &str, env: Env) -> Result<Option<SecretString>, String> {
    let keyring = Keyring::open(env).await?;
    let mut parts: Vec<SecretString> = Vec::new();
    for n in 0..MOST_PARTS {
        match keyring.secret(&format!("Auth0 CLI Access Token {n}"), domain).await? {
            Some(part) => parts.push(part),
            None => break,
        }
    }
    let whole: String = parts.iter().map(|part| part.expose_secret()).collect();
    Ok(Some(SecretString::from(whole)).filter(|token| !token.expose_secret().is_empty()))
}

/// A secret as text; what it is instead is told without it.
fn text(secret: Vec<u8>) -> Result<SecretString, String> {
    use zeroize::Zeroize;

    String::from_utf8(secret).map(SecretString::from).map_err(|err| {
        err.into_bytes().zeroize();
        "what it holds is no text".to_owned()
    })
}
