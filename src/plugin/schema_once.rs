//! The answer to `GetProviderSchema` is the largest by far, and always the same: it is made and
//! encoded once, and sent as it is from then on. A process that a person started is asked for it by
//! every run of core.

use std::{
    convert::Infallible,
    future::{Future, ready},
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use bytes::{Buf, BufMut, Bytes};
use prost::Message;
use tonic::{
    Request, Response, Status,
    body::Body,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::{Service, http},
    server::{Grpc, NamedService, UnaryService},
};

use crate::wire::tfplugin6::{
    get_provider_schema,
    provider_server::{Provider, ProviderServer},
};

const PATH: &str = "/tfplugin6.Provider/GetProviderSchema";

/// The service of a provider, with its schema in encoded form.
pub(super) struct SchemaOnce<P> {
    server: ProviderServer<P>,
    schema: Schema<P>,
}

struct Schema<P> {
    provider: Arc<P>,
    encoded: Arc<OnceLock<Bytes>>,
}

impl<P: Provider> SchemaOnce<P> {
    /// Wraps what serves `provider`.
    pub(super) fn new(provider: Arc<P>, server: ProviderServer<P>) -> Self {
        Self { server, schema: Schema { provider, encoded: Arc::default() } }
    }
}

impl<P> NamedService for SchemaOnce<P> {
    const NAME: &'static str = <ProviderServer<P> as NamedService>::NAME;
}

impl<P> Clone for SchemaOnce<P> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), schema: self.schema.clone() }
    }
}

impl<P> Clone for Schema<P> {
    fn clone(&self) -> Self {
        Self { provider: self.provider.clone(), encoded: self.encoded.clone() }
    }
}

type Answering<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<P: Provider> Service<http::Request<Body>> for SchemaOnce<P> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answering<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        if request.uri().path() != PATH {
            return self.server.call(request);
        }
        let schema = self.schema.clone();
        Box::pin(async move { Ok(Grpc::new(AsItIs).unary(schema, request).await) })
    }
}

impl<P: Provider> UnaryService<()> for Schema<P> {
    type Response = Bytes;
    type Future = Answering<Response<Bytes>, Status>;

    fn call(&mut self, _: Request<()>) -> Self::Future {
        if let Some(encoded) = self.encoded.get() {
            return Box::pin(ready(Ok(Response::new(encoded.clone()))));
        }
        let Self { provider, encoded } = self.clone();
        Box::pin(async move {
            let request = Request::new(get_provider_schema::Request {});
            let answer = provider.get_provider_schema(request).await?.into_inner();
            let bytes = Bytes::from(answer.encode_to_vec());
            // An answer that says what went wrong is not the schema.
            if answer.diagnostics.is_empty() {
                let _ = encoded.set(bytes.clone());
            }
            Ok(Response::new(bytes))
        })
    }
}

/// Messages that are encoded already; those of the requests hold nothing.
struct AsItIs;

impl Codec for AsItIs {
    type Encode = Bytes;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for AsItIs {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(message);
        Ok(())
    }
}

impl Decoder for AsItIs {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        from.advance(from.remaining());
        Ok(Some(()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt;

    use super::*;
    use crate::wire::tfplugin6::Diagnostic;

    /// Counts how often it is asked, and fails at first.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    #[tonic::async_trait]
    impl Provider for Counting {
        async fn get_provider_schema(
            &self,
            _: Request<get_provider_schema::Request>,
        ) -> Result<Response<get_provider_schema::Response>, Status> {
            let failed = self.0.fetch_add(1, Ordering::Relaxed) == 0;
            let diagnostics = failed.then(Diagnostic::default).into_iter().collect();
            let provider = Some(Default::default());
            Ok(Response::new(get_provider_schema::Response {
                provider,
                diagnostics,
                ..Default::default()
            }))
        }
    }

    #[tokio::test]
    async fn the_schema_is_made_once_and_a_failure_is_not_kept() {
        let provider = Arc::new(Counting::default());
        let server = ProviderServer::from_arc(provider.clone());
        let mut service = SchemaOnce::new(provider.clone(), server);
        let mut bodies = Vec::new();
        for _ in 0..4 {
            let empty_message = http_body_util::Full::from(&[0_u8; 5][..]);
            let request = http::Request::post(PATH).body(Body::new(empty_message)).unwrap();
            let body = service.call(request).await.unwrap().into_body().collect().await.unwrap();
            assert_eq!(body.trailers().unwrap()["grpc-status"], "0");
            bodies.push(body.to_bytes());
        }
        assert_eq!(provider.0.load(Ordering::Relaxed), 2);
        assert_ne!(bodies[0], bodies[1]);
        assert_eq!(bodies[1..3], bodies[2..4]);
        let answer = get_provider_schema::Response::decode(bodies[3].slice(5..)).unwrap();
        assert!(answer.provider.is_some() && answer.diagnostics.is_empty());
    }
}
