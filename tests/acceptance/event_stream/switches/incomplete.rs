//! Switches about incomplete requests, which we never send: what Auth0 might take is refused by the
//! plan, or, where it is known only then, by apply.

use terraform_provider_auth0::simulator::switches::{
    CreateIncomplete, EmptySecret, PatchEmptySubscriptions,
};

use super::super::{ENDPOINT, with_authorization};
use super::sent::assert_safe;
use super::{assert_says, bus, put, refused_by_apply, refused_by_plan, turned};
use crate::support::terraform::Acceptance;

/// A tenant that takes whatever is left out.
fn lenient() -> Acceptance {
    turned(|switches| {
        switches.create_incomplete = CreateIncomplete::Accept;
        switches.empty_secret = EmptySecret::Accept;
        switches.patch_empty_subscriptions = PatchEmptySubscriptions::Accept;
    })
}

fn audit(name: &str, subscriptions: &[&str]) -> String {
    bus("it", name, "eu-west-1", subscriptions, "")
}

fn orders(token: &str) -> String {
    with_authorization("orders", ENDPOINT, &format!("method = \"bearer\"\n      {token}"))
}

#[test]
fn what_is_empty_is_refused_by_the_plan_of_a_create_and_of_an_update() {
    let bus =
        [(audit("", &["user.created"]), "Invalid name"), (audit("audit", &[]), "No subscriptions")];
    let webhook = [
        (orders("token = \"\""), "Empty secret"),
        (orders("token_wo = \"\"\n      token_wo_version = 2"), "Empty secret"),
    ];
    let acc = lenient();
    for (hcl, summary) in bus.iter().chain(&webhook) {
        acc.configure(hcl);
        assert_says(&refused_by_plan(&acc), &[summary]);
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);

    for (valid, invalid) in
        [(audit("audit", &["user.created"]), bus), (orders("token = \"t\""), webhook)]
    {
        let acc = lenient();
        put(&acc, &valid);
        for (hcl, summary) in &invalid {
            acc.configure(hcl);
            assert_says(&refused_by_plan(&acc), &[summary]);
        }
        put(&acc, &valid);
        assert!(acc.bodies("PATCH").is_empty());
        assert_safe(&acc);
    }
}

/// Values that were not known to the plan are looked at again before anything is sent.
#[test]
fn what_turns_out_to_be_empty_is_refused_by_apply() {
    let later = |hcl: String, attribute: &str, value: &str| {
        let hcl = hcl.replace(
            &format!("{attribute} = {value}"),
            &format!("{attribute} = terraform_data.t.output"),
        );
        assert!(hcl.contains("terraform_data.t.output"), "{hcl}");
        format!("{hcl}resource \"terraform_data\" \"t\" {{\n  input = {value}\n}}\n")
    };
    let subscriptions = || later(audit("audit", &[]), "subscriptions   ", "[]");
    for (valid, invalid, summary) in [
        (audit("audit", &["user.created"]), subscriptions(), "No subscriptions"),
        (orders("token = \"t\""), later(orders("token = \"\""), "token", "\"\""), "Empty secret"),
    ] {
        let acc = lenient();
        acc.configure(&invalid);
        assert_says(&refused_by_apply(&acc), &[summary]);
        assert!(acc.stored("it").is_null(), "{summary}");
        assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);

        let acc = lenient();
        put(&acc, &valid);
        let stored = acc.stored("it");
        acc.configure(&invalid);
        assert_says(&refused_by_apply(&acc), &[summary]);
        assert_eq!(acc.stored("it"), stored, "{summary}");
        put(&acc, &valid);
        assert!(acc.bodies("PATCH").is_empty());
        assert_safe(&acc);
    }
}
