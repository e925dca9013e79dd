//! Names that Auth0 knows. It may learn more of them at any time, so none of these lists is a
//! reason to refuse a name.

mod event_types;

pub use event_types::{EVENT_TYPES, EventType};

/// AWS regions in which Auth0 can make a partner event source, as of August 2026.
pub const AWS_REGIONS: [&str; 36] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The name of `known` that takes the fewest typing mistakes to become `name`.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> &'a str {
    known.into_iter().min_by_key(|known| mistakes(name, known)).unwrap_or_default()
}

/// Up to three names of `known` that `name` may stand for, the nearest first: those that are a few
/// typing mistakes away, and those that hold it or are a part of it.
pub fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const MOST: usize = 3;
    let lower = name.to_lowercase();
    let is_near = |known: &str| {
        let known = known.to_lowercase();
        let longest = lower.chars().count().max(known.chars().count());
        let is_part = lower.contains(&known) || known.contains(&lower);
        !known.is_empty()
            && !lower.is_empty()
            && (is_part || mistakes(name, &known) * 5 <= longest * 2)
    };
    let mut found: Vec<_> = known.into_iter().filter(|known| is_near(known)).collect();
    found.sort_by_key(|known| (mistakes(name, known), *known));
    found.truncate(MOST);
    found
}

/// Typing mistakes from one name to another, whatever the case of their letters.
fn mistakes(name: &str, known: &str) -> usize {
    strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase())
}

/// Whether `name` is spelled as `pattern`, in which `*` stands for any characters, dots included, or
/// none.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        // The first place that fits leaves the most for what follows.
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_leads_to_the_name_that_was_meant() {
        for (typed, meant) in [
            ("user.craeted", "user.created"),
            ("User.Created", "user.created"),
            ("organisation.member.added", "organization.member.added"),
            ("users.updated", "user.updated"),
        ] {
            assert_eq!(nearest(typed, EventType::names()), meant);
            assert_eq!(near(typed, EventType::names())[0], meant);
        }
        assert_eq!(nearest("eu-wst-1", AWS_REGIONS), "eu-west-1");
    }

    #[test]
    fn near_names_are_few_and_none_is_far() {
        let known = ["crm-sync", "CRM", "audit-bus", "crm-sync-2", "crm-sync-3", "crm-sync-4", ""];
        for (name, want) in [
            ("crm-sinc", &["crm-sync", "crm-sync-2", "crm-sync-3"][..]),
            ("crm", &["CRM", "crm-sync", "crm-sync-2"]),
            ("prod-audit-bus", &["audit-bus"]),
            ("orders", &[]),
            ("", &[]),
        ] {
            assert_eq!(near(name, known), want, "{name}");
        }
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name, want) in [
            ("user.created", "user.created", true),
            ("user.created", "user.created2", false),
            ("user.*", "user.created", true),
            ("user.*", "users.created", false),
            ("*.deleted", "organization.member.role.deleted", true),
            ("organization.*", "organization.member.added", true),
            ("organization.*.*", "organization.created", false),
            ("*member*role*", "organization.member.role.assigned", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*a", "a", false),
            ("a*b*c", "abbc", true),
            ("a*b*c", "acb", false),
            ("*ab*ab", "ab", false),
            ("ü*", "über", true),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
