//! The texts of tenants of every kind.

use std::collections::BTreeMap;

use super::names::{self, Names};
use super::text::texts;
use crate::auth0::{EventStream, EventStreamAuthorization, EventStreamDestination};

/// An EventBridge stream.
pub(super) fn stream(name: &str) -> EventStream {
    EventStream {
        id: "est_4Kq7WnXy2bVt9RmHc3PzLd".to_owned(),
        status: "enabled".to_owned(),
        name: name.to_owned(),
        subscriptions: vec!["user.created".into()],
        created_at: "2026-03-02T09:15:27.041Z".to_owned(),
        updated_at: "2026-03-02T09:15:27.041Z".to_owned(),
        destination: EventStreamDestination::EventBridge {
            aws_account_id: "123456789012".to_owned(),
            aws_region: "eu-west-1".to_owned(),
            aws_partner_event_source: Some("aws.partner/auth0.com/x/auth0.events".to_owned()),
        },
    }
}

pub(super) fn named(id: &str, name: &str) -> EventStream {
    EventStream { id: id.to_owned(), ..stream(name) }
}

fn webhook(method: &str, username: Option<&str>, header: Option<&str>) -> EventStreamDestination {
    EventStreamDestination::Webhook {
        webhook_endpoint: "https://hooks.example.com/auth0?a=1&b=${c}".to_owned(),
        webhook_authorization: EventStreamAuthorization {
            method: method.to_owned(),
            username: username.map(str::to_owned),
            header_key: header.map(str::to_owned),
        },
    }
}

/// A tenant with everything, in this order.
fn tenant() -> Vec<EventStream> {
    let action = EventStreamDestination::Action { action_id: "6f0d1c1e".to_owned() };
    let kafka = EventStreamDestination::Other { destination_type: "kafka".to_owned() };
    let streams = [
        ("crm-sync", webhook("bearer", None, None)),
        ("Über \"${CRM}\"\n", webhook("basic", Some("ho\\ok"), None)),
        ("2fa", webhook("custom_header", None, Some("X-Hook-Secret"))),
        ("null", stream("").destination),
        ("CRM sync", action.clone()),
        ("to-kafka", kafka),
        ("mutual", webhook("mtls", None, None)),
        ("", action),
    ];
    let with_place = streams.into_iter().enumerate();
    with_place
        .map(|(index, (name, destination))| EventStream {
            id: format!("est_{index}Kq7WnXy2bVt9RmHc3PzLd"),
            created_at: format!("2026-03-02T09:15:2{index}.041Z"),
            status: if index == 3 { "disabled" } else { "enabled" }.to_owned(),
            subscriptions: ["user.updated", "user.created", "user.updated"].map(Into::into).into(),
            destination,
            ..stream(name)
        })
        .collect()
}

#[test]
fn a_tenant_of_every_kind_has_this_configuration() {
    let texts = texts(tenant(), &Names::new());
    let files = BTreeMap::from(texts.files);
    assert_eq!(files["event_streams.tf"], include_str!("golden/event_streams.tf"));
    assert_eq!(files["variables.tf"], include_str!("golden/variables.tf"));
    assert_eq!((texts.streams, texts.secrets, texts.left_out.len()), (5, 3, 3));
    assert!(files["versions.tf"].contains("source  = \"auth0-eventing/auth0\"\n"));
}

#[test]
fn the_order_of_the_answer_makes_no_difference() {
    let mut turned = tenant();
    turned.reverse();
    turned.iter_mut().for_each(|stream| stream.subscriptions.reverse());
    let [one, other] = [tenant(), turned].map(|streams| texts(streams, &Names::new()).files);
    assert_eq!(one, other);
}

#[test]
fn a_stream_that_is_renamed_changes_a_line() {
    let before = texts(tenant(), &Names::new()).files;
    let mut streams = tenant();
    streams[3].name = "void".to_owned();
    let after = texts(streams, &names::of(&before[0].1)).files;
    let [before, after] = [&before, &after].map(|files| files[0].1.lines().collect::<Vec<_>>());
    let changed: Vec<_> = before.iter().zip(&after).filter(|(old, new)| old != new).collect();
    assert_eq!(before.len(), after.len());
    assert_eq!(changed, [(&"  name             = \"null\"", &"  name             = \"void\"")]);
}

/// Nothing but a person can decide what becomes of it.
#[test]
fn a_stream_that_cannot_be_managed_any_more_is_told_with_its_address() {
    let before = texts(tenant(), &Names::new()).files;
    let mut streams = tenant();
    streams[0].name = String::new();
    let texts = texts(streams, &names::of(&before[0].1));
    assert_eq!(texts.left_out.len(), 4);
    assert!(texts.left_out[0].contains("terraform state rm auth0_event_stream.crm_sync"));
    assert!(!texts.files[0].1.contains("state rm"));
}

#[test]
fn a_tenant_without_streams_has_files_without_blocks() {
    let texts = texts(Vec::new(), &Names::new());
    assert_eq!(texts.files[0].1.lines().count(), 1);
    assert_eq!(texts.files[1].1.lines().count(), 1);
    assert!(texts.files[2].1.contains("provider \"auth0\" {}"));
}
