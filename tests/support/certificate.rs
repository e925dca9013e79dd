//! The certificate that go-plugin makes for core, written in DER by hand: none of the crates that make
//! certificates here knows the curve P-521.

use p521::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{
        RandomizedSigner,
        rand_core::{CryptoRng, Error, RngCore},
    },
};
use ring::rand::{SecureRandom, SystemRandom};
use time::{Duration, OffsetDateTime};

/// A P-521 key and a self-signed certificate with the properties of go-plugin's: CA and end entity at
/// once, for `localhost`, with both extended usages.
pub struct Certified {
    pub der: Vec<u8>,
    pub key: SigningKey,
}

impl Certified {
    pub fn generate() -> Self {
        let key = new_key();
        let public = VerifyingKey::from(&key).to_encoded_point(false);
        let algorithm = sequence(&[oid(ECDSA_WITH_SHA512)]);
        let name =
            sequence(&[attribute(ORGANIZATION, "HashiCorp"), attribute(COMMON_NAME, "localhost")]);
        let now = OffsetDateTime::now_utc();
        let body = sequence(&[
            tlv(0xa0, &tlv(0x02, &[2])),
            tlv(0x02, &serial()),
            algorithm.clone(),
            name.clone(),
            sequence(&[time(now - Duration::seconds(30)), time(now + Duration::days(30 * 365))]),
            name,
            sequence(&[
                sequence(&[oid(EC_PUBLIC_KEY), oid(SECP521R1)]),
                bits(0, public.as_bytes()),
            ]),
            tlv(
                0xa3,
                &sequence(&[
                    // digitalSignature, keyEncipherment, keyAgreement, keyCertSign
                    extension(KEY_USAGE, true, &bits(2, &[0b1010_1100])),
                    extension(
                        EXTENDED_KEY_USAGE,
                        false,
                        &sequence(&[oid(CLIENT_AUTH), oid(SERVER_AUTH)]),
                    ),
                    extension(BASIC_CONSTRAINTS, true, &sequence(&[boolean()])),
                    extension(SUBJECT_ALT_NAME, false, &sequence(&[tlv(0x82, b"localhost")])),
                ]),
            ),
        ]);
        let signature = bits(0, &sign(&key, &body));
        Self { der: sequence(&[body, algorithm, signature]), key }
    }
}

/// An ECDSA signature with SHA-512, in DER.
pub fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: Signature = key.sign_with_rng(&mut Random(SystemRandom::new()), message);
    signature.to_der().as_bytes().to_vec()
}

fn new_key() -> SigningKey {
    SigningKey::random(&mut Random(SystemRandom::new()))
}

/// ring's random numbers, for p521.
struct Random(SystemRandom);

impl CryptoRng for Random {}

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_ne_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_ne_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes).unwrap();
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

// Object identifiers, encoded.
const ECDSA_WITH_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const SECP521R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];
const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(length as u8),
        0x80..0x100 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

fn sequence(items: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &items.concat())
}

fn oid(encoded: &[u8]) -> Vec<u8> {
    tlv(0x06, encoded)
}

fn bits(unused: u8, bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[unused], bytes].concat())
}

/// `TRUE`, the only boolean that DER writes here.
fn boolean() -> Vec<u8> {
    tlv(0x01, &[0xff])
}

fn attribute(kind: &[u8], value: &str) -> Vec<u8> {
    tlv(0x31, &sequence(&[oid(kind), tlv(0x13, value.as_bytes())]))
}

fn extension(kind: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { boolean() } else { Vec::new() };
    sequence(&[oid(kind), critical, tlv(0x04, value)])
}

/// 128 random bits, positive.
fn serial() -> Vec<u8> {
    let mut bytes = vec![0; 16];
    Random(SystemRandom::new()).fill_bytes(&mut bytes);
    bytes[0] = bytes[0] & 0x7f | 0x40;
    bytes
}

/// The two forms that X.509 prescribes before and from 2050 on.
fn time(at: OffsetDateTime) -> Vec<u8> {
    let (month, day) = (u8::from(at.month()), at.day());
    let (hour, minute, second) = at.to_hms();
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    match at.year() {
        year @ ..2050 => tlv(0x17, format!("{:02}{rest}", year % 100).as_bytes()),
        year => tlv(0x18, format!("{year:04}{rest}").as_bytes()),
    }
}
