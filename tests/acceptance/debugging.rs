//! What a person may ask for to look into a run: no TLS between core and plugin, and a process that
//! outlives runs.

use serde_json::Value as Json;

use super::event_stream::eventbridge;
use crate::support::PROGRAM;
use crate::support::plugin_process::{COOKIE, Launch};
use crate::support::terraform::Acceptance;

/// The same on both programs, which have different hosts in mind where none is written.
const ADDRESS: &str = "registry.terraform.io/auth0-eventing/auth0";

#[test]
fn a_core_that_was_told_to_do_without_tls_is_served() {
    let mut acc = Acceptance::start();
    acc.set("TF_DISABLE_PLUGIN_TLS", "1");
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.destroy();
}

/// Each run configures it anew, for another tenant; nothing of the one before is left.
#[test]
fn a_process_that_a_person_started_serves_several_runs_and_the_last_configuration_wins() {
    let launch = Launch::new(PROGRAM).arg("debug").arg(ADDRESS);
    let mut process = launch.without_env(COOKIE.0).plaintext().start_without_handshake();
    let line = process.stdout_line_with("export TF_REATTACH_PROVIDERS='");
    let reattach = line.split('\'').nth(1).unwrap();
    assert!(serde_json::from_str::<Json>(reattach).unwrap()[ADDRESS]["Pid"].is_u64());

    let tenants = [Acceptance::start(), Acceptance::start()];
    for (round, mut acc) in tenants.into_iter().enumerate() {
        acc.set("TF_REATTACH_PROVIDERS", reattach);
        let ca = acc.folder().join("own-ca.pem");
        std::fs::write(&ca, acc.auth0.ca_pem()).unwrap();
        acc.write(&format!(
            "terraform {{\n  required_providers {{\n    auth0 = {{ source = {ADDRESS:?} }}\n  }}\n}}\n\
             provider \"auth0\" {{\n  domain = {:?}\n  client_id = {:?}\n  client_secret = {:?}\n  \
             ca_cert_file = {ca:?}\n}}\n{}",
            acc.auth0.domain(),
            acc.auth0.client_id(),
            acc.auth0.client_secret(),
            eventbridge("audit", "eu-west-1"),
        ));
        acc.plan().run.assert_code(&[2]);
        acc.apply_plan().ok();
        acc.plan().assert_empty();
        assert_eq!(acc.auth0.event_streams().len(), 1, "tenant {round}");
        acc.destroy();
        assert!(process.is_running());
    }
    process.signal("INT");
    let ended = process.ended();
    assert!(ended.status.success() && ended.left_behind.is_empty(), "{ended:?}");
}
