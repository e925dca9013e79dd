//! `ValidateProviderConfig`: faults of the provider block, without any request to Auth0.

use super::Answer;
use crate::framework::engine::Engine;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::validate_provider_config::{Request, Response};

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    match from_wire::value(request.config, &engine.provider_schema().ty()) {
        Ok(config) => {
            Response { diagnostics: to_wire::diagnostics(engine.validate_provider(&config)) }
        }
        Err(unreadable) => Response::failed(unreadable),
    }
}
