//! The examples of the documentation, as they stand.

use std::fs;
use std::path::Path;

use crate::support::terraform::Acceptance;

fn example(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    // Tests run an uninstalled provider, which has no version to constrain.
    fs::read_to_string(file).unwrap().replace("version = \"~> 1.0\"", "")
}

#[test]
fn the_example_of_the_resource_is_applied() {
    let mut acc = Acceptance::start();
    acc.set("TF_VAR_crm_token", "s3cr3t-crm-token");
    acc.set("TF_VAR_action_id", &acc.auth0.create_deployed_action(None, "enrich").id);
    let hcl =
        example("provider/provider.tf") + &example("resources/auth0_event_stream/resource.tf");
    acc.write(&hcl);
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.auth0.event_streams().len(), 3);
    assert!(!acc.state_text().contains("s3cr3t-crm-token"));

    // The imports name a stream of their own.
    let id = acc.stored("crm")["id"].as_str().unwrap().to_owned();
    fs::remove_file(acc.folder().join("terraform.tfstate")).unwrap();
    let import = example("resources/auth0_event_stream/import.tf");
    assert!(
        example("resources/auth0_event_stream/import.sh").contains("est_4Kq7WnXy2bVt9RmHc3PzLd")
    );
    acc.write(&(hcl + &import.replace("est_4Kq7WnXy2bVt9RmHc3PzLd", &id)));
    let plan = acc.plan();
    assert_eq!(plan.change("crm")["importing"]["id"], id);
    acc.write(&example("provider/provider.tf"));
}

#[test]
fn the_demo_is_applied() {
    let mut acc = Acceptance::start();
    acc.set("TF_VAR_crm_token", "s3cr3t-crm-token");
    acc.write(&example("demo/main.tf"));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    acc.destroy();
}
