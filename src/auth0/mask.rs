use secrecy::{ExposeSecret, SecretString};

use crate::redact::{forms_of, hide};

pub(super) use crate::redact::{percent_encoded, printable};

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
