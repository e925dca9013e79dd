//! The waits between the repetitions of a request, which may take minutes.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use terraform_provider_auth0::simulator::{Effect, Fault};

use super::{error, in_state, in_tenant, plan, renamed, streams};
use crate::support::terraform::Acceptance;

/// What happens at once takes less, on any machine; [`limit`] asks for a longer wait.
const AT_ONCE: Duration = Duration::from_secs(30);

/// Has the next request with `method` wait for minutes.
fn limit(acc: &Acceptance, method: &str) {
    let limited = Effect::TooManyRequests { retry_after: Some("240".to_owned()), reset_in_s: 1 };
    acc.auth0.add_fault(Fault::next(limited).method(method));
}

#[test]
fn a_killed_core_ends_the_wait_before_a_request_is_repeated() {
    let acc = Acceptance::start();
    let hcl = streams(&["a"]);
    acc.apply(&hcl);
    plan(&acc, &renamed(&hcl));
    limit(&acc, "PATCH");
    let mut run = acc.begin_apply(1);
    run.until_sent("PATCH", 1);
    let killed = Instant::now();
    run.kill_core();
    run.assert_leaves_nothing();
    assert!(killed.elapsed() < AT_ONCE, "{:?}", killed.elapsed());
    acc.apply(&renamed(&hcl));
}

#[test]
fn ctrl_c_ends_the_wait_before_a_write_is_repeated_and_the_state_is_as_before() {
    let (before, both) = (streams(&["a"]), streams(&["a", "b"]));
    for (method, after, verb, name, advice) in [
        ("POST", both, "create", "b", "Nothing was created. Run again"),
        ("PATCH", renamed(&before), "update", "a", "Run again"),
        ("DELETE", String::new(), "delete", "a", "Run again"),
    ] {
        let acc = Acceptance::start();
        acc.apply(&before);
        acc.requests();
        let stored = acc.stored("a");
        plan(&acc, &after);
        limit(&acc, method);
        let mut run = acc.begin_apply(1);
        run.until_sent(method, 1);
        let interrupted = Instant::now();
        run.signal_all(Signal::SIGINT);
        let ended = run.ended();
        assert!(interrupted.elapsed() < AT_ONCE, "{method}: {:?}", interrupted.elapsed());
        run.assert_leaves_nothing();
        let error = error(&ended, &format!("Unable to {verb} event stream {name:?}"));
        for part in ["the run was stopped while waiting", "429", advice] {
            assert!(error.detail.contains(part), "{method}: {part}: {}", error.detail);
        }
        assert_eq!(acc.stored("a"), stored, "{method}");
        assert_eq!(in_state(&acc), ["a"], "{method}");
        acc.apply(&after);
        assert_eq!(in_state(&acc), in_tenant(&acc), "{method}");
    }
}

/// While an `apply` plans by itself, core does not hand a Ctrl-C on to its plugins, but SIGTERM comes
/// to them without its help.
#[test]
fn a_stop_ends_the_wait_before_a_read_is_repeated_and_the_state_is_as_before() {
    let acc = Acceptance::start();
    acc.apply(&streams(&["a"]));
    let stored = acc.stored("a");
    for (arguments, signal) in [
        (&["plan", "-json", "-input=false"][..], Signal::SIGINT),
        (&["apply", "-json", "-input=false", "-auto-approve"], Signal::SIGTERM),
    ] {
        acc.requests();
        limit(&acc, "GET");
        let mut run = acc.begin(arguments);
        run.until_sent("GET", 1);
        let stopped = Instant::now();
        run.signal_all(signal);
        let ended = run.ended();
        assert!(stopped.elapsed() < AT_ONCE, "{arguments:?}: {:?}", stopped.elapsed());
        run.assert_leaves_nothing();
        let error = error(&ended, r#"Unable to read event stream "a""#);
        for part in ["the run was stopped while waiting", "429", "Run again"] {
            assert!(error.detail.contains(part), "{arguments:?}: {part}: {}", error.detail);
        }
        assert_eq!(acc.stored("a"), stored, "{arguments:?}");
        acc.assert_settled();
    }
}
