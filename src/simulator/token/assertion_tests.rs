//! What an assertion must be to prove a client.

use super::super::options::{ClientAuthentication, Options, SigningAlg};
use super::super::testing::{AUDIENCE, DOMAIN, Reply, Tenant};
use super::assertion::built_in_key_pem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use time::OffsetDateTime;

fn tenant(alg: SigningAlg) -> Tenant {
    Tenant::start(Options {
        client_authentication: ClientAuthentication::PrivateKeyJwt,
        client_signing_alg: alg,
        ..Options::default()
    })
}

fn sign(header: &Value, claims: &Value) -> String {
    let pem = built_in_key_pem();
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let encoding: &dyn RsaEncoding = match header["alg"].as_str().unwrap() {
        "RS384" => &RSA_PKCS1_SHA384,
        "PS256" => &RSA_PSS_SHA256,
        _ => &RSA_PKCS1_SHA256,
    };
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The claims of an assertion that is accepted.
fn claims(tenant: &Tenant, id: &str) -> Value {
    let (client, now) = (tenant.auth0.client_id(), OffsetDateTime::now_utc().unix_timestamp());
    json!({
        "iss": client, "sub": client, "aud": format!("https://{DOMAIN}/"),
        "jti": id, "iat": now, "exp": now + 60,
    })
}

fn ask(tenant: &Tenant, assertion: &str) -> Reply {
    tenant.ask_token(&json!({
        "grant_type": "client_credentials",
        "audience": AUDIENCE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }))
}

#[track_caller]
fn is_refused(reply: &Reply, case: &str) {
    let want = json!({
        "error": "invalid_client", "error_description": "Client authentication failed",
    });
    assert_eq!((reply.status, &reply.json), (401, &want), "{case}");
}

#[test]
fn an_assertion_is_accepted_once_and_only_with_the_registered_algorithm() {
    for (alg, name) in
        [(SigningAlg::Rs256, "RS256"), (SigningAlg::Rs384, "RS384"), (SigningAlg::Ps256, "PS256")]
    {
        let tenant = tenant(alg);
        for other in ["RS256", "RS384", "PS256"] {
            let assertion = sign(&json!({"alg": other, "typ": "JWT"}), &claims(&tenant, other));
            let reply = ask(&tenant, &assertion);
            match other == name {
                true => assert_eq!(reply.status, 200, "{name}: {}", reply.text),
                false => is_refused(&reply, other),
            }
            is_refused(&ask(&tenant, &assertion), "seen before");
        }
    }
}

#[test]
fn every_claim_is_judged() {
    let tenant = tenant(SigningAlg::Rs256);
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let long = "x".repeat(65);
    for (n, (name, value, accepted)) in [
        ("iss", json!("other"), false),
        ("sub", json!("other"), false),
        ("sub", json!(null), false),
        ("aud", json!(format!("https://{DOMAIN}")), false),
        ("aud", json!([format!("https://{DOMAIN}/")]), false),
        ("aud", json!(AUDIENCE), false),
        ("jti", json!(long), false),
        ("jti", json!(""), false),
        ("jti", json!(&long[..64]), true),
        ("exp", json!(null), false),
        ("exp", json!(now - 11), false),
        ("exp", json!(now - 5), true),
        ("exp", json!(now + 295), true),
        ("exp", json!(now + 330), false),
        ("iat", json!(now + 30), false),
        ("iat", json!(now + 5), true),
        ("iat", json!(now - 280), false),
        ("nbf", json!(now + 30), false),
        ("nbf", json!("soon"), false),
        ("nbf", json!(now), true),
        ("more", json!("y".repeat(2_048)), false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut claims = claims(&tenant, &format!("id-{n}"));
        claims[name] = value.clone();
        let reply = ask(&tenant, &sign(&json!({"alg": "RS256"}), &claims));
        match accepted {
            true => assert_eq!(reply.status, 200, "{name} {value}: {}", reply.text),
            false => is_refused(&reply, &format!("{name} {value}")),
        }
    }
}

#[test]
fn what_is_not_signed_by_the_registered_key_proves_nothing() {
    let tenant = tenant(SigningAlg::Rs256);
    let assertion = sign(&json!({"alg": "RS256"}), &claims(&tenant, "a"));
    let (signed, _) = assertion.rsplit_once('.').unwrap();
    for wrong in [format!("{signed}.c2ln"), format!("{signed}."), "a.b.c".into(), "opaque".into()] {
        is_refused(&ask(&tenant, &wrong), &wrong);
    }
    let public = Tenant::start(Options {
        client_authentication: ClientAuthentication::PrivateKeyJwt,
        client_public_key: Some(public_key_file().path().to_owned()),
        ..Options::default()
    });
    is_refused(&ask(&public, &sign(&json!({"alg": "RS256"}), &claims(&public, "b"))), "other key");
}

/// The public key that the tokens are signed with, which is another one than the client's.
fn public_key_file() -> &'static tempfile::NamedTempFile {
    static FILE: std::sync::OnceLock<tempfile::NamedTempFile> = std::sync::OnceLock::new();
    FILE.get_or_init(|| {
        let key = RsaKeyPair::from_pkcs8(include_bytes!("worthless_signing_key.der")).unwrap();
        let public = key.public_key().as_ref();
        let head = |tag: u8, length: usize| {
            [vec![tag, 0x82], u16::try_from(length).unwrap().to_be_bytes().to_vec()].concat()
        };
        let rsa = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
        let bits = [head(3, public.len() + 1), vec![0], public.to_vec()].concat();
        let der = [head(0x30, rsa.len() + bits.len()), rsa.to_vec(), bits].concat();
        let text = base64::prelude::BASE64_STANDARD.encode(der);
        let file = tempfile::NamedTempFile::new().unwrap();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n");
        std::fs::write(file.path(), pem).unwrap();
        file
    })
}

#[test]
fn a_file_without_an_rsa_key_is_no_credential() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (text, want) in [
        ("", "it holds no PEM of a public key"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "it is no RSA key"),
    ] {
        std::fs::write(file.path(), text).unwrap();
        let options = Options {
            client_authentication: ClientAuthentication::PrivateKeyJwt,
            client_public_key: Some(file.path().to_owned()),
            ..Options::default()
        };
        let Err(err) = super::super::Auth0::new(options, DOMAIN.parse().unwrap()) else {
            panic!("{text:?}")
        };
        assert!(err.to_string().contains(want), "{err}");
    }
}

#[test]
fn a_client_with_a_key_has_no_use_for_a_secret() {
    let tenant = tenant(SigningAlg::Rs256);
    is_refused(&tenant.ask_token(&tenant.token_request()), "secret");
    let mut both = tenant.token_request();
    both["client_assertion"] = sign(&json!({"alg": "RS256"}), &claims(&tenant, "a")).into();
    is_refused(&tenant.ask_token(&both), "both");
}

#[test]
fn type_and_client_id_must_fit_the_assertion() {
    let tenant = tenant(SigningAlg::Rs256);
    let request = |id: &str| {
        json!({
            "grant_type": "client_credentials", "audience": AUDIENCE,
            "client_id": tenant.auth0.client_id(),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": sign(&json!({"alg": "RS256"}), &claims(&tenant, id)),
        })
    };
    assert_eq!(tenant.ask_token(&request("a")).status, 200);
    for (name, value) in [
        ("client_id", "other"),
        ("client_assertion_type", "jwt"),
        ("client_assertion_type", ""),
        ("client_assertion", ""),
    ] {
        let mut wrong = request(&format!("{name}{value}"));
        wrong[name] = value.into();
        is_refused(&tenant.ask_token(&wrong), name);
    }
}
