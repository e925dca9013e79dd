//! What `data.object` holds, by type of event.

/// The object of an event as JSON; an empty one where Auth0 does not document it.
pub(super) fn of(event_type: &str) -> &'static str {
    match event_type {
        "user.created" | "user.updated" => USER,
        "user.deleted" => DELETED_USER,
        "organization.created" | "organization.updated" | "organization.deleted" => ORGANIZATION,
        "organization.member.added" | "organization.member.deleted" => MEMBER,
        "organization.member.role.assigned" | "organization.member.role.deleted" => MEMBER_ROLE,
        "organization.connection.added" | "organization.connection.updated" => USED_CONNECTION,
        "organization.connection.removed" => REMOVED_CONNECTION,
        "group.created" | "group.updated" | "group.deleted" => GROUP,
        "group.member.added" | "group.member.deleted" => GROUP_MEMBER,
        _ => "{}",
    }
}

const USER: &str = r#"{"user_id":"auth0|65f0c0ffee0000000000a001",
    "email":"ada@example.com",
    "email_verified":false,
    "created_at":"2026-03-02T09:15:40.512Z",
    "updated_at":"2026-03-02T09:15:40.512Z",
    "identities":[{"connection":"Username-Password-Authentication",
    "user_id":"65f0c0ffee0000000000a001",
    "provider":"auth0",
    "isSocial":false}],
    "name":"Ada Example",
    "nickname":"ada"}"#;

const DELETED_USER: &str = r#"{"user_id":"auth0|65f0c0ffee0000000000a001",
    "email":"ada@example.com",
    "email_verified":false,
    "created_at":"2026-03-02T09:14:02.318Z",
    "updated_at":"2026-03-02T09:14:02.318Z",
    "deleted_at":"2026-03-02T09:15:40.512Z",
    "identities":[{"connection":"Username-Password-Authentication",
    "user_id":"65f0c0ffee0000000000a001",
    "provider":"auth0",
    "isSocial":false}],
    "name":"Ada Example",
    "nickname":"ada"}"#;

const ORGANIZATION: &str = r##"{"id":"org_3aBcD9eFgH1jKlMn",
    "name":"acme",
    "display_name":"Acme",
    "metadata":{"plan":"gold"},
    "branding":{"logo_url":"https://acme.example.com/logo.png",
    "colors":{"primary":"#0059d6","page_background":"#ffffff"}}}"##;

const MEMBER: &str = r#"{"organization":{"id":"org_3aBcD9eFgH1jKlMn","name":"acme"},
    "user":{"user_id":"auth0|65f0c0ffee0000000000a001"}}"#;

const MEMBER_ROLE: &str = r#"{"organization":{"id":"org_3aBcD9eFgH1jKlMn"},
    "user":{"user_id":"auth0|65f0c0ffee0000000000a001"},
    "role":{"id":"rol_7kLmN2pQrS4tUvWx","name":"editor"}}"#;

const USED_CONNECTION: &str = r#"{"organization":{"id":"org_3aBcD9eFgH1jKlMn","name":"acme"},
    "connection":{"id":"con_5rTyU8iOpA1sDfGh"},
    "assign_membership_on_login":true,
    "show_as_button":true,
    "is_signup_enabled":false,
    "is_enabled":true,
    "organization_access_level":"limited"}"#;

const REMOVED_CONNECTION: &str = r#"{"organization":{"id":"org_3aBcD9eFgH1jKlMn","name":"acme"},
    "connection":{"id":"con_5rTyU8iOpA1sDfGh"}}"#;

const GROUP: &str = r#"{"group":{"id":"grp_6bNmQ3wErT9yUiOp",
    "name":"engineering",
    "external_id":"c0a81f7e",
    "created_at":"2026-03-02T09:14:02.318Z",
    "type":"connection",
    "connection_id":"con_5rTyU8iOpA1sDfGh"}}"#;

const GROUP_MEMBER: &str = r#"{"group":{"id":"grp_6bNmQ3wErT9yUiOp",
    "name":"engineering",
    "type":"connection",
    "connection_id":"con_5rTyU8iOpA1sDfGh"},
    "member":{"member_type":"user","id":"auth0|65f0c0ffee0000000000a001"}}"#;
