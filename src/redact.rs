//! Secrets of this process, by value: whatever leaves it for people is searched for them at its way
//! out, so that no line of a log and no message can forget to.
//!
//! A leaf: every room may register what it knows to be secret, and the two ways out, the log and the
//! diagnostics, ask here. Nothing of it touches state, plans or requests.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What stands in the place of a secret.
const MASKED: &str = "(sensitive value)";

/// A shorter secret is not registered: words like `token` and `secret` would go from our own
/// messages, and give it away by what is missing.
const LEAST: usize = 8;

/// A secret this short is hidden only where it stands alone: as a part of other words it would
/// make a message unreadable and give itself away by what is missing.
const SHORT: usize = 3;

/// The base64 of fewer bytes is a word like any other.
const LEAST_IN_BASE64: usize = 6;

/// The forms of all registered secrets, the longest first, so that a secret which contains another
/// one leaves no rest of itself.
static FORMS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Registers a secret for the rest of the process. Short ones are left out.
pub fn register(secret: &str) {
    if secret.chars().count() < LEAST {
        return;
    }
    let is_known = |forms: &[String]| forms.iter().any(|form| form == secret);
    // Most are registered again and again, with each plan of each resource.
    if is_known(&FORMS.read().unwrap_or_else(PoisonError::into_inner)) {
        return;
    }
    let mut forms = FORMS.write().unwrap_or_else(PoisonError::into_inner);
    forms.extend(forms_of(secret));
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
}

/// `text` without any registered secret.
pub fn redact(text: &str) -> Cow<'_, str> {
    let forms = FORMS.read().unwrap_or_else(PoisonError::into_inner);
    if forms.iter().any(|form| text.contains(form.as_str())) {
        Cow::Owned(hide(&forms, text))
    } else {
        Cow::Borrowed(text)
    }
}

/// `text` with every form hidden; the earlier of two that fit at one place goes first.
pub fn hide(forms: &[String], text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let before = hidden.chars().next_back();
        match forms.iter().find(|form| begins_with(rest, form, before)) {
            Some(form) => {
                hidden.push_str(MASKED);
                rest = &rest[form.len()..];
            }
            None => {
                hidden.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    hidden
}

fn begins_with(text: &str, form: &str, before: Option<char>) -> bool {
    let Some(after) = text.strip_prefix(form) else { return false };
    let in_a_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    form.chars().count() > SHORT || !(in_a_word(before) || in_a_word(after.chars().next()))
}

/// The forms in which a value can come back: as it is, within JSON, within HTML, within a URL, in
/// base64, on one line, and each of them within the JSON of a message that repeats a request.
pub fn forms_of(secret: &str) -> Vec<String> {
    // Most are such, tokens above all, and every way to write them but base64 leaves them as they are.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !secret.is_empty() && secret.bytes().all(is_plain) {
        return [secret.to_owned()].into_iter().chain(in_base64(secret)).collect();
    }
    let mut forms = plain_forms_of(secret);
    // A request that is repeated within an error has its JSON within JSON, and whoever quotes that
    // error puts it into JSON once more.
    for _ in 0..3 {
        let nested: Vec<_> = forms.iter().flat_map(|form| in_json(form)).collect();
        forms.extend(nested);
        forms.sort();
        forms.dedup();
    }
    forms
}

/// A text as the writers of JSON spell it within quotes.
fn in_json(text: &str) -> [String; 4] {
    let json = serde_json::Value::from(text).to_string();
    let json = json[1..json.len() - 1].to_owned();
    // Go writes these three letters so, that its JSON can stand within HTML.
    let go = replaced(&json, &[("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")]);
    // PHP escapes slashes, and Python by default everything beyond ASCII.
    let php = json.replace('/', "\\/");
    let ascii = json.chars().fold(String::new(), |mut ascii, c| {
        match c.is_ascii() {
            true => ascii.push(c),
            false => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                // Writing to a string does not fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }),
        }
        ascii
    });
    [json, go, php, ascii]
}

fn plain_forms_of(secret: &str) -> Vec<String> {
    let html = |quote| {
        let table = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", quote), ("'", "&#39;")];
        replaced(secret, &table)
    };
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let path = percent_encoded(secret);
    // JavaScript leaves these as they are.
    let js = replaced(
        &path,
        &[("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*"), (":", "%3A")],
    );
    let mut forms = vec![secret.to_owned(), js, html("&#34;"), html("&quot;")];
    forms.extend([lower_case_escapes(&url), lower_case_escapes(&path), url, path]);
    forms.extend([printable(secret), secret.trim().to_owned()]);
    forms.extend(in_base64(secret));
    forms.retain(|form| !form.is_empty());
    forms
}

/// Without padding, so that what follows it is found as well.
fn in_base64(secret: &str) -> Vec<String> {
    match secret.len() >= LEAST_IN_BASE64 {
        true => [STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|base64| base64.encode(secret)).into(),
        false => Vec::new(),
    }
}

/// `text` with each of `table` replaced, the first first.
fn replaced(text: &str, table: &[(&str, &str)]) -> String {
    table.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// `text` with `%2f` for `%2F`.
fn lower_case_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        // An escape is two digits of ASCII, and so is every part that was escaped here.
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        text + "%" + &digits.to_ascii_lowercase() + rest
    })
}

/// `text` as one segment of a URL's path.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                out.push(char::from(byte));
            }
            byte => {
                // Writing to a string does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

/// `text` on one line: control characters, and those that are invisible or turn the direction of
/// writing, become spaces, and spaces in a row become one.
pub fn printable(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let spaced: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registered_secret_is_hidden_in_every_form() {
        let secret = "redact-\"canary\" 1";
        register(secret);
        register(secret);
        for text in [
            r#"redact-"canary" 1"#,
            r#"{"token":"redact-\"canary\" 1"}"#,
            "?token=redact-%22canary%22+1&x",
            "/redact-%22canary%22%201/x",
            "Basic cmVkYWN0LSJjYW5hcnkiIDE=",
        ] {
            let redacted = redact(text);
            assert!(redacted.contains(MASKED) && !redacted.contains("canary"), "{redacted}");
            assert!(!redacted.contains("cmVkYWN0"), "{redacted}");
        }
        assert!(matches!(redact("nothing of it"), Cow::Borrowed(_)));
    }

    /// As the error of a gateway repeats a request, and as a log shows that error.
    #[test]
    fn a_secret_of_any_letters_is_hidden_within_json_within_json() {
        let secret = "head-canary \"\\!'(ä/😀\n<&> tail-canary";
        register(secret);
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let body = serde_json::json!({"token": secret}).to_string();
        let repeated = serde_json::json!({"message": format!("POST /x\n\n{body}")}).to_string();
        let ascii = r#"{"token":"head-canary \"\\!'(\u00e4/\ud83d\ude00\n<&> tail-canary"}"#;
        for text in [
            secret.to_owned(),
            body.clone(),
            repeated.clone(),
            json(&repeated),
            ascii.to_owned(),
            json(ascii),
            body.replace('/', "\\/"),
            body.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
            "?token=head-canary%20%22%5C!'(%C3%A4%2F%F0%9F%98%80%0A%3C%26%3E%20tail-canary"
                .to_owned(),
        ] {
            let redacted = redact(&text);
            assert!(!redacted.contains("canary"), "{text}: {redacted}");
            assert!(redacted.contains(MASKED), "{text}: {redacted}");
        }
    }

    #[test]
    fn a_word_like_others_is_not_registered() {
        register("token");
        assert_eq!(redact("The token is missing."), "The token is missing.");
    }
}
