//! `ApplyResourceChange`: the one RPC that changes something. Core stores the state in its answer
//! even beside an error, so every answer has one.

use std::sync::Arc;

use super::{Answer, ProviderService, panic_diagnostic};
use crate::framework::Diagnostic;
use crate::framework::engine::{AnyResource, Applied, Apply};
use crate::framework::private::Private;
use crate::framework::resource::Context;
use crate::plugin::convert::{from_wire, to_wire};
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
    let schema = resource.schema();
    let applied =
        service.lifecycle.run(handler).await.unwrap_or_else(|panicked| {
            apply.salvage(schema, &context, panic_diagnostic(&panicked))
        });
    answer(resource.as_ref(), &apply, applied)
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

fn answer(resource: &dyn AnyResource, apply: &Apply, applied: Applied) -> Response {
    let schema = resource.schema();
    let ty = schema.ty();
    let mut diagnostics = applied.diagnostics;
    let new_state = to_wire::value(&applied.new_state, &ty).or_else(|unwritable| {
        diagnostics.push(unwritable);
        // Without a state core would forget an object that exists.
        to_wire::value(&apply.recover(schema, &applied.new_state), &ty)
    });
    Response {
        new_identity: to_wire::identity(resource, &applied.new_state).ok().flatten(),
        new_state: new_state.ok(),
        private: applied.private.to_bytes().into(),
        diagnostics: to_wire::diagnostics(diagnostics),
        ..Default::default()
    }
}
