use std::fmt::Write as _;

use secrecy::{ExposeSecret, SecretString};

const MASKED: &str = "(sensitive value)";

/// A secret this short is masked only where it stands alone: as a part of other words it would
/// make a message unreadable and give itself away by what is missing.
const SHORT: usize = 3;

/// Removes secrets by value from what others wrote: Auth0 repeats values of a request in its
/// messages, and a proxy may repeat all of it.
pub(super) struct Mask<'a>(Vec<&'a SecretString>);

impl<'a> Mask<'a> {
    pub(super) fn new(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        Self(secrets.into_iter().collect())
    }

    /// `text` without the secrets, on one line, and at most `limit` characters of it.
    pub(super) fn text(&self, text: &str, limit: usize) -> String {
        let mut forms: Vec<String> =
            self.0.iter().flat_map(|secret| forms_of(secret.expose_secret())).collect();
        // The longest first, so that a secret which contains another one leaves no rest of itself.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        // Cleaning can join what hid a secret, cutting can leave a part of one: so mask, clean,
        // mask again, and cut last.
        let cleaned = printable(&hide(&forms, text));
        shortened(&hide(&forms, &cleaned), limit)
    }
}

fn hide(forms: &[String], text: &str) -> String {
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

/// The forms in which a value can come back: as it is, within JSON, within HTML, within a URL, and
/// on one line.
fn forms_of(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    // Go writes these three letters so, that its JSON can stand within HTML.
    let go = replaced(&json, &[("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")]);
    let html = |quote| {
        let table = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", quote), ("'", "&#39;")];
        replaced(secret, &table)
    };
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let path = percent_encoded(secret);
    let mut forms = vec![secret.to_owned(), json, go, html("&#34;"), html("&quot;")];
    forms.extend([lower_case_escapes(&url), lower_case_escapes(&path), url, path]);
    forms.extend([printable(secret), secret.trim().to_owned()]);
    forms.retain(|form| !form.is_empty());
    forms
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
pub(super) fn percent_encoded(text: &str) -> String {
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
pub(super) fn printable(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let spaced: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(secrets: &[&str], text: &str, limit: usize) -> String {
        let secrets: Vec<SecretString> = secrets.iter().map(|s| SecretString::from(*s)).collect();
        Mask::new(&secrets).text(text, limit)
    }

    #[test]
    fn a_secret_is_masked_in_every_form_it_can_come_back_in() {
        for (secret, text, want) in [
            ("s3cr3t", "pattern ^x$: s3cr3t", "pattern ^x$: (sensitive value)"),
            ("s3cr3t", "s3cr3ts3cr3t", "(sensitive value)(sensitive value)"),
            ("a\"b\\c", r#"{"token":"a\"b\\c"}"#, r#"{"token":"(sensitive value)"}"#),
            ("a b&c=", "?token=a+b%26c%3D", "?token=(sensitive value)"),
            ("a b/cd", "/x/a%20b%2Fcd", "/x/(sensitive value)"),
            ("line one\nline two", "got line one\nline two.", "got (sensitive value)."),
            ("line one\nline two", "got line one line two.", "got (sensitive value)."),
            ("s3c\u{7}r3t", "got s3c r3t", "got (sensitive value)"),
            ("s3cr3t\n", "got s3cr3t.", "got (sensitive value)."),
            ("pässwörd", "got pässwörd", "got (sensitive value)"),
            ("a&b<c>\"'", "<b>a&amp;b&lt;c&gt;&#34;&#39;</b>", "<b>(sensitive value)</b>"),
            ("a&b<c>\"'", "a&amp;b&lt;c&gt;&quot;&#39;", "(sensitive value)"),
            ("a&b<c>", r#"{"token":"a\u0026b\u003cc\u003e"#, r#"{"token":"(sensitive value)"#),
            ("a/b+c", "?token=a%2fb%2bc", "?token=(sensitive value)"),
        ] {
            assert_eq!(masked(&[secret], text, 200), want, "{secret:?} in {text:?}");
        }
    }

    #[test]
    fn a_secret_within_another_leaves_no_rest() {
        let text = masked(&["hunter", "hunter22", ""], "hunter22 hunter", 200);
        assert_eq!(text, "(sensitive value) (sensitive value)");
    }

    #[test]
    fn a_very_short_secret_is_masked_only_where_it_stands_alone() {
        let text = masked(&["at"], "Data at 'at'", 200);
        assert_eq!(text, "Data (sensitive value) '(sensitive value)'");
    }

    #[test]
    fn cutting_never_leaves_a_part_of_a_secret() {
        for limit in 0..24 {
            let text = masked(&["s3cr3t-value"], "got s3cr3t-value", limit);
            assert!(!text.contains("s3"), "{limit}: {text}");
        }
        assert_eq!(masked(&[], "abcdef", 3), "abc…");
    }

    #[test]
    fn control_and_invisible_characters_become_one_space() {
        assert_eq!(printable("a\r\n\tb\u{1b}[31mc\u{202e}d"), "a b [31mc d");
    }
}
