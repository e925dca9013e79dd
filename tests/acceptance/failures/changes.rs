//! Updates and deletes in flight.

use nix::sys::signal::Signal;

use super::{error, hold, in_state, in_tenant, plan, renamed, streams};
use crate::support::terraform::Acceptance;

/// Has `interrupt` meet the first of two updates, then the first of two deletes. Whatever the state
/// tells of it, the next run does the second, and the first not again.
#[track_caller]
fn the_next_run_goes_on(interrupt: impl Fn(&Acceptance, &str)) {
    let before = streams(&["a", "b"]);
    for (method, after, names) in
        [("PATCH", renamed(&before), &["new-a", "new-b"][..]), ("DELETE", String::new(), &[])]
    {
        let acc = Acceptance::start();
        acc.apply(&before);
        plan(&acc, &after);
        hold(&acc, method, 1);
        interrupt(&acc, method);
        acc.apply(&after);
        assert_eq!(acc.bodies(method).len(), 2, "{method}");
        assert_eq!(in_tenant(&acc), names, "{method}");
        assert_eq!(in_state(&acc), names, "{method}");
    }
}

#[test]
fn sigterm_to_all_keeps_an_update_and_a_delete_and_the_next_run_goes_on() {
    the_next_run_goes_on(|acc, method| {
        let mut run = acc.begin_apply(1);
        run.until_sent(method, 1);
        run.signal_all(Signal::SIGTERM);
        run.ended().assert_code(&[1]);
        run.assert_leaves_nothing();
        assert_eq!(acc.bodies(method).len(), 1, "{method}: nothing new was begun");
        assert_eq!(in_state(acc), in_tenant(acc), "{method}");
    });
}

#[test]
fn a_plugin_killed_in_an_update_or_a_delete_leaves_a_state_from_which_the_next_run_goes_on() {
    the_next_run_goes_on(|acc, method| {
        let mut run = acc.begin_apply(1);
        run.until_sent(method, 1);
        run.signal_plugin(Signal::SIGKILL);
        error(&run.ended(), "Plugin did not respond");
        run.assert_plugin_ends();
        assert_eq!(in_state(acc), ["a", "b"], "{method}");
    });
}
