//! HTTP requests that the real core makes us send.

use std::path::Path;

use crate::configuration::{Destination::Webhook, event_streams};
use crate::support::budgets::{
    CREATE_REQUESTS, DELETE_REQUESTS, NO_OP_PLAN_REQUESTS, READ_REQUESTS, UPDATE_REQUESTS,
};
use crate::support::terraform::Acceptance;
use crate::table::Table;

const STREAMS: usize = 200;

pub fn measure(provider: &Path, table: &mut Table) {
    let acc = Acceptance::of(provider, Default::default());
    acc.configure(&event_streams(Webhook, 1, "v1"));
    plan(&acc, &[]);
    table.row(&CREATE_REQUESTS, beside_token(&acc, apply));
    table.row(&READ_REQUESTS, beside_token(&acc, |acc| plan(acc, &[])));
    acc.configure(&event_streams(Webhook, 1, "v2"));
    plan(&acc, &[]);
    table.row(&UPDATE_REQUESTS, beside_token(&acc, apply));
    plan(&acc, &["-destroy"]);
    table.row(&DELETE_REQUESTS, beside_token(&acc, apply));

    acc.configure(&event_streams(Webhook, STREAMS, "v1"));
    plan(&acc, &[]);
    apply(&acc);
    acc.auth0.forget_requests();
    plan(&acc, &[]);
    table.row(&NO_OP_PLAN_REQUESTS, acc.auth0.requests().len() as f64);
}

/// Requests of a step to the Management API. Each process asks for one token more.
fn beside_token(acc: &Acceptance, step: impl Fn(&Acceptance)) -> f64 {
    acc.auth0.forget_requests();
    step(acc);
    let requests = acc.auth0.requests();
    requests.iter().filter(|request| request.path.starts_with("/api/v2/")).count() as f64
}

fn plan(acc: &Acceptance, more: &[&str]) {
    acc.run(&[&["plan", "-input=false", "-out=plan.bin"], more].concat()).ok();
}

fn apply(acc: &Acceptance) {
    acc.run(&["apply", "-input=false", "plan.bin"]).ok();
}
