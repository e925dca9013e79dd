//! What the official Go provider sends, over TLS, and what Auth0 answers: status, members in their
//! order, no secrets. The requests and answers are those of the API's documentation and recordings,
//! written out here.

use serde_json::{Value, json};

use crate::official_client::Official;

/// An event stream as Auth0 writes it.
fn object(id: &str, name: &str, event_type: &str, times: [&str; 2], destination: &str) -> String {
    let [created_at, updated_at] = times;
    format!(
        r#"{{"id":"{id}","status":"enabled","name":"{name}","subscriptions":[{{"event_type":"{event_type}"}}],"created_at":"{created_at}","updated_at":"{updated_at}","destination":{destination}}}"#
    )
}

fn webhook(endpoint: &str, authorization: &str) -> String {
    format!(
        r#"{{"type":"webhook","configuration":{{"webhook_endpoint":"{endpoint}","webhook_authorization":{authorization}}}}}"#
    )
}

fn body(name: &str, event_type: &str, destination: &str) -> Value {
    let destination: Value = serde_json::from_str(destination).unwrap();
    let subscriptions = json!([{"event_type": event_type}]);
    json!({"name": name, "subscriptions": subscriptions, "destination": destination})
}

const GONE: &str =
    r#"{"statusCode":404,"error":"Not Found","message":"The requested stream does not exist."}"#;

#[tokio::test]
async fn a_webhook_lives_as_the_official_provider_lets_it() {
    let official = Official::log_in().await;
    let endpoint = "https://hooks.example.com/auth0";
    let sent = webhook(endpoint, r#"{"method":"bearer","token":"s3cr3t-token"}"#);
    let reply = official.call("POST", "event-streams", &body("crm", "user.created", &sent)).await;
    let (id, created_at) = Official::created(&reply);
    let shown = webhook(endpoint, r#"{"method":"bearer"}"#);
    let first = object(&id, "crm", "user.created", [&created_at; 2], &shown);
    reply.is(201, &first);
    assert_eq!(official.stored(&id, "token").await, "s3cr3t-token");
    let path = format!("event-streams/{id}");
    official.call("GET", &path, &Value::Null).await.is(200, &first);

    // Every update sends the destination whole, whatever has changed; the method may be another.
    let mut last = created_at.clone();
    for (name, event_type, sent, shown, secret) in [
        (
            "crm",
            "user.updated",
            r#"{"method":"bearer","token":"s3cr3t-rotated"}"#,
            r#"{"method":"bearer"}"#,
            ("token", "s3cr3t-rotated"),
        ),
        (
            "crm-2",
            "user.updated",
            r#"{"method":"basic","username":"hook","password":"s3cr3t-password"}"#,
            r#"{"method":"basic","username":"hook"}"#,
            ("password", "s3cr3t-password"),
        ),
        (
            "crm-2",
            "user.deleted",
            r#"{"method":"custom_header","header_key":"x-hook","header_value":"s3cr3t-value"}"#,
            r#"{"method":"custom_header","header_key":"x-hook"}"#,
            ("header_value", "s3cr3t-value"),
        ),
    ] {
        let endpoint = format!("https://{name}.example.com/auth0");
        let sent = body(name, event_type, &webhook(&endpoint, sent));
        let reply = official.call("PATCH", &path, &sent).await;
        let updated_at = reply.json["updated_at"].as_str().unwrap().to_owned();
        assert!(updated_at > last, "{updated_at} is not after {last}");
        let shown = webhook(&endpoint, shown);
        let want = object(&id, name, event_type, [&created_at, &updated_at], &shown);
        reply.is(200, &want);
        official.call("GET", &path, &Value::Null).await.is(200, &want);
        assert_eq!(official.stored(&id, secret.0).await, secret.1);
        last = updated_at;
    }

    official.call("DELETE", &path, &Value::Null).await.is(204, "");
    official.call("DELETE", &path, &Value::Null).await.is(204, "");
    official.call("GET", &path, &Value::Null).await.is(404, GONE);
    let log = official.served.stop();
    assert!(log.contains("over 1 connections"), "one connection, and HTTP/2 on it:\n{log}");
}

/// The official provider sends no destination when it updates these.
#[tokio::test]
async fn streams_to_eventbridge_and_to_an_action_are_updated_without_their_destination() {
    let official = Official::log_in().await;
    let made = json!({"name": "forward"});
    let action = official.served.control("POST", "/actions", &made).await;
    let action = action["id"].as_str().unwrap();
    let to_action = format!(r#"{{"type":"action","configuration":{{"action_id":"{action}"}}}}"#);
    let to_aws = r#"{"type":"eventbridge","configuration":{"aws_account_id":"123456789012","aws_region":"eu-west-1"}}"#;
    for (name, sent) in [("run", to_action.as_str()), ("bus", to_aws)] {
        let sent = body(name, "user.created", sent);
        let reply = official.call("POST", "event-streams", &sent).await;
        let (id, created_at) = Official::created(&reply);
        let source = &reply.json["destination"]["configuration"]["aws_partner_event_source"];
        let shown = match source.as_str() {
            None => to_action.clone(),
            Some(source) => {
                let uuid = source
                    .strip_prefix("aws.partner/auth0.com/acme-dev-")
                    .and_then(|rest| rest.strip_suffix("/auth0.events"))
                    .unwrap_or_else(|| panic!("{source}"));
                assert_eq!(uuid.len(), 36, "{source}");
                format!(
                    r#"{{"type":"eventbridge","configuration":{{"aws_region":"eu-west-1","aws_account_id":"123456789012","aws_partner_event_source":"{source}"}}}}"#
                )
            }
        };
        reply.is(201, &object(&id, name, "user.created", [&created_at; 2], &shown));
        let path = format!("event-streams/{id}");
        let renamed = format!("{name}-2");
        let change = json!({"name": renamed, "subscriptions": [{"event_type": "user.deleted"}]});
        let reply = official.call("PATCH", &path, &change).await;
        let updated_at = reply.json["updated_at"].as_str().unwrap().to_owned();
        let want = object(&id, &renamed, "user.deleted", [&created_at, &updated_at], &shown);
        reply.is(200, &want);
        official.call("GET", &path, &Value::Null).await.is(200, &want);
        official.call("DELETE", &path, &Value::Null).await.is(204, "");
    }
    // Auth0 deletes the action with its stream; the provider's own test then finds it gone.
    let gone = official.call("GET", &format!("actions/actions/{action}"), &Value::Null).await;
    gone.is(
        404,
        r#"{"statusCode":404,"error":"Not Found","message":"That action does not exist."}"#,
    );
}
