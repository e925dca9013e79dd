//! JSON Web Tokens, RS256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

/// The key of every simulator. `ring` cannot make RSA keys, so one is built in: whoever reads this
/// repository can sign with it. That is why a simulator also remembers the tokens it issued, and
/// why the key must be used for nothing else.
const WORTHLESS_KEY: &[u8] = include_bytes!("worthless_signing_key.der");

/// Signs tokens and checks signatures.
pub(crate) struct SigningKey(RsaKeyPair);

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    #[serde(default)]
    kid: String,
}

/// The claims of an access token, in the order of Auth0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) scope: String,
    pub(crate) gty: String,
    pub(crate) azp: String,
}

/// A token taken apart; nothing in it is proven yet.
pub(crate) struct Unverified<'a> {
    pub(crate) claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

impl SigningKey {
    pub(crate) fn load() -> Self {
        Self(RsaKeyPair::from_pkcs8(WORTHLESS_KEY).expect("the built-in key is a valid one"))
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let header = Header { alg: "RS256".into(), typ: "JWT".into(), kid: "simulator".into() };
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .expect("the signature has the length of the modulus");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub(crate) fn has_signed(&self, token: &Unverified<'_>) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.0.public_key())
            .verify(token.signed.as_bytes(), &token.signature)
            .is_ok()
    }
}

/// Takes a token apart, if it is a JWT of our algorithm with our claims.
pub(crate) fn read(token: &str) -> Option<Unverified<'_>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = decode(header)?;
    let claims = decode(claims)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    (header.alg == "RS256").then_some(Unverified { claims, signed, signature })
}

/// Whether `token` has the outer form of a JWT: three parts of base64url.
pub(crate) fn is_jwt_shaped(token: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let mut parts = 0;
    token.split('.').all(|part| {
        parts += 1;
        !part.is_empty() && part.bytes().all(is_base64url)
    }) && parts == 3
}

fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("plain strings and numbers"))
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            iss: "https://acme-dev.eu.auth0.com/".into(),
            sub: "abc@clients".into(),
            aud: "https://acme-dev.eu.auth0.com/api/v2/".into(),
            iat: 1,
            exp: 2,
            scope: "read:actions".into(),
            gty: "client-credentials".into(),
            azp: "abc".into(),
        }
    }

    #[test]
    fn a_signed_token_is_read_back() {
        let key = SigningKey::load();
        let token = key.sign(&claims());
        assert!(is_jwt_shaped(&token));
        let read = read(&token).unwrap();
        assert_eq!(read.claims, claims());
        assert!(key.has_signed(&read));
    }

    #[test]
    fn a_changed_token_has_a_bad_signature() {
        let key = SigningKey::load();
        let token = key.sign(&claims());
        let more = encode(&Claims { scope: "delete:actions".into(), ..claims() });
        let (header, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let forged = format!("{header}.{more}.{signature}");
        assert!(!key.has_signed(&read(&forged).unwrap()));
    }

    #[test]
    fn a_token_without_signature_algorithm_is_not_read() {
        let header = encode(&Header { alg: "none".into(), typ: "JWT".into(), kid: String::new() });
        assert!(read(&format!("{header}.{}.AA", encode(&claims()))).is_none());
    }

    #[test]
    fn three_parts_of_base64url_look_like_a_token() {
        for (token, want) in [
            ("eyJ.e30.c2ln", true),
            ("opaque", false),
            ("a.b", false),
            ("a.b.c.d", false),
            ("a..c", false),
            ("a.b.c=", false),
            ("", false),
        ] {
            assert_eq!(is_jwt_shaped(token), want, "{token}");
        }
    }
}
