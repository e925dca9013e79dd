//! Assertions that are signed here: private key JWT.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{self, RsaEncoding, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use time::OffsetDateTime;

use crate::auth0::pem;

/// Seconds that an assertion is good for: what Auth0 recommends.
const LIFETIME: i64 = 60;

/// The algorithms that Auth0 registers a key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlg {
    Rs256,
    Rs384,
    Ps256,
}

/// An RSA key that signs assertions, and the algorithm that it is registered for.
#[derive(Clone)]
pub struct PrivateKey {
    pair: Arc<RsaKeyPair>,
    alg: SigningAlg,
}

impl SigningAlg {
    /// Their names, as Auth0 writes them.
    pub const NAMES: [&str; 3] = ["RS256", "RS384", "PS256"];

    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Ps256 => "PS256",
        }
    }

    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Rs256 => &signature::RSA_PKCS1_SHA256,
            Self::Rs384 => &signature::RSA_PKCS1_SHA384,
            Self::Ps256 => &signature::RSA_PSS_SHA256,
        }
    }
}

impl FromStr for SigningAlg {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Rs256, Self::Rs384, Self::Ps256].into_iter().find(|alg| alg.name() == name).ok_or(())
    }
}

impl PrivateKey {
    /// Reads a key that is given as PEM, or as the path of a file of it. A fault is told without
    /// repeating what was given.
    pub fn read(text: &str, alg: SigningAlg) -> Result<Self, String> {
        let text = pem::read_key(text)?;
        let der = PrivateKeyDer::from_pem_slice(text.expose_secret().as_bytes());
        let pair = match der {
            Ok(PrivateKeyDer::Pkcs1(der)) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            Ok(PrivateKeyDer::Pkcs8(der)) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            Ok(_) => return Err("it is no RSA key, and Auth0 takes no other".to_owned()),
            Err(PemError::NoItemsFound) => {
                return Err("the PEM holds no private key".to_owned());
            }
            Err(_) => return Err("the PEM is damaged".to_owned()),
        };
        let pair = pair.map_err(|why| match why.to_string().as_str() {
            "WrongAlgorithm" => "it is no RSA key, and Auth0 takes no other".to_owned(),
            why => format!("it is no RSA key of 2048 to 4096 bits that can be used ({why})"),
        })?;
        Ok(Self { pair: Arc::new(pair), alg })
    }

    /// A new assertion of the client `client_id` for the tenant whose token endpoint is `audience`.
    pub(super) fn sign(
        &self,
        client_id: &str,
        audience: &str,
        now: OffsetDateTime,
    ) -> Result<SecretString, String> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'a str,
            typ: &'a str,
        }
        #[derive(Serialize)]
        struct Claims<'a> {
            iss: &'a str,
            sub: &'a str,
            aud: &'a str,
            jti: String,
            iat: i64,
            exp: i64,
        }
        let random = SystemRandom::new();
        let no_randomness = |_| "the system gives no random numbers".to_owned();
        let mut id = [0; 24];
        random.fill(&mut id).map_err(no_randomness)?;
        let iat = now.unix_timestamp();
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: audience,
            jti: URL_SAFE_NO_PAD.encode(id),
            iat,
            exp: iat + LIFETIME,
        };
        let header = encode(&Header { alg: self.alg.name(), typ: "JWT" });
        let signed = format!("{header}.{}", encode(&claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(self.alg.encoding(), &random, signed.as_bytes(), &mut signature)
            .map_err(|_| "`client_assertion_private_key` cannot sign".to_owned())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("alg", &self.alg).finish_non_exhaustive()
    }
}

fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("strings and numbers are always JSON"))
}
