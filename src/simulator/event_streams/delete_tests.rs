//! Deleting event streams, and what goes with them.

use super::super::switches::ActionOfDeletedStream;
use super::super::testing::{Tenant, UNKNOWN, action_stream, eventbridge};

#[test]
fn deleting_twice_is_no_error() {
    let tenant = Tenant::new();
    let id = tenant.create(&eventbridge("a"));
    let path = format!("event-streams/{id}");
    for _ in 0..2 {
        let reply = tenant.delete(&path);
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
        assert_eq!(reply.header("content-type"), None);
    }
    assert_eq!(tenant.delete(&format!("event-streams/{UNKNOWN}")).status, 204);
    assert_eq!(tenant.get(&path).status, 404);
}

#[test]
fn the_action_of_a_stream_is_deleted_with_it_or_kept() {
    for (switch, left) in [(ActionOfDeletedStream::Delete, 0), (ActionOfDeletedStream::Keep, 1)] {
        let tenant = Tenant::switched(|switches| switches.action_of_deleted_stream = switch);
        let action = tenant.auth0.create_deployed_action(None, "forward").id;
        let id = tenant.create(&action_stream("act", &action));
        tenant.delete(&format!("event-streams/{id}"));
        assert_eq!(tenant.auth0.actions().len(), left, "{switch:?}");
        if left == 0 {
            let reply = tenant.delete(&format!("actions/actions/{action}?force=true"));
            reply.refuses(404, "That action does not exist.", None);
        }
    }
}
