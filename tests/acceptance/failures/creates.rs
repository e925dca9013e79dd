//! Creates in flight: what Auth0 makes must end up in the state, or be found again.

use std::time::Instant;

use nix::sys::signal::Signal;

use super::{HELD, error, hold, in_state, in_tenant, plan, streams};
use crate::support::terraform::Acceptance;

/// Dying of the signal, a plugin would lose every create in flight.
#[track_caller]
fn interrupted_creates_are_kept(signal: Signal) {
    let acc = Acceptance::start();
    let hcl = streams(&["a", "b", "c", "d"]);
    plan(&acc, &hcl);
    hold(&acc, "POST", 2);
    let mut run = acc.begin_apply(2);
    run.until_sent("POST", 2);
    run.signal_all(signal);
    run.ended().assert_code(&[1]);
    run.assert_leaves_nothing();
    assert_eq!(acc.auth0.event_streams().len(), 2, "nothing new was begun");
    assert_eq!(in_state(&acc), in_tenant(&acc));

    acc.requests();
    acc.apply(&hcl);
    let [_, post, _, patch, delete] = acc.requests();
    assert_eq!([post, patch, delete], [2, 0, 0], "the rest, and nothing twice");
    assert_eq!(in_state(&acc), ["a", "b", "c", "d"]);
    assert_eq!(in_tenant(&acc), ["a", "b", "c", "d"]);
}

#[test]
fn ctrl_c_keeps_what_is_being_created_and_the_next_run_creates_the_rest() {
    interrupted_creates_are_kept(Signal::SIGINT);
}

/// The official provider dies of it and loses what is being created.
#[test]
fn sigterm_to_all_keeps_what_is_being_created_and_the_next_run_creates_the_rest() {
    interrupted_creates_are_kept(Signal::SIGTERM);
}

#[test]
fn a_plugin_that_gets_sigterm_still_answers_what_it_began() {
    let acc = Acceptance::start();
    plan(&acc, &streams(&["a"]));
    hold(&acc, "POST", 1);
    let mut run = acc.begin_apply(1);
    run.until_sent("POST", 1);
    run.signal_plugin(Signal::SIGTERM);
    run.ended().ok();
    run.assert_leaves_nothing();
    assert_eq!(in_state(&acc), ["a"]);
    acc.assert_settled();
}

#[test]
fn a_plugin_that_got_sigterm_sends_nothing_new_and_says_so() {
    let acc = Acceptance::start();
    let hcl = streams(&["a", "b"]);
    plan(&acc, &hcl);
    hold(&acc, "POST", 1);
    let mut run = acc.begin_apply(1);
    run.until_sent("POST", 1);
    run.signal_plugin(Signal::SIGTERM);
    let ended = run.ended();
    run.assert_leaves_nothing();
    let [begun] = &in_state(&acc)[..] else { panic!("{}", ended.printed()) };
    assert_eq!(in_tenant(&acc), [begun.as_str()]);
    let other = if begun == "a" { "b" } else { "a" };
    let error = error(&ended, &format!("Unable to create event stream {other:?}"));
    for part in ["the run was stopped before POST", "Nothing was created", "Run again"] {
        assert!(error.detail.contains(part), "{part}: {}", error.detail);
    }
    acc.apply(&hcl);
    assert_eq!(acc.bodies("POST").len(), 2);
}

/// A stream named "lost" that is in the tenant and in no state: the next run is refused, with the
/// way out, which works.
#[track_caller]
fn an_import_takes_over_what_was_lost(acc: &Acceptance, hcl: &str) {
    assert_eq!(in_tenant(acc), ["kept", "lost"]);
    assert_eq!(in_state(acc), ["kept"]);
    plan(acc, hcl);
    let refused = error(&acc.apply_plan(), r#"Unable to create event stream "lost""#);
    for part in ["already, with the id est_", "adopt_existing = true", "import {"] {
        assert!(refused.detail.contains(part), "{part}: {}", refused.detail);
    }
    assert_eq!(in_tenant(acc), ["kept", "lost"], "nothing was made twice");
    let id = acc.auth0.event_stream_named("lost").unwrap().id;
    let import = format!("import {{\n  to = auth0_event_stream.lost\n  id = {id:?}\n}}\n");
    let plan = acc.apply(&(hcl.to_owned() + &import));
    assert_eq!(plan.actions("lost"), "no-op");
    assert_eq!(plan.change("lost")["importing"]["id"], id);
    assert_eq!(in_state(acc), ["kept", "lost"]);
}

#[test]
fn a_plugin_killed_in_a_create_leaves_a_stream_that_an_import_takes_over() {
    let acc = Acceptance::start();
    acc.apply(&streams(&["kept"]));
    acc.requests();
    let hcl = streams(&["kept", "lost"]);
    plan(&acc, &hcl);
    hold(&acc, "POST", 1);
    let mut run = acc.begin_apply(1);
    run.until_sent("POST", 1);
    run.signal_plugin(Signal::SIGKILL);
    error(&run.ended(), "Plugin did not respond");
    run.assert_plugin_ends();
    an_import_takes_over_what_was_lost(&acc, &hcl);
}

/// Nothing is left to tell the plugin anything: it sees its connection break.
#[test]
fn a_killed_core_is_followed_once_auth0_has_answered() {
    let mut acc = Acceptance::start();
    acc.apply(&streams(&["kept"]));
    acc.requests();
    let hcl = streams(&["kept", "lost"]);
    plan(&acc, &hcl);
    hold(&acc, "POST", 1);
    // Whatever it logs now meets a broken pipe.
    acc.set("TF_LOG_PROVIDER", "TRACE");
    let mut run = acc.begin_apply(1);
    run.until_sent("POST", 1);
    let sent = Instant::now();
    run.kill_core();
    run.assert_leaves_nothing();
    assert!(sent.elapsed() > HELD / 2, "the plugin did not wait for the answer");
    drop(run);
    acc.unset("TF_LOG_PROVIDER");
    an_import_takes_over_what_was_lost(&acc, &hcl);
}
