//! `grpc.health.v1.Health`, through which go-plugin pings. Who gets an answer is being served.

use tokio_stream::StreamExt;
use tonic::{Request, Response, Status, async_trait, codegen::BoxStream};

use super::{lifecycle::Lifecycle, stdio::Silence};
use crate::wire::grpc_health::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_server::Health as HealthService,
};

pub(super) struct Health(pub(super) Lifecycle);

/// The server as a whole, and the name that go-plugin asks for.
const SERVICES: [&str; 2] = ["", "plugin"];

#[async_trait]
impl HealthService for Health {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        if SERVICES.contains(&request.get_ref().service.as_str()) {
            Ok(Response::new(answer(ServingStatus::Serving)))
        } else {
            Err(Status::not_found("unknown service"))
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<BoxStream<HealthCheckResponse>>, Status> {
        let known = SERVICES.contains(&request.get_ref().service.as_str());
        let status = if known { ServingStatus::Serving } else { ServingStatus::ServiceUnknown };
        let first = tokio_stream::once(Ok(answer(status)));
        Ok(Response::new(Box::pin(first.chain(Silence::until(self.0.closing())))))
    }
}

fn answer(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}
