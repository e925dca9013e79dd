//! Getting and listing event streams.

use super::super::testing::{Tenant, UNKNOWN, bearer, eventbridge, webhook};
use serde_json::{Value, json};

#[test]
fn get_answers_what_create_answered() {
    let tenant = Tenant::new();
    let created = tenant.post("event-streams", &webhook("crm-sync", &bearer()));
    let id = created.json["id"].as_str().unwrap();
    let got = tenant.get(&format!("event-streams/{id}"));
    assert_eq!((got.status, got.text), (200, created.text));
}

#[test]
fn an_unknown_id_is_missing_without_a_code() {
    let reply = Tenant::new().get(&format!("event-streams/{UNKNOWN}"));
    reply.refuses(404, "The requested stream does not exist.", None);
    assert_eq!(
        reply.text,
        r#"{"statusCode":404,"error":"Not Found","message":"The requested stream does not exist."}"#
    );
}

#[test]
fn a_malformed_id_is_refused_in_every_call() {
    let tenant = Tenant::new();
    for (method, body) in [("GET", ""), ("PATCH", "{}"), ("DELETE", "")] {
        for (sent, named) in [
            ("est_0000_1111_2222_33333", "est_0000_1111_2222_33333"),
            ("lst_0000000000030412", "lst_0000000000030412"),
            ("a%2Fb%3A%25", "a/b:%"),
        ] {
            let reply = tenant.call(method, &format!("event-streams/{sent}"), body);
            let message = format!(
                "Path validation error: 'Object didn't pass validation for format \
                 event-stream-id: {named}' on property id (Unique identifier for the event stream)."
            );
            reply.refuses(400, &message, Some("invalid_uri"));
        }
    }
}

#[test]
fn a_list_goes_from_the_oldest_by_pages_of_fifty() {
    let tenant = Tenant::new();
    assert_eq!(tenant.get("event-streams").text, r#"{"eventStreams":[]}"#);
    for index in 0..120 {
        tenant.create(&eventbridge(&format!("bus {index}")));
    }
    let mut seen = Vec::new();
    let mut path = "event-streams".to_owned();
    let mut sizes = Vec::new();
    loop {
        let reply = tenant.get(&path);
        let page = reply.json["eventStreams"].as_array().unwrap();
        sizes.push(page.len());
        seen.extend(page.iter().map(|stream| stream["name"].as_str().unwrap().to_owned()));
        match reply.json.get("next") {
            Some(next) => path = format!("event-streams?from={}", next.as_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(sizes, [50, 50, 20]);
    assert_eq!(seen, (0..120).map(|index| format!("bus {index}")).collect::<Vec<_>>());
}

#[test]
fn take_is_honoured_and_the_last_page_has_no_next() {
    let tenant = Tenant::new();
    let ids: Vec<_> = (0..4).map(|index| tenant.create(&eventbridge(&index.to_string()))).collect();
    let first = tenant.get("event-streams?take=2");
    assert_eq!(first.json["eventStreams"].as_array().unwrap().len(), 2);
    let next = first.json["next"].as_str().unwrap();
    // What is deleted between two pages moves nothing.
    tenant.delete(&format!("event-streams/{}", ids[1]));
    let second = tenant.get(&format!("event-streams?take=2&from={next}"));
    assert_eq!(second.json["eventStreams"][0]["id"], json!(ids[2]));
    assert_eq!(second.json.get("next"), None);
    assert_eq!(tenant.get("event-streams?take=100").json.get("next"), None);
}

#[test]
fn bad_paging_is_refused() {
    let tenant = Tenant::new();
    for (query, what) in [
        ("take=0", "'Value 0 is less than minimum 1' on property take."),
        ("take=101", "'Value 101 is greater than maximum 100' on property take."),
        ("take=x", "'Expected type integer but found type string' on property take."),
        ("take=", "'Expected type integer but found type string' on property take."),
        ("take=1&take=2", "'Expected type integer but found type array' on property take."),
        ("page=0", "'Additional properties not allowed: page'."),
        ("per_page=50", "'Additional properties not allowed: per_page'."),
        ("include_totals=true", "'Additional properties not allowed: include_totals'."),
        ("name=x", "'Additional properties not allowed: name'."),
    ] {
        let message = format!("Query validation error: {what}");
        let reply = tenant.get(&format!("event-streams?{query}"));
        reply.refuses(400, &message, Some("invalid_query_string"));
    }
    for foreign in ["Zm9vYmFy", "1", ""] {
        tenant.get(&format!("event-streams?from={foreign}")).refuses(
            400,
            "Invalid value for query parameter 'from'.",
            Some("invalid_query_string"),
        );
    }
}

#[test]
fn calls_without_parameters_take_no_query() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("a"));
    for (method, path, body) in [
        ("GET", format!("event-streams/{id}?fields=name"), String::new()),
        ("POST", "event-streams?fields=name".to_owned(), eventbridge("b").to_string()),
        ("PATCH", format!("event-streams/{id}?fields=name"), "{}".to_owned()),
        ("DELETE", format!("event-streams/{id}?fields=name"), String::new()),
    ] {
        tenant.call(method, &path, &body).refuses(
            400,
            "Query validation error: 'Additional properties not allowed: fields'.",
            Some("invalid_query_string"),
        );
    }
}

#[test]
fn reads_lag_behind_writes_when_they_are_stale() {
    let tenant = Tenant::with(|settings| settings.stale_reads_ms = 60_000);
    let id = tenant.create(&eventbridge("a"));
    let path = format!("event-streams/{id}");
    assert_eq!(tenant.get(&path).status, 404);
    assert_eq!(tenant.get("event-streams").json["eventStreams"], json!([]));
    // Writes see what is: only reads lag.
    assert_eq!(tenant.patch(&path, &json!({"name": "b"})).json["name"], "b");
    assert_eq!(tenant.post("event-streams", &eventbridge("b")).status, 409);
    tenant.auth0.change_settings(|settings| settings.stale_reads_ms = 0);
    assert_eq!(tenant.get(&path).json["name"], "b");

    tenant.auth0.change_settings(|settings| settings.stale_reads_ms = 60_000);
    tenant.delete(&path);
    assert_eq!(tenant.get(&path).json["name"], "b");
    tenant.auth0.change_settings(|settings| settings.stale_reads_ms = 0);
    assert_eq!(
        tenant.get(&path).json["message"],
        Value::from("The requested stream does not exist.")
    );
}
