//! What became of a creation that was not answered: found out, and not guessed.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::answer::{EventStream, EventStreamDestination};
use super::request::{CreateEventStream, Destination, Subscription, WebhookAuthorization};

/// Dates of answers are in whole seconds, and the machines of Auth0 need not agree to the second.
const CLOCKS: time::Duration = time::Duration::seconds(2);

/// What the list says of a name.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Nothing,
    /// One stream, equal to what was sent, made since.
    Ours(EventStream),
    /// One stream, equal to what was sent, made before.
    Equal(EventStream),
    /// One or more that are not what was sent, or that cannot be told apart.
    Other(Vec<EventStream>),
}

/// Judges the streams that carry the name of `new`, which was sent when the server's clock showed
/// `sent_at`.
pub(super) fn judge(
    new: &CreateEventStream,
    named: Vec<EventStream>,
    sent_at: Option<OffsetDateTime>,
) -> Found {
    let mut equal: Vec<EventStream> =
        named.iter().filter(|stream| is_equal(new, stream)).cloned().collect();
    let since = |stream: &EventStream| {
        sent_at.is_some_and(|sent_at| {
            OffsetDateTime::parse(&stream.created_at, &Rfc3339)
                .is_ok_and(|created_at| created_at >= sent_at - CLOCKS)
        })
    };
    let ours: Vec<&EventStream> = equal.iter().filter(|stream| since(stream)).collect();
    match (ours.as_slice(), equal.len(), named.is_empty()) {
        (_, _, true) => Found::Nothing,
        ([one], ..) => Found::Ours((*one).clone()),
        ([], 1, _) if named.len() == 1 && has_usual_status(new, &equal[0]) => {
            Found::Equal(equal.remove(0))
        }
        _ => Found::Other(named),
    }
}

/// Whether the status is what was asked for. Nobody asks for a stream that delivers nothing by saying
/// nothing: one that was there before and is disabled was disabled by somebody, or by Auth0.
fn has_usual_status(new: &CreateEventStream, stream: &EventStream) -> bool {
    new.status.is_some() || stream.status == "enabled"
}

/// Whether a stream is, in every member that Auth0 shows, what was to be created.
pub(super) fn is_equal(new: &CreateEventStream, stream: &EventStream) -> bool {
    let types = |subscriptions: &[Subscription]| {
        let mut types: Vec<_> = subscriptions.iter().map(|s| s.event_type.clone()).collect();
        types.sort();
        types.dedup();
        types
    };
    new.name == stream.name
        && new.status.as_deref().is_none_or(|status| status == stream.status)
        && types(&new.subscriptions) == types(&stream.subscriptions)
        && goes_to(&new.destination, &stream.destination)
}

fn goes_to(new: &Destination, shown: &EventStreamDestination) -> bool {
    match (new, shown) {
        (
            Destination::Webhook { webhook_endpoint, webhook_authorization },
            EventStreamDestination::Webhook {
                webhook_endpoint: shown_endpoint,
                webhook_authorization: shown,
            },
        ) => {
            let (method, username, header_key) = match webhook_authorization {
                WebhookAuthorization::Basic { username, .. } => ("basic", Some(username), None),
                WebhookAuthorization::Bearer { .. } => ("bearer", None, None),
                WebhookAuthorization::CustomHeader { header_key, .. } => {
                    ("custom_header", None, Some(header_key))
                }
            };
            let header = |new: Option<&String>, shown: Option<&String>| match (new, shown) {
                (Some(new), Some(shown)) => new.eq_ignore_ascii_case(shown),
                (new, shown) => new.is_none() && shown.is_none(),
            };
            webhook_endpoint == shown_endpoint
                && method == shown.method
                && username == shown.username.as_ref()
                && header(header_key, shown.header_key.as_ref())
        }
        (
            Destination::EventBridge { aws_account_id, aws_region },
            EventStreamDestination::EventBridge {
                aws_account_id: shown_account,
                aws_region: shown_region,
                ..
            },
        ) => aws_account_id == shown_account && aws_region == shown_region,
        (
            Destination::Action { action_id },
            EventStreamDestination::Action { action_id: shown },
        ) => action_id == shown,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str) -> CreateEventStream {
        CreateEventStream {
            name: name.to_owned(),
            status: None,
            subscriptions: vec!["user.updated".into(), "user.created".into()],
            destination: Destination::Webhook {
                webhook_endpoint: "https://h.test".to_owned(),
                webhook_authorization: WebhookAuthorization::CustomHeader {
                    header_key: "X-Hook".to_owned(),
                    header_value: "s3cr3t".into(),
                },
            },
        }
    }

    fn shown(created_at: &str) -> EventStream {
        serde_json::from_value(serde_json::json!({
            "id": "est_4Kq7WnXy2bVt9RmHc3PzLd", "name": "orders", "status": "enabled",
            "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
            "created_at": created_at, "updated_at": created_at,
            "destination": {"type": "webhook", "configuration": {
                "webhook_endpoint": "https://h.test",
                "webhook_authorization": {"method": "custom_header", "header_key": "x-hook"},
            }},
        }))
        .unwrap()
    }

    const SENT_AT: &str = "2026-03-02T09:15:27Z";
    const BEFORE: &str = "2026-03-02T09:14:00.000Z";
    const SINCE: &str = "2026-03-02T09:15:27.041Z";

    fn judged(named: Vec<EventStream>) -> Found {
        judge(&new("orders"), named, OffsetDateTime::parse(SENT_AT, &Rfc3339).ok())
    }

    #[test]
    fn one_equal_stream_that_was_made_since_is_ours_and_nothing_else_is() {
        let other = |at| EventStream { subscriptions: vec![], ..shown(at) };
        let disabled = |at| EventStream { status: "disabled".to_owned(), ..shown(at) };
        for (case, named, want) in [
            ("none", vec![], Found::Nothing),
            ("made since", vec![shown(SINCE)], Found::Ours(shown(SINCE))),
            ("made before", vec![shown(BEFORE)], Found::Equal(shown(BEFORE))),
            ("another one", vec![other(SINCE)], Found::Other(vec![other(SINCE)])),
            ("ours, disabled by Auth0", vec![disabled(SINCE)], Found::Ours(disabled(SINCE))),
            ("disabled before", vec![disabled(BEFORE)], Found::Other(vec![disabled(BEFORE)])),
            (
                "ours beside an older one",
                vec![shown(BEFORE), shown(SINCE)],
                Found::Ours(shown(SINCE)),
            ),
            (
                "two that cannot be told apart",
                vec![shown(SINCE), shown(SINCE)],
                Found::Other(vec![shown(SINCE), shown(SINCE)]),
            ),
            (
                "two of before",
                vec![shown(BEFORE), shown(BEFORE)],
                Found::Other(vec![shown(BEFORE), shown(BEFORE)]),
            ),
        ] {
            assert_eq!(judged(named), want, "{case}");
        }
        let unknown = judge(&new("orders"), vec![shown(SINCE)], None);
        assert_eq!(unknown, Found::Equal(shown(SINCE)), "without a clock nothing is ours");
    }

    #[test]
    fn a_stream_differs_in_whatever_auth0_shows_of_it() {
        assert!(is_equal(&new("orders"), &shown(SINCE)));
        let endpoint = |url: &str| Destination::Webhook {
            webhook_endpoint: url.to_owned(),
            webhook_authorization: WebhookAuthorization::Bearer { token: "t".into() },
        };
        for (case, other) in [
            ("name", new("Orders")),
            ("status", CreateEventStream { status: Some("disabled".into()), ..new("orders") }),
            (
                "subscriptions",
                CreateEventStream { subscriptions: vec!["user.created".into()], ..new("orders") },
            ),
            (
                "method",
                CreateEventStream { destination: endpoint("https://h.test"), ..new("orders") },
            ),
            (
                "kind",
                CreateEventStream {
                    destination: Destination::Action { action_id: "a".into() },
                    ..new("orders")
                },
            ),
        ] {
            assert!(!is_equal(&other, &shown(SINCE)), "{case}");
        }
    }
}
