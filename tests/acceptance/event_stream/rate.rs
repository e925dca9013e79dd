//! Few requests, and inside the tenant's rate limit.

use std::thread;

use terraform_provider_auth0::simulator::{Options, RateLimit};

use super::eventbridge;
use crate::support::terraform::Acceptance;

/// A tenant whose bucket has `burst` requests and gets `per_second` back.
fn limited(burst: u32, per_second: f64) -> Acceptance {
    let mut options = Options::default();
    options.settings.rate_limit = Some(RateLimit { burst, per_second });
    options.settings.latency_ms = 40;
    Acceptance::with(options)
}

fn many(count: usize, prefix: &str) -> String {
    let name = format!("\"{prefix}-${{count.index}}\"\n  count            = {count}");
    let hcl = eventbridge("audit", "eu-west-1").replace("\"audit\"", &name);
    hcl.split("\noutput").next().unwrap().to_owned()
}

fn refused(acc: &Acceptance) -> usize {
    acc.auth0.requests().iter().filter(|request| request.status == Some(429)).count()
}

/// The official provider needs 201 requests for it.
#[test]
fn a_plan_of_200_streams_without_changes_costs_a_token_and_two_pages() {
    let acc = Acceptance::start();
    acc.configure(&many(200, "audit"));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.requests();
    acc.plan().assert_empty();
    // Where a busy machine sends its first two reads apart, the first one is alone.
    let [token, post, get, patch, delete] = acc.requests();
    assert_eq!([token, post, patch, delete], [1, 0, 0, 0]);
    assert!((2..=3).contains(&get), "{get} requests for 200 streams");
}

/// The official provider draws 83 answers 429 here.
#[test]
fn fifty_creates_at_ten_requests_a_second_are_refused_twice_at_most() {
    let acc = limited(10, 10.0);
    acc.configure(&many(50, "audit"));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    assert_eq!(acc.auth0.event_streams().len(), 50);
    assert!(refused(&acc) <= 2, "{} answers 429", refused(&acc));
}

#[test]
fn ten_processes_share_one_bucket_and_all_succeed() {
    let acc = limited(10, 10.0);
    thread::scope(|scope| {
        for process in 0..10 {
            let auth0 = &acc.auth0;
            scope.spawn(move || {
                let mut other = Acceptance::start();
                let ca = other.folder().join("shared-ca.pem");
                std::fs::write(&ca, auth0.ca_pem()).unwrap();
                for (name, value) in [
                    ("AUTH0_CA_CERT_FILE", ca.to_str().unwrap()),
                    ("AUTH0_CLIENT_ID", auth0.client_id()),
                    ("AUTH0_CLIENT_SECRET", auth0.client_secret()),
                    ("AUTH0_DOMAIN", auth0.domain()),
                ] {
                    other.set(name, value);
                }
                other.configure(&many(4, &format!("audit-{process}")));
                other.plan().run.assert_code(&[2]);
                other.apply_plan().ok();
            });
        }
    });
    assert_eq!(acc.auth0.event_streams().len(), 40);
}
