//! The ephemeral resource `auth0_access_token`.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    close_ephemeral_resource, open_ephemeral_resource, renew_ephemeral_resource,
    validate_ephemeral_resource_config,
};

use super::{
    answers::{assert_answer, diagnostics, errors},
    as_core::Core,
    values::{UNKNOWN, decode, encode},
};

pub const TYPE: &str = "auth0_access_token";

/// A configuration with these members.
fn configuration(members: &Json) -> Json {
    let mut block = json!({
        "access_token": null, "audience": null, "client_id": null, "client_secret": null,
        "expires_at": null, "scopes": null,
    });
    let members = members.as_object().unwrap().clone();
    block.as_object_mut().unwrap().extend(members);
    block
}

pub fn validate_request(members: &Json) -> validate_ephemeral_resource_config::Request {
    validate_ephemeral_resource_config::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(&configuration(members))),
    }
}

/// No core sends its capabilities here.
pub fn open_request(members: &Json) -> open_ephemeral_resource::Request {
    open_ephemeral_resource::Request {
        type_name: TYPE.to_owned(),
        config: Some(encode(&configuration(members))),
        client_capabilities: None,
    }
}

pub fn renew_request() -> renew_ephemeral_resource::Request {
    renew_ephemeral_resource::Request { type_name: TYPE.to_owned(), private: None }
}

pub fn close_request() -> close_ephemeral_resource::Request {
    close_ephemeral_resource::Request { type_name: TYPE.to_owned(), private: None }
}

#[tokio::test]
async fn a_token_is_opened_and_needs_neither_renewal_nor_an_end() {
    let core = Core::configured().await;
    let mut client = core.client.clone();
    let answer = client.open_ephemeral_resource(open_request(&json!({}))).await.unwrap();
    let open_ephemeral_resource::Response {
        diagnostics: messages,
        renew_at,
        result,
        private,
        deferred,
    } = answer.into_inner();
    assert_eq!((renew_at, private, deferred), (None, None, None));
    let mut result = decode(result.as_ref());
    assert_eq!(result["access_token"].as_str().map(|token| &token[..3]), Some("eyJ"));
    let audience = format!("https://{}/api/v2/", core.auth0.domain());
    assert_eq!(result["audience"], audience);
    result["access_token"] = "(a token)".into();
    result["audience"] = "(the Management API)".into();
    assert_answer(
        "open_ephemeral_resource/of_the_provider",
        &json!({"diagnostics": diagnostics(&messages), "result": result}),
    );
    client.renew_ephemeral_resource(renew_request()).await.unwrap();
    let closed = client.close_ephemeral_resource(close_request()).await.unwrap().into_inner();
    assert_eq!(closed.diagnostics, []);
    assert_eq!(core.auth0.count("POST", "/oauth/token"), 1);
}

#[tokio::test]
async fn half_an_application_is_refused_and_an_unknown_half_is_not_judged() {
    let core = Core::start().await;
    let mut client = core.client.clone();
    for (members, want) in [
        (json!({}), None),
        (json!({"client_id": "k", "client_secret": "s"}), None),
        (json!({"client_id": UNKNOWN, "client_secret": "s"}), None),
        (json!({"client_id": "k", "client_secret": UNKNOWN}), None),
        (json!({"client_id": "k"}), Some(("client_id", "Missing client_secret"))),
        // Core would show the line with the secret.
        (json!({"client_secret": "s"}), Some(("", "Missing client_id"))),
    ] {
        let request = validate_request(&members);
        let answer = client.validate_ephemeral_resource_config(request).await.unwrap();
        let want: Vec<_> =
            want.into_iter().map(|(path, what)| (path.to_owned(), what.to_owned())).collect();
        assert_eq!(errors(&answer.into_inner().diagnostics), want, "{members}");
    }
}
