//! The provider service: a file for each RPC. Each converts the request, asks the engine, and
//! converts the answer. Faults that a user may see are diagnostics, never gRPC statuses.

mod apply_resource_change;
mod call_function;
mod configure_provider;
mod generate_resource_config;
mod get_functions;
mod get_metadata;
mod get_provider_schema;
mod get_resource_identity_schemas;
mod import_resource_state;
mod invoke_action;
mod list_resource;
mod move_resource_state;
mod open_ephemeral_resource;
mod plan_action;
mod plan_resource_change;
mod read_data_source;
mod read_resource;
mod upgrade_resource_identity;
mod upgrade_resource_state;
mod validate_action_config;
mod validate_data_resource_config;
mod validate_ephemeral_resource_config;
mod validate_list_resource_config;
mod validate_provider_config;
mod validate_resource_config;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::lifecycle::Lifecycle;
use super::panics::Panicked;
use crate::framework::Diagnostic;
use crate::framework::engine::Engine;
use crate::framework::provider::Provider;
use crate::framework::resource::Context;
use crate::wire::tfplugin6::provider_server::Provider as Service;
use crate::wire::tfplugin6::{self as wire, stop_provider};

/// The provider service of protocol 6. RPCs that it lacks answer `Unimplemented`.
pub struct ProviderService {
    engine: Arc<Engine>,
    lifecycle: Lifecycle,
}

impl ProviderService {
    /// The service of `provider`, whose handlers run under `lifecycle`.
    pub fn new(provider: impl Provider, lifecycle: Lifecycle) -> Self {
        Self { engine: Arc::new(Engine::new(provider)), lifecycle }
    }

    /// Runs a handler that answers in parts. A panic is told by a last part, which `failed` makes.
    fn stream<E, F>(
        &self,
        handler: impl FnOnce(Events<E>) -> F,
        failed: fn(Diagnostic) -> E,
    ) -> Response<BoxStream<E>>
    where
        E: Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(1);
        let running = self.lifecycle.spawn(handler(Events(sender.clone())));
        tokio::spawn(async move {
            let ended = running.await.unwrap_or_else(|_| Err(Panicked::somewhere()));
            if let Err(panicked) = ended {
                Events(sender).send(failed(panic_diagnostic(&panicked))).await;
            }
        });
        Response::new(Box::pin(ReceiverStream::new(receiver)))
    }

    /// Runs a handler to its end, whatever becomes of the connection. A panic is an error of this
    /// RPC alone.
    async fn run<A: Answer, F>(&self, handler: F) -> Result<Response<A>, Status>
    where
        F: Future<Output = A> + Send + 'static,
    {
        let answer = self.lifecycle.run(handler).await;
        Ok(Response::new(answer.unwrap_or_else(|panicked| A::failed(panic_diagnostic(&panicked)))))
    }
}

/// Where a handler sends the parts of a streamed answer.
struct Events<E>(mpsc::Sender<Result<E, Status>>);

impl<E> Events<E> {
    /// Sends one part, once the one before was taken. False when nobody listens any more.
    async fn send(&self, event: E) -> bool {
        self.0.send(Ok(event)).await.is_ok()
    }

    /// Waits until nobody listens any more.
    async fn closed(&self) {
        self.0.closed().await;
    }
}

/// An answer that can say what went wrong.
trait Answer: Send + 'static {
    /// The answer that holds nothing but a diagnostic.
    fn failed(diagnostic: Diagnostic) -> Self;
}

/// Most answers say what went wrong in a list of diagnostics, beside fields that may stay empty.
macro_rules! answers {
    ($($rpc:ident),* $(,)?) => {$(
        impl Answer for wire::$rpc::Response {
            fn failed(diagnostic: Diagnostic) -> Self {
                let mut answer = Self::default();
                answer.diagnostics = super::convert::to_wire::diagnostics(diagnostic);
                answer
            }
        }
    )*};
}

answers!(
    apply_resource_change,
    close_ephemeral_resource,
    configure_provider,
    generate_resource_config,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    import_resource_state,
    move_resource_state,
    open_ephemeral_resource,
    plan_action,
    plan_resource_change,
    read_data_source,
    read_resource,
    renew_ephemeral_resource,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_action_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_provider_config,
    validate_resource_config,
);

/// The text of a panic may hold anything, so only its place is told.
fn panic_diagnostic(panicked: &Panicked) -> Diagnostic {
    Diagnostic::error(
        "The provider failed",
        format!(
            "This is a fault of the provider ({panicked}), and it concerns this operation alone. \
             What is known of the object is kept. Please report this with the configuration of the \
             resource, without its secrets."
        ),
    )
}

#[tonic::async_trait]
impl Service for ProviderService {
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Result<Response<wire::get_metadata::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { get_metadata::handle(&engine) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Result<Response<wire::get_provider_schema::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { get_provider_schema::handle(&engine) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Result<Response<wire::get_resource_identity_schemas::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { get_resource_identity_schemas::handle(&engine) }).await
    }

    async fn get_functions(
        &self,
        _: Request<wire::get_functions::Request>,
    ) -> Result<Response<wire::get_functions::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { get_functions::handle(&engine) }).await
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Result<Response<wire::call_function::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { call_function::handle(&engine, request.into_inner()) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Result<Response<wire::validate_provider_config::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { validate_provider_config::handle(&engine, request.into_inner()) })
            .await
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Result<Response<wire::configure_provider::Response>, Status> {
        self.lifecycle.begin_run();
        let (engine, stop) = (self.engine.clone(), self.lifecycle.stop_token());
        self.run(async move { configure_provider::handle(&engine, request.into_inner(), stop) })
            .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Result<Response<wire::validate_resource_config::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { validate_resource_config::handle(&engine, request.into_inner()) })
            .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Result<Response<wire::validate_data_resource_config::Response>, Status> {
        let engine = self.engine.clone();
        self.run(
            async move { validate_data_resource_config::handle(&engine, request.into_inner()) },
        )
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Result<Response<wire::read_data_source::Response>, Status> {
        let context = Context::new(self.lifecycle.stop_token());
        self.run(read_data_source::handle(self.engine.clone(), context, request.into_inner())).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<wire::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<wire::validate_ephemeral_resource_config::Response>, Status> {
        let (engine, request) = (self.engine.clone(), request.into_inner());
        self.run(async move { validate_ephemeral_resource_config::handle(&engine, request) }).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<wire::open_ephemeral_resource::Request>,
    ) -> Result<Response<wire::open_ephemeral_resource::Response>, Status> {
        let (engine, request) = (self.engine.clone(), request.into_inner());
        let context = Context::new(self.lifecycle.stop_token());
        self.run(open_ephemeral_resource::handle(engine, context, request)).await
    }

    /// Nothing that is opened asks for it.
    async fn renew_ephemeral_resource(
        &self,
        _: Request<wire::renew_ephemeral_resource::Request>,
    ) -> Result<Response<wire::renew_ephemeral_resource::Response>, Status> {
        self.run(async { wire::renew_ephemeral_resource::Response::default() }).await
    }

    /// Nothing is left to close: Auth0 cannot revoke an access token.
    async fn close_ephemeral_resource(
        &self,
        _: Request<wire::close_ephemeral_resource::Request>,
    ) -> Result<Response<wire::close_ephemeral_resource::Response>, Status> {
        self.run(async { wire::close_ephemeral_resource::Response::default() }).await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<wire::validate_list_resource_config::Request>,
    ) -> Result<Response<wire::validate_list_resource_config::Response>, Status> {
        let (engine, request) = (self.engine.clone(), request.into_inner());
        self.run(async move { validate_list_resource_config::handle(&engine, request) }).await
    }

    async fn list_resource(
        &self,
        request: Request<wire::list_resource::Request>,
    ) -> Result<Response<BoxStream<wire::list_resource::Event>>, Status> {
        let (engine, request) = (self.engine.clone(), request.into_inner());
        let context = Context::new(self.lifecycle.stop_token());
        let handler = |events| list_resource::handle(engine, context, request, events);
        Ok(self.stream(handler, list_resource::failed))
    }

    async fn validate_action_config(
        &self,
        request: Request<wire::validate_action_config::Request>,
    ) -> Result<Response<wire::validate_action_config::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { validate_action_config::handle(&engine, request.into_inner()) }).await
    }

    async fn plan_action(
        &self,
        request: Request<wire::plan_action::Request>,
    ) -> Result<Response<wire::plan_action::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { plan_action::handle(&engine, request.into_inner()) }).await
    }

    async fn invoke_action(
        &self,
        request: Request<wire::invoke_action::Request>,
    ) -> Result<Response<BoxStream<wire::invoke_action::Event>>, Status> {
        let (engine, request) = (self.engine.clone(), request.into_inner());
        let context = Context::new(self.lifecycle.stop_token());
        let handler = |events| invoke_action::handle(engine, context, request, events);
        Ok(self.stream(handler, invoke_action::completed))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Result<Response<wire::upgrade_resource_state::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { upgrade_resource_state::handle(&engine, request.into_inner()) }).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<wire::upgrade_resource_identity::Request>,
    ) -> Result<Response<wire::upgrade_resource_identity::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { upgrade_resource_identity::handle(&engine, request.into_inner()) })
            .await
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Result<Response<wire::import_resource_state::Response>, Status> {
        let engine = self.engine.clone();
        let context = Context::new(self.lifecycle.stop_token());
        self.run(async move {
            import_resource_state::handle(&engine, &context, request.into_inner()).await
        })
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<wire::move_resource_state::Request>,
    ) -> Result<Response<wire::move_resource_state::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { move_resource_state::handle(&engine, request.into_inner()) }).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<wire::generate_resource_config::Request>,
    ) -> Result<Response<wire::generate_resource_config::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { generate_resource_config::handle(&engine, request.into_inner()) })
            .await
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Result<Response<wire::read_resource::Response>, Status> {
        Ok(Response::new(read_resource::handle(self, request.into_inner()).await))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Result<Response<wire::plan_resource_change::Response>, Status> {
        let engine = self.engine.clone();
        self.run(async move { plan_resource_change::handle(&engine, request.into_inner()) }).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Result<Response<wire::apply_resource_change::Response>, Status> {
        Ok(Response::new(apply_resource_change::handle(self, request.into_inner()).await))
    }

    /// Not a shutdown: what runs ends its waits and answers, and later calls are served.
    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        self.lifecycle.stop();
        Ok(Response::new(stop_provider::Response::default()))
    }
}
