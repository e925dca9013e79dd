//! Names that Auth0 knows. It may learn more of them at any time, so none of these lists is a
//! reason to refuse a name.

/// Types of events that a stream can subscribe to, as of August 2026.
pub const EVENT_TYPES: [&str; 25] = [
    "connection.created",
    "connection.deleted",
    "connection.updated",
    "group.created",
    "group.deleted",
    "group.member.added",
    "group.member.deleted",
    "group.role.assigned",
    "group.role.deleted",
    "group.updated",
    "organization.connection.added",
    "organization.connection.removed",
    "organization.connection.updated",
    "organization.created",
    "organization.deleted",
    "organization.group.role.assigned",
    "organization.group.role.deleted",
    "organization.member.added",
    "organization.member.deleted",
    "organization.member.role.assigned",
    "organization.member.role.deleted",
    "organization.updated",
    "user.created",
    "user.deleted",
    "user.updated",
];

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
pub fn nearest(name: &str, known: &[&'static str]) -> &'static str {
    let name = name.to_lowercase();
    let by_distance = |known: &&&'static str| strsim::damerau_levenshtein(&name, known);
    known.iter().min_by_key(by_distance).copied().unwrap_or_default()
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
            assert_eq!(nearest(typed, &EVENT_TYPES), meant);
        }
        assert_eq!(nearest("eu-wst-1", &AWS_REGIONS), "eu-west-1");
    }
}
