//! Creations whose answers are lost, and reads that come together.

use std::sync::Mutex;

use super::*;
use crate::auth0::Created;

pub(super) fn page(streams: &[String], next: Option<&str>) -> Reply {
    let next = next.map(|next| format!(r#","next":"{next}""#)).unwrap_or_default();
    json(200, format!(r#"{{"eventStreams":[{}]{next}}}"#, streams.join(",")))
        .with("date", httpdate::fmt_http_date(std::time::SystemTime::now()))
}

/// The stream of [`orders`] as Auth0 shows it, made so many seconds ago.
pub(super) fn made(id: &str, seconds_ago: i64) -> String {
    let at = time::OffsetDateTime::now_utc() - time::Duration::seconds(seconds_ago);
    let at = at.format(&time::format_description::well_known::Rfc3339).unwrap();
    STREAM.replace(ID, id).replace("2026-03-02T09:15:27.041Z", &at)
}

fn is_list(seen: &Seen) -> bool {
    seen.line.starts_with(&format!("GET {STREAMS}?take=100"))
}

/// A tenant whose POST is answered by `post`, and its list by `list`, which is told how many lists
/// and how many POSTs there were before.
pub(super) fn losing(
    post: impl Fn(usize) -> Reply + Send + Sync,
    list: impl Fn(usize, usize) -> Reply + Send + Sync,
) -> impl Fn(&Seen) -> Reply + Send + Sync {
    let counts = Mutex::new((0, 0));
    tenant(move |seen| {
        let (posts, lists) = &mut *counts.lock().unwrap();
        if seen.line.starts_with("POST") {
            *posts += 1;
            return post(*posts - 1);
        }
        if is_list(seen) {
            *lists += 1;
            return list(*lists - 1, *posts);
        }
        json(200, made(ID, 0))
    })
}

async fn create_with(
    server: &Server,
    adopt_existing: bool,
) -> Result<Created, crate::auth0::Error> {
    let auth0 = within(Settings { adopt_existing, ..settings(server) }, limits());
    auth0.event_streams(&Operation::default()).create(&orders()).await
}

#[tokio::test]
async fn a_stream_whose_answer_was_lost_is_found_and_never_created_twice() {
    for (case, lost) in [
        ("cut", (|| Reply::Cut) as fn() -> Reply),
        ("500", || json(500, "{}")),
        ("HTML", || json(503, "<html>")),
        ("half", || json(201, r#"{"id":"#)),
    ] {
        // Not there at the first look: a copy that lags behind.
        let list = |lists, _| match lists {
            0 | 1 => page(&[], None),
            _ => {
                page(&[made("est_other", 0).replace("\"orders\"", "\"other\""), made(ID, 0)], None)
            }
        };
        let server = Server::start(losing(move |_| lost(), list)).await;
        let Created::Settled(stream) = create_with(&server, false).await.expect(case) else {
            panic!("{case}")
        };
        assert_eq!(stream.id, ID, "{case}");
        assert_eq!(server.count("POST /api"), 1, "{case}");
    }
}

#[tokio::test]
async fn what_was_not_made_by_the_settling_time_is_sent_for_once_more() {
    let post = |posts| if posts == 0 { Reply::Cut } else { json(201, STREAM) };
    let server = Server::start(losing(post, |_, _| page(&[], None))).await;
    assert!(matches!(create_with(&server, false).await, Ok(Created::Answered(_))));
    assert_eq!(server.count("POST /api"), 2);
    assert!(server.count("GET") >= 3, "{}", server.count("GET"));
}

/// The first one was late: the second is refused, and the list shows it now.
#[tokio::test]
async fn a_conflict_of_the_second_request_is_settled_like_the_first() {
    let post = |posts| if posts == 0 { Reply::Cut } else { json(409, "{}") };
    let list = |_, posts| if posts < 2 { page(&[], None) } else { page(&[made(ID, 0)], None) };
    let server = Server::start(losing(post, list)).await;
    assert!(matches!(create_with(&server, false).await, Ok(Created::Settled(_))));
    assert_eq!(server.count("POST /api"), 2);
}

#[tokio::test]
async fn nothing_is_sent_again_while_the_list_cannot_be_read() {
    let server = Server::start(losing(|_| Reply::Cut, |_, _| json(500, "{}"))).await;
    let err = create_with(&server, false).await.unwrap_err();
    assert!(err.outcome_unknown().is_some(), "{err}");
    assert_eq!(server.count("POST /api"), 1);
}

#[tokio::test]
async fn a_stream_that_was_there_before_or_differs_is_an_error_with_its_id() {
    let refuse = |_| json(409, "{}");
    let other = made(ID, 0).replace("user.created", "user.deleted");
    for (case, post, stream, words) in [
        ("before", (|_| Reply::Cut) as fn(usize) -> Reply, made(ID, 60), "adopt_existing = true"),
        ("differs", |_| Reply::Cut, other.clone(), "somebody else may have made it"),
        ("refused, equal", refuse, made(ID, 60), "adopt_existing = true"),
        ("refused, made just now", refuse, made(ID, 0), "adopt_existing = true"),
        ("refused, differs", refuse, other, "Choose another name, or import it"),
    ] {
        let server =
            Server::start(losing(post, move |_, _| page(std::slice::from_ref(&stream), None)))
                .await;
        let err = create_with(&server, false).await.unwrap_err();
        assert!(err.to_string().contains(&format!("already, with the id {ID}")), "{case}: {err}");
        let advice = err.advice().unwrap();
        assert!(advice.contains(words), "{case}: {advice}");
        assert!(
            advice.contains(&format!("import {{\n  to = auth0_event_stream.NAME\n  id = \"{ID}\""))
        );
        assert_eq!(server.count("POST /api"), 1, "{case}");
    }
}

#[tokio::test]
async fn an_equal_stream_is_adopted_where_that_is_allowed_and_gets_the_secret() {
    let equal = |_, _| page(&[made(ID, 600)], None);
    let server = Server::start(losing(|_| json(409, "{}"), equal)).await;
    assert!(matches!(create_with(&server, true).await, Ok(Created::Adopted(_))));
    let patch = server.seen().into_iter().find(|seen| seen.line.starts_with("PATCH")).unwrap();
    assert!(patch.body.contains("w3bh00k"));

    let differs = |_, _| page(&[made(ID, 600).replace("user.created", "user.deleted")], None);
    let server = Server::start(losing(|_| json(409, "{}"), differs)).await;
    assert!(create_with(&server, true).await.is_err());
    assert_eq!(server.count("PATCH"), 0);
}

#[tokio::test]
async fn a_stop_settles_what_was_sent_and_sends_nothing_more() {
    let lost = |_| Reply::Late(Duration::from_millis(200), Box::new(Reply::Cut));
    for (there, want) in [(true, true), (false, false)] {
        let list = move |_, _| if there { page(&[made(ID, 0)], None) } else { page(&[], None) };
        let server = Server::start(losing(lost, list)).await;
        let settings = settings(&server);
        let stop = settings.stop.clone();
        let auth0 = within(settings, limits());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stop.cancel();
        });
        let created = auth0.event_streams(&Operation::default()).create(&orders()).await;
        assert_eq!(created.is_ok(), want, "{created:?}");
        assert_eq!(server.count("POST /api"), 1);
    }
}

/// Only its absence proves a deletion that was not answered.
#[tokio::test]
async fn a_deletion_that_was_not_answered_is_done_once_the_stream_is_gone() {
    for (gone, done) in [(true, true), (false, false)] {
        let server = Server::start(tenant(move |seen| match seen.line.starts_with("DELETE") {
            true => json(503, "{}"),
            false if gone => json(404, GONE),
            false => json(200, STREAM),
        }))
        .await;
        let deleted = client(&server).event_streams(&Operation::default()).delete(ID).await;
        assert_eq!(deleted.is_ok(), done, "{deleted:?}");
    }
}

/// Ids that no page mixes up.
fn id(n: usize) -> String {
    format!("est_{n:022}")
}

/// A tenant with so many streams, in pages of a hundred.
fn many(count: usize) -> impl Fn(&Seen) -> Reply + Send + Sync {
    tenant(move |seen| {
        if !is_list(seen) {
            return json(200, STREAM.replace(ID, seen.line.rsplit('/').next().unwrap()));
        }
        let from = seen.line.split("&from=").nth(1).map_or(0, |from| from.parse().unwrap());
        let until = (from + 100).min(count);
        let streams: Vec<_> = (from..until).map(|n| STREAM.replace(ID, &id(n))).collect();
        page(&streams, (until < count).then(|| until.to_string()).as_deref())
    })
}

/// Reads those streams, ten at once.
async fn read(auth0: &Auth0, numbers: impl Iterator<Item = usize>) {
    let numbers = Mutex::new(numbers);
    let one = async || {
        while let Some(n) = { numbers.lock().unwrap().next() } {
            let operation = Operation::default();
            let stream = auth0.event_streams(&operation).get(&id(n)).await.unwrap();
            assert_eq!(stream.id, id(n));
        }
    };
    tokio::join!(one(), one(), one(), one(), one(), one(), one(), one(), one(), one());
}

#[tokio::test]
async fn reads_that_come_together_are_served_from_pages_at_no_more_than_one_request_beyond() {
    for (case, tenant, ours, most) in [
        ("all of two pages", 200, (0..200).collect::<Vec<_>>(), 2),
        ("mixed", 200, (0..200).map(|n| n * 73 % 200).collect(), 2),
        ("the last page first", 200, (0..200).rev().collect(), 201),
        ("one", 200, vec![7], 1),
        ("a few of one page", 60, (10..15).collect(), 1),
        ("the last of a large tenant", 1000, (990..1000).collect(), 11),
        ("every tenth of a large tenant", 1000, (0..1000).step_by(10).collect(), 10),
    ] {
        let server = Server::start(many(tenant)).await;
        read(&client(&server), ours.iter().copied()).await;
        assert!(server.count("GET") <= most, "{case}: {} requests", server.count("GET"));
        assert!(most <= ours.len() + 1, "{case}");
    }
}

#[tokio::test]
async fn what_a_page_lacks_is_asked_for_by_itself_before_it_counts_as_gone() {
    let server = Server::start(tenant(|seen| match is_list(seen) {
        true => page(&[STREAM.replace(ID, &id(1))], None),
        false => json(404, GONE),
    }))
    .await;
    let auth0 = client(&server);
    let get = async |n| auth0.event_streams(&Operation::default()).get(&id(n)).await;
    let (one, two) = tokio::join!(get(1), get(2));
    assert!(one.is_ok());
    assert!(two.unwrap_err().is_not_found());
    assert_eq!(
        server.lines()[1..],
        [format!("GET {STREAMS}?take=100"), format!("GET {STREAMS}/{}", id(2)),]
    );
}

#[tokio::test]
async fn a_write_makes_pages_worthless() {
    let server = Server::start(many(20)).await;
    let auth0 = client(&server);
    read(&auth0, 0..10).await;
    auth0.event_streams(&Operation::default()).update(&id(3), &disabled()).await.unwrap();
    read(&auth0, 3..4).await;
    assert_eq!(server.count(&format!("GET {STREAMS}?")), 1);
    assert_eq!(server.count(&format!("GET {STREAMS}/")), 1, "read anew");
}

async fn all(auth0: &Auth0) -> Vec<String> {
    let streams = auth0.event_streams(&Operation::default()).all().await.unwrap();
    streams.into_iter().map(|stream| stream.id).collect()
}

#[tokio::test]
async fn all_who_want_the_whole_list_share_its_pages_and_reads_by_id_find_it_there() {
    let server = Server::start(many(250)).await;
    let auth0 = client(&server);
    let want: Vec<_> = (0..250).map(id).collect();
    let (one, two, three) = tokio::join!(all(&auth0), all(&auth0), all(&auth0));
    assert_eq!([one, two, three], [want.clone(), want.clone(), want]);
    read(&auth0, 200..250).await;
    assert_eq!(server.count("GET"), 3);

    auth0.event_streams(&Operation::default()).update(&id(3), &disabled()).await.unwrap();
    assert_eq!(all(&auth0).await.len(), 250);
    assert_eq!(server.count("GET"), 6, "what was read before the change is not believed");
}

#[tokio::test]
async fn what_is_written_while_the_list_is_read_costs_one_more_reading() {
    let slow = many(150);
    let server = Server::start(move |seen| match is_list(seen) {
        true => Reply::Late(Duration::from_millis(100), Box::new(slow(seen))),
        false => slow(seen),
    })
    .await;
    let auth0 = client(&server);
    let write = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        auth0.event_streams(&Operation::default()).update(&id(3), &disabled()).await.unwrap();
    };
    let (streams, ()) = tokio::join!(all(&auth0), write);
    assert_eq!(streams.len(), 150);
    let lists = server.count(&format!("GET {STREAMS}?"));
    assert!(lists <= 4, "{lists} requests");
}

#[tokio::test]
async fn a_list_that_cannot_be_had_costs_one_request() {
    let server = Server::start(tenant(|seen| match is_list(seen) {
        true => json(403, "{}"),
        false => json(200, STREAM.replace(ID, seen.line.rsplit('/').next().unwrap())),
    }))
    .await;
    read(&client(&server), 0..10).await;
    assert_eq!(server.count("GET"), 11);
}

#[tokio::test]
async fn a_time_limit_ends_the_repeats_and_says_so() {
    let server = Server::start(tenant(|_| json(429, LIMITED).with("retry-after", 30))).await;
    let operation = Operation::new(Some(Duration::from_secs(2)));
    let auth0 = client(&server);
    let err = auth0.event_streams(&operation).get_alone(ID).await.unwrap_err();
    assert!(err.is_out_of_time());
    let text = err.to_string();
    assert!(text.contains("the time limit of 2.0 s left no time to repeat it"), "{text}");
    assert!(err.advice().unwrap().contains("timeouts"), "{err}");
}

/// The first one was late, and so is the list: a conflict proves that something is there.
#[tokio::test]
async fn a_conflict_is_searched_for_as_long_as_a_loss() {
    for (case, first) in
        [("after a loss", (|| Reply::Cut) as fn() -> Reply), ("at once", || json(409, "{}"))]
    {
        let post = move |posts| if posts == 0 { first() } else { json(409, "{}") };
        let list = move |lists, posts| match posts < 2 && case == "after a loss" || lists < 1 {
            true => page(&[], None),
            false => page(&[made(ID, 0)], None),
        };
        let server = Server::start(losing(post, list)).await;
        let created = create_with(&server, true).await;
        assert!(created.is_ok(), "{case}: {created:?}");
    }
}

/// A tenant that says it is full is believed after one look.
#[tokio::test]
async fn a_conflict_that_names_a_limit_is_looked_into_once() {
    let full = r#"{"statusCode":409,"error":"Conflict","message":"The maximum number of event streams has been reached."}"#;
    let server = Server::start(losing(move |_| json(409, full), |_, _| page(&[], None))).await;
    let err = create_with(&server, false).await.unwrap_err();
    assert!(err.is_conflict());
    assert_eq!(server.count("GET"), 1);
}

/// The waits before it do not count: what somebody else made in them is not ours.
#[tokio::test]
async fn only_what_was_made_since_the_attempt_that_was_lost_is_ours() {
    let post = |posts| match posts {
        0 => json(429, LIMITED).with("retry-after", 4),
        _ => Reply::Cut,
    };
    let began = time::OffsetDateTime::now_utc();
    let list = move |_, _| {
        let ago = time::OffsetDateTime::now_utc() - began;
        page(&[made(ID, ago.whole_seconds())], None)
    };
    let server = Server::start(losing(post, list)).await;
    let err = create_with(&server, false).await.unwrap_err();
    assert!(err.to_string().contains("already, with the id"), "{err}");
}

/// Each wait of a search ends soon after a stop, whatever Auth0 asks for.
#[tokio::test]
async fn a_stop_ends_a_search_whose_list_is_answered_with_429() {
    let list = |_, _| json(429, LIMITED).with("retry-after", 60);
    let server = Server::start(losing(|_| Reply::Cut, list)).await;
    let settings = settings(&server);
    let stop = settings.stop.clone();
    let long =
        Limits { settling: Duration::from_secs(60), grace: Duration::from_millis(200), ..limits() };
    let auth0 = within(settings, long);
    let began = std::time::Instant::now();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.cancel();
    });
    let err = auth0.event_streams(&Operation::default()).create(&orders()).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(err.outcome_unknown().is_some(), "{err}");
    assert!(err.advice().unwrap().contains("could not be read"), "{:?}", err.advice());
}

/// A scope that is missing stays missing.
#[tokio::test]
async fn a_list_that_is_refused_ends_the_search_and_is_named() {
    let refused = r#"{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: read:event_streams","errorCode":"insufficient_scope"}"#;
    let server = Server::start(losing(|_| Reply::Cut, move |_, _| json(403, refused))).await;
    let err = create_with(&server, false).await.unwrap_err();
    assert_eq!(server.count("GET"), 1);
    let advice = err.advice().unwrap();
    assert!(advice.contains("Insufficient scope, expected any of: read:event_streams"), "{advice}");
}

#[tokio::test]
async fn a_search_that_outlasts_the_time_limit_says_so() {
    let server = Server::start(losing(|_| Reply::Cut, |_, _| page(&[], None))).await;
    let operation = Operation::new(Some(Duration::from_millis(20)));
    let err = client(&server).event_streams(&operation).create(&orders()).await.unwrap_err();
    assert!(err.to_string().contains("the time limit of 0.0 s left no time to repeat it"), "{err}");
    assert!(err.outcome_unknown().is_some());
    assert_eq!(server.count("POST /api"), 1);
}

/// Reads may lag behind: what was made a moment ago is not gone because one does not show it.
#[tokio::test]
async fn a_stream_that_was_just_made_is_looked_for_until_reads_must_show_it() {
    let now = || {
        time::OffsetDateTime::now_utc()
            .format(&time::format_description::well_known::Rfc3339)
            .unwrap()
    };
    let date = || httpdate::fmt_http_date(std::time::SystemTime::now());
    for (case, created_at, shown_after, want, gets) in [
        ("young and late", Some(now()), 2, true, 3),
        ("young and gone", Some(now()), 1_000, false, 2),
        ("old", Some("2026-03-02T09:15:27.041Z".to_owned()), 2, false, 1),
        ("of unknown age", None, 2, false, 1),
    ] {
        let count = AtomicUsize::new(0);
        let server = Server::start(tenant(move |_| {
            match count.fetch_add(1, Ordering::SeqCst) >= shown_after {
                true => json(200, STREAM),
                false => json(404, GONE).with("date", date()),
            }
        }))
        .await;
        let long = Limits {
            settling: Duration::from_millis(800),
            backoff: Duration::from_millis(50),
            ..limits()
        };
        let auth0 = within(settings(&server), long);
        let operation = Operation::default();
        let got = auth0.event_streams(&operation).get_made(ID, created_at.as_deref()).await;
        assert_eq!(got.is_ok(), want, "{case}: {got:?}");
        assert!(got.is_ok() || got.unwrap_err().is_not_found(), "{case}");
        assert!(server.count("GET") >= gets, "{case}: {}", server.count("GET"));
        assert!(gets > 1 || server.count("GET") == 1, "{case}");
    }
}

/// A token may be long in coming, and another read may hold the list; neither outlasts a limit.
#[tokio::test]
async fn a_time_limit_holds_while_others_are_waited_for() {
    let server = Server::start(|seen: &Seen| match seen.line.as_str() {
        "POST /oauth/token" => json(429, LIMITED).with("retry-after", 20),
        _ => json(200, STREAM),
    })
    .await;
    let auth0 = client(&server);
    let read = async |limit: u64| {
        let operation = Operation::new(Some(Duration::from_millis(limit)));
        auth0.event_streams(&operation).get(ID).await.unwrap_err()
    };
    let began = std::time::Instant::now();
    let (first, second) = tokio::join!(read(900), read(1_500));
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    for err in [first, second] {
        assert!(err.is_out_of_time(), "{err}");
    }

    let slow = Server::start(tenant(|seen| match is_list(seen) {
        true => Reply::Late(Duration::from_secs(4), Box::new(page(&[STREAM.to_owned()], None))),
        false => json(200, STREAM),
    }))
    .await;
    let auth0 = client(&slow);
    let get = async |limit: Option<Duration>| {
        let operation = Operation::new(limit);
        auth0.event_streams(&operation).get(ID).await
    };
    let began = std::time::Instant::now();
    let limited = async {
        let got = get(Some(Duration::from_millis(500))).await;
        (got, began.elapsed())
    };
    let (_, (limited, took)) = tokio::join!(get(None), limited);
    assert!(limited.unwrap_err().is_out_of_time());
    assert!(took < Duration::from_secs(3), "{took:?}");
}

/// Another stream.
pub(super) const OLD: &str = "est_3Kq7WnXy2bVt9RmHc3PzLe";

/// It may be that the list does not show ours yet.
#[tokio::test]
async fn another_stream_of_the_name_ends_no_search_before_the_settling_time() {
    let other = || made(OLD, 0).replace("user.created", "user.deleted");
    let list = move |lists, _| match lists {
        0 | 1 => page(&[other()], None),
        _ => page(&[other(), made(ID, 0)], None),
    };
    let server = Server::start(losing(|_| Reply::Cut, list)).await;
    let Ok(Created::Settled(stream)) = create_with(&server, false).await else { panic!() };
    assert_eq!(stream.id, ID);
    assert_eq!(server.count("POST /api"), 1);
}

/// Nobody has said yet that case does not matter.
#[tokio::test]
async fn a_name_in_another_case_does_not_keep_a_lost_creation_from_being_sent_again() {
    let list = |_, _| page(&[made(OLD, 0).replace("\"orders\"", "\"Orders\"")], None);
    let post = |posts| if posts == 0 { Reply::Cut } else { json(201, STREAM) };
    let server = Server::start(losing(post, list)).await;
    assert!(matches!(create_with(&server, false).await, Ok(Created::Answered(_))));
    assert_eq!(server.count("POST /api"), 2);
}

/// What the second request was told does not say what became of the first.
#[tokio::test]
async fn a_second_request_that_is_refused_leaves_open_what_the_first_one_did() {
    let post = |posts| if posts == 0 { Reply::Cut } else { json(409, LIMITED) };
    let server = Server::start(losing(post, |_, _| page(&[], None))).await;
    let err = create_with(&server, false).await.unwrap_err();
    assert!(err.outcome_unknown().is_some(), "{err}");
    assert!(err.advice().unwrap().contains("It was sent once more, which ended so"), "{err}");
    assert_eq!(server.count("POST /api"), 2);
}
