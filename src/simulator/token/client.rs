//! Who asks for a token, and whether that is proven in the one way the client is registered for.

use super::super::errors::TokenError;
use super::super::options::ClientAuthentication;
use super::assertion::{Accepted, Credential, Presented};
use super::parameters::Parameters;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{AUTHORIZATION, HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

/// The one client of the tenant.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) authentication: ClientAuthentication,
    /// What a client with `private_key_jwt` has registered.
    pub(crate) credential: Credential,
}

/// What a request brings to prove who asks.
enum Proof {
    Basic {
        id: String,
        secret: String,
    },
    Post {
        id: String,
        secret: String,
    },
    /// `private_key_jwt`.
    Assertion,
}

impl Client {
    /// Whether the request, for the domain of `issuer`, is this client's.
    pub(super) fn authenticate(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
        (issuer, now): (&str, i64),
        accepted: &mut Accepted,
    ) -> Result<(), TokenError> {
        match (Proof::read(headers, parameters)?, self.authentication) {
            (Proof::Post { id, secret }, ClientAuthentication::ClientSecretPost)
            | (Proof::Basic { id, secret }, ClientAuthentication::ClientSecretBasic) => {
                if id == self.id && secret == self.secret.expose_secret() {
                    Ok(())
                } else {
                    Err(TokenError::unauthorized())
                }
            }
            (Proof::Assertion, ClientAuthentication::PrivateKeyJwt) => {
                let presented = Presented { client_id: &self.id, audience: issuer, now };
                match self.credential.accepts(parameters, &presented, accepted) {
                    true => Ok(()),
                    false => Err(TokenError::invalid_client()),
                }
            }
            (Proof::Basic { .. } | Proof::Post { .. } | Proof::Assertion, _) => {
                Err(TokenError::invalid_client())
            }
        }
    }
}

impl Proof {
    /// The one proof of a request; two of them are as wrong as the wrong one.
    fn read(headers: &HeaderMap, parameters: &Parameters) -> Result<Self, TokenError> {
        let assertion = parameters.get("client_assertion").is_some()
            || parameters.get("client_assertion_type").is_some();
        let secret = parameters.get("client_secret");
        match (headers.get(AUTHORIZATION), assertion, secret) {
            (Some(header), false, None) => {
                header.to_str().ok().and_then(basic).ok_or_else(TokenError::invalid_client)
            }
            (None, true, None) => Ok(Self::Assertion),
            (None, false, Some(secret)) => {
                let id = parameters.require("client_id")?.to_owned();
                Ok(Self::Post { id, secret: secret.to_owned() })
            }
            (None, false, None) => {
                parameters.require("client_id")?;
                Err(TokenError::unauthorized())
            }
            _ => Err(TokenError::invalid_client()),
        }
    }
}

/// Id and secret are each form-encoded before they are joined.
fn basic(header: &str) -> Option<Proof> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    let decode = |text: &str| {
        form_urlencoded::parse(format!("x={text}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    Some(Proof::Basic { id: decode(id)?, secret: decode(secret)? })
}
