//! The examples of the documentation, as they stand.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::terraform::Acceptance;

/// What the imports name; no stream of a test has it.
const IMPORTED: &str = "est_4Kq7WnXy2bVt9RmHc3PzLd";

fn document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn example(path: &str) -> String {
    without_version(&document(&format!("examples/{path}")))
}

/// Tests run an uninstalled provider, which has no version to constrain.
fn without_version(hcl: &str) -> String {
    hcl.replace("version = \"~> 1.0\"", "")
}

/// The first block of HCL below a heading of the README.
fn in_readme(heading: &str) -> String {
    let readme = document("README.md");
    let section = readme.split(&format!("\n## {heading}\n")).nth(1);
    let section = section.unwrap_or_else(|| panic!("no section {heading:?}"));
    let section = section.split("\n## ").next().unwrap();
    let block =
        section.split("\n```terraform\n").nth(1).and_then(|rest| rest.split("\n```").next());
    without_version(block.unwrap_or_else(|| panic!("no HCL in the section {heading:?}")))
}

/// A workspace with the variables of the examples.
fn start() -> Acceptance {
    let mut acc = Acceptance::start();
    acc.set("TF_VAR_crm_token", "s3cr3t-crm-token");
    acc.set("TF_VAR_action_id", &acc.auth0.create_deployed_action(None, "enrich").id);
    acc
}

/// Applies a whole configuration, after which there is nothing to do. The token has arrived, and
/// nothing but Auth0 knows it.
#[track_caller]
fn apply(acc: &Acceptance, hcl: &str) {
    acc.write(hcl);
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    let crm = acc.auth0.event_stream_named("crm-sync").unwrap();
    assert_eq!(crm.secret(), Some("s3cr3t-crm-token"));
    assert!(!acc.state_text().contains("s3cr3t-crm-token"));
}

#[test]
fn the_example_of_the_resource_is_applied() {
    let acc = start();
    let resource = example("resources/auth0_event_stream/resource.tf");
    apply(&acc, &(example("provider/provider.tf") + &resource));
    assert_eq!(acc.auth0.event_streams().len(), 3);
    acc.destroy();
}

#[test]
fn the_example_of_the_test_event_is_applied() {
    let acc = start();
    let usage = example("resources/auth0_event_stream_test_event/resource.tf");
    assert!(usage.contains("\"1m\""), "the test shall not wait so long");
    apply(&acc, &(example("provider/provider.tf") + &usage.replace("\"1m\"", "\"1s\"")));
    assert_eq!(acc.output("seen"), "No failure seen within 1 s.");
    acc.destroy();
}

/// A workspace in which nothing is created but what an example asks for, and what it looks for is
/// there: streams with the names of the examples.
#[track_caller]
fn apply_beside_streams(path: &str) -> Acceptance {
    let acc = Acceptance::start();
    let eventbridge = json!({"type": "eventbridge", "configuration": {
        "aws_account_id": "123456789012", "aws_region": "eu-west-1",
    }});
    let webhook = json!({"type": "webhook", "configuration": {
        "webhook_endpoint": "https://hooks.example.com/auth0",
        "webhook_authorization": {"method": "bearer", "token": "s3cr3t-crm-token"},
    }});
    for (name, destination) in [("audit-bus", eventbridge), ("crm-sync", webhook)] {
        let subscriptions = json!([{"event_type": "user.created"}]);
        let body =
            json!({"name": name, "subscriptions": subscriptions, "destination": destination});
        acc.auth0.create_event_stream(&body).unwrap();
    }
    acc.write(&(example("provider/provider.tf") + &example(path)));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    acc
}

#[test]
fn the_examples_of_data_sources_are_applied() {
    let acc = apply_beside_streams("data-sources/auth0_event_stream/data-source.tf");
    let source = acc.output("partner_event_source");
    assert!(source.as_str().unwrap().starts_with("aws.partner/auth0.com/"), "{source}");

    let acc = apply_beside_streams("data-sources/auth0_event_streams/data-source.tf");
    assert_eq!(acc.output("endpoints"), json!({"crm-sync": "https://hooks.example.com/auth0"}));
    assert_eq!(acc.output("disabled"), json!([]));

    let acc = apply_beside_streams("data-sources/auth0_event_types/data-source.tf");
    assert_eq!(acc.stored("organizations")["subscriptions"].as_array().unwrap().len(), 12);
}

#[test]
fn the_example_of_the_ephemeral_resource_is_applied() {
    let acc = Acceptance::start();
    let hooks = "https://hooks.example.com/=send:hooks".parse().unwrap();
    acc.auth0.change_settings(|settings| settings.apis = vec![hooks]);
    let usage = example("ephemeral-resources/auth0_access_token/ephemeral-resource.tf");
    acc.write(&(example("provider/provider.tf") + &usage));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    let stream = acc.auth0.event_stream_named("crm-token").unwrap();
    assert!(stream.secret().unwrap().starts_with("eyJ"));
    assert!(!acc.state_text().contains("eyJ"));
}

#[test]
fn the_examples_of_functions_are_applied() {
    let acc = apply_beside_streams("functions/event_types/function.tf");
    let names = acc.stored("sync")["subscriptions"].as_array().unwrap().len();
    assert_eq!(names, 3 + 3);

    let acc = apply_beside_streams("functions/eventbridge_pattern/function.tf");
    let pattern = acc.output("event_pattern");
    assert!(pattern.as_str().unwrap().contains("[\"user.created\","), "{pattern}");

    let acc = apply_beside_streams("functions/parse_partner_event_source/function.tf");
    assert_eq!(acc.output("tenant"), "acme-dev");
    assert_eq!(acc.output("id"), "0b0f6a52-7f0e-4c39-9d55-0a9f0f3f5c11");

    let acc = apply_beside_streams("functions/example_event/function.tf");
    assert_eq!(acc.output("user_id"), "auth0|65f0c0ffee0000000000a001");
}

/// The block and the command take over a stream that the state does not know, and the secret of the
/// example is sent once.
#[test]
fn the_examples_of_imports_are_applied() {
    let acc = start();
    let resource = example("resources/auth0_event_stream/resource.tf");
    let hcl = example("provider/provider.tf") + &resource;
    apply(&acc, &hcl);
    let id = acc.stored("crm")["id"].as_str().unwrap().to_owned();
    let made_by_hand = json!({"destination": {"type": "webhook", "configuration": {
        "webhook_endpoint": "https://hooks.example.com/auth0",
        "webhook_authorization": {"method": "bearer", "token": "made-by-hand"},
    }}});
    let forget = || {
        acc.run(&["state", "rm", "auth0_event_stream.crm"]).ok();
        acc.auth0.patch_event_stream(&id, &made_by_hand).unwrap();
        acc.auth0.forget_requests();
    };

    forget();
    let block = example("resources/auth0_event_stream/import.tf");
    assert!(block.contains(IMPORTED), "{block}");
    let with_block = hcl.clone() + &block.replace(IMPORTED, &id);
    acc.write(&with_block);
    assert_eq!(acc.plan().change("crm")["importing"]["id"], id);
    apply(&acc, &with_block);
    assert_eq!(acc.bodies("PATCH").len(), 1);

    forget();
    acc.write(&hcl);
    let command = example("resources/auth0_event_stream/import.sh");
    assert!(command.contains(IMPORTED), "{command}");
    let command = command.replace(IMPORTED, &id);
    let words: Vec<_> = command.split_whitespace().collect();
    let ["terraform", arguments @ ..] = &words[..] else { panic!("{command}") };
    acc.run(arguments).ok();
    apply(&acc, &hcl);
    assert_eq!(acc.bodies("PATCH").len(), 1);
    assert_eq!(acc.auth0.event_streams().len(), 3, "nothing was created");
}

#[test]
fn the_first_configuration_of_the_readme_is_applied() {
    let acc = start();
    apply(&acc, &in_readme("A first configuration"));
    assert_eq!(acc.auth0.event_streams().len(), 1);
    acc.destroy();
}

#[test]
fn the_demo_is_applied() {
    let acc = start();
    apply(&acc, &example("demo/main.tf"));
    assert_eq!(acc.auth0.event_streams().len(), 2);
    acc.destroy();
}
