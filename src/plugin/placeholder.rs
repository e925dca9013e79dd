//! A provider without resources, until there is one.

use tonic::{Request, Response, Status, async_trait};

use super::lifecycle::Lifecycle;
use crate::wire::tfplugin6::{self, Schema, provider_server::Provider, schema::Block};

/// Answers what core asks of a provider that has nothing.
pub struct Placeholder(pub Lifecycle);

#[async_trait]
impl Provider for Placeholder {
    async fn get_provider_schema(
        &self,
        _: Request<tfplugin6::get_provider_schema::Request>,
    ) -> Result<Response<tfplugin6::get_provider_schema::Response>, Status> {
        Ok(Response::new(tfplugin6::get_provider_schema::Response {
            provider: Some(Schema { version: 0, block: Some(Block::default()) }),
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _: Request<tfplugin6::validate_provider_config::Request>,
    ) -> Result<Response<tfplugin6::validate_provider_config::Response>, Status> {
        Ok(Response::new(Default::default()))
    }

    async fn configure_provider(
        &self,
        _: Request<tfplugin6::configure_provider::Request>,
    ) -> Result<Response<tfplugin6::configure_provider::Response>, Status> {
        self.0.begin_run();
        Ok(Response::new(Default::default()))
    }

    async fn stop_provider(
        &self,
        _: Request<tfplugin6::stop_provider::Request>,
    ) -> Result<Response<tfplugin6::stop_provider::Response>, Status> {
        self.0.stop();
        Ok(Response::new(Default::default()))
    }
}
