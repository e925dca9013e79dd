//! The token that the official CLI keeps, in the keyring of the system or in its file.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{NoProof, jwt, keyring};
use crate::auth0::http::Http;

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    tenants: std::collections::HashMap<String, Tenant>,
}

#[derive(Deserialize)]
struct Tenant {
    access_token: Option<SecretToken>,
}

#[derive(Deserialize)]
#[serde(from = "String")]
struct SecretToken(SecretString);

impl From<String> for SecretToken {
    fn from(token: String) -> Self {
        Self(token.into())
    }
}

/// The token of the CLI for a tenant, and when it expires.
pub(in crate::auth0) async fn token(
    config: &Path,
    http: &Http,
) -> Result<(SecretString, OffsetDateTime), NoProof> {
    let domain = &http.domain().to_string();
    let (token, place) = stored(config, domain, http).await.map_err(|why| NoProof {
        why: format!("Authentication required: {why}"),
        advice: format!("Log in with `auth0 login`, for the tenant {domain}."),
    })?;
    let invalid = |why: String| NoProof {
        why: format!("Token validation failed: {why}"),
        advice: format!("Log in again with `auth0 login`, for the tenant {domain}."),
    };
    let claims = jwt::claims(token.expose_secret())
        .ok_or_else(|| invalid(format!("the token in {place} is no JWT")))?;
    let expires = claims
        .expires()
        .ok_or_else(|| invalid("the token of the Auth0 CLI does not say when it expires".into()))?;
    if expires <= OffsetDateTime::now_utc() {
        let at = jwt::time_in_words(expires);
        return Err(invalid(format!("the token of the Auth0 CLI expired at {at}")));
    }
    Ok((token, expires))
}

/// The token, and where it was. The keyring goes first, as with the CLI itself.
async fn stored(
    config: &Path,
    domain: &str,
    http: &Http,
) -> Result<(SecretString, String), String> {
    let in_keyring = keyring::token(domain, http).await;
    if let Ok(Some(token)) = in_keyring {
        return Ok((token, "the keyring of the system".to_owned()));
    }
    match in_file(config, domain) {
        Ok(token) => Ok((token, config.display().to_string())),
        Err(file) => Err(match in_keyring {
            Ok(_) => format!("{file}; the keyring of the system holds none either"),
            Err(why) => format!("{file}; the keyring of the system cannot be read: {why}"),
        }),
    }
}

/// Faults are told without what is in the file.
fn in_file(config: &Path, domain: &str) -> Result<SecretString, String> {
    let path = config.display();
    let text = std::fs::read_to_string(config)
        .map(SecretString::from)
        .map_err(|err| format!("the file of the Auth0 CLI, {path}, cannot be read: {err}"))?;
    let config: Config = serde_json::from_str(text.expose_secret())
        .map_err(|err| format!("{path} is not a file of the Auth0 CLI: line {}", err.line()))?;
    config
        .tenants
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(domain))
        .and_then(|(_, tenant)| tenant.access_token)
        .map(|token| token.0)
        .filter(|token| !token.expose_secret().is_empty())
        .ok_or_else(|| format!("{path} holds no token for the tenant {domain}"))
}
