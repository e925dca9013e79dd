//! `ConfigureProvider`: takes the provider block, in place of an earlier one.

use tokio_util::sync::CancellationToken;

use super::Answer;
use crate::framework::engine::Engine;
use crate::framework::provider::Client;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::configure_provider::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request, stop: CancellationToken) -> Response {
    match from_wire::value(request.config, &engine.provider_schema().ty()) {
        Ok(config) => {
            let client = Client { version: request.terraform_version, stop };
            Response { diagnostics: to_wire::diagnostics(engine.configure(config, client)) }
        }
        Err(unreadable) => Response::failed(unreadable),
    }
}
