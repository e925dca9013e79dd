//! `GET /actions/actions` and `GET /actions/actions/{id}`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::errors::ApiError;
use super::super::store::Objects;
use super::model::Action;
use super::shown::Shown;
use hyper::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct Page<'a> {
    actions: Vec<Shown<'a>>,
    total: usize,
    page: u64,
    per_page: u64,
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let (trigger, name) = (query["triggerId"].as_str(), query["actionName"].as_str());
    let (deployed, installed) = (query["deployed"].as_bool(), query["installed"].as_bool());
    let is_wanted = |action: &&Action| {
        trigger.is_none_or(|trigger| action.draft.trigger == trigger)
            && name.is_none_or(|name| action.draft.name == name)
            && deployed.is_none_or(|deployed| action.deployed.is_some() == deployed)
            // Nothing comes from the marketplace here.
            && installed != Some(true)
    };
    let (page, per_page) = paging(call, 20);
    let wanted: Vec<_> = call.seen().actions.iter().filter(is_wanted).collect();
    let skipped = usize::try_from(page.saturating_mul(per_page)).unwrap_or(usize::MAX);
    let actions = wanted.iter().skip(skipped).take(per_page as usize);
    Ok(Answer::ok(&Page {
        actions: actions.map(|action| Shown::new(action)).collect(),
        total: wanted.len(),
        page,
        per_page,
    }))
}

/// `page` and `per_page` of a list that counts pages.
pub(super) fn paging(call: &Call<'_>, default_per_page: u64) -> (u64, u64) {
    let number = |name: &str| call.query[name].as_u64();
    (number("page").unwrap_or(0), number("per_page").unwrap_or(default_per_page))
}

/// Who asks finds the draft built.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.parameter("id").to_owned();
    let now = call.state.clock.now();
    if let Some(action) = call.state.objects.actions.get_mut(&id).filter(|action| !action.built) {
        action.build(now);
    }
    Ok(Answer::ok(&Shown::new(find(call.seen(), &id)?)))
}

/// The action with this id, or 404. Auth0 gives no `errorCode`.
pub(super) fn find<'a>(objects: &'a Objects, id: &str) -> Result<&'a Action, ApiError> {
    objects.actions.get(id).ok_or_else(missing)
}

pub(super) fn missing() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "That action does not exist.")
}
