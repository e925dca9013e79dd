//! Private bytes: a JSON object in every answer, because the SDK of other providers reads no other.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::read_resource;

use super::{
    answers::private,
    as_core::Core,
    requests::{apply_request, plan_request, read_request},
    streams::{ID, action, bearer, stored, with},
};

/// What may be stored, and what is to be kept of it. The official provider stores `null`.
fn stored_bytes() -> [(&'static [u8], Json); 4] {
    [
        (b"", json!({})),
        (b"null", json!({})),
        (b"{}", json!({})),
        (
            br#"{"schema_version":"0","b":{"c":[1,null,"d"]}}"#,
            json!({"schema_version": "0", "b": {"c": [1, null, "d"]}}),
        ),
    ]
}

#[tokio::test]
async fn stored_bytes_come_back_as_an_object_from_every_answer() {
    let core = Core::configured().await;
    core.put_webhook("t");
    let config = bearer("t", 1);
    let prior = stored(&config);
    let renamed = with(&config, &json!({"name": "renamed"}));
    for (bytes, want) in stored_bytes() {
        let mut client = core.client.clone();
        let read = client.read_resource(read_beside(&prior, bytes)).await.unwrap().into_inner();
        assert_eq!(private(&read.private), want, "read");

        for (case, prior, config) in [
            ("create", &Json::Null, &config),
            ("no change", &prior, &config),
            ("update", &prior, &renamed),
            ("destroy", &prior, &Json::Null),
        ] {
            let mut request = plan_request(prior, config);
            request.prior_private = bytes.into();
            let planned = client.plan_resource_change(request).await.unwrap().into_inner();
            let mut handed_on = private(&planned.planned_private);
            // What the plan says to its second half is not stored.
            handed_on.as_object_mut().unwrap().remove("plan");
            assert_eq!(handed_on, want, "plan of a {case}");
        }

        // Core hands on what was planned, and what it had where it planned by itself.
        let planned = core.plan(&prior, &renamed).await;
        let mut request = apply_request(&prior, &planned, &renamed);
        request.planned_private = bytes.into();
        let applied = client.apply_resource_change(request).await.unwrap().into_inner();
        assert_eq!(applied.diagnostics, []);
        assert_eq!(private(&applied.private), want, "apply");
    }
}

fn read_beside(state: &Json, bytes: &'static [u8]) -> read_resource::Request {
    read_resource::Request { private: bytes.into(), ..read_request(state) }
}

#[tokio::test]
async fn bytes_that_are_stored_come_back_beside_an_error_too() {
    let core = Core::configured().await;
    core.put_webhook("t");
    core.auth0.change_settings(|settings| settings.scopes.clear());
    let (config, prior) = (bearer("t", 2), stored(&bearer("t", 1)));
    let planned = core.plan(&prior, &config).await;
    for (bytes, want) in stored_bytes() {
        let mut client = core.client.clone();
        let read = client.read_resource(read_beside(&prior, bytes)).await.unwrap().into_inner();
        assert_eq!(read.diagnostics.len(), 1);
        assert_eq!(private(&read.private), want);
        for config in [&config, &Json::Null] {
            let mut request = apply_request(&prior, &planned, config);
            request.planned_private = bytes.into();
            let applied = client.apply_resource_change(request).await.unwrap().into_inner();
            assert_eq!(applied.diagnostics.len(), 1);
            assert_eq!(private(&applied.private), want);
        }
    }
}

#[tokio::test]
async fn an_import_begins_with_an_empty_object() {
    let core = Core::start().await;
    let answer = core.import(ID).await;
    assert_eq!(answer.imported_resources[0].private, b"{}"[..]);
}

/// The note with which the second half of a replacement knows the first.
#[tokio::test]
async fn a_note_of_a_plan_is_not_stored() {
    let core = Core::configured().await;
    let prior = stored(&action());
    let config = with(&action(), &json!({"name": "renamed"}));
    let planned = core.plan(&prior, &config).await;
    let (before, after) = (json!({"schema_version": "0"}), private(&planned.planned_private));
    assert_ne!(after, before, "there is a note");
    core.put_action();
    let applied = core.apply(&prior, &planned, &config).await;
    assert_eq!(applied.diagnostics, []);
    assert_eq!(private(&applied.private), before);
}
