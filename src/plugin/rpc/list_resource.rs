//! `ListResource`: one event for each object that exists, as it is found.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Events;
use crate::framework::engine::{AnyResource, Engine, left_out};
use crate::framework::list_resource::Listed;
use crate::framework::plan::conform;
use crate::framework::resource::Context;
use crate::framework::{Diagnostic, Diagnostics};
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::list_resource::{Event, Request};

pub(super) async fn handle(
    engine: Arc<Engine>,
    context: Context,
    request: Request,
    events: Events<Event>,
) {
    if let Err(diagnostics) = respond(&engine, &context, request, &events).await {
        events.send(failed(diagnostics)).await;
    }
}

/// An event that says what is wrong; core ends the listing there if that is an error.
pub(super) fn failed(diagnostics: impl Into<Diagnostics>) -> Event {
    Event { diagnostic: to_wire::diagnostics(diagnostics), ..Default::default() }
}

async fn respond(
    engine: &Engine,
    context: &Context,
    request: Request,
    events: &Events<Event>,
) -> Result<(), Diagnostics> {
    let list = engine.list_resource(&request.type_name)?;
    let resource = engine.resource(&request.type_name)?;
    let config = from_wire::value(request.config, &list.schema().ty())?;
    // Without a limit, Terraform sends its own.
    let limit = u64::try_from(request.limit).ok().filter(|limit| *limit > 0);
    let (found, mut objects) = mpsc::channel(1);
    let listing = list.list(context, config, limit, found);
    // Moved, so that the listing finds nobody to take what it has once this has ended.
    let (resource, whole) = (resource.as_ref(), request.include_resource_object);
    let sending = async move {
        while let Some(listed) = objects.recv().await {
            if !events.send(event(resource, listed, whole)?).await {
                break;
            }
        }
        Ok::<_, Diagnostic>(())
    };
    let (said, sent) = tokio::join!(listing, sending);
    sent?;
    if said.is_empty() { Ok(()) } else { Err(said) }
}

fn event(resource: &dyn AnyResource, listed: Listed, whole: bool) -> Result<Event, Diagnostic> {
    let schema = resource.schema();
    let object = conform(&schema.block, listed.object);
    // Core asks for whole objects where it generates configuration, and does not say which it wants.
    if let Some(warning) = whole.then(|| left_out(resource, &object)).flatten() {
        return Ok(failed(warning));
    }
    Ok(Event {
        identity: to_wire::identity(resource, &object)?,
        display_name: listed.display_name,
        resource_object: match whole {
            true => Some(to_wire::value(&object, &schema.ty())?),
            false => None,
        },
        ..Default::default()
    })
}
