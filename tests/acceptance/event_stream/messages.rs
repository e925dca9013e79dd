//! What a user reads when Auth0 does not answer, refuses, or asks to wait.

use terraform_provider_auth0::simulator::{Effect, Fault, Options, RateLimit, Settings};

use super::{ENDPOINT, eventbridge, webhook};
use crate::support::terraform::{Acceptance, Message};

/// The one error of applying the present configuration.
#[track_caller]
fn error_of_apply(acc: &Acceptance) -> Message {
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{:?}", run.messages()) };
    error.clone()
}

#[track_caller]
fn assert_says(error: &Message, parts: &[&str]) {
    for part in parts {
        assert!(error.detail.contains(part), "{part:?} is not in:\n{}", error.detail);
    }
}

/// Repeating it could make a second stream: it is reported, and the report is enough to go on.
#[test]
fn a_create_whose_answer_is_lost_says_how_to_take_the_stream_over_and_is_not_repeated() {
    let acc = Acceptance::start();
    let hcl = webhook("orders", ENDPOINT, "s3cr3t-token", 1);
    acc.configure(&hcl);
    acc.auth0.add_fault(Fault::next(Effect::ExecuteThenCut).method("POST"));
    let error = error_of_apply(&acc);
    assert_eq!(error.summary, "Unable to create event stream \"orders\"");
    assert_says(
        &error,
        &[
            "POST https://",
            "the event stream \"orders\" may exist now",
            "Look for its name",
            "`auth0 event-streams list`",
            "GET /api/v2/event-streams",
        ],
    );
    assert!(!error.detail.contains("s3cr3t-token"), "{}", error.detail);
    assert!(acc.auth0.faults().is_empty());
    assert_eq!(acc.auth0.count("POST", "/api/v2/"), 1, "it was not repeated");
    assert_eq!(acc.auth0.event_streams().len(), 1);
    assert!(acc.stored("it").is_null());

    // To run again does no harm, as it says.
    let again = error_of_apply(&acc);
    assert_says(&again, &["409", "name is in use", "import the one that exists"]);
    assert_eq!(acc.auth0.event_streams().len(), 1);

    // The block of the message, with what it leaves to the reader.
    let block = error.detail.split_once("import {").expect("there is an import block").1;
    let block = format!("import {{{}}}\n", block.split_once('}').unwrap().0);
    let id = acc.auth0.event_stream_named("orders").unwrap().id;
    let block = block.replace("auth0_event_stream.NAME", "auth0_event_stream.it");
    assert!(block.contains("id = \"THE_ID\""), "{block}");
    let plan = acc.apply(&(hcl + &block.replace("THE_ID", &id)));
    assert_eq!(plan.change("it")["importing"]["id"], id);
    assert_eq!(acc.stored("it")["id"], id);
    assert_eq!(acc.auth0.event_streams().len(), 1);
    acc.destroy();
}

/// Nothing was executed, so nothing may exist; but only Auth0 knows that.
#[test]
fn a_create_that_got_no_answer_at_all_says_the_same_and_can_be_run_again() {
    let acc = Acceptance::start();
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.auth0.add_fault(Fault::next(Effect::Cut).method("POST"));
    let error = error_of_apply(&acc);
    assert_says(&error, &["the event stream \"audit\" may exist now", "run again", "import {"]);
    assert_eq!(acc.auth0.count("POST", "/api/v2/"), 1);
    acc.apply(&eventbridge("audit", "eu-west-1"));
    assert_eq!(acc.auth0.event_streams().len(), 1);
}

fn without(acc: &Acceptance, scope: &str) {
    acc.auth0.change_settings(|settings| {
        settings.scopes = Settings::default().scopes;
        settings.scopes.retain(|granted| granted != scope);
    });
}

#[test]
fn a_scope_that_is_missing_is_named_and_nothing_changes() {
    let acc = Acceptance::start();
    let named = |name: &str| eventbridge(name, "eu-west-1");
    let names_it = |error: &Message, scope: &str| {
        let grant = format!("Grant the scope {scope} to the application with the client id");
        assert_says(error, &["403", "insufficient_scope", &grant, acc.auth0.client_id()]);
    };
    acc.configure(&named("audit"));
    without(&acc, "create:event_streams");
    let error = error_of_apply(&acc);
    assert_eq!(error.summary, "Unable to create event stream \"audit\"");
    names_it(&error, "create:event_streams");
    assert!(acc.auth0.event_streams().is_empty());

    without(&acc, "update:event_streams");
    acc.apply(&named("audit"));
    let stored = acc.stored("it");
    acc.configure(&named("audit-2"));
    let error = error_of_apply(&acc);
    assert_eq!(error.summary, "Unable to update event stream \"audit\"");
    names_it(&error, "update:event_streams");
    assert_eq!(acc.stored("it"), stored);
    assert_eq!(acc.auth0.count("PATCH", "/"), 1, "a refusal is not repeated");

    without(&acc, "read:event_streams");
    let run = acc.plan().run;
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, "Unable to read event stream \"audit\"");
    names_it(&run.errors()[0], "read:event_streams");

    without(&acc, "delete:event_streams");
    let run = acc.run(&["destroy", "-json", "-input=false", "-auto-approve"]);
    run.assert_code(&[1]);
    assert_eq!(run.errors()[0].summary, "Unable to delete event stream \"audit\"");
    names_it(&run.errors()[0], "delete:event_streams");
    assert_eq!(acc.stored("it"), stored);

    without(&acc, "none");
    acc.apply(&named("audit-2"));
    acc.destroy();
}

/// A free tenant serves two requests at once; Terraform sends ten.
#[test]
fn a_rate_limit_is_waited_for_without_a_word() {
    let mut options = Options::default();
    options.settings.rate_limit = Some(RateLimit { burst: 2, per_second: 5.0 });
    let acc = Acceptance::with(options);
    let many = eventbridge("audit", "eu-west-1")
        .replace("\"audit\"", "\"audit-${count.index}\"\n  count            = 12");
    acc.configure(many.split("\noutput").next().unwrap());
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan().ok();
    assert_eq!(run.messages(), []);
    let answered = |status| {
        let requests = acc.auth0.requests();
        requests
            .iter()
            .filter(|r| r.path.ends_with("/event-streams") && r.status == Some(status))
            .count()
    };
    assert_eq!(answered(201), 12, "each was created once");
    assert!(answered(429) > 0, "the limit was never reached");
    assert_eq!(acc.auth0.event_streams().len(), 12);
    acc.plan().assert_empty();
}
