//! What is asked for and what is found, without core and without Auth0.

use super::event_stream::{EventStream as OneStream, EventStreamModel, flatten};
use super::event_streams::{EventStreams, EventStreamsModel};
use super::event_types::{EventTypes, EventTypesModel};
use super::{nearest, quoted};
use crate::auth0::{ClientSlot, EventStream, EventStreamAuthorization, EventStreamDestination};
use crate::framework::Severity;
use crate::framework::data_source::DataSource;
use crate::framework::resource::Context;
use crate::framework::value::{IntoRaw, Value};

fn stream(name: &str, destination: EventStreamDestination) -> EventStream {
    EventStream {
        id: "est_4Kq7WnXy2bVt9RmHc3PzLd".to_owned(),
        status: "enabled".to_owned(),
        name: name.to_owned(),
        subscriptions: vec!["user.created".into(), "organization.member.added".into()],
        created_at: "2026-03-02T09:15:27.041Z".to_owned(),
        updated_at: "2026-03-02T09:15:27.041Z".to_owned(),
        destination,
    }
}

fn webhook() -> EventStream {
    let webhook_authorization = EventStreamAuthorization {
        method: "basic".to_owned(),
        username: Some("hook".to_owned()),
        header_key: None,
    };
    let webhook_endpoint = "https://hooks.example.com".to_owned();
    stream("crm-sync", EventStreamDestination::Webhook { webhook_endpoint, webhook_authorization })
}

#[test]
fn one_of_id_and_name_is_needed_and_what_is_unknown_is_not_judged() {
    let source = OneStream::new(ClientSlot::default());
    for (id, name, want) in [
        (Value::Null, Value::Null, &["id"][..]),
        ("est_4Kq7WnXy2bVt9RmHc3PzLd".into(), "crm".into(), &["name"]),
        ("est_4Kq7WnXy2bVt9RmHc3PzLd".into(), Value::Null, &[]),
        (Value::Null, "crm".into(), &[]),
        (Value::Unknown, "crm".into(), &[]),
        (Value::Unknown, Value::Null, &[]),
        (Value::Unknown, Value::Unknown, &[]),
    ] {
        let found = source.validate(&EventStreamModel { id, name, ..Default::default() });
        let paths: Vec<_> = found.iter().map(|fault| fault.path.to_string()).collect();
        assert_eq!(paths, want);
    }
}

#[test]
fn what_auth0_does_not_show_is_null_and_blocks_of_other_kinds_are_empty() {
    let model = flatten(webhook());
    assert_eq!(model.eventbridge_configuration, Value::Known(vec![]));
    assert_eq!(model.action_configuration, Value::Known(vec![]));
    let raw = model.into_raw();
    let webhook = raw.member("webhook_configuration").element(0);
    let authorization = webhook.member("webhook_authorization").element(0).members().unwrap();
    let filled: Vec<_> =
        authorization.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
    assert_eq!(filled, ["method", "username"]);
    assert!(raw.is_wholly_known());
}

#[test]
fn every_filter_that_is_set_has_to_be_passed() {
    let none = EventStreamsModel::default;
    for (filter, want) in [
        (none(), true),
        (EventStreamsModel { destination_type: "webhook".into(), ..none() }, true),
        (EventStreamsModel { destination_type: "action".into(), ..none() }, false),
        (EventStreamsModel { status: "disabled".into(), ..none() }, false),
        (EventStreamsModel { name_pattern: "crm-*".into(), ..none() }, true),
        (EventStreamsModel { name_pattern: "crm".into(), ..none() }, false),
        (EventStreamsModel { subscribed_to: "user.created".into(), ..none() }, true),
        (EventStreamsModel { subscribed_to: "organization.*".into(), ..none() }, true),
        (EventStreamsModel { subscribed_to: "user.deleted".into(), ..none() }, false),
        (
            EventStreamsModel {
                status: "enabled".into(),
                subscribed_to: "user.deleted".into(),
                ..none()
            },
            false,
        ),
    ] {
        assert_eq!(filter.filter().passes(&webhook()), want);
    }
}

/// Auth0 may know more of them than we do.
#[test]
fn a_type_that_is_not_known_is_a_warning_in_a_filter() {
    let source = EventStreams::new(ClientSlot::default());
    let said = |subscribed_to: Value<String>| {
        let config = EventStreamsModel { subscribed_to, ..Default::default() };
        source.validate(&config).into_iter().next()
    };
    let warning = said("user.creatd".into()).unwrap();
    assert_eq!(warning.severity, Severity::Warning);
    assert!(warning.detail.contains("\"user.created\""), "{}", warning.detail);
    for known in ["user.created".into(), "user.*".into(), Value::Unknown, Value::Null] {
        assert_eq!(said(known), None);
    }
}

#[tokio::test]
async fn types_are_found_by_pattern() {
    for (pattern, want) in [(Value::Null, 25), ("user.*".into(), 3), ("user.created".into(), 1)] {
        let config = EventTypesModel { pattern, ..Default::default() };
        let found = EventTypes.read(&Context::default(), config).await.state.unwrap();
        assert_eq!(found.event_types.known().unwrap().len(), want);
    }
}

#[test]
fn names_stand_in_a_sentence() {
    assert_eq!(quoted(&["a", "b", "c"]), "\"a\", \"b\" and \"c\"");
    assert_eq!(nearest(&["a"], "None."), "The nearest name is \"a\".");
    assert_eq!(nearest(&["a", "b"], "None."), "The nearest names are \"a\" and \"b\".");
    assert_eq!(nearest(&[], "None."), "None.");
}
