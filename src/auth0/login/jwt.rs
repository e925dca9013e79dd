//! As much of JSON Web Tokens as can be read without a key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Auth0 refuses longer assertions.
const LONGEST: usize = 2048;

/// The claims of a JWT; nothing in them is proven.
pub(in crate::auth0) struct Claims(Map<String, Value>);

impl Claims {
    /// When it expires, where it says so.
    pub(in crate::auth0) fn expires(&self) -> Option<OffsetDateTime> {
        let seconds = self.0.get("exp")?.as_f64()?;
        // Casting saturates, and what is too far away is no date.
        OffsetDateTime::from_unix_timestamp(seconds as i64).ok()
    }

    /// What it allows, separated by spaces, where it says so.
    pub(in crate::auth0) fn scopes(&self) -> Option<&str> {
        self.0.get("scope")?.as_str()
    }
}

/// The claims of `text`, if it is a JWT.
pub(in crate::auth0) fn claims(text: &str) -> Option<Claims> {
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return None };
    let object = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let _: Map<String, Value> = object(header)?;
    URL_SAFE_NO_PAD.decode(signature).ok().filter(|signature| !signature.is_empty())?;
    object(claims).map(Claims)
}

/// Why `text` is no JWT that Auth0 could accept as an assertion, in words that do not repeat it.
pub(super) fn check_assertion(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.len() > LONGEST {
        return Err(format!(
            "it has {} bytes, and Auth0 takes {LONGEST} at most for a signed JWT",
            text.len()
        ));
    }
    match claims(text) {
        Some(_) => Ok(()),
        None => Err("it is no signed JWT (three parts of base64url, joined by dots)".to_owned()),
    }
}

pub(super) fn time_in_words(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_else(|_| at.unix_timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> String {
        let [header, claims] = [r#"{"alg":"RS256"}"#, claims].map(|p| URL_SAFE_NO_PAD.encode(p));
        format!("{header}.{claims}.c2ln")
    }

    #[test]
    fn only_three_parts_with_json_in_two_are_a_jwt() {
        assert_eq!(check_assertion(&jwt("{}")), Ok(()));
        for wrong in ["opaque", "a.b.c", "eyJ.e30", "e30.e30.", "e30.W10.c2ln", "e30.e30.c2ln.x"] {
            let fault = check_assertion(wrong).unwrap_err();
            assert!(fault.starts_with("it is no signed JWT"), "{wrong}: {fault}");
        }
        assert_eq!(check_assertion("").unwrap_err(), "it is empty");
        let long = jwt(&format!(r#"{{"x":"{}"}}"#, "y".repeat(2_000)));
        assert!(check_assertion(&long).unwrap_err().contains("Auth0 takes 2048 at most"));
    }

    #[test]
    fn the_expiry_may_be_any_number() {
        for (claims_text, want) in [
            (r#"{"exp":60}"#, Some(60)),
            (r#"{"exp":60.9}"#, Some(60)),
            (r#"{"exp":"60"}"#, None),
            (r#"{"exp":1e300}"#, None),
            ("{}", None),
        ] {
            let expires = claims(&jwt(claims_text)).unwrap().expires();
            assert_eq!(expires.map(OffsetDateTime::unix_timestamp), want, "{claims_text}");
        }
    }
}
