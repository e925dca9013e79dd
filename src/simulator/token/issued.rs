//! The tokens of this start, and what each request's token is worth.

use super::super::errors::ApiError;
use super::jwt::{self, Claims, SigningKey};
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// The tokens that this process issued. A token of another start is refused, although the key
/// that signed it is the same.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashSet<String>,
    revoked: HashSet<String>,
    /// Tokens whose signature was checked: the check is the dear part.
    verified: HashMap<String, Claims>,
}

impl Tokens {
    /// Signs `claims`. Within a second a revoked token would come out again, so `iat` gives way.
    pub(crate) fn issue(&mut self, key: &SigningKey, mut claims: Claims) -> String {
        loop {
            let token = key.sign(&claims);
            if !self.revoked.contains(&token) {
                self.issued.insert(token.clone());
                return token;
            }
            claims.iat -= 1;
        }
    }

    /// Ends the life of every token issued so far.
    pub(crate) fn revoke_all(&mut self) {
        self.revoked.extend(self.issued.drain());
    }

    /// The claims of a token that `issuer` issued for `audience` and that is still good.
    pub(crate) fn verify(
        &mut self,
        key: &SigningKey,
        token: &str,
        (issuer, audience): (&str, &str),
        now: OffsetDateTime,
    ) -> Result<&Claims, ApiError> {
        if !self.verified.contains_key(token) {
            let read = jwt::read(token).ok_or_else(ApiError::invalid_token)?;
            if read.claims.iss != issuer {
                return Err(ApiError::invalid_token());
            }
            if !key.has_signed(&read) {
                return Err(ApiError::invalid_signature());
            }
            if !self.issued.contains(token) {
                return Err(ApiError::invalid_token());
            }
            self.verified.insert(token.to_owned(), read.claims);
        }
        let claims = &self.verified[token];
        if now.unix_timestamp() >= claims.exp {
            return Err(ApiError::expired_token());
        }
        let good = claims.iss == issuer && claims.aud == audience && self.issued.contains(token);
        if good { Ok(claims) } else { Err(ApiError::invalid_token()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://acme-dev.eu.auth0.com/";
    const AUDIENCE: &str = "https://acme-dev.eu.auth0.com/api/v2/";

    fn claims() -> Claims {
        Claims {
            iss: ISSUER.into(),
            sub: "abc@clients".into(),
            aud: AUDIENCE.into(),
            iat: 1000,
            exp: 1060,
            scope: "read:actions".into(),
            gty: "client-credentials".into(),
            azp: "abc".into(),
        }
    }

    fn at(second: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(second).unwrap()
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let key = SigningKey::load();
        let mut tokens = Tokens::default();
        let token = tokens.issue(&key, claims());
        for _ in 0..2 {
            let verified = tokens.verify(&key, &token, (ISSUER, AUDIENCE), at(1059));
            assert_eq!(verified, Ok(&claims()));
        }
        let late = tokens.verify(&key, &token, (ISSUER, AUDIENCE), at(1060));
        assert_eq!(late, Err(ApiError::expired_token()));
    }

    #[test]
    fn a_token_of_another_start_issuer_or_audience_is_refused() {
        let key = SigningKey::load();
        let mut tokens = Tokens::default();
        let token = tokens.issue(&key, claims());
        for (case, tokens, issuer, audience) in [
            ("start", &mut Tokens::default(), ISSUER, AUDIENCE),
            ("issuer", &mut tokens, "https://id.acme.test/", AUDIENCE),
        ] {
            let refusal = tokens.verify(&key, &token, (issuer, audience), at(1000));
            assert_eq!(refusal, Err(ApiError::invalid_token()), "{case}");
        }
        let other = tokens.issue(&key, Claims { aud: "https://other/".into(), ..claims() });
        let refusal = tokens.verify(&key, &other, (ISSUER, AUDIENCE), at(1000));
        assert_eq!(refusal, Err(ApiError::invalid_token()));
    }

    #[test]
    fn a_forged_token_has_a_bad_signature() {
        let key = SigningKey::load();
        let mut tokens = Tokens::default();
        let token = tokens.issue(&key, claims());
        let other = key.sign(&Claims { exp: 9999, ..claims() });
        let (signed, _) = other.rsplit_once('.').unwrap();
        let (_, signature) = token.rsplit_once('.').unwrap();
        let forged = format!("{signed}.{signature}");
        let refusal = tokens.verify(&key, &forged, (ISSUER, AUDIENCE), at(1000));
        assert_eq!(refusal, Err(ApiError::invalid_signature()));
    }

    #[test]
    fn a_revoked_token_stays_revoked_when_another_is_issued_within_the_second() {
        let key = SigningKey::load();
        let mut tokens = Tokens::default();
        let old = tokens.issue(&key, claims());
        assert!(tokens.verify(&key, &old, (ISSUER, AUDIENCE), at(1000)).is_ok());
        tokens.revoke_all();
        let new = tokens.issue(&key, claims());
        assert_ne!(new, old);
        let refusal = tokens.verify(&key, &old, (ISSUER, AUDIENCE), at(1000)).cloned();
        assert_eq!(refusal, Err(ApiError::invalid_token()));
        assert!(tokens.verify(&key, &new, (ISSUER, AUDIENCE), at(1000)).is_ok());
    }
}
