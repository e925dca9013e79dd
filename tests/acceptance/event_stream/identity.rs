//! Resource identity, which Terraform and OpenTofu have from 1.12 on: `scripts/run-tests.sh` leaves
//! these out where the program under test is older.

use serde_json::json;

use super::{eventbridge, eventbridge_body};
use crate::support::terraform::Acceptance;

/// The identity is stored beside the state.
#[test]
fn an_identity_in_an_import_block_is_enough() {
    let acc = Acceptance::with_identity();
    let id = acc.auth0.create_event_stream(&eventbridge_body("audit")).unwrap().id;
    let import = format!(
        "import {{\n  to = auth0_event_stream.it\n  identity = {{\n    id = {id:?}\n  }}\n}}\n"
    );
    acc.configure(&(eventbridge("audit", "eu-west-1") + &import));
    let plan = acc.plan();
    assert_eq!(plan.change("it")["importing"]["identity"], json!({"id": id}));
    assert_eq!(plan.actions("it"), "no-op");
    acc.apply_plan().ok();
    acc.assert_settled();
    let state = acc.state();
    assert_eq!(state["resources"][0]["instances"][0]["identity"], json!({"id": id}));
}

/// A name is an import id, and no identity: another stream may have it tomorrow.
#[test]
fn a_name_is_refused_as_an_identity() {
    let acc = Acceptance::with_identity();
    let import =
        "import {\n  to = auth0_event_stream.it\n  identity = {\n    id = \"name:audit\"\n  }\n}\n";
    let id = acc.auth0.create_event_stream(&eventbridge_body("audit")).unwrap().id;
    acc.configure(&(eventbridge("audit", "eu-west-1") + import));
    let run = acc.plan().run;
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    let want = "\"name:audit\" is no identity of a resource of type auth0_event_stream";
    assert_eq!(error.summary, want);
    assert!(error.detail.contains(&format!("{{ id = {id:?} }}")), "{}", error.detail);
}
