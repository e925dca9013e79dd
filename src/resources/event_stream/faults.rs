//! What is wrong with a single value, in the words of the person who wrote it.

use url::Url;

use crate::framework::Diagnostic;

/// Headers that belong to HTTP itself, so that a webhook cannot be authorized by them.
const FORBIDDEN_HEADERS: [&str; 5] =
    ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection"];

/// What is wrong with the endpoint of a webhook. Never repeats the URL, which may hold a secret.
pub(super) fn endpoint_faults(text: &str) -> Vec<Diagnostic> {
    let mut faults: Vec<String> = Vec::new();
    let mut say = |fault: String| faults.push(fault);
    if text.is_empty() {
        say("It is empty. Auth0 needs an https URL to send events to.".to_owned());
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        say("It holds a space, a line break or a control character.".to_owned());
    } else {
        match Url::parse(text) {
            Err(err) => say(format!("It is not a URL: {err}. Write it like https://host/path.")),
            Ok(url) => {
                match text.strip_prefix("https://") {
                    // Auth0 compares the scheme letter by letter.
                    None => say(format!(
                        "Auth0 sends events over https only, so it must start with https://, not \
                         with {}:.",
                        url.scheme()
                    )),
                    // Browsers skip extra slashes and take the first word of the path for the host.
                    Some(rest) if rest.starts_with(['/', '\\', '?', '#']) => {
                        say("It has no host. Write it like https://host/path.".to_owned());
                    }
                    Some(_) => {}
                }
                if !url.username().is_empty() || url.password().is_some() {
                    say("It holds a user name or a password, which would be stored and shown in \
                         clear. Use webhook_authorization with method \"basic\"."
                        .to_owned());
                }
            }
        }
    }
    faults.into_iter().map(|fault| Diagnostic::error("Invalid webhook_endpoint", fault)).collect()
}

/// What is wrong with a user name of HTTP Basic.
pub(super) fn username_faults(text: &str) -> Vec<Diagnostic> {
    let length = text.chars().count();
    let colon = text.contains(':').then(|| {
        "It holds a colon. HTTP Basic takes the first colon for the end of the user name."
            .to_owned()
    });
    let long =
        (length > 128).then(|| format!("It has {length} characters. Auth0 takes at most 128."));
    [colon, long]
        .into_iter()
        .flatten()
        .map(|fault| Diagnostic::error("Invalid username", fault))
        .collect()
}

/// What is wrong with the name of a header that is to carry a secret.
pub(super) fn header_fault(text: &str) -> Option<Diagnostic> {
    let is_token = text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c));
    let detail = if !is_token {
        format!("{text:?} holds a character that no header name may have.")
    } else if let Some(name) = FORBIDDEN_HEADERS.iter().find(|name| name.eq_ignore_ascii_case(text))
    {
        format!("{name} belongs to HTTP itself and cannot carry a secret.")
    } else {
        return None;
    };
    Some(Diagnostic::error("Invalid header_key", detail))
}

/// What is wrong with the id of an AWS account.
pub(super) fn account_fault(text: &str) -> Option<Diagnostic> {
    let is_account = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    (!is_account).then(|| {
        Diagnostic::error(
            format!("Invalid AWS account id {text:?}"),
            "It must have 12 digits. In HCL, write it in quotes, so that a leading zero stays.",
        )
    })
}

/// A region that is spelled like one may be newer than this provider: that is a warning, given by
/// the resource, which knows the name of the stream.
pub(super) fn region_fault(text: &str) -> Option<Diagnostic> {
    (!is_region_shaped(text)).then(|| {
        Diagnostic::error(
            format!("Invalid AWS region {text:?}"),
            "A region is written in lower case with a number at the end, such as eu-west-1.",
        )
    })
}

/// `eu-west-1`, `us-gov-east-1`: words of letters, then a number, joined by hyphens.
pub(super) fn is_region_shaped(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_must_be_https_without_credentials() {
        for (endpoint, want) in [
            ("https://hooks.example.com/auth0?x=1", &[][..]),
            ("https://[::1]:8443/", &[]),
            ("", &["It is empty"]),
            ("http://hooks.example.com", &["over https only"]),
            ("HTTPS://hooks.example.com", &["over https only"]),
            ("https:hooks.example.com", &["over https only"]),
            ("ftp://hooks.example.com", &["over https only"]),
            ("hooks.example.com", &["not a URL"]),
            ("https://", &["not a URL"]),
            ("https:///path", &["no host"]),
            ("https://?x=1", &["not a URL"]),
            ("https://user@hooks.example.com", &["user name or a password"]),
            ("https://:pass@hooks.example.com", &["user name or a password"]),
            ("http://user:pass@a.test", &["over https only", "user name or a password"]),
            ("https://hooks.example.com/a b", &["a space"]),
            ("https://hooks.example.com/\n", &["a line break"]),
        ] {
            let faults = endpoint_faults(endpoint);
            assert_eq!(faults.len(), want.len(), "{endpoint}");
            for (fault, want) in faults.iter().zip(want) {
                assert!(fault.detail.contains(want), "{endpoint}: {}", fault.detail);
            }
        }
    }

    #[test]
    fn only_what_looks_like_a_region_passes() {
        for region in ["eu-west-1", "us-gov-east-1", "mars-north-12"] {
            assert_eq!(region_fault(region), None, "{region}");
        }
        for region in ["", "eu-west", "EU-WEST-1", "eu_west_1", "eu-west-100", "west-1", "eu--1"] {
            assert!(region_fault(region).is_some(), "{region}");
        }
    }

    #[test]
    fn header_names_are_tokens_and_not_those_of_http() {
        for header in ["Authorization", "x-hook-secret", "X_1!"] {
            assert_eq!(header_fault(header), None, "{header}");
        }
        for header in ["a b", "ä", "a:b", "host", "CONTENT-length", "Connection"] {
            assert!(header_fault(header).is_some(), "{header}");
        }
    }
}
