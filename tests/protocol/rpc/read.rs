//! `ReadResource`: the object as it is, in the spelling that is stored.

use serde_json::{Value as Json, json};

use super::{
    answers::{self, assert_answer, diagnostics, errors},
    as_core::Core,
    streams::{ID, authorized, bearer, eventbridge, stored, with},
    values::decode,
};

#[tokio::test]
async fn what_changed_outside_is_read() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_event_stream(ID, |stream| stream.name = "renamed outside".to_owned());
    let answer = core.read(&stored(&bearer("t", 1))).await;
    assert_answer("read_resource/changed_outside", &answers::read(&answer));
}

#[tokio::test]
async fn a_partner_event_source_is_read() {
    let core = Core::configured().await;
    core.put_eventbridge("eu-west-1");
    let answer = core.read(&stored(&eventbridge("eu-west-1"))).await;
    assert_answer("read_resource/eventbridge", &answers::read(&answer));
}

/// Or each plan would show a change that is none.
#[tokio::test]
async fn what_means_the_same_keeps_its_spelling() {
    let core = Core::configured().await;
    core.put_webhook("t");
    // As the official provider writes it.
    let state = with(
        &authorized(
            &stored(&bearer("t", 1)),
            &json!({
                "username": "", "password": "", "password_wo_version": 0, "token": "",
                "header_key": "", "header_value": "", "header_value_wo_version": 0,
            }),
        ),
        &json!({
            "created_at": "2026-02-01 08:00:00.5 +0000 UTC",
            "updated_at": "2026-02-01 08:00:00.5 +0000 UTC",
            "subscriptions": ["user.updated", "user.created", "user.created"],
        }),
    );
    let answer = core.read(&state).await;
    assert_eq!(answer.diagnostics, []);
    assert_eq!(decode(answer.new_state.as_ref()), state);
}

#[tokio::test]
async fn a_stream_that_is_gone_is_null_and_said_to_be_gone() {
    let core = Core::configured().await;
    let answer = core.read(&stored(&bearer("t", 1))).await;
    assert_eq!(decode(answer.new_state.as_ref()), Json::Null);
    let want = json!([{
        "attribute": null,
        "detail": "Auth0 no longer has the event stream est_4Kq7WnXy2bVt9RmHc3PzLd: it was deleted \
                   outside of this configuration. It is removed from the state, and the plan offers \
                   to create it again.",
        "severity": "warning",
        "summary": "Event stream \"orders\" is gone",
    }]);
    assert_eq!(diagnostics(&answer.diagnostics), want);
}

/// A null here would make core forget the stream.
#[tokio::test]
async fn a_refusal_is_an_error_and_the_state_stays() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_settings(|settings| settings.scopes.clear());
    let state = stored(&bearer("t", 1));
    let answer = core.read(&state).await;
    assert_eq!(decode(answer.new_state.as_ref()), state);
    let want = (String::new(), "Unable to read event stream \"orders\"".to_owned());
    assert_eq!(errors(&answer.diagnostics), [want]);
    assert!(answer.diagnostics[0].detail.contains("read:event_streams"));
}
