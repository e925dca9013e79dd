//! `data "auth0_event_stream"`

use serde_json::{Value as Json, json};

use super::{CANARY, error_of_plan, eventbridge, planned, webhook};
use crate::event_stream as resource;
use crate::support::terraform::Acceptance;

fn by(attribute: &str, value: &str) -> String {
    format!(
        "data \"auth0_event_stream\" \"it\" {{\n  {attribute} = {value}\n}}\n\
         output \"it\" {{\n  value = data.auth0_event_stream.it\n}}\n"
    )
}

#[test]
fn a_stream_is_found_by_its_id_and_by_its_name() {
    let acc = Acceptance::start();
    let stream = acc.auth0.create_event_stream(&webhook("crm-sync", &["user.created"])).unwrap();
    acc.auth0.create_event_stream(&eventbridge("audit")).unwrap();
    let id = format!("{:?}", stream.id);
    for hcl in [by("id", &id), by("name", "\"crm-sync\"")] {
        let found = planned(&acc, &hcl, "it");
        let nothing = Json::Null;
        let want = json!({
            "id": stream.id,
            "name": "crm-sync",
            "destination_type": "webhook",
            "subscriptions": ["user.created"],
            "status": "enabled",
            "created_at": found["created_at"],
            "updated_at": found["created_at"],
            "webhook_configuration": [{
                "webhook_endpoint": "https://hooks.example.com/auth0",
                "webhook_authorization": [{
                    "method": "basic", "username": "hook", "header_key": nothing,
                    "password": nothing, "password_wo": nothing, "password_wo_version": nothing,
                    "token": nothing, "token_wo": nothing, "token_wo_version": nothing,
                    "header_value": nothing, "header_value_wo": nothing,
                    "header_value_wo_version": nothing,
                }],
            }],
            "eventbridge_configuration": [],
            "action_configuration": [],
        });
        assert_eq!(found, want);
        assert!(found["created_at"].as_str().unwrap().ends_with('Z'), "{found}");
        let [token, post, get, ..] = acc.requests();
        assert_eq!([token, post, get], [1, 0, 1]);
    }
}

#[test]
fn a_partner_event_source_and_an_action_are_found() {
    let acc = Acceptance::start();
    let audit = acc.auth0.create_event_stream(&eventbridge("audit")).unwrap();
    let action = acc.auth0.create_deployed_action(None, "enrich").id;
    let destination = json!({"type": "action", "configuration": {"action_id": action}});
    let enrich = json!({
        "name": "enrich", "status": "disabled", "destination": destination,
        "subscriptions": [{"event_type": "user.created"}],
    });
    acc.auth0.create_event_stream(&enrich).unwrap();

    let found = planned(&acc, &by("name", "\"audit\""), "it");
    let source = &found["eventbridge_configuration"][0]["aws_partner_event_source"];
    assert!(source.as_str().unwrap().starts_with("aws.partner/auth0.com/"), "{source}");
    assert_eq!(found["id"], audit.id);
    assert_eq!(found["webhook_configuration"], json!([]));

    let found = planned(&acc, &by("name", "\"enrich\""), "it");
    assert_eq!(found["action_configuration"], json!([{"action_id": action}]));
    assert_eq!(found["status"], "disabled");
}

#[test]
fn what_is_asked_for_in_a_wrong_way_is_told_by_the_plan_at_its_attribute() {
    let acc = Acceptance::start();
    let id = "\"est_4Kq7WnXy2bVt9RmHc3PzLd\"";
    for (attributes, summary, code) in [
        ("", "Missing id or name", "data \"auth0_event_stream\" \"it\" {"),
        (&format!("id = {id}\n  name = \"crm\""), "Both id and name", "name = \"crm\""),
        ("id = \"crm\"", "\"crm\" is not the id of an event stream", "id = \"crm\""),
        ("id = \"\"", "\"\" is not the id of an event stream", "id = \"\""),
        ("name = \"\"", "Empty name of an event stream", "name = \"\""),
    ] {
        let error = error_of_plan(
            &acc,
            &format!("data \"auth0_event_stream\" \"it\" {{\n  {attributes}\n}}"),
        );
        assert_eq!((error.summary.as_str(), error.code.trim()), (summary, code));
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn a_stream_that_is_not_there_is_an_error_with_the_near_names() {
    let acc = Acceptance::start();
    let error = error_of_plan(&acc, &by("name", "\"crm-snyc\""));
    assert_eq!(error.summary, "There is no event stream named \"crm-snyc\"");
    assert_eq!(error.code.trim(), "name = \"crm-snyc\"");
    assert!(error.detail.contains("The tenant has no event streams."), "{}", error.detail);

    for name in ["crm-sync", "crm-sync-eu", "audit"] {
        acc.auth0.create_event_stream(&eventbridge(name)).unwrap();
    }
    acc.requests();
    let error = error_of_plan(&acc, &by("name", "\"crm-snyc\""));
    let near =
        "The tenant has 3 event streams. The nearest names are \"crm-sync\" and \"crm-sync-eu\".";
    assert!(error.detail.contains(near), "{}", error.detail);
    assert_eq!(acc.requests()[2], 1);

    let error = error_of_plan(&acc, &by("id", "\"est_4Kq7WnXy2bVt9RmHc3PzLd\""));
    assert_eq!(error.summary, "There is no event stream \"est_4Kq7WnXy2bVt9RmHc3PzLd\"");
    assert!(error.detail.contains("The requested stream does not exist."), "{}", error.detail);
    assert_eq!(error.code.trim(), "id = \"est_4Kq7WnXy2bVt9RmHc3PzLd\"");
}

/// Its id is known during apply only, so core reads it then, after the resource.
#[test]
fn a_stream_that_the_same_apply_creates_is_found() {
    let acc = Acceptance::start();
    let hcl =
        resource::eventbridge("audit", "eu-west-1").split("\noutput").next().unwrap().to_owned()
            + "\n"
            + &by("id", "auth0_event_stream.it.id");
    acc.apply(&hcl);
    let source = acc.output("it")["eventbridge_configuration"][0].clone();
    assert_eq!(source, acc.stored("it")["eventbridge_configuration"][0]);

    // What this run has written is read anew.
    let renamed = hcl.replace("\"audit\"", "\"audit-2\"");
    let renamed = renamed.replace(
        "id = auth0_event_stream.it.id",
        "id = auth0_event_stream.it.id\n  depends_on = [auth0_event_stream.it]",
    );
    acc.apply(&renamed);
    assert_eq!(acc.output("it")["name"], "audit-2");
    acc.destroy();
}

/// Core could have them from nowhere else than from an answer of Auth0, or from the resource.
#[test]
fn no_secret_is_found() {
    let acc = Acceptance::start();
    let hcl = resource::with_authorization(
        "orders",
        resource::ENDPOINT,
        &format!(
            "method = \"basic\"\n username = \"hook\"\n password_wo = {CANARY:?}\n password_wo_version = 1"
        ),
    ) + &by("id", "auth0_event_stream.it.id")
        + "data \"auth0_event_streams\" \"all\" {\n  depends_on = [auth0_event_stream.it]\n}\n\
           output \"all\" {\n  value = data.auth0_event_streams.all.event_streams\n}\n";
    acc.apply(&hcl);
    assert_eq!(acc.auth0.event_stream_named("orders").unwrap().secret(), Some(CANARY));
    for found in [acc.output("it"), acc.output("all")[0].clone()] {
        let authorization = &found["webhook_configuration"][0]["webhook_authorization"][0];
        assert_eq!(authorization["username"], "hook");
        assert_eq!(authorization["password"], Json::Null);
    }
    assert!(!acc.state_text().contains(CANARY));
}

/// Of a stream that somebody else made, not even the log of all answers holds it.
#[test]
fn no_secret_is_logged_or_stored() {
    let mut acc = Acceptance::start();
    acc.auth0.create_event_stream(&webhook("crm-sync", &["user.created"])).unwrap();
    acc.set("TF_LOG", "trace");
    acc.set("AUTH0_DEBUG", "1");
    acc.configure(&(by("name", "\"crm-sync\"") + "data \"auth0_event_streams\" \"all\" {}\n"));
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    let run = acc.apply_plan().ok();
    assert!(plan.run.stderr.contains("hooks.example.com"), "no answer was logged");
    for text in [plan.run.printed(), run.printed()] {
        assert!(!text.contains(CANARY));
    }
    let holds = |contents: &[u8]| contents.windows(CANARY.len()).any(|w| w == CANARY.as_bytes());
    for (path, contents) in acc.files() {
        assert!(!holds(&contents), "{}", path.display());
    }
}

/// Each search by name needs the list, and each read by id finds its stream there.
#[test]
fn fifty_streams_by_name_and_then_by_id_cost_one_page() {
    let acc = Acceptance::start();
    for i in 0..50 {
        acc.auth0.create_event_stream(&eventbridge(&format!("audit-{i}"))).unwrap();
    }
    let hcl = r#"
data "auth0_event_stream" "by_name" {
  count = 50
  name  = "audit-${count.index}"
}
data "auth0_event_stream" "by_id" {
  count = 50
  id    = data.auth0_event_stream.by_name[count.index].id
}
output "names" {
  value = toset(data.auth0_event_stream.by_id[*].name)
}
"#;
    assert_eq!(planned(&acc, hcl, "names").as_array().unwrap().len(), 50);
    assert_eq!(acc.requests(), [1, 0, 1, 0, 0]);
}

#[test]
fn fifty_streams_by_id_are_served_from_a_page() {
    let acc = Acceptance::start();
    let create = |i| acc.auth0.create_event_stream(&eventbridge(&format!("audit-{i}"))).unwrap().id;
    let ids: Vec<String> = (0..50).map(create).collect();
    let hcl = format!(
        "data \"auth0_event_stream\" \"it\" {{\n  for_each = toset({ids:?})\n  id = each.key\n}}\n\
         output \"names\" {{\n  value = toset(values(data.auth0_event_stream.it)[*].name)\n}}\n"
    );
    assert_eq!(planned(&acc, &hcl, "names").as_array().unwrap().len(), 50);
    // The first read waits for others, but not for long.
    assert!(acc.requests()[2] <= 3);
}

/// Terraform does not let a provider put the read off, so it is the error that a resource gives.
#[test]
fn a_provider_that_is_not_known_yet_cannot_find_anything() {
    let mut acc = Acceptance::start();
    acc.unset("AUTH0_CLIENT_SECRET");
    let provider = "provider \"auth0\" {\n  client_secret = terraform_data.application.output\n}\n\
                    resource \"terraform_data\" \"application\" {\n  input = \"s3cr3t\"\n}\n";
    let error = error_of_plan(&acc, &(provider.to_owned() + &by("name", "\"crm\"")));
    assert_eq!(error.summary, "The provider is not configured");
    assert!(error.detail.contains("client_secret of the provider block"), "{}", error.detail);
}
