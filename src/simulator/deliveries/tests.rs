//! Deliveries, redelivery, test events and statistics.

use super::super::switches::TestOfDisabledStream;
use super::super::testing::{Tenant, UNKNOWN, eventbridge};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;

/// A tenant at 2026-03-02T09:15:27Z with one stream.
fn tenant() -> (Tenant, String) {
    let tenant = Tenant::new();
    tenant.auth0.freeze_clock(OffsetDateTime::from_unix_timestamp(1_772_442_927).unwrap());
    let id = tenant.create(&eventbridge("crm-sync"));
    (tenant, id)
}

#[test]
fn a_failed_delivery_is_listed_as_auth0_keeps_it() {
    let (tenant, id) = tenant();
    let event = tenant.auth0.fail_event(&id, "user.created").unwrap();
    let want = format!(
        r#"{{"id":"{event}","event_stream_id":"{id}","event_type":"user.created","status":"failed","attempts":[{{"status":"failed","error_message":"404 - {{\"error\":\"no such route\"}}","timestamp":"2026-03-02T09:15:27.000Z","duration":188.067137}}],"event":{{"id":"{event}","source":"urn:auth0:","specversion":"1.0","type":"user.created","time":"2026-03-02T09:15:27.000Z","data":{{"context":{{"tenant":{{"id":"acme-dev"}}}},"object":{{}}}},"a0tenant":"acme-dev","a0stream":"{id}"}}}}"#
    );
    assert_eq!(tenant.get(&format!("event-streams/{id}/deliveries/{event}")).text, want);
    let list = tenant.get(&format!("event-streams/{id}/deliveries"));
    assert!(list.text.starts_with(&format!(r#"{{"deliveries":[{want}],"#)), "{}", list.text);
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().failed_total, 1);
}

#[test]
fn the_cursor_is_named_by_take_and_ends_on_an_empty_page() {
    let (tenant, id) = tenant();
    let path = format!("event-streams/{id}/deliveries");
    assert_eq!(tenant.get(&path).text, r#"{"deliveries":[]}"#);
    for _ in 0..3 {
        tenant.auth0.fail_event(&id, "user.created").unwrap();
    }
    let all = tenant.get(&path);
    assert_eq!(all.json["deliveries"].as_array().unwrap().len(), 3);
    assert!(all.json["nextPageToken"].is_string());
    assert_eq!(all.json.get("next"), None);
    let mut sizes = Vec::new();
    let mut from = String::new();
    loop {
        let page = tenant.get(&format!("{path}?take=2{from}"));
        assert_eq!(page.json.get("nextPageToken"), None);
        sizes.push(page.json["deliveries"].as_array().unwrap().len());
        match page.json.get("next") {
            Some(next) => from = format!("&from={}", next.as_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(sizes, [2, 1, 0]);
    let other = tenant.create(&eventbridge("other"));
    let foreign = tenant.get(&format!("event-streams/{other}/deliveries?take=2{from}"));
    foreign.refuses(400, "Invalid value for query parameter 'from'.", Some("invalid_query_string"));
}

#[test]
fn a_list_is_filtered_by_type_and_time() {
    let (tenant, id) = tenant();
    for event_type in ["user.created", "user.deleted", "group.created"] {
        tenant.auth0.fail_event(&id, event_type).unwrap();
        tenant.auth0.advance_clock(Duration::from_secs(60));
    }
    for (query, want) in [
        ("statuses=failed", &["user.created", "user.deleted", "group.created"][..]),
        ("event_types=user.deleted,group.created", &["user.deleted", "group.created"]),
        ("date_from=2026-03-02T09:16:27Z", &["user.deleted", "group.created"]),
        ("date_to=2026-03-02T09:16:27Z", &["user.created"]),
        ("date_from=2026-03-02T09:16:27Z&date_to=2026-03-02T09:17:27Z", &["user.deleted"]),
    ] {
        let list = tenant.get(&format!("event-streams/{id}/deliveries?{query}"));
        let listed = list.json["deliveries"].as_array().unwrap();
        let types: Vec<_> = listed.iter().map(|one| one["event_type"].as_str().unwrap()).collect();
        assert_eq!(types, want, "{query}");
    }
}

#[test]
fn a_bad_filter_is_refused() {
    let (tenant, id) = tenant();
    for (query, what) in [
        (
            "statuses=delivered",
            "'String does not match pattern ^failed(,failed)*$: delivered' on property statuses.",
        ),
        (
            "event_types=user.created,moon.rises",
            "'Object didn't pass validation for format event-types: user.created,moon.rises' on \
             property event_types.",
        ),
        (
            "date_from=yesterday",
            "'Object didn't pass validation for format date-time: yesterday' on property date_from.",
        ),
        (
            "date_to=2026-03-02T09:16:27.000Z",
            "'String is too long (24 chars), maximum 20' on property date_to.",
        ),
        ("take=101", "'Value 101 is greater than maximum 100' on property take."),
        ("page=1", "'Additional properties not allowed: page'."),
    ] {
        let message = format!("Query validation error: {what}");
        let reply = tenant.get(&format!("event-streams/{id}/deliveries?{query}"));
        reply.refuses(400, &message, Some("invalid_query_string"));
    }
}

#[test]
fn an_unknown_stream_or_event_is_missing() {
    let (tenant, id) = tenant();
    let event = "evt_8hTz3QmVb6YdKr2NwXc5Pj";
    let stream = "The requested stream does not exist.";
    for (method, path) in [
        ("GET", format!("event-streams/{UNKNOWN}/deliveries")),
        ("GET", format!("event-streams/{UNKNOWN}/deliveries/{event}")),
        ("POST", format!("event-streams/{UNKNOWN}/redeliver/{event}")),
        ("GET", format!("event-streams/{UNKNOWN}/stats")),
    ] {
        tenant.call(method, &path, "").refuses(404, stream, None);
    }
    let test = json!({"event_type": "user.created"});
    tenant.post(&format!("event-streams/{UNKNOWN}/test"), &test).refuses(404, stream, None);
    let all = format!("event-streams/{UNKNOWN}/redeliver");
    tenant.post(&all, &json!({})).refuses(404, stream, None);
    for (method, call) in [("GET", "deliveries"), ("POST", "redeliver")] {
        let reply = tenant.call(method, &format!("event-streams/{id}/{call}/{event}"), "");
        reply.refuses(404, "The requested event does not exist.", None);
        let reply = tenant.call(method, &format!("event-streams/{id}/{call}/evt_1"), "");
        reply.refuses(
            400,
            "Path validation error: 'Object didn't pass validation for format event-id: evt_1' on \
             property event_id (Unique identifier for the event).",
            Some("invalid_uri"),
        );
    }
}

#[test]
fn a_redelivery_is_accepted_once_until_it_ends() {
    let (tenant, id) = tenant();
    let event = tenant.auth0.fail_event(&id, "user.created").unwrap();
    let path = format!("event-streams/{id}/redeliver/{event}");
    let reply = tenant.call("POST", &path, "");
    assert_eq!((reply.status, reply.text.as_str()), (202, "{}"));
    let shown = tenant.get(&format!("event-streams/{id}/deliveries/{event}"));
    assert_eq!(
        shown.json["attempts"][1],
        json!({"status": "retrying", "timestamp": "2026-03-02T09:15:27.000Z"})
    );
    let not_now = "The event is not in a state that allows redelivery.";
    tenant.call("POST", &path, "null").refuses(409, not_now, None);
    let not_all = "One or more events is not in a state that allows redelivery.";
    tenant.post(&format!("event-streams/{id}/redeliver"), &json!({})).refuses(409, not_all, None);
}

#[test]
fn redelivering_many_echoes_the_filters() {
    let (tenant, id) = tenant();
    let path = format!("event-streams/{id}/redeliver");
    assert_eq!(tenant.post(&path, &json!({})).text, "{}");
    tenant.auth0.fail_event(&id, "user.created").unwrap();
    tenant.auth0.fail_event(&id, "user.deleted").unwrap();
    let filters = json!({"event_types": ["user.created"], "statuses": ["failed"]});
    let reply = tenant.post(&path, &filters);
    assert_eq!((reply.status, &reply.json), (202, &filters));
    let listed = tenant.get(&format!("event-streams/{id}/deliveries"));
    let attempts =
        |index: usize| listed.json["deliveries"][index]["attempts"].as_array().unwrap().len();
    assert_eq!((attempts(0), attempts(1)), (2, 1));
    for (filters, what) in [
        (json!({"event_type": "x"}), "'Additional properties not allowed: event_type'."),
        (json!({"statuses": ["pending"]}), "'No enum match for: pending' on property statuses[0]."),
        (
            json!({"date_from": "x"}),
            "'Object didn't pass validation for format date-time: x' on property date_from.",
        ),
    ] {
        tenant.post(&path, &filters).refuses_body(what);
    }
}

#[test]
fn a_test_event_is_pending_and_not_kept() {
    let (tenant, id) = tenant();
    let path = format!("event-streams/{id}/test");
    let reply =
        tenant.post(&path, &json!({"event_type": "user.created", "data": {"object": {"a": 1}}}));
    assert_eq!(reply.status, 202);
    assert_eq!(reply.json["status"], "pending");
    assert_eq!(reply.json["attempts"], json!([]));
    assert_eq!(reply.json["event"]["a0purpose"], "test");
    assert_eq!(reply.json["event"]["source"], "urn:auth0:acme-dev.sus.auth0.com");
    assert_eq!(reply.json["event"]["data"], json!({"object": {"a": 1}}));
    assert_eq!(reply.json["id"], reply.json["event"]["id"]);
    let listed = tenant.get(&format!("event-streams/{id}/deliveries"));
    assert_eq!(listed.json["deliveries"], json!([]));
    for (body, what) in [
        (json!({}), "'Missing required property: event_type'."),
        (
            json!({"event_type": "moon.rises"}),
            "'No enum match for: moon.rises' on property event_type.",
        ),
        (
            json!({"event_type": "user.created", "data": "x"}),
            "'Expected type object but found type string' on property data.",
        ),
    ] {
        tenant.post(&path, &body).refuses_body(what);
    }
}

#[test]
fn a_test_event_fails_after_the_time_of_a_setting_and_not_before() {
    let (tenant, id) = tenant();
    tenant.auth0.change_settings(|settings| settings.test_events_fail_after_ms = Some(2_000));
    let data = json!({"object": {"a": 1}});
    let test = json!({"event_type": "user.created", "data": data});
    let sent = tenant.post(&format!("event-streams/{id}/test"), &test).json;
    let event = sent["id"].as_str().unwrap();
    let listed =
        || tenant.get(&format!("event-streams/{id}/deliveries")).json["deliveries"].clone();
    tenant.auth0.advance_clock(Duration::from_millis(1_999));
    assert_eq!(listed(), json!([]));
    let one = tenant.get(&format!("event-streams/{id}/deliveries/{event}"));
    one.refuses(404, "The requested event does not exist.", None);
    tenant.auth0.advance_clock(Duration::from_millis(1));
    for _ in 0..2 {
        let listed = listed();
        let [failed] = &listed.as_array().unwrap()[..] else { panic!("{listed}") };
        assert_eq!((&failed["id"], &failed["status"]), (&sent["id"], &json!("failed")));
        let [attempt] = &failed["attempts"].as_array().unwrap()[..] else { panic!("{failed}") };
        assert_eq!(attempt["error_message"], r#"404 - {"error":"no such route"}"#);
        assert_eq!(attempt["timestamp"], "2026-03-02T09:15:29.000Z");
        assert_eq!(failed["event"]["time"], "2026-03-02T09:15:27.000Z");
        assert_eq!(failed["event"]["data"], data);
    }
    assert_eq!(tenant.auth0.event_stream(&id).unwrap().failed_total, 1);

    tenant.post(&format!("event-streams/{id}/test"), &test);
    tenant.delete(&format!("event-streams/{id}"));
    tenant.auth0.advance_clock(Duration::from_secs(3));
    let other = tenant.create(&eventbridge("other"));
    let listed = tenant.get(&format!("event-streams/{other}/deliveries"));
    assert_eq!(listed.json["deliveries"], json!([]), "what fails later goes with its stream");
}

#[test]
fn a_disabled_stream_is_tested_only_by_a_switch() {
    let (tenant, id) = tenant();
    tenant.auth0.disable_event_stream(&id, 500);
    let test = json!({"event_type": "user.created"});
    let refusal = "A disabled event stream cannot be tested.";
    let reply = tenant.post(&format!("event-streams/{id}/test"), &test);
    reply.refuses(400, refusal, Some("invalid_body"));
    tenant.auth0.change_settings(|settings| {
        settings.switches.test_of_disabled_stream = TestOfDisabledStream::Accept;
    });
    assert_eq!(tenant.post(&format!("event-streams/{id}/test"), &test).status, 202);
}

#[test]
fn statistics_cover_fourteen_days_by_default() {
    let (tenant, id) = tenant();
    tenant.auth0.fail_event(&id, "user.created").unwrap();
    let stats = tenant.get(&format!("event-streams/{id}/stats")).json;
    assert_eq!(
        stats["window"],
        json!({"date_from": "2026-02-16T09:00:00.000Z", "date_to": "2026-03-02T10:00:00.000Z", "bucket_interval": {"scale_factor": 86_400}})
    );
    let buckets = stats["buckets"].as_array().unwrap();
    assert_eq!(buckets.len(), 15);
    assert_eq!(buckets[0], "2026-02-16T00:00:00.000Z");
    assert_eq!(stats["metrics"][0]["name"], "auth0.event_streams.successful_deliveries");
    assert_eq!(stats["metrics"][1]["name"], "auth0.event_streams.failed_deliveries");
    assert_eq!(stats["metrics"][1]["window_total"], 1);
    assert_eq!(stats["metrics"][1]["data"][14], 1);
}

#[test]
fn a_short_window_has_buckets_of_an_hour() {
    let (tenant, id) = tenant();
    let window = "date_from=2026-03-02T14:35:00%2B05:30&date_to=2026-03-02T09:25:00Z";
    let stats = tenant.get(&format!("event-streams/{id}/stats?{window}")).json;
    assert_eq!(
        stats["window"],
        json!({"date_from": "2026-03-02T09:00:00.000Z", "date_to": "2026-03-02T09:00:00.000Z", "bucket_interval": {"scale_factor": 3_600}})
    );
    assert_eq!(stats["buckets"], json!(["2026-03-02T09:00:00.000Z"]));
    for window in [
        "date_from=2026-03-02T09:00:00Z&date_to=2026-03-02T08:00:00Z",
        "date_from=0000-01-01T00:00:00%2B23:00&date_to=9999-12-31T23:00:00-23:00",
    ] {
        let reply = tenant.get(&format!("event-streams/{id}/stats?{window}"));
        reply.refuses(400, "Invalid window.", Some("invalid_query_string"));
    }
}

#[test]
fn deliveries_go_with_their_stream() {
    let (tenant, id) = tenant();
    tenant.auth0.fail_event(&id, "user.created").unwrap();
    tenant.delete(&format!("event-streams/{id}"));
    let reply = tenant.get(&format!("event-streams/{id}/deliveries"));
    assert_eq!((reply.status, &reply.json["errorCode"]), (404, &Value::Null));
    assert!(tenant.auth0.fail_event(&id, "user.created").is_err());
}
