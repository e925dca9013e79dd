//! `plugin.GRPCController`: how core ends the plugin.

use tonic::{Request, Response, Status, async_trait};

use super::lifecycle::Lifecycle;
use crate::wire::go_plugin::{Empty, grpc_controller_server::GrpcController};

pub(super) struct Controller(pub(super) Lifecycle);

#[async_trait]
impl GrpcController for Controller {
    /// Answers; the process then ends without waiting for anything else.
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.shut_down();
        Ok(Response::new(Empty {}))
    }
}
