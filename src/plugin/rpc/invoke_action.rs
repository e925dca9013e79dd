//! `InvokeAction`: sentences on the way, and one event at the end, whatever happens: core does not
//! report a stream that ends without it.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::Events;
use crate::framework::action::Progress;
use crate::framework::engine::{Engine, invoke};
use crate::framework::resource::Context;
use crate::framework::{Diagnostic, Diagnostics};
use crate::plugin::convert::{from_wire, to_wire};
use crate::redact::redact;
use crate::wire::tfplugin6::invoke_action::event::{Completed, Progress as Sentence, Type};
use crate::wire::tfplugin6::invoke_action::{Event, Request};

pub(super) async fn handle(
    engine: Arc<Engine>,
    context: Context,
    request: Request,
    events: Events<Event>,
) {
    let stop = context.stop.child_token();
    let context = Context::new(stop.clone());
    let (listener, mut said) = mpsc::unbounded_channel();
    let progress = Progress::to(listener);
    let invoking = async move {
        // The listener goes with it, which ends the forwarding.
        respond(&engine, &context, request, &progress).await.unwrap_or_else(Into::into)
    };
    let forwarding = async {
        while let Some(message) = said.recv().await {
            let message = redact(&message).into_owned();
            events.send(Event { r#type: Some(Type::Progress(Sentence { message })) }).await;
        }
    };
    let mut both = pin!(async { tokio::join!(invoking, forwarding).0 });
    let diagnostics = tokio::select! {
        diagnostics = &mut both => diagnostics,
        // Where nobody listens any more, nobody waits either.
        () = events.closed() => {
            stop.cancel();
            both.await
        }
    };
    events.send(completed(diagnostics)).await;
}

/// The last event.
pub(super) fn completed(diagnostics: impl Into<Diagnostics>) -> Event {
    let diagnostics = to_wire::diagnostics(diagnostics);
    Event { r#type: Some(Type::Completed(Completed { diagnostics })) }
}

async fn respond(
    engine: &Engine,
    context: &Context,
    request: Request,
    progress: &Progress,
) -> Result<Diagnostics, Diagnostic> {
    let action = engine.action(&request.action_type)?;
    let config = from_wire::value(request.config, &action.schema().ty())?;
    Ok(invoke(action.as_ref(), context, config, progress).await)
}
