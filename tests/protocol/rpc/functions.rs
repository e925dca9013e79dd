//! `CallFunction`, in a process that is never configured.

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{DynamicValue, FunctionError, call_function};

use super::{
    as_core::Core,
    requests::call_request,
    values::{UNKNOWN, decode},
};

async fn call(core: &Core, request: call_function::Request) -> Result<Json, FunctionError> {
    let answer = core.client.clone().call_function(request).await.unwrap().into_inner();
    match answer.error {
        Some(error) => {
            assert_eq!(answer.result, None);
            Err(error)
        }
        None => Ok(decode(answer.result.as_ref())),
    }
}

#[tokio::test]
async fn equal_arguments_have_equal_results() {
    let core = Core::start().await;
    for _ in 0..2 {
        let types = call(&core, call_request("event_types", &["user.*".into()])).await;
        assert_eq!(types, Ok(json!(["user.created", "user.deleted", "user.updated"])));
        let pattern = call(&core, call_request("eventbridge_pattern", &["user.created".into()]));
        assert_eq!(
            pattern.await,
            Ok(json!(
                r#"{"detail":{"type":["user.created"]},"source":[{"prefix":"aws.partner/auth0.com/"}]}"#
            ))
        );
        let name = "aws.partner/auth0.com/a-0f2b1b0a-54a3-4a4e-8a4c-1d2f6a9b0c3e/auth0.events";
        let parts = call(&core, call_request("parse_partner_event_source", &[name.into()])).await;
        assert_eq!(
            parts,
            Ok(json!({
                "event_name": "auth0.events",
                "event_namespace": "a-0f2b1b0a-54a3-4a4e-8a4c-1d2f6a9b0c3e",
                "id": "0f2b1b0a-54a3-4a4e-8a4c-1d2f6a9b0c3e",
                "partner": "auth0.com",
                "tenant": "a",
            }))
        );
    }
    assert_eq!(core.auth0.connections(), 0);
}

/// Counted from 0; a name that does not exist is no fault of an argument.
#[tokio::test]
async fn an_error_names_its_argument() {
    let core = Core::start().await;
    for (name, arguments, want) in [
        ("event_types", vec![json!("user.*"), json!("user.creatd")], Some(1)),
        ("event_types", vec![json!("")], Some(0)),
        ("event_types", vec![json!(UNKNOWN)], Some(0)),
        ("eventbridge_pattern", vec![json!("user.created"), Json::Null], Some(1)),
        ("eventbridge_pattern", vec![], None),
        ("example_event", vec![json!("user.created"), json!("user.created")], Some(1)),
        ("example_event", vec![json!(["user.created"])], Some(0)),
        ("event_typos", vec![], None),
    ] {
        let error = call(&core, call_request(name, &arguments)).await.unwrap_err();
        assert_eq!(error.function_argument, want, "{name} {arguments:?}: {}", error.text);
        assert!(!error.text.is_empty());
    }
}

/// OpenTofu sends a null argument without any bytes.
#[tokio::test]
async fn an_absent_argument_is_null() {
    let core = Core::start().await;
    let mut request = call_request("example_event", &[]);
    request.arguments = vec![DynamicValue::default()];
    let error = call(&core, request).await.unwrap_err();
    assert_eq!(error.function_argument, Some(0));
    assert_eq!(error.text, "it must not be null");
}
