//! `PlanResourceChange`: during plan, and once more during apply.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, PlanRequest, plan};
use crate::framework::private::Private;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::plan_resource_change::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::failed)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, Diagnostic> {
    let resource = engine.resource(&request.type_name)?;
    let ty = resource.schema().ty();
    let answer = plan(
        resource.as_ref(),
        PlanRequest {
            prior_state: from_wire::value(request.prior_state, &ty)?,
            proposed_new_state: from_wire::value(request.proposed_new_state, &ty)?,
            config: from_wire::value(request.config, &ty)?,
            prior_private: Private::from_bytes(&request.prior_private),
        },
    );
    Ok(Response {
        planned_identity: match answer.planned_state.is_null() {
            true => request.prior_identity,
            false => to_wire::identity(resource.as_ref(), &answer.planned_state)?,
        },
        planned_state: Some(to_wire::value(&answer.planned_state, &ty)?),
        requires_replace: answer.requires_replace.iter().map(to_wire::path).collect(),
        planned_private: answer.planned_private.to_bytes().into(),
        diagnostics: to_wire::diagnostics(answer.diagnostics),
        ..Default::default()
    })
}
