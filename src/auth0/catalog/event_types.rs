/// A type of events that a stream can subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// As Auth0 spells it, such as `user.created`.
    pub name: &'static str,
    /// What it belongs to: the beginning of the name of each type of the family.
    pub family: &'static str,
    /// What has happened, in a sentence.
    pub description: &'static str,
}

/// Every type of events that is known, as of August 2026, by name.
pub const EVENT_TYPES: [EventType; 25] = [
    of("connection", "connection.created", "A connection was created."),
    of("connection", "connection.deleted", "A connection was deleted."),
    of("connection", "connection.updated", "A connection was changed."),
    of("group", "group.created", "A group was created."),
    of("group", "group.deleted", "A group was deleted."),
    of("group", "group.member.added", "A user or a connection became a member of a group."),
    of("group", "group.member.deleted", "A user or a connection left a group."),
    of("group.role", "group.role.assigned", "A role was assigned to a group."),
    of("group.role", "group.role.deleted", "A role was taken from a group."),
    of("group", "group.updated", "A group was changed."),
    of(
        "organization.connection",
        "organization.connection.added",
        "A connection was enabled for an organization.",
    ),
    of(
        "organization.connection",
        "organization.connection.removed",
        "A connection was taken from an organization.",
    ),
    of(
        "organization.connection",
        "organization.connection.updated",
        "How an organization uses a connection was changed.",
    ),
    of("organization", "organization.created", "An organization was created."),
    of("organization", "organization.deleted", "An organization was deleted."),
    of(
        "organization.group.role",
        "organization.group.role.assigned",
        "A role in an organization was assigned to a group.",
    ),
    of(
        "organization.group.role",
        "organization.group.role.deleted",
        "A role in an organization was taken from a group.",
    ),
    of(
        "organization.member",
        "organization.member.added",
        "A user became a member of an organization.",
    ),
    of("organization.member", "organization.member.deleted", "A user left an organization."),
    of(
        "organization.member",
        "organization.member.role.assigned",
        "A role was assigned to a member of an organization.",
    ),
    of(
        "organization.member",
        "organization.member.role.deleted",
        "A role was taken from a member of an organization.",
    ),
    of("organization", "organization.updated", "An organization was changed."),
    of("user", "user.created", "A user was created, by whatever way."),
    of("user", "user.deleted", "A user was deleted, or became a part of another one by linking."),
    of("user", "user.updated", "A user was changed."),
];

const fn of(family: &'static str, name: &'static str, description: &'static str) -> EventType {
    EventType { name, family, description }
}

impl EventType {
    /// The type `name`, where it is known.
    pub fn find(name: &str) -> Option<&'static Self> {
        EVENT_TYPES.iter().find(|known| known.name == name)
    }

    /// The names of all known types.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EVENT_TYPES.iter().map(|known| known.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_order_and_of_the_family_that_their_names_begin_with() {
        assert!(EVENT_TYPES.is_sorted_by(|a, b| a.name < b.name));
        for EventType { name, family, description } in EVENT_TYPES {
            assert!(name.starts_with(&format!("{family}.")), "{name}");
            assert!(description.ends_with('.'), "{name}");
        }
    }
}
