//! What a user reads when Auth0 does not answer, refuses, or asks to wait.

use terraform_provider_auth0::simulator::{Effect, Fault, Options, RateLimit, Settings};

use super::{ENDPOINT, eventbridge, webhook};
use crate::support::terraform::{Acceptance, Message, Run};

#[track_caller]
fn assert_says(error: &Message, parts: &[&str]) {
    for part in parts {
        assert!(error.detail.contains(part), "{part:?} is not in:\n{}", error.detail);
    }
}

/// Repeating it could make a second stream, so it is looked for: it becomes the state. What was made
/// since is told by the clock of Auth0, which need not be that of this machine.
#[test]
fn a_create_whose_answer_is_lost_is_found_and_becomes_the_state() {
    const HOUR: time::Duration = time::Duration::HOUR;
    for (effect, ahead) in [
        (Effect::ExecuteThenCut, time::Duration::ZERO),
        (Effect::TruncatedJson, HOUR),
        (Effect::ExecuteThenCut, -HOUR),
    ] {
        let acc = Acceptance::start();
        acc.auth0.set_clock(time::OffsetDateTime::now_utc() + ahead);
        acc.configure(&webhook("orders", ENDPOINT, "s3cr3t-token", 1));
        acc.auth0.add_fault(Fault::next(effect).method("POST"));
        acc.plan().run.assert_code(&[2]);
        let run = acc.apply_plan().ok();
        let [warning] = &run.warnings()[..] else { panic!("{:?}", run.messages()) };
        assert_eq!(warning.summary, "The creation of event stream \"orders\" was not answered");
        let id = acc.auth0.event_stream_named("orders").unwrap().id;
        assert_says(warning, &[&id]);
        assert_eq!(acc.stored("it")["id"], id);
        assert_eq!(acc.auth0.count("POST", "/api/v2/"), 1, "it was not repeated");
        acc.assert_settled();
        acc.destroy();
    }
}

/// Nothing was executed; once the settling time has shown that, it is sent once more.
#[test]
fn a_create_that_never_arrived_is_sent_once_more_after_the_settling_time() {
    let acc = Acceptance::start();
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.auth0.add_fault(Fault::next(Effect::Cut).method("POST"));
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan().ok();
    let [warning] = &run.warnings()[..] else { panic!("{:?}", run.messages()) };
    assert_eq!(warning.summary, "An operation on event stream \"audit\" had to wait");
    assert_says(warning, &["the tenant was searched for it"]);
    assert_eq!(acc.auth0.count("POST", "/api/v2/"), 2);
    assert_eq!(acc.auth0.event_streams().len(), 1);
    acc.assert_settled();
}

/// An earlier run that was killed may have left it. The block of the message takes it over.
#[test]
fn a_stream_that_no_state_knows_is_an_error_with_the_import_block_or_is_adopted() {
    let body = serde_json::json!({
        "name": "orders",
        "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
        "destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": ENDPOINT,
            "webhook_authorization": {"method": "bearer", "token": "of-the-killed-run"},
        }},
    });
    let mut acc = Acceptance::start();
    let id = acc.auth0.create_event_stream(&body).unwrap().id;
    let hcl = webhook("orders", ENDPOINT, "s3cr3t-token", 1);
    acc.configure(&hcl);
    let error = acc.error_of_apply();
    assert_eq!(error.summary, "Unable to create event stream \"orders\"");
    assert_says(&error, &[&id, "adopt_existing = true", "It equals what was to be created"]);
    assert!(!error.detail.contains("s3cr3t-token"), "{}", error.detail);
    assert_eq!(acc.auth0.event_streams().len(), 1);

    let block = error.detail.split_once("import {").expect("there is an import block").1;
    let block = format!("import {{{}}}\n", block.split_once('}').unwrap().0);
    let block = block.replace("auth0_event_stream.NAME", "auth0_event_stream.it");
    let plan = acc.apply(&(hcl.clone() + &block));
    assert_eq!(plan.change("it")["importing"]["id"], id);
    assert_eq!(acc.stored("it")["id"], id);

    acc.run(&["state", "rm", "auth0_event_stream.it"]).ok();
    acc.set("AUTH0_ADOPT_EXISTING", "true");
    acc.configure(&hcl);
    acc.plan().run.assert_code(&[2]);
    acc.requests();
    let run = acc.apply_plan().ok();
    let [warning] = &run.warnings()[..] else { panic!("{:?}", run.messages()) };
    assert_eq!(warning.summary, "Event stream \"orders\" was there before");
    let [_, post, get, patch, _] = acc.requests();
    assert_eq!([post, get, patch], [1, 1, 1], "refused, found, given its secret");
    let stream = acc.auth0.event_stream(&id).unwrap();
    assert_eq!(stream.secret(), Some("s3cr3t-token"));
    acc.assert_settled();

    // One that differs in anything is somebody else's.
    acc.run(&["state", "rm", "auth0_event_stream.it"]).ok();
    acc.auth0
        .patch_event_stream(
            &id,
            &serde_json::json!({"status": "disabled", "subscriptions": [
                {"event_type": "user.deleted"},
            ]}),
        )
        .unwrap();
    let error = acc.error_of_apply();
    assert_says(&error, &[&id, "It differs from what was to be created", "import {"]);
}

/// A change of the block alone sends nothing, and a limit ends the repeats.
#[test]
fn a_time_limit_is_kept_and_said() {
    let acc = Acceptance::start();
    let with = |name: &str, limit: &str| {
        eventbridge(name, "eu-west-1")
            .replace("subscriptions    =", &format!("{limit}\n  subscriptions    ="))
    };
    acc.apply(&with("audit", "timeouts {\n create = \"5m\"\n }"));
    let plan = acc.apply(&with("audit", "timeouts {\n update = \"2s\"\n }"));
    assert_eq!(plan.actions("it"), "update");
    assert!(plan.change("it")["after_unknown"]["updated_at"].is_null(), "nothing is sent");
    assert!(acc.bodies("PATCH").is_empty());

    acc.configure(&with("audit-2", "timeouts {\n update = \"2s\"\n }"));
    let limited = Effect::TooManyRequests { retry_after: Some("30".to_owned()), reset_in_s: 1 };
    acc.auth0.add_fault(Fault::next(limited).method("PATCH").times(9));
    let error = acc.error_of_apply();
    assert_eq!(error.summary, "Unable to update event stream \"audit\"");
    assert_says(&error, &["the time limit of 2.0 s left no time to repeat it", "429", "timeouts"]);

    acc.configure(&with("audit", "timeouts {\n update = \"soon\"\n }"));
    assert_eq!(acc.plan().errors(), ["Invalid time limit"]);
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
    let error = acc.error_of_apply();
    assert_eq!(error.summary, "Unable to create event stream \"audit\"");
    names_it(&error, "create:event_streams");
    assert!(acc.auth0.event_streams().is_empty());

    without(&acc, "update:event_streams");
    acc.apply(&named("audit"));
    let stored = acc.stored("it");
    acc.configure(&named("audit-2"));
    let error = acc.error_of_apply();
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

/// A plan has a token once it has refreshed something, and gets none just for this.
#[test]
fn a_scope_that_apply_will_need_is_missed_by_the_plan() {
    let mut acc = Acceptance::start();
    let warnings = |run: &Run| {
        let warnings = run.messages().into_iter().filter(|message| message.severity == "warning");
        warnings.map(|message| (message.summary, message.detail)).collect::<Vec<_>>()
    };
    let warned = |run: &Run, verb: &str| {
        let found = warnings(run);
        let title = format!("The token may not {verb} event stream \"audit\"");
        let text = format!("with 403: the token of this run has no scope {verb}:event_streams.");
        let grant = format!("Grant the scope {verb}:event_streams to the application");
        assert!(
            found.iter().any(|(summary, detail)| *summary == title
                && detail.contains(&text)
                && detail.contains(&grant)),
            "{verb}: {found:?}"
        );
    };
    without(&acc, "create:event_streams");
    acc.configure(&eventbridge("audit", "eu-west-1"));
    assert_eq!(warnings(&acc.plan().run), []);
    assert!(acc.auth0.requests().is_empty(), "no token is asked for");
    without(&acc, "none");
    acc.apply(&eventbridge("audit", "eu-west-1"));

    without(&acc, "update:event_streams");
    assert_eq!(warnings(&acc.plan().run), [], "nothing will be updated");
    acc.configure(&eventbridge("audit-2", "eu-west-1"));
    warned(&acc.plan().run, "update");
    without(&acc, "delete:event_streams");
    acc.configure(&eventbridge("audit", "us-east-1"));
    warned(&acc.plan().run, "delete");
    without(&acc, "create:event_streams");
    warned(&acc.plan().run, "create");
    // A destroy is planned by a process that refreshes nothing; a ready-made token is always there.
    without(&acc, "delete:event_streams");
    acc.set("AUTH0_API_TOKEN", &acc.auth0.issue_token());
    acc.unset("AUTH0_CLIENT_ID");
    acc.unset("AUTH0_CLIENT_SECRET");
    let run = acc.run(&["plan", "-json", "-input=false", "-destroy"]);
    let [(title, text)] = &warnings(&run)[..] else { panic!("{}", run.printed()) };
    assert_eq!(title, "The token may not delete event stream \"audit\"");
    assert!(
        text.contains("The token in `api_token` lacks the scope delete:event_streams"),
        "{text}"
    );
}

/// A free tenant serves two requests at once; Terraform sends ten.
#[test]
fn a_rate_limit_is_kept_without_a_word() {
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
    assert!(answered(429) <= 2, "{} answers 429", answered(429));
    assert_eq!(acc.auth0.event_streams().len(), 12);
    acc.plan().assert_empty();
}
