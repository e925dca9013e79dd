//! `ApplyResourceChange`: the one RPC that changes something. Core stores the state in its answer
//! even beside an error, so every answer has one.

use std::sync::Arc;

use super::{Answer, ProviderService, panic_diagnostic};
use crate::framework::Diagnostic;
use crate::framework::engine::{AnyResource, Applied, Apply};
use crate::framework::private::Private;
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::DynamicValue;
use crate::wire::tfplugin6::apply_resource_change::{Request, Response};

pub(super) async fn handle(service: &ProviderService, request: Request) -> Response {
    let context = Context::new(service.lifecycle.stop_token());
    let (prior_state, planned_private) =
        (request.prior_state.clone(), request.planned_private.clone());
    let (resource, apply) = match read_request(service, request) {
        Ok((resource, apply)) => (resource, Arc::new(apply)),
        // Nothing has been done, so the object is as it was.
        Err(diagnostic) => {
            let private = Private::from_bytes(&planned_private).without_plan_notes();
            return Response {
                new_state: prior_state,
                private: private.to_bytes().into(),
                ..Response::failed(diagnostic)
            };
        }
    };
    let handler = {
        let (resource, apply, context) = (resource.clone(), apply.clone(), context.clone());
        async move { apply.run(resource.as_ref(), &context).await }
    };
    let applied = service.lifecycle.run(handler).await.unwrap_or_else(|panicked| {
        apply.salvage(resource.as_ref(), &context, panic_diagnostic(&panicked))
    });
    answer(resource.as_ref(), applied, prior_state)
}

fn read_request(
    service: &ProviderService,
    request: Request,
) -> Result<(Arc<dyn AnyResource>, Apply), Diagnostic> {
    let resource = service.engine.resource(&request.type_name)?;
    let ty = resource.schema().ty();
    let apply = Apply {
        prior_state: from_wire::value(request.prior_state, &ty)?,
        planned_state: from_wire::value(request.planned_state, &ty)?,
        config: from_wire::value(request.config, &ty)?,
        planned_private: Private::from_bytes(&request.planned_private),
    };
    Ok((resource, apply))
}

fn answer(
    resource: &dyn AnyResource,
    applied: Applied,
    prior_state: Option<DynamicValue>,
) -> Response {
    let mut diagnostics = applied.diagnostics;
    let new_state = match to_wire::value(&applied.new_state, &resource.schema().ty()) {
        Ok(new_state) => Some(new_state),
        Err(unwritable) => {
            diagnostics.push(unwritable);
            prior_state
        }
    };
    Response {
        new_state,
        private: applied.private.to_bytes().into(),
        diagnostics: to_wire::diagnostics(diagnostics),
        ..Default::default()
    }
}
