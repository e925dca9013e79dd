//! What people call the pages: as configurations call what a page is about.

use std::path::Path;

use super::Pages;

/// So many wrong letters are still a slip of the fingers.
const SLIP: usize = 2;

/// Why a name leads to no page.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    #[error("{} is the name of several pages: {}", .0, .1.join(", "))]
    Ambiguous(String, Vec<String>),
    #[error("there is no page {}{}", .0, match &.1[..] {
        [] => String::new(),
        near => format!("; is {} meant?", near.join(" or ")),
    })]
    Unknown(String, Vec<String>),
}

/// The name of the page at a path below `docs/`: `provider`, the type of a resource, and others with
/// their kind, as in `data/auth0_event_stream`.
pub fn name(provider: &str, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_string_lossy();
    match &*folder {
        "resources" => format!("{provider}_{stem}"),
        "data-sources" => format!("data/{provider}_{stem}"),
        "actions" => format!("action/{provider}_{stem}"),
        "list-resources" => format!("list/{provider}_{stem}"),
        "ephemeral-resources" => format!("ephemeral/{provider}_{stem}"),
        "functions" => format!("function/{stem}"),
        "guides" => format!("guide/{stem}"),
        _ => "provider".to_owned(),
    }
}

/// The first sentence of a page's description.
pub fn summary(page: &str) -> &str {
    let description = page.split("description: |-\n").nth(1).unwrap_or_default();
    let line = description.lines().next().unwrap_or_default().trim();
    line.split_once(". ").map_or(line, |(sentence, _)| sentence).trim_end_matches('.')
}

/// The page that is called `wanted`: its name, or the part of it that no other page has. A dot is as
/// good as a slash, as in `data.auth0_event_stream`.
pub fn find<'a>(pages: &'a Pages, provider: &str, wanted: &str) -> Result<&'a str, NotFound> {
    let asked = wanted.replace('.', "/").to_lowercase();
    let asked = asked.strip_prefix("resource/").unwrap_or(&asked);
    let named: Vec<(String, &str)> =
        pages.iter().map(|(path, text)| (name(provider, path), text.as_str())).collect();
    let called = |is_it: &dyn Fn(&str) -> bool| -> Vec<&(String, &'a str)> {
        named.iter().filter(|(name, _)| spellings(provider, name).into_iter().any(is_it)).collect()
    };
    let names = |found: &[&(String, &str)]| found.iter().map(|(name, _)| name.clone()).collect();
    if let Some((_, text)) = named.iter().find(|(name, _)| name == asked) {
        return Ok(text);
    }
    match &called(&|spelling| spelling == asked)[..] {
        [(_, text)] => Ok(text),
        [] => {
            let near = called(&|spelling| strsim::osa_distance(spelling, asked) <= SLIP);
            Err(NotFound::Unknown(wanted.to_owned(), names(&near)))
        }
        several => Err(NotFound::Ambiguous(wanted.to_owned(), names(several))),
    }
}

/// A name, without its kind, and without the name of the provider.
fn spellings<'a>(provider: &str, name: &'a str) -> [&'a str; 3] {
    let last = name.rsplit('/').next().unwrap_or_default();
    [name, last, super::short(provider, last)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Pages {
        [
            "index.md",
            "resources/event_stream.md",
            "data-sources/event_stream.md",
            "data-sources/event_types.md",
            "ephemeral-resources/access_token.md",
            "functions/event_types.md",
            "functions/example_event.md",
            "guides/simulator.md",
        ]
        .map(|path| (path.into(), path.to_owned()))
        .into()
    }

    #[test]
    fn a_page_is_found_by_its_name_and_by_what_only_it_is_called() {
        for (wanted, path) in [
            ("provider", "index.md"),
            ("auth0_event_stream", "resources/event_stream.md"),
            ("resource/auth0_event_stream", "resources/event_stream.md"),
            ("data/auth0_event_stream", "data-sources/event_stream.md"),
            ("data.auth0_event_stream", "data-sources/event_stream.md"),
            ("auth0_event_types", "data-sources/event_types.md"),
            ("access_token", "ephemeral-resources/access_token.md"),
            ("function/event_types", "functions/event_types.md"),
            ("example_event", "functions/example_event.md"),
            ("Simulator", "guides/simulator.md"),
        ] {
            assert_eq!(find(&pages(), "auth0", wanted), Ok(path), "{wanted}");
        }
    }

    #[test]
    fn a_name_of_several_pages_and_one_of_none_are_told_with_those_that_may_be_meant() {
        for (wanted, want) in [
            (
                "event_types",
                "event_types is the name of several pages: data/auth0_event_types, \
                 function/event_types",
            ),
            (
                "auth0_event_steam",
                "there is no page auth0_event_steam; is data/auth0_event_stream or \
                 auth0_event_stream meant?",
            ),
            ("guide/simulater", "there is no page guide/simulater; is guide/simulator meant?"),
            ("simulater", "there is no page simulater; is guide/simulator meant?"),
            ("auth0_client", "there is no page auth0_client"),
            ("x", "there is no page x"),
        ] {
            let said = find(&pages(), "auth0", wanted).unwrap_err().to_string();
            assert_eq!(said, want, "{wanted}");
        }
    }

    #[test]
    fn a_summary_is_the_first_sentence_of_the_description() {
        for (description, want) in
            [("One. Two.", "One"), ("Of auth0.com. Two.", "Of auth0.com"), ("No end", "No end")]
        {
            let page = format!("---\npage_title: \"a\"\ndescription: |-\n  {description}\n---\n");
            assert_eq!(summary(&page), want);
        }
    }
}
