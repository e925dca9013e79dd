//! `data "auth0_event_types"`

use serde_json::json;

use super::{error_of_plan, planned};
use crate::support::terraform::Acceptance;

fn types(pattern: &str) -> String {
    format!(
        "data \"auth0_event_types\" \"it\" {{\n  {pattern}\n}}\n\
         output \"types\" {{\n  value = data.auth0_event_types.it.event_types\n}}\n"
    )
}

/// They are known to the provider, so nothing is asked of Auth0.
#[test]
fn types_are_found_by_pattern_with_family_and_description() {
    let acc = Acceptance::start();
    let found = planned(&acc, &types("pattern = \"organization.member.role.*\""), "types");
    let want = json!([
        {
            "name": "organization.member.role.assigned",
            "family": "organization.member",
            "description": "A role was assigned to a member of an organization.",
        },
        {
            "name": "organization.member.role.deleted",
            "family": "organization.member",
            "description": "A role was taken from a member of an organization.",
        },
    ]);
    assert_eq!(found, want);
    assert_eq!(planned(&acc, &types(""), "types").as_array().unwrap().len(), 25);
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn a_pattern_that_fits_nothing_is_an_error_with_the_nearest_type() {
    let acc = Acceptance::start();
    let error = error_of_plan(&acc, &types("pattern = \"user.creatd\""));
    assert_eq!(error.summary, "No event type is spelled \"user.creatd\"");
    assert!(error.detail.contains("\"user.created\""), "{}", error.detail);
    assert_eq!(error.code.trim(), "pattern = \"user.creatd\"");
}
