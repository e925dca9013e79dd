//! `plugin.GRPCBroker`: core opens the stream when it connects and never asks for a connection through
//! it, nor do we.

use tonic::{Request, Response, Status, Streaming, async_trait, codegen::BoxStream};

use super::{lifecycle::Lifecycle, stdio::Silence};
use crate::wire::go_plugin::{ConnInfo, grpc_broker_server::GrpcBroker};

pub(super) struct Broker(pub(super) Lifecycle);

#[async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        _: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        Ok(Response::new(Box::pin(Silence::until(self.0.closing()))))
    }
}
