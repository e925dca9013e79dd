//! The provider block, and the lists of what the provider has to offer.

mod configure;
mod login;
mod network;
mod schema;

#[cfg(test)]
mod network_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::auth0::{Auth0, ClientSlot, Settings};
use crate::framework::engine::{
    AnyAction, AnyDataSource, AnyListResource, AnyResource, action, data_source, list_resource,
    resource,
};
use crate::framework::function::Function;
use crate::framework::provider::{Client, Provider};
use crate::framework::schema::Schema;
use crate::framework::value::{Number, Value};
use crate::framework::{Diagnostic, Diagnostics, Path};
use crate::{
    actions, data_sources, ephemeral_resources, functions, list_resources, model, resources,
};

/// The namespace under which the provider is published, and its type. Everything that names the
/// provider's address takes it from here.
pub const NAMESPACE: &str = "auth0-eventing";

/// The address in `required_providers`.
pub fn source() -> String {
    format!("{NAMESPACE}/auth0")
}

/// The version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

model! {
    /// The provider block.
    pub struct ProviderModel {
        pub domain: Value<String>,
        pub audience: Value<String>,
        pub client_id: Value<String>,
        pub client_secret: Value<String>,
        pub client_assertion_private_key: Value<String>,
        pub client_assertion_signing_alg: Value<String>,
        pub client_assertion: Value<String>,
        pub client_assertion_command: Value<Vec<Value<String>>>,
        pub api_token: Value<String>,
        pub cli_login: Value<bool>,
        pub dynamic_credentials: Value<bool>,
        pub custom_domain_header: Value<String>,
        pub debug: Value<bool>,
        pub proxy_url: Value<String>,
        pub ca_cert_file: Value<String>,
        pub ca_cert_pem: Value<String>,
        pub client_certificate: Value<String>,
        pub client_key: Value<String>,
        pub adopt_existing: Value<bool>,
        pub max_requests_per_second: Value<Number>,
        pub rate_limit_reserve: Value<Number>,
    }
}

/// Reads an environment variable.
type Environment = fn(&str) -> Option<String>;

/// The provider `auth0`.
pub struct Auth0Provider {
    client: ClientSlot,
    environment: Environment,
}

impl Auth0Provider {
    /// The provider, not configured yet.
    pub fn new() -> Self {
        Self { client: ClientSlot::default(), environment: |name| std::env::var(name).ok() }
    }
}

impl Default for Auth0Provider {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Auth0Provider {
    type Model = ProviderModel;

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn validate(&self, config: &ProviderModel) -> Diagnostics {
        login::validate(config)
    }

    fn configure(&self, config: ProviderModel, client: Client) -> Diagnostics {
        match configure::settings(&config, client, self.environment) {
            Ok(settings) => {
                self.client.set(settings.map(Auth0::new));
                Diagnostics::new()
            }
            Err(diagnostics) => diagnostics,
        }
    }

    fn resources(&self) -> Vec<Arc<dyn AnyResource>> {
        vec![
            resource(resources::event_stream::EventStreams::new(self.client.clone())),
            resource(resources::event_stream_test_event::EventStreamTestEvents::new(
                self.client.clone(),
            )),
        ]
    }

    fn data_sources(&self) -> Vec<Arc<dyn AnyDataSource>> {
        vec![
            data_source(data_sources::event_stream::EventStream::new(self.client.clone())),
            data_source(data_sources::event_streams::EventStreams::new(self.client.clone())),
            data_source(data_sources::event_types::EventTypes),
        ]
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn AnyDataSource>> {
        vec![data_source(ephemeral_resources::access_token::AccessTokens::new(self.client.clone()))]
    }

    fn list_resources(&self) -> Vec<Arc<dyn AnyListResource>> {
        vec![list_resource(list_resources::event_stream::ListEventStreams::new(
            self.client.clone(),
        ))]
    }

    fn actions(&self) -> Vec<Arc<dyn AnyAction>> {
        vec![action(actions::event_stream_test::EventStreamTest::new(self.client.clone()))]
    }

    fn functions(&self) -> Vec<Box<dyn Function>> {
        vec![
            Box::new(functions::EventTypes),
            Box::new(functions::EventbridgePattern),
            Box::new(functions::ParsePartnerEventSource),
            Box::new(functions::ExampleEvent),
        ]
    }
}

/// What the environment alone sets for a client, as with an empty provider block. Auth0's logs tell
/// that this program called, to do `what`.
pub fn settings_from_environment(what: &str) -> Result<Settings, Diagnostics> {
    let nobody = Client { version: String::new(), stop: CancellationToken::new() };
    let environment: Environment = |name| std::env::var(name).ok();
    match configure::settings(&ProviderModel::default(), nobody, environment)? {
        Ok(settings) => {
            let user_agent = format!("terraform-provider-auth0/{VERSION} {what}");
            Ok(Settings { user_agent, ..settings })
        }
        Err(not_ready) => Err(Diagnostic::not_configured(&not_ready).into()),
    }
}

/// An attribute of the provider block.
fn path(name: &str) -> Path {
    crate::framework::path(name)
}
