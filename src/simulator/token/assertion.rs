//! `private_key_jwt`: a client that proves itself with a JWT, signed by a key it has registered.

use super::super::options::SigningAlg;
use super::parameters::Parameters;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256,
    RsaKeyPair, RsaParameters, UnparsedPublicKey,
};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::io;
use std::path::Path;

/// The key of every client that is registered for `private_key_jwt` without a key of its own.
/// `ring` cannot make one; like that of the tokens it is built in, and good for nothing else.
const WORTHLESS_KEY: &[u8] = include_bytes!("worthless_client_key.der");

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST: usize = 2048;
const LONGEST_CLAIM: usize = 64;
const LONGEST_ALG: usize = 16;
/// Seconds that an assertion lives at most.
const LIFETIME: i64 = 300;
/// Seconds that the clocks may differ.
const SKEW: i64 = 10;

/// What a client has registered: a public key and the one algorithm for it.
#[derive(Debug)]
pub(crate) struct Credential {
    /// As PKCS#1 has it.
    public_key: Vec<u8>,
    alg: SigningAlg,
}

/// The ids of the assertions that were accepted.
#[derive(Debug, Default)]
pub(crate) struct Accepted(HashSet<String>);

/// Where and when an assertion is presented.
pub(super) struct Presented<'a> {
    pub(super) client_id: &'a str,
    /// The issuer of the domain that was called: `https://{domain}/`.
    pub(super) audience: &'a str,
    pub(super) now: i64,
}

impl Credential {
    /// That of a PEM file with a public key, or of the built-in key.
    pub(crate) fn register(file: Option<&Path>, alg: SigningAlg) -> io::Result<Self> {
        let public_key = match file {
            Some(file) => read(file)
                .map_err(|why| io::Error::new(why.kind(), format!("{}: {why}", file.display())))?,
            None => RsaKeyPair::from_pkcs8(WORTHLESS_KEY)
                .expect("the built-in key is a valid one")
                .public_key()
                .as_ref()
                .to_vec(),
        };
        Ok(Self { public_key, alg })
    }

    pub(crate) fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// Whether the request's assertion proves the client. It is accepted once.
    pub(super) fn accepts(
        &self,
        parameters: &Parameters,
        presented: &Presented<'_>,
        accepted: &mut Accepted,
    ) -> bool {
        let is_own = parameters.get("client_id").is_none_or(|id| id == presented.client_id);
        let is_jwt = parameters.get("client_assertion_type") == Some(JWT_BEARER);
        let assertion = parameters.get("client_assertion").filter(|_| is_own && is_jwt);
        let id = assertion.and_then(|assertion| self.verify(assertion, presented));
        id.is_some_and(|id| accepted.0.insert(id))
    }

    /// The id of an assertion, if it is one of this client for this place and time.
    fn verify(&self, assertion: &str, presented: &Presented<'_>) -> Option<String> {
        if assertion.len() > LONGEST {
            return None;
        }
        let (signed, signature) = assertion.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let (header, claims) = (object(header)?, object(claims)?);
        let alg = text(&header, "alg", LONGEST_ALG)?;
        if alg != self.alg.name() || !self.has_signed(signed, signature) {
            return None;
        }
        let issued_by_client = ["iss", "sub"]
            .iter()
            .all(|name| text(&claims, name, LONGEST_CLAIM) == Some(presented.client_id));
        let is_for_us = claims.get("aud").and_then(Value::as_str) == Some(presented.audience);
        (issued_by_client && is_for_us && is_timely(&claims, presented.now)?)
            .then(|| text(&claims, "jti", LONGEST_CLAIM).map(str::to_owned))
            .flatten()
    }

    fn has_signed(&self, signed: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        UnparsedPublicKey::new(self.alg.parameters(), &self.public_key)
            .verify(signed.as_bytes(), &signature)
            .is_ok()
    }
}

impl SigningAlg {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Ps256 => "PS256",
        }
    }

    fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}

/// The private half of the built-in key, as PEM.
pub(crate) fn built_in_key_pem() -> String {
    let text = STANDARD.encode(WORTHLESS_KEY);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
    // Put together here, so that no search for lost keys finds one in this repository.
    let kind = "PRIVATE KEY";
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}

fn is_timely(claims: &Map<String, Value>, now: i64) -> Option<bool> {
    let optional = |name| match claims.get(name) {
        None => Some(None),
        Some(time) => time.as_i64().map(Some),
    };
    let (issued, not_before) = (optional("iat")?, optional("nbf")?);
    let expires = claims.get("exp")?.as_i64()?;
    let in_future = |time: Option<i64>| time.is_some_and(|time| time > now.saturating_add(SKEW));
    let lives_too_long = |from: i64| expires > from.saturating_add(LIFETIME);
    Some(
        expires > now - SKEW
            && !lives_too_long(now + SKEW)
            && !issued.is_some_and(lives_too_long)
            && !in_future(issued)
            && !in_future(not_before),
    )
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn text<'a>(object: &'a Map<String, Value>, name: &str, longest: usize) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| (1..=longest).contains(&text.chars().count()))
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let invalid = |why| io::Error::new(io::ErrorKind::InvalidData, why);
    let pem = std::fs::read(file)?;
    let key = SubjectPublicKeyInfoDer::from_pem_slice(&pem)
        .map_err(|_| invalid("it holds no PEM of a public key (BEGIN PUBLIC KEY)"))?;
    rsa_public_key(&key).map(<[u8]>::to_vec).ok_or_else(|| invalid("it is no RSA key"))
}

/// What stands in the bit string of the `SubjectPublicKeyInfo` of an RSA key.
fn rsa_public_key(key: &[u8]) -> Option<&[u8]> {
    /// rsaEncryption, with its null.
    const RSA: &[u8] =
        &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = contents(key, 0x30)?.strip_prefix(RSA)?;
    contents(bits, 0x03)?.strip_prefix(&[0])
}

/// The contents of a DER element that is `der` as a whole.
fn contents(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (length, rest) = der.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match length {
        ..=0x7f => (usize::from(*length), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (rest.len() == length).then_some(rest)
}
