//! `plugin.GRPCStdio`: core opens the stream when it connects and warns about whatever comes through,
//! so nothing does. Logs go to stderr.

use std::{
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Request, Response, Status, async_trait, codegen::BoxStream};

use super::lifecycle::Lifecycle;
use crate::wire::go_plugin::{StdioData, grpc_stdio_server::GrpcStdio};

pub(super) struct Stdio(pub(super) Lifecycle);

#[async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(Box::pin(Silence::until(self.0.closing()))))
    }
}

/// A stream without items. It ends when the server closes its connections: an open stream would hold
/// up the end of the process.
pub(super) struct Silence<T> {
    end: Pin<Box<WaitForCancellationFutureOwned>>,
    item: PhantomData<fn() -> T>,
}

impl<T> Silence<T> {
    pub(super) fn until(end: &CancellationToken) -> Self {
        Self { end: Box::pin(end.clone().cancelled_owned()), item: PhantomData }
    }
}

impl<T> Stream for Silence<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.end.as_mut().poll(cx).map(|()| None)
    }
}
