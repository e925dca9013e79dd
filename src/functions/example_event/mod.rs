//! `example_event(event_type)`

mod objects;

use super::event_type;
use crate::framework::function::{Arguments, Function, FunctionError, Parameter, Signature};
use crate::framework::value::{Raw, Type};

/// The function `example_event`.
pub struct ExampleEvent;

impl Function for ExampleEvent {
    fn name(&self) -> &'static str {
        "example_event"
    }

    fn signature(&self) -> Signature {
        Signature {
            parameters: vec![Parameter {
                name: "event_type",
                ty: Type::String,
                description: "A type of events, such as `user.created`.",
            }],
            variadic: None,
            returns: Type::String,
            summary: "A CloudEvent of a type, as Auth0 would send it.",
            description: "Makes an event of the type as JSON, to test a receiver with: what Auth0 \
                          sends to a webhook, passes to an action, and puts into the `detail` of an \
                          event of EventBridge. It is the same for every call, and its ids name \
                          nothing that exists. Where Auth0 does not document the data of a type \
                          (`connection.*`, `group.role.*` and `organization.group.role.*`), \
                          `data.object` is empty.",
        }
    }

    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError> {
        Ok(Raw::string(event(event_type(0, arguments.text(0)?)?.name)))
    }
}

/// The members in the order of Auth0.
fn event(event_type: &str) -> String {
    let object: String = objects::of(event_type).lines().map(str::trim).collect();
    format!(
        "{{\"specversion\":\"1.0\",\"type\":\"{event_type}\",\
         \"source\":\"urn:auth0:acme-dev.eu.auth0.com\",\"id\":\"evt_8hTz3QmVb6YdKr2NwXc5Pj\",\
         \"time\":\"2026-03-02T09:15:40.645Z\",\"data\":{{\"object\":{object},\
         \"context\":{{\"tenant\":{{\"id\":\"acme-dev\"}}}}}},\"a0tenant\":\"acme-dev\",\
         \"a0stream\":\"est_4Kq7WnXy2bVt9RmHc3PzLd\"}}"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::auth0::catalog::EventType;

    fn parsed(event_type: &str) -> Json {
        serde_json::from_str(&event(event_type)).unwrap()
    }

    #[test]
    fn every_type_has_a_complete_envelope() {
        for name in EventType::names() {
            let event = parsed(name);
            assert_eq!(event["type"], name);
            assert_eq!(event["specversion"], "1.0");
            let id = event["id"].as_str().unwrap();
            assert!(id.starts_with("evt_") && id.len() == 26, "{id}");
            for required in ["source", "time", "a0tenant", "a0stream"] {
                assert!(event[required].is_string(), "{name}: {required}");
            }
            assert!(event["data"]["object"].is_object(), "{name}");
        }
    }

    /// What Auth0 documents as required, or always there.
    #[test]
    fn the_object_has_the_members_of_its_type() {
        let user = &["user_id", "created_at", "updated_at", "identities"][..];
        for (event_type, members) in [
            ("user.created", user),
            ("user.updated", user),
            ("user.deleted", &["user_id", "created_at", "updated_at", "identities", "deleted_at"]),
            ("organization.created", &["id", "name"]),
            ("organization.updated", &["id", "name"]),
            ("organization.deleted", &["id", "name"]),
            ("organization.member.added", &["organization", "user"]),
            ("organization.member.deleted", &["organization", "user"]),
            ("organization.member.role.assigned", &["organization", "user", "role"]),
            ("organization.member.role.deleted", &["organization", "user", "role"]),
            ("organization.connection.added", &["organization", "connection", "is_enabled"]),
            ("organization.connection.updated", &["organization", "connection", "is_enabled"]),
            ("organization.connection.removed", &["organization", "connection"]),
            ("group.created", &["group"]),
            ("group.updated", &["group"]),
            ("group.deleted", &["group"]),
            ("group.member.added", &["group", "member"]),
            ("group.member.deleted", &["group", "member"]),
        ] {
            let event = parsed(event_type);
            for member in members {
                let object = &event["data"]["object"];
                assert!(!object[member].is_null(), "{event_type}: no {member}");
            }
        }
        assert!(parsed("user.created")["data"]["object"]["deleted_at"].is_null());
        assert_eq!(parsed("connection.created")["data"]["object"], serde_json::json!({}));
    }

    #[test]
    fn it_is_written_on_one_line() {
        assert!(EventType::names().all(|name| !event(name).contains(['\n', '\t'])));
    }
}
