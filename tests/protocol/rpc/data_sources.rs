//! `ValidateDataResourceConfig` and `ReadDataSource`.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    ClientCapabilities, deferred::Reason, read_data_source,
};

use super::{
    answers::{assert_answer, assert_holds_no, diagnostics, errors},
    as_core::Core,
    requests::{CAPABILITIES, read_data_request, validate_data_request},
    streams::{CANARY, ID, with},
    values::{ABSENT, REFINED, UNKNOWN, decode, encode},
};

/// The configuration of `data "auth0_event_stream"` with what is given.
fn configuration(given: &Json) -> Json {
    let nothing = json!({
        "id": null, "name": null, "destination_type": null, "subscriptions": null, "status": null,
        "created_at": null, "updated_at": null, "webhook_configuration": null,
        "eventbridge_configuration": null, "action_configuration": null,
    });
    with(&nothing, given)
}

pub fn by_id() -> Json {
    configuration(&json!({"id": ID}))
}

async fn read(core: &Core, config: &Json) -> read_data_source::Response {
    core.client.clone().read_data_source(read_data_request(config)).await.unwrap().into_inner()
}

/// The whole answer. A field that the protocol may get later does not compile until it is shown.
fn shown(answer: &read_data_source::Response) -> Json {
    let read_data_source::Response { state, diagnostics: messages, deferred } = answer;
    json!({
        "deferred": deferred.as_ref().map(|d| Reason::try_from(d.reason).unwrap().as_str_name()),
        "diagnostics": diagnostics(messages),
        "state": decode(state.as_ref()),
    })
}

#[tokio::test]
async fn a_stream_is_read_by_id_and_by_name_without_its_secret() {
    let core = Core::configured().await;
    core.put_webhook(CANARY);
    let answer = read(&core, &by_id()).await;
    assert_answer("read_data_source/webhook", &shown(&answer));
    assert_holds_no(CANARY, &answer);
    let by_name = read(&core, &configuration(&json!({"name": "orders"}))).await;
    assert_eq!(shown(&by_name), shown(&answer));
}

#[tokio::test]
async fn what_is_not_there_is_an_error_at_what_was_asked_for() {
    let core = Core::configured().await;
    core.put_webhook("t");
    for (config, path, summary) in [
        (
            json!({"id": "est_8hTz3QmVb6YdKr2NwXc5Pj"}),
            "id",
            "There is no event stream \"est_8hTz3QmVb6YdKr2NwXc5Pj\"",
        ),
        (json!({"name": "order"}), "name", "There is no event stream named \"order\""),
    ] {
        let answer = read(&core, &configuration(&config)).await;
        assert_eq!(errors(&answer.diagnostics), [(path.to_owned(), summary.to_owned())]);
        assert_eq!(decode(answer.state.as_ref()), Json::Null);
    }
}

#[tokio::test]
async fn faults_are_told_at_their_attributes_and_what_is_unknown_is_not_judged() {
    let core = Core::start().await;
    for (given, want) in [
        (json!({}), vec!["id"]),
        (json!({"id": ID, "name": "orders"}), vec!["name"]),
        (json!({"id": "1", "name": ""}), vec!["id", "name", "name"]),
        (json!({"id": UNKNOWN, "name": "orders"}), vec![]),
        (json!({"name": REFINED}), vec![]),
    ] {
        let request = validate_data_request(&configuration(&given));
        let answer = core.client.clone().validate_data_resource_config(request).await;
        let found = errors(&answer.unwrap().into_inner().diagnostics);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, want, "{given}");
    }
    assert_eq!(core.auth0.connections(), 0);
}

/// The provider's own values may come from a resource that the same plan creates.
#[tokio::test]
async fn a_provider_that_is_not_known_yet_puts_a_read_off_where_core_allows_it() {
    let core = Core::start().await;
    let block = with(&core.provider_block(), &json!({"client_secret": UNKNOWN}));
    assert_eq!(core.configure(&block).await, []);
    let mut request = read_data_request(&by_id());

    let answer = core.client.clone().read_data_source(request.clone()).await.unwrap().into_inner();
    assert_eq!(answer.deferred, None);
    let want = (String::new(), "The provider is not configured".to_owned());
    assert_eq!(errors(&answer.diagnostics), [want]);

    request.client_capabilities =
        Some(ClientCapabilities { deferral_allowed: true, ..CAPABILITIES });
    let answer = core.client.clone().read_data_source(request).await.unwrap().into_inner();
    assert_answer("read_data_source/put_off", &shown(&answer));
    assert_eq!(core.auth0.connections(), 0);
}

/// One that is not configured at all is a fault, and nothing to wait for.
#[tokio::test]
async fn a_read_before_configure_is_an_error() {
    let core = Core::start().await;
    let mut request = read_data_request(&by_id());
    request.client_capabilities =
        Some(ClientCapabilities { deferral_allowed: true, ..CAPABILITIES });
    let answer = core.client.clone().read_data_source(request).await.unwrap().into_inner();
    assert_eq!(answer.deferred, None);
    assert_eq!(errors(&answer.diagnostics).len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_the_schema_is_an_error_and_the_process_serves_on() {
    let core = Core::configured().await;
    let mut request = read_data_request(&by_id());
    request.config = Some(encode(&json!({"id": 1})));
    let answer = core.client.clone().read_data_source(request).await.unwrap().into_inner();
    assert_eq!(errors(&answer.diagnostics).len(), 1);
    assert_eq!(decode(answer.state.as_ref()), ABSENT);
    core.assert_serves().await;
}
