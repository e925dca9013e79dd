//! Which resource an event stream belongs to, and what a run does to none but its own.

use super::settle::{OLD, losing, made, page};
use super::*;
use crate::auth0::{Created, Deleted};

/// A client that may take over what equals a new stream.
fn adopting(server: &Server) -> Auth0 {
    within(Settings { adopt_existing: true, ..settings(server) }, limits())
}

/// Reads may lag behind: what this run has deleted says nothing of what it has made.
#[tokio::test]
async fn a_stream_that_this_run_has_deleted_is_not_taken_for_one_that_is_in_the_way() {
    let list = |lists, _| match lists {
        0 | 1 => page(&[made(OLD, 60)], None),
        _ => page(&[made(ID, 0)], None),
    };
    for refused in [false, true] {
        let post = move |posts| match (posts, refused) {
            (0, false) => Reply::Cut,
            (0, true) => json(409, "{}"),
            _ => json(201, STREAM),
        };
        let server = Server::start(losing(post, list)).await;
        let auth0 = client(&server);
        let operation = Operation::default();
        let streams = auth0.event_streams(&operation);
        assert_eq!(streams.delete(OLD).await.unwrap(), Deleted::Gone);
        assert_eq!(streams.create(&orders()).await.unwrap().into_stream().id, ID, "{refused}");
    }
}

/// Two resources of one name: what the first has made is not the second's.
#[tokio::test]
async fn what_one_resource_has_is_not_given_to_another() {
    for (case, second) in
        [("refused", (|| json(409, "{}")) as fn() -> Reply), ("lost", || Reply::Cut)]
    {
        let post = move |posts| if posts == 0 { json(201, STREAM) } else { second() };
        let server = Server::start(losing(post, |_, _| page(&[made(ID, 0)], None))).await;
        let auth0 = adopting(&server);
        let create = |auth0: Auth0| async move {
            auth0.event_streams(&Operation::default()).create(&orders()).await
        };
        let (one, two) = tokio::join!(create(auth0.clone()), create(auth0));
        let errors: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
        let [err] = &errors[..] else { panic!("{case}: one of them has it") };
        assert!(err.advice().unwrap().contains("Another resource of this run has it"), "{case}");
        assert_eq!(server.count("PATCH"), 0, "{case}");
    }
}

/// The new resource has it, so the old one only leaves the state.
#[tokio::test]
async fn what_was_taken_over_in_this_run_is_not_deleted_by_it() {
    let equal = |_, _| page(&[made(ID, 600)], None);
    let server = Server::start(losing(|_| json(409, "{}"), equal)).await;
    let auth0 = adopting(&server);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    assert!(matches!(streams.create(&orders()).await, Ok(Created::Adopted(_))));
    assert_eq!(streams.delete(ID).await.unwrap(), Deleted::Kept);
    assert_eq!(server.count("DELETE"), 0);
}

/// And what a state of this run has, or is on its way out, is not taken over.
#[tokio::test]
async fn what_belongs_to_another_resource_is_not_taken_over() {
    let equal = |_, _| page(&[made(ID, 600)], None);
    let server = Server::start(losing(|_| json(409, "{}"), equal)).await;
    let auth0 = adopting(&server);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    auth0.claims().hold(ID);
    let err = streams.create(&orders()).await.unwrap_err();
    assert!(err.advice().unwrap().contains("Another resource of this run has it"), "{err}");
    assert_eq!(server.count("PATCH"), 0);
}

/// Its name is free a moment later.
#[tokio::test]
async fn a_name_that_is_becoming_free_is_waited_for() {
    let list = |_, posts| if posts > 1 { page(&[], None) } else { page(&[made(ID, 600)], None) };
    let post = |posts| if posts == 0 { json(409, "{}") } else { json(201, STREAM) };
    let tenant = losing(post, list);
    let server = Server::start(move |seen: &Seen| match seen.line.starts_with("DELETE") {
        true => Reply::Late(Duration::from_millis(300), Box::new(json(204, ""))),
        false => tenant(seen),
    })
    .await;
    let auth0 = adopting(&server);
    let deletion = tokio::spawn({
        let auth0 = auth0.clone();
        async move { auth0.event_streams(&Operation::default()).delete(ID).await }
    });
    while server.count("DELETE") == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let operation = Operation::default();
    let created = auth0.event_streams(&operation).create(&orders()).await;
    assert!(matches!(created, Ok(Created::Answered(_))), "{created:?}");
    assert_eq!(deletion.await.unwrap().unwrap(), Deleted::Gone);
    assert_eq!(server.count("PATCH"), 0);
}

/// Its secret could not be sent, so it is not the new resource's, and may be deleted.
#[tokio::test]
async fn a_failed_adoption_leaves_the_stream_to_whoever_had_it() {
    let equal = |_, _| page(&[made(ID, 600)], None);
    let tenant = losing(|_| json(409, "{}"), equal);
    let server = Server::start(move |seen: &Seen| match seen.line.starts_with("PATCH") {
        true => json(400, r#"{"statusCode":400,"error":"Bad Request","message":"no"}"#),
        false => tenant(seen),
    })
    .await;
    let auth0 = adopting(&server);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    streams.create(&orders()).await.unwrap_err();
    assert_eq!(streams.delete(ID).await.unwrap(), Deleted::Gone);
    assert_eq!(server.count("DELETE"), 1);
}

#[tokio::test]
async fn what_was_taken_over_is_not_changed_for_the_resource_that_had_it() {
    let equal = |_, _| page(&[made(ID, 600)], None);
    let server = Server::start(losing(|_| json(409, "{}"), equal)).await;
    let auth0 = adopting(&server);
    let operation = Operation::default();
    let streams = auth0.event_streams(&operation);
    streams.create(&orders()).await.unwrap();
    let err = streams.update(ID, &disabled()).await.unwrap_err();
    assert!(err.to_string().contains("belongs to another resource"), "{err}");
    assert!(err.advice().unwrap().contains("Another resource of this run has it"), "{err}");
    assert_eq!(server.count("PATCH"), 1);
}
