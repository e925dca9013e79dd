//! What each route of the control door does.

use super::super::actions::Action;
use super::super::answer::Answer;
use super::super::auth0::Auth0;
use super::super::event_streams::{EventStream, Secrets, Shown};
use super::super::faults::Fault;
use super::super::request_log::Request;
use super::super::script::{self, Script};
use super::super::switches::SubscriptionsOrder;
use super::Refusal;
use hyper::StatusCode;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

type Result<T = Answer> = std::result::Result<T, Refusal>;

pub(super) fn answer(auth0: &Auth0, method: &str, path: &str, body: &[u8]) -> Answer {
    let segments: Vec<_> = path.trim_matches('/').split('/').collect();
    let answered = match (method, segments.as_slice()) {
        ("GET", [""]) => Ok(Answer::new(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            super::ROUTES.as_bytes().to_vec(),
        )),
        ("GET", ["event-streams"]) => {
            let streams = auth0.event_streams();
            Ok(Answer::ok(&streams.iter().map(shown).collect::<Vec<_>>()))
        }
        ("POST", ["event-streams"]) => {
            read(body).and_then(|body: Value| stream(auth0.create_event_stream(&body)))
        }
        (_, ["event-streams", id, rest @ ..]) => event_stream(auth0, method, id, rest, body),
        ("GET", ["actions"]) => {
            Ok(Answer::ok(&auth0.actions().iter().map(action).collect::<Vec<_>>()))
        }
        ("POST", ["actions"]) => read(body).map(|body: CreateAction| {
            let created = auth0.create_deployed_action(body.id.as_deref(), &body.name);
            Answer::json(StatusCode::CREATED, &action(&created))
        }),
        ("DELETE", ["actions", id]) => done(auth0.delete_action(id)),
        ("GET", ["settings"]) => Ok(Answer::ok(&auth0.settings())),
        ("PATCH", ["settings"]) => read(body).and_then(|body| change_settings(auth0, body)),
        ("GET", ["faults"]) => Ok(Answer::ok(&auth0.faults())),
        ("POST", ["faults"]) => read(body).and_then(|fault: Fault| {
            auth0.add_fault(fault);
            done(true)
        }),
        ("PUT", ["faults"]) => Script::read(body).map_err(|err| invalid(&err)).and_then(|script| {
            auth0.play(script);
            done(true)
        }),
        ("PUT", ["faults", "seed"]) => read(body).and_then(|Seed { seed }| {
            auth0.seed_faults(seed);
            done(true)
        }),
        ("DELETE", ["faults"]) => {
            auth0.clear_faults();
            done(true)
        }
        ("POST", ["tokens", "revoke"]) => {
            auth0.revoke_tokens();
            done(true)
        }
        ("PUT", ["clock"]) => read(body).and_then(|change| {
            auth0.change_clock(change);
            done(true)
        }),
        ("DELETE", ["clock"]) => {
            auth0.reset_clock();
            done(true)
        }
        ("GET", ["requests"]) => {
            Ok(Answer::ok(&auth0.requests().iter().map(request).collect::<Vec<_>>()))
        }
        ("DELETE", ["requests"]) => {
            auth0.forget_requests();
            done(true)
        }
        _ => Err(not_found("no such route; GET / lists them")),
    };
    answered.unwrap_or_else(|refusal| refusal.answer())
}

fn event_stream(auth0: &Auth0, method: &str, id: &str, rest: &[&str], body: &[u8]) -> Result {
    match (method, rest) {
        ("GET", []) => match auth0.event_stream(id) {
            Some(found) => Ok(Answer::ok(&shown(&found))),
            None => done(false),
        },
        ("PATCH", []) => {
            read(body).and_then(|body: Value| stream(auth0.patch_event_stream(id, &body)))
        }
        ("DELETE", []) => done(auth0.delete_event_stream(id)),
        ("POST", ["disable"]) => {
            let Disable { failed_total } =
                if body.is_empty() { Disable { failed_total: 500 } } else { read(body)? };
            done(auth0.disable_event_stream(id, failed_total))
        }
        ("POST", ["fail"]) => {
            let Fail { event_type } = read(body)?;
            let event = auth0.fail_event(id, &event_type).map_err(|refused| invalid(&refused))?;
            Ok(Answer::json(StatusCode::CREATED, &json!({"event_id": event})))
        }
        _ => Err(not_found("no such route; GET / lists them")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disable {
    failed_total: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fail {
    event_type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateAction {
    id: Option<String>,
    name: String,
}

fn change_settings(auth0: &Auth0, sent: serde_json::Map<String, Value>) -> Result {
    let settings = script::changed(&auth0.settings(), sent).map_err(|err| invalid(&err))?;
    auth0.change_settings(|present| *present = settings);
    Ok(Answer::ok(&auth0.settings()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    seed: u64,
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|err| invalid(&err.to_string()))
}

fn invalid(error: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, error)
}

fn not_found(error: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, error)
}

fn done(found: bool) -> Result {
    if found { Ok(Answer::no_content()) } else { Err(not_found("there is no such object")) }
}

fn stream(outcome: std::result::Result<EventStream, String>) -> Result {
    match outcome {
        Ok(stream) => Ok(Answer::ok(&shown(&stream))),
        Err(refused) => Err(invalid(&refused)),
    }
}

fn shown(stream: &EventStream) -> Shown<'_> {
    Shown::new(stream, SubscriptionsOrder::AsSent, Secrets::Shown)
}

fn action(action: &Action) -> Value {
    let secrets = action.draft.secrets.iter();
    json!({
        "id": action.id,
        "name": action.draft.name,
        "trigger": action.draft.trigger,
        "built": action.built,
        "deployed_number": action.deployed.as_ref().map(|version| version.number),
        "secrets": secrets
            .map(|secret| json!({"name": secret.name, "value": secret.value.expose_secret()}))
            .collect::<Vec<_>>(),
    })
}

fn request(request: &Request) -> Value {
    json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "status": request.status,
        "body": request.body,
        "ms": u64::try_from(request.took.as_millis()).unwrap_or(u64::MAX),
    })
}
