//! `terraform query`.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use terraform_provider_auth0::simulator::{Authorization, Destination};

use crate::support::terraform::{Acceptance, Run};

/// A tenant with so many streams, of which every tenth is a disabled webhook.
fn tenant(count: usize) -> Acceptance {
    let acc = Acceptance::of_terraform();
    for index in 0..count {
        let special = index % 10 == 0;
        let destination = match special {
            true => json!({"type": "webhook", "configuration": {
                "webhook_endpoint": "https://hooks.example.com/auth0",
                "webhook_authorization": {"method": "bearer", "token": "s3cr3t-canary"},
            }}),
            false => json!({"type": "eventbridge", "configuration": {
                "aws_account_id": "123456789012", "aws_region": "eu-west-1",
            }}),
        };
        let body = json!({
            "name": format!("stream-{index:05}"),
            "status": if special { "disabled" } else { "enabled" },
            "subscriptions": [{"event_type": if special { "user.created" } else { "organization.created" }}],
            "destination": destination,
        });
        acc.auth0.create_event_stream(&body).unwrap();
    }
    acc
}

/// A query of the streams, with these arguments beside the filters.
fn query(acc: &Acceptance, arguments: &str, filters: &str) -> Run {
    acc.configure("");
    let block = match filters {
        "" => String::new(),
        filters => format!("  config {{\n{filters}\n  }}\n"),
    };
    let hcl = format!(
        "list \"auth0_event_stream\" \"all\" {{\n  provider = auth0\n{arguments}\n{block}}}\n"
    );
    fs::write(acc.folder().join("all.tfquery.hcl"), hcl).unwrap();
    acc.run(&["query", "-json", "-no-color"])
}

/// What was found, as `-json` tells it.
#[track_caller]
fn found(run: &Run) -> Vec<Json> {
    run.assert_code(&[0]);
    let lines = run.stdout.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    lines.map(|line| line["list_resource_found"].clone()).filter(|found| !found.is_null()).collect()
}

fn names(found: &[Json]) -> Vec<&str> {
    found.iter().map(|found| found["display_name"].as_str().unwrap()).collect()
}

#[test]
fn every_stream_is_found_with_its_name_and_identity() {
    let acc = tenant(3);
    let streams = found(&query(&acc, "", ""));
    assert_eq!(names(&streams), ["stream-00000", "stream-00001", "stream-00002"]);
    let id = acc.auth0.event_stream_named("stream-00001").unwrap().id;
    assert_eq!(streams[1]["identity"], json!({"id": id}));
    assert!(streams[1]["resource_object"].is_null());
}

#[test]
fn a_whole_object_has_everything_but_secrets() {
    let acc = tenant(2);
    let streams = found(&query(&acc, "  include_resource = true", ""));
    let object = &streams[0]["resource_object"];
    let stream = acc.auth0.event_stream_named("stream-00000").unwrap();
    assert_eq!(
        (object["id"].as_str(), object["status"].as_str()),
        (Some(&*stream.id), Some("disabled"))
    );
    let webhook = &object["webhook_configuration"][0];
    assert_eq!(webhook["webhook_endpoint"], "https://hooks.example.com/auth0");
    assert_eq!(webhook["webhook_authorization"][0]["token"], Json::Null);
    assert_eq!(streams[1]["resource_object"]["subscriptions"], json!(["organization.created"]));
}

#[test]
fn filters_and_a_limit_choose() {
    let acc = tenant(21);
    for (filters, want) in [
        (
            "    destination_type = \"webhook\"",
            &["stream-00000", "stream-00010", "stream-00020"][..],
        ),
        ("    status = \"disabled\"", &["stream-00000", "stream-00010", "stream-00020"]),
        ("    name_pattern = \"*-0001?\"", &[]),
        ("    name_pattern = \"*-00010\"", &["stream-00010"]),
        ("    subscribed_to = \"user.*\"", &["stream-00000", "stream-00010", "stream-00020"]),
        ("    status = \"disabled\"\n    name_pattern = \"*20\"", &["stream-00020"]),
    ] {
        assert_eq!(names(&found(&query(&acc, "", filters))), want, "{filters}");
    }
    let five = found(&query(&acc, "  limit = 5", ""));
    assert_eq!(five.len(), 5);
}

/// A hundred for each request, and none beyond the limit.
#[test]
fn a_thousand_streams_cost_eleven_requests() {
    let acc = tenant(1_000);
    acc.auth0.forget_requests();
    assert_eq!(found(&query(&acc, "  limit = 5000", "")).len(), 1_000);
    assert_eq!(acc.auth0.count("", "/"), 10 + 1, "the pages and the token");
    assert_eq!(acc.auth0.count("GET", "/api/v2/event-streams"), 10);
    acc.auth0.forget_requests();
    assert_eq!(found(&query(&acc, "  limit = 150", "")).len(), 150);
    assert_eq!(acc.auth0.count("GET", "/api/v2/event-streams"), 2);
}

#[test]
fn what_is_wrong_with_the_filters_is_told_with_their_place() {
    let acc = tenant(0);
    let run = query(&acc, "", "    status = \"off\"");
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    // Terraform 1.15 shows every path of a list block at its header, so the text names it.
    assert!(error.summary.contains("status") && error.detail.contains("\"enabled\""), "{error:?}");
    assert_eq!(acc.auth0.requests().len(), 0);
}

#[test]
fn a_list_that_cannot_be_read_is_an_error_with_what_to_do() {
    let acc = tenant(1);
    acc.auth0.change_settings(|settings| settings.scopes.clear());
    let run = query(&acc, "", "");
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert_eq!(error.summary, "Unable to list the event streams of the tenant");
    assert!(error.detail.contains("Grant the scope read:event_streams"), "{}", error.detail);
}

/// What is generated plans the imports and nothing else, without an edit.
#[test]
fn what_a_query_generates_plans_imports_alone() {
    let acc = tenant(12);
    let action = acc.auth0.create_deployed_action(None, "forward").id;
    acc.auth0
        .create_event_stream(&json!({
            "name": "to-an-action",
            "subscriptions": [{"event_type": "user.created"}],
            "destination": {"type": "action", "configuration": {"action_id": action}},
        }))
        .unwrap();
    acc.configure("");
    let hcl = "list \"auth0_event_stream\" \"all\" {\n  provider = auth0\n}\n";
    fs::write(acc.folder().join("all.tfquery.hcl"), hcl).unwrap();
    acc.run(&["query", "-generate-config-out=generated.tf"]).ok();
    let generated = fs::read_to_string(acc.folder().join("generated.tf")).unwrap();
    assert!(generated.contains("import {") && !generated.contains("canary"), "{generated}");
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    let changes = plan.json["resource_changes"].as_array().unwrap();
    assert_eq!(changes.len(), 13);
    for change in changes {
        assert_eq!(change["change"]["actions"], json!(["no-op"]), "{change}");
        assert!(change["change"]["importing"].is_object(), "{change}");
    }
    acc.apply_plan().ok();
    acc.assert_settled();
    let unchanged = acc.auth0.event_stream_named("stream-00000").unwrap();
    assert_eq!(unchanged.secret(), Some("s3cr3t-canary"));
}

/// As `generate` does. A list without objects shows them, since nothing would be refused there.
#[test]
fn what_would_be_refused_is_left_out_with_a_warning_where_objects_are_asked_for() {
    let acc = tenant(11);
    let ids = ["stream-00000", "stream-00001", "stream-00010"]
        .map(|name| acc.auth0.event_stream_named(name).unwrap().id);
    let webhook = |endpoint: &str, header: &str| Destination::Webhook {
        endpoint: endpoint.to_owned(),
        authorization: Authorization::CustomHeader {
            header_key: header.to_owned(),
            header_value: None,
        },
    };
    let with_password = webhook("https://hook:canary@hooks.example.com/", "X-Hook");
    let with_content_type = webhook("https://hooks.example.com/", "Content-Type");
    acc.auth0.change_event_stream(&ids[0], |stream| stream.destination = with_password);
    acc.auth0.change_event_stream(&ids[1], |stream| stream.name.clear());
    acc.auth0.change_event_stream(&ids[2], |stream| stream.destination = with_content_type);
    assert_eq!(found(&query(&acc, "", "")).len(), 11);
    let whole = query(&acc, "  include_resource = true", "");
    assert_eq!(found(&whole).len(), 8);
    assert!(!whole.printed().contains("canary"), "{}", whole.printed());

    let run = acc.run(&["query", "-no-color", "-generate-config-out=generated.tf"]);
    let run = run.ok();
    for (id, why) in
        [(&ids[0], "webhook_endpoint"), (&ids[1], "It has 0"), (&ids[2], "Content-Type")]
    {
        assert!(run.printed().contains(&format!("(id {id}) is left out")), "{}", run.printed());
        assert!(run.printed().contains(why), "{}", run.printed());
    }
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    let changes = plan.json["resource_changes"].as_array().unwrap();
    assert_eq!(changes.len(), 8);
    for change in changes {
        assert_eq!(change["change"]["actions"], json!(["no-op"]), "{change}");
    }
}

/// More than the 100 at which Terraform stops by itself.
#[test]
fn the_example_of_the_list_resource_and_the_guide_find_every_stream() {
    let acc = tenant(1_010);
    acc.configure("");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = "examples/list-resources/auth0_event_stream/list-resource.tfquery.hcl";
    let example = fs::read_to_string(folder.join(example)).unwrap();
    let guide = fs::read_to_string(folder.join("docs/guides/brownfield.md")).unwrap();
    let start = guide.find("list \"auth0_event_stream\"").unwrap();
    let guide = guide[start..].split("```").next().unwrap();
    for text in [&example, guide] {
        fs::write(acc.folder().join("example.tfquery.hcl"), text).unwrap();
        let streams = found(&acc.run(&["query", "-json", "-no-color"]));
        let names = names(&streams);
        assert_eq!((names.len(), names[1], names[100]), (101, "stream-00010", "stream-01000"));
    }
}
