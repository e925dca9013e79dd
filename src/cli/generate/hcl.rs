//! HCL as `terraform fmt` writes it.

/// `text` as a quoted string that means exactly it. What cannot be seen, or turns the direction of
/// writing, is escaped, so that a file reads as it is understood.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // A template begins with either of them and a brace; twice, the sign means itself.
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            // Rust escapes these two in its own strings.
            '\'' => out.push(c),
            c if c.escape_debug().len() == 1 => out.push(c),
            c if u32::from(c) <= 0xffff => out += &format!("\\u{:04x}", u32::from(c)),
            c => out += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    out.push('"');
    out
}

/// Lines `name = expression`, indented, with their equals signs below each other.
pub(super) fn attributes<N: AsRef<str>>(indent: usize, attributes: &[(N, String)]) -> String {
    let width = attributes.iter().map(|(name, _)| name.as_ref().len()).max().unwrap_or_default();
    let line = |(name, expression): &(N, String)| {
        format!("{:indent$}{:width$} = {expression}\n", "", name.as_ref())
    };
    attributes.iter().map(line).collect()
}

/// A list of strings, one on each line, so that a difference is a line.
pub(super) fn list<'a>(
    indent: usize,
    name: &str,
    elements: impl IntoIterator<Item = &'a String>,
) -> String {
    let line = |element: &String| format!("{:indent$}  {},\n", "", quoted(element));
    let lines: String = elements.into_iter().map(line).collect();
    format!("{:indent$}{name} = [\n{lines}{:indent$}]\n", "", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_string_means_exactly_the_text() {
        for (text, want) in [
            ("crm-sync", r#""crm-sync""#),
            ("", r#""""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("it's", r#""it's""#),
            ("${var.x} %{if} $x 5% {}", r#""$${var.x} %%{if} $x 5% {}""#),
            ("line\nfeed\r\ttab", r#""line\nfeed\r\ttab""#),
            ("Grüße 注文 🎉", r#""Grüße 注文 🎉""#),
            ("\0\u{1b}[31m", r#""\u0000\u001b[31m""#),
            ("a\u{202e}b\u{200b}", r#""a\u202eb\u200b""#),
            ("\u{e0001}", r#""\U000e0001""#),
        ] {
            assert_eq!(quoted(text), want);
        }
    }
}
