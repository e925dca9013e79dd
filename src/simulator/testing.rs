//! Requests without a network, for the tests of this room.

use super::auth0::Auth0;
use super::faults::Departure;
use super::options::{Options, Settings};
use super::switches::Switches;
use bytes::Bytes;
use hyper::{Request, Response};
use serde_json::{Value, json};

/// A tenant at a fixed domain, and a client of it with a good token.
pub(super) struct Tenant {
    pub(super) auth0: Auth0,
    token: String,
}

/// What was answered.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) text: String,
    /// The text as JSON; null when it is none.
    pub(super) json: Value,
    response: Response<()>,
}

pub(super) const DOMAIN: &str = "127.0.0.1:8443";
pub(super) const AUDIENCE: &str = "https://127.0.0.1:8443/api/v2/";

impl Tenant {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut options = Options::default();
        change(&mut options.settings);
        Self::start(options)
    }

    /// A tenant with some switches turned.
    pub(super) fn switched(turn: impl FnOnce(&mut Switches)) -> Self {
        Self::with(|settings| turn(&mut settings.switches))
    }

    pub(super) fn start(options: Options) -> Self {
        let auth0 = Auth0::new(options, DOMAIN.parse().unwrap()).unwrap();
        let mut tenant = Self { auth0, token: String::new() };
        tenant.renew_token();
        tenant
    }

    pub(super) fn renew_token(&mut self) {
        let reply = self.ask_token(&self.token_request());
        self.token = reply.json["access_token"].as_str().unwrap_or_default().to_owned();
    }

    /// The body of a token request that is granted.
    pub(super) fn token_request(&self) -> Value {
        json!({
            "grant_type": "client_credentials",
            "client_id": self.auth0.client_id(),
            "client_secret": self.auth0.client_secret(),
            "audience": AUDIENCE,
        })
    }

    pub(super) fn ask_token(&self, body: &Value) -> Reply {
        self.send(json_request("POST", "/oauth/token").body(body.to_string().into()).unwrap())
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.call("GET", path, "")
    }

    pub(super) fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, "")
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Reply {
        self.call("POST", path, &body.to_string())
    }

    pub(super) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.call("PATCH", path, &body.to_string())
    }

    /// A call of the Management API; the path begins after its base.
    pub(super) fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = json_request(method, &format!("/api/v2/{path}"))
            .header("authorization", format!("Bearer {}", self.token));
        self.send(request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
    }

    /// Any request at all. The answer must leave.
    pub(super) fn send(&self, request: Request<Bytes>) -> Reply {
        match self.auth0.judge(&request) {
            Departure::Answer(answer) | Departure::Late(_, answer) => {
                let text = String::from_utf8(answer.body.to_vec()).unwrap();
                let json = serde_json::from_str(&text).unwrap_or_default();
                let mut response = Response::new(());
                *response.headers_mut() = answer.headers;
                Reply { status: answer.status.as_u16(), text, json, response }
            }
            Departure::Cut => panic!("the connection was cut"),
        }
    }

    /// Creates an event stream that must be accepted. Its id.
    pub(super) fn create(&self, body: &Value) -> String {
        let reply = self.post("event-streams", body);
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json["id"].as_str().unwrap().to_owned()
    }
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts a refusal: its status, its message, and its code if it has one.
    pub(super) fn refuses(&self, status: u16, message: &str, code: Option<&str>) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.json["statusCode"], status);
        assert_eq!(self.json["message"], message);
        assert_eq!(self.json.get("errorCode").and_then(Value::as_str), code);
    }

    /// Asserts a refusal of a body by its schema.
    pub(super) fn refuses_body(&self, what: &str) {
        let message = format!("Payload validation error: {what}");
        self.refuses(400, &message, Some("invalid_body"));
    }
}

pub(super) fn json_request(method: &str, path: &str) -> hyper::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", DOMAIN)
        .header("content-type", "application/json")
}

/// The body of a webhook stream with this name and authorization.
pub(super) fn webhook(name: &str, authorization: &Value) -> Value {
    json!({
        "name": name,
        "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
        "destination": webhook_destination(authorization),
    })
}

pub(super) fn webhook_destination(authorization: &Value) -> Value {
    json!({
        "type": "webhook",
        "configuration": {
            "webhook_endpoint": "https://hooks.example.com/auth0",
            "webhook_authorization": authorization,
        },
    })
}

pub(super) fn bearer() -> Value {
    json!({"method": "bearer", "token": "s3cr3t-token"})
}

pub(super) fn eventbridge(name: &str) -> Value {
    json!({
        "name": name,
        "subscriptions": [{"event_type": "organization.created"}],
        "destination": {
            "type": "eventbridge",
            "configuration": {"aws_account_id": "123456789012", "aws_region": "eu-west-1"},
        },
    })
}

pub(super) fn action_stream(name: &str, action_id: &str) -> Value {
    json!({
        "name": name,
        "subscriptions": [{"event_type": "user.created"}],
        "destination": {"type": "action", "configuration": {"action_id": action_id}},
    })
}

/// A well-formed id that no stream has.
pub(super) const UNKNOWN: &str = "est_4Kq7WnXy2bVt9RmHc3PzLd";
