//! What is sent in every position of every switch. A request that asks for no more than this comes
//! to no switch for incomplete creates, empty or missing secrets, an endpoint alone, no
//! subscriptions, the destination of an action, test events or deployments.

use serde_json::{Map, Value as Json, json};

use crate::support::terraform::Acceptance;

const STREAMS: &str = "/api/v2/event-streams";

/// Proves it of all requests so far, refused ones included.
#[track_caller]
pub fn assert_safe(acc: &Acceptance) {
    for request in acc.auth0.requests() {
        let (method, path) = (request.method.as_str(), request.path.as_str());
        let body = request.json();
        let fault = match (method, path.strip_prefix(STREAMS)) {
            ("POST", None) if path == "/oauth/token" => None,
            ("POST", Some("")) => create_fault(&body),
            ("GET", Some("")) => request.body.is_some().then_some("it has a body"),
            ("PATCH", Some(id)) if is_id(id) => update_fault(&body),
            ("GET" | "DELETE", Some(id)) if is_id(id) => {
                request.body.is_some().then_some("it has a body")
            }
            _ => Some("it is none of our six requests"),
        };
        assert!(fault.is_none(), "{request:?}: {}", fault.unwrap_or_default());
    }
}

/// A slash and one segment: no test event, no redelivery.
fn is_id(rest: &str) -> bool {
    rest.strip_prefix("/est_").is_some_and(|id| !id.contains('/'))
}

/// A create is complete: members that the published schema leaves out are there.
fn create_fault(body: &Json) -> Option<&'static str> {
    let Some(members) = body.as_object() else { return Some("it has no object for a body") };
    if !["name", "subscriptions", "destination"].iter().all(|name| members.contains_key(*name)) {
        return Some("it is incomplete");
    }
    let destination = &body["destination"];
    common_fault(members).or_else(|| match destination["type"].as_str() {
        Some("action") => configuration_fault(destination, &["action_id"]),
        Some("eventbridge") => configuration_fault(destination, &["aws_account_id", "aws_region"]),
        _ => webhook_fault(destination),
    })
}

fn configuration_fault(destination: &Json, needed: &[&str]) -> Option<&'static str> {
    (!has_exactly(&destination["configuration"], needed)).then_some("an incomplete destination")
}

/// An update says something, and has no destination but that of a webhook, whole.
fn update_fault(body: &Json) -> Option<&'static str> {
    match body.as_object() {
        None => Some("it has no object for a body"),
        Some(members) if members.is_empty() => Some("nothing is changed"),
        Some(members) => {
            let destination = members.get("destination");
            common_fault(members).or_else(|| destination.and_then(webhook_fault))
        }
    }
}

fn common_fault(members: &Map<String, Json>) -> Option<&'static str> {
    let known = ["name", "status", "subscriptions", "destination"];
    if !members.keys().all(|name| known.contains(&name.as_str())) {
        return Some("an unknown member");
    }
    if members.get("name").is_some_and(|name| !is_text(name)) {
        return Some("an empty name");
    }
    let subscriptions = members.get("subscriptions")?;
    let Some(subscriptions) = subscriptions.as_array().filter(|all| !all.is_empty()) else {
        return Some("empty subscriptions");
    };
    let repeats = |(i, subscription)| subscriptions[..i].contains(subscription);
    subscriptions.iter().enumerate().any(repeats).then_some("repeated subscriptions")
}

/// A webhook goes whole, with the one secret of its method.
fn webhook_fault(destination: &Json) -> Option<&'static str> {
    let configuration = &destination["configuration"];
    let authorization = &configuration["webhook_authorization"];
    let needed: &[&str] = match authorization["method"].as_str() {
        Some("basic") => &["method", "username", "password"],
        Some("bearer") => &["method", "token"],
        Some("custom_header") => &["method", "header_key", "header_value"],
        _ => &[],
    };
    if destination["type"] != "webhook" {
        Some("the destination of another kind")
    } else if !is_text(&configuration["webhook_endpoint"]) {
        Some("a webhook without its endpoint")
    } else if needed.is_empty() || !has_exactly(authorization, needed) {
        Some("a webhook without its secret")
    } else {
        None
    }
}

/// An object with these members and no others, none of them empty.
fn has_exactly(object: &Json, names: &[&str]) -> bool {
    let members = object.as_object().map_or(0, Map::len);
    members == names.len() && names.iter().all(|name| is_text(&object[name]))
}

fn is_text(value: &Json) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

#[test]
fn what_only_a_switch_would_allow_is_a_fault() {
    let webhook = |authorization: Json| {
        json!({"type": "webhook", "configuration": {
            "webhook_endpoint": "https://a.test", "webhook_authorization": authorization,
        }})
    };
    let one = json!([{"event_type": "user.created"}]);
    let bearer = webhook(json!({"method": "bearer", "token": "t"}));
    let whole = json!({"name": "a", "subscriptions": one, "destination": bearer});
    assert_eq!(create_fault(&whole), None);
    assert_eq!(update_fault(&whole), None);
    for member in ["name", "subscriptions", "destination"] {
        let mut incomplete = whole.clone();
        incomplete.as_object_mut().unwrap().remove(member);
        assert!(create_fault(&incomplete).is_some(), "{member}");
        assert!(update_fault(&incomplete).is_none(), "{member}");
    }
    for wrong in [
        json!({}),
        json!({"id": "est_4Kq7WnXy2bVt9RmHc3PzLd"}),
        json!({"name": ""}),
        json!({"subscriptions": []}),
        json!({"subscriptions": [one[0], one[0]]}),
        json!({"destination": webhook(json!({"method": "bearer"}))}),
        json!({"destination": webhook(json!({"method": "bearer", "token": ""}))}),
        json!({"destination": webhook(json!({"method": "basic", "token": "t"}))}),
        json!({"destination": webhook(Json::Null)}),
        json!({"destination": {"type": "action", "configuration": {"action_id": "a"}}}),
    ] {
        assert!(update_fault(&wrong).is_some(), "{wrong}");
    }
}
