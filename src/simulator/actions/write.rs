//! Creating, changing, deploying and deleting actions.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::auth0::State;
use super::super::errors::ApiError;
use super::super::store::Objects;
use super::super::switches::DeployAnswer;
use super::model::{Action, ActionSecret, Draft};
use super::read::{find, missing};
use super::shown::{Shown, ShownVersion};
use super::triggers::{self, DEFAULT_RUNTIME};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

/// The limits that Auth0 documents.
const MOST_ACTIONS: usize = 100;
const MOST_ACTIONS_OF_A_TRIGGER: usize = 20;

/// The body of a create or a patch: what is left out is none.
#[derive(Deserialize)]
struct Sent {
    name: Option<String>,
    supported_triggers: Option<[SentTrigger; 1]>,
    code: Option<String>,
    dependencies: Option<Vec<Value>>,
    runtime: Option<String>,
    secrets: Option<Vec<SentSecret>>,
    modules: Option<Vec<Value>>,
    #[serde(default)]
    deploy: bool,
}

#[derive(Deserialize)]
struct SentTrigger {
    id: String,
    version: String,
}

#[derive(Deserialize)]
struct SentSecret {
    name: String,
    value: String,
}

impl Sent {
    fn read(body: &Value) -> Self {
        Self::deserialize(body).expect("the schema admits only what can be read")
    }

    /// Takes over what was sent, and leaves the rest of the draft as it is.
    fn merge_into(self, draft: &mut Draft, now: OffsetDateTime) {
        if let Some(name) = self.name {
            draft.name = name;
        }
        if let Some([trigger]) = self.supported_triggers {
            (draft.trigger, draft.trigger_version) = (trigger.id, trigger.version);
        }
        if let Some(runtime) = self.runtime {
            draft.runtime = runtime;
        }
        if let Some(dependencies) = self.dependencies {
            draft.dependencies = dependencies;
        }
        if let Some(secrets) = self.secrets {
            let stored = |SentSecret { name, value }| ActionSecret {
                name,
                value: value.into(),
                updated_at: now,
            };
            draft.secrets = secrets.into_iter().map(stored).collect();
        }
        draft.code = self.code.or(draft.code.take());
        draft.modules = self.modules.or(draft.modules.take());
    }
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let sent = Sent::read(&call.body);
    let now = call.state.clock.now();
    let deploy = sent.deploy;
    let mut draft = empty_draft();
    sent.merge_into(&mut draft, now);
    triggers::check(&draft)?;
    check_room(&call.state.objects, &draft.trigger)?;
    let mut action = Action::new(draft, now);
    action.deploy_when_built = deploy;
    let answer = Answer::json(StatusCode::CREATED, &Shown::new(&action));
    call.state.objects.actions.add(action);
    Ok(answer)
}

/// Adds a deployed action, past every check: for the handle and the control door.
pub(crate) fn add_deployed(state: &mut State, id: Option<&str>, name: &str) -> Action {
    let now = state.clock.now();
    let code = "exports.onExecuteEventStream = async (event, api) => {};";
    let draft = Draft {
        name: name.to_owned(),
        trigger: "event-stream".to_owned(),
        trigger_version: "v1".to_owned(),
        code: Some(code.to_owned()),
        ..empty_draft()
    };
    let mut action = Action::new(draft, now);
    if let Some(id) = id {
        id.clone_into(&mut action.id);
    }
    action.build(now);
    action.deploy(now);
    state.objects.actions.remove(&action.id);
    state.objects.actions.add(action.clone());
    action
}

fn empty_draft() -> Draft {
    Draft {
        name: String::new(),
        trigger: String::new(),
        trigger_version: String::new(),
        code: None,
        runtime: DEFAULT_RUNTIME.to_owned(),
        dependencies: Vec::new(),
        secrets: Vec::new(),
        modules: None,
    }
}

fn check_room(objects: &Objects, trigger: &str) -> Result<(), ApiError> {
    let of_trigger = objects.actions.iter().filter(|action| action.draft.trigger == trigger);
    if objects.actions.iter().count() >= MOST_ACTIONS
        || of_trigger.count() >= MOST_ACTIONS_OF_A_TRIGGER
    {
        return Err(ApiError::too_many_entities());
    }
    Ok(())
}

/// The draft changes and is built anew; what is deployed stays.
pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    let sent = Sent::read(&call.body);
    let now = call.state.clock.now();
    let action = call.state.objects.actions.get_mut(&id).ok_or_else(missing)?;
    let mut draft = action.draft.clone();
    sent.merge_into(&mut draft, now);
    triggers::check(&draft)?;
    action.draft = draft;
    action.updated_at = now;
    action.built = false;
    action.changed_since_deployment = true;
    Ok(Answer::ok(&Shown::new(action)))
}

pub(super) fn deploy(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    let status = match call.switches().deploy_answer {
        DeployAnswer::Ok => StatusCode::OK,
        DeployAnswer::Accepted => StatusCode::ACCEPTED,
    };
    let now = call.state.clock.now();
    let action = call.state.objects.actions.get_mut(&id).ok_or_else(missing)?;
    if !action.built {
        // Documented as refused; the text is not known.
        let message = "A draft must be in the 'built' state before it can be deployed.";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, message));
    }
    let before = action.clone();
    let version = action.deploy(now);
    Ok(Answer::json(status, &ShownVersion::deploying(version, &before)))
}

/// An action that an event stream refers to goes only by force.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    let objects = &mut call.state.objects;
    find(objects, &id)?;
    let bound = objects.event_streams.iter().any(|stream| stream.action_id() == Some(&id));
    if bound && call.query["force"] != true {
        let message = "Unable to delete an action bound to a trigger.";
        return Err(ApiError::new(StatusCode::CONFLICT, message));
    }
    objects.actions.remove(&id);
    Ok(Answer::no_content())
}
