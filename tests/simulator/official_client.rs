//! The official provider's client: Go's HTTP client, its OAuth library, and the SDK of Auth0.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Response;
use serde_json::{Value, json};
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::served::{Served, Way};

/// A client that has logged in.
pub struct Official {
    pub served: Served,
    token: String,
}

/// An answer as it came.
pub struct Reply {
    pub status: u16,
    pub text: String,
    pub json: Value,
}

impl Reply {
    async fn of(answer: Response) -> Self {
        let header =
            |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (content_type, limit) = (header("content-type"), header("x-ratelimit-limit"));
        let is_api = answer.url().path().starts_with("/api/v2/");
        let status = answer.status().as_u16();
        let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
        if status == 204 {
            assert_eq!(text, "");
        } else {
            assert_eq!(content_type.as_deref(), Some("application/json; charset=utf-8"));
        }
        assert_eq!(limit.is_some(), is_api, "rate limit headers are the Management API's");
        assert!(!text.contains("s3cr3t"), "{text}");
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { status, text, json }
    }

    /// Proves what was answered, to the letter.
    #[track_caller]
    pub fn is(&self, status: u16, text: &str) {
        assert_eq!((self.status, self.text.as_str()), (status, text));
    }
}

impl Official {
    /// Logs in as the provider does: it cannot know how the client is registered.
    pub async fn log_in() -> Self {
        let served = Served::start(Way::Directory, &[]);
        let mut official = Self { served, token: String::new() };
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (official.served.client_id(), official.served.client_secret());
        let basic = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
        let audience = format!("https://{}/api/v2/", official.served.domain());

        let form = Serializer::new(String::new())
            .append_pair("audience", &audience)
            .append_pair("grant_type", "client_credentials")
            .finish();
        let refused = official.ask_token(Some(&basic), form).await;
        refused.is(
            401,
            r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
        );

        let form = Serializer::new(String::new())
            .append_pair("audience", &audience)
            .append_pair("client_id", id)
            .append_pair("client_secret", secret)
            .append_pair("grant_type", "client_credentials")
            .finish();
        let granted = official.ask_token(None, form).await;
        let member = |name: &str| granted.json[name].as_str().unwrap().to_owned();
        let (token, scope) = (member("access_token"), member("scope"));
        granted.is(
            200,
            &format!(
                r#"{{"access_token":"{token}","scope":"{scope}","expires_in":86400,"token_type":"Bearer"}}"#
            ),
        );
        for call in ["read", "create", "update", "delete"] {
            let wanted = format!("{call}:event_streams");
            assert!(scope.split(' ').any(|granted| granted == wanted), "{scope}");
        }
        official.token = token;
        official
    }

    async fn ask_token(&self, basic: Option<&str>, form: String) -> Reply {
        let request = self.served.request("POST", "/oauth/token");
        let mut request =
            request.header("content-type", "application/x-www-form-urlencoded").body(form);
        if let Some(basic) = basic {
            request = request.header("authorization", format!("Basic {basic}"));
        }
        Reply::of(request.send().await.unwrap()).await
    }

    /// A call of the Management API with the headers of the SDK. It sends `null` where there is
    /// nothing to send.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Reply {
        let telemetry = json!({"name": "go-auth0", "version": "1.35.0", "env": {"go": "1.25"}});
        let request = self
            .served
            .request(method, &format!("/api/v2/{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("user-agent", "Terraform-Provider-Auth0/1.50.0 (Go-Auth0-SDK/1.35.0)")
            .header("auth0-client", STANDARD.encode(telemetry.to_string()));
        Reply::of(request.body(body.to_string()).send().await.unwrap()).await
    }

    /// The id of a stream that was created, and the time.
    #[track_caller]
    pub fn created(reply: &Reply) -> (String, String) {
        assert_eq!(reply.status, 201, "{}", reply.text);
        let member = |name: &str| reply.json[name].as_str().unwrap().to_owned();
        let (id, created_at) = (member("id"), member("created_at"));
        let rest = id.strip_prefix("est_").unwrap();
        let is_base58 = |c: char| c.is_ascii_alphanumeric() && !"0OIl".contains(c);
        assert!(rest.len() == 22 && rest.chars().all(is_base58), "{id}");
        assert_eq!(mask(&created_at), "0000-00-00T00:00:00.000Z");
        assert_eq!(member("updated_at"), created_at);
        (id, created_at)
    }

    /// The secret that the tenant holds, which no answer shows.
    pub async fn stored(&self, id: &str, member: &str) -> Value {
        let path = format!("/event-streams/{id}");
        let stream = self.served.control("GET", &path, &Value::Null).await;
        stream["destination"]["configuration"]["webhook_authorization"][member].clone()
    }
}

/// The form of a text: `0` for each digit.
fn mask(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}
