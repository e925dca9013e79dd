//! The triggers that an action can have. No bindings can be made, so lists of them are empty.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::model::Draft;
use super::read::paging;
use hyper::StatusCode;
use serde::Serialize;

pub(super) const DEFAULT_RUNTIME: &str = "node22";

#[derive(Serialize)]
struct Trigger {
    id: &'static str,
    version: &'static str,
    status: &'static str,
    runtimes: &'static [&'static str],
    default_runtime: &'static str,
    binding_policy: &'static str,
    compatible_triggers: &'static [&'static str],
}

const BOUND: (&str, &[&str]) = ("trigger-bound", &["node18-actions", "node22"]);
const EXCHANGE: (&str, &[&str]) = ("entity-bound", &["node18", "node22"]);
const ENTITY: (&str, &[&str]) = ("entity-bound", &["node22"]);

const TRIGGERS: &[Trigger] = &[
    deprecated("post-login", "v1", BOUND),
    deprecated("post-login", "v2", BOUND),
    current("post-login", "v3", BOUND),
    current("credentials-exchange", "v2", BOUND),
    current("pre-user-registration", "v2", BOUND),
    current("post-user-registration", "v2", BOUND),
    current("post-change-password", "v2", BOUND),
    current("send-phone-message", "v2", BOUND),
    current("password-reset-post-challenge", "v1", BOUND),
    current("custom-phone-provider", "v1", BOUND),
    current("custom-email-provider", "v1", BOUND),
    current("custom-token-exchange", "v1", EXCHANGE),
    current("event-stream", "v1", ENTITY),
    current("password-hash-migration", "v1", ENTITY),
    current("mcp-tool", "v1", ENTITY),
];

type Policy = (&'static str, &'static [&'static str]);

const fn current(id: &'static str, version: &'static str, policy: Policy) -> Trigger {
    let (binding_policy, runtimes) = policy;
    Trigger {
        id,
        version,
        status: "CURRENT",
        runtimes,
        default_runtime: DEFAULT_RUNTIME,
        binding_policy,
        compatible_triggers: &[],
    }
}

const fn deprecated(id: &'static str, version: &'static str, policy: Policy) -> Trigger {
    Trigger { status: "DEPRECATED", ..current(id, version, policy) }
}

/// Whether there is such a trigger, with the runtime of the draft. The texts are not known.
pub(super) fn check(draft: &Draft) -> Result<(), ApiError> {
    let Draft { trigger, trigger_version, runtime, .. } = draft;
    let found = TRIGGERS.iter().find(|one| one.id == trigger && one.version == trigger_version);
    match found {
        None => Err(ApiError::invalid_body(format!(
            "The trigger {trigger} {trigger_version} does not exist."
        ))),
        Some(found) if !found.runtimes.contains(&runtime.as_str()) => Err(ApiError::invalid_body(
            format!("The runtime {runtime} is not supported by the trigger {trigger}."),
        )),
        Some(_) => Ok(()),
    }
}

pub(super) fn list(_: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct List {
        triggers: &'static [Trigger],
    }
    Ok(Answer::ok(&List { triggers: TRIGGERS }))
}

/// Members that are zero are left out.
#[derive(Serialize)]
struct Bindings {
    bindings: [(); 0],
    #[serde(skip_serializing_if = "is_zero")]
    page: u64,
    per_page: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

pub(super) fn bindings(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (page, per_page) = paging(call, 50);
    let id = call.parameter("id");
    if !TRIGGERS.iter().any(|trigger| trigger.id == id) {
        return Err(ApiError::new(StatusCode::NOT_FOUND, "That trigger does not exist."));
    }
    Ok(Answer::ok(&Bindings { bindings: [], page, per_page }))
}
