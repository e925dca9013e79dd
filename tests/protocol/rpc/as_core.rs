//! One process of the provider, spoken to as core does it, and a tenant for it.

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_auth0::{
    simulator::{Authorization, Destination, EventStream, Options, Simulator, Status},
    wire::tfplugin6::{
        Diagnostic, apply_resource_change, import_resource_state, plan_resource_change,
        provider_client::ProviderClient, read_resource, upgrade_resource_state,
    },
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tonic::transport::Channel;

use super::{
    answers::errors,
    core_rules::{assert_plan_is_valid, assert_result_is_as_planned, assert_storable},
    requests::{
        apply_request, configure_request, import_request, plan_request, read_request,
        upgrade_request, validate_request,
    },
    streams::{ACTION, ENDPOINT, ID, NOW, SOURCE, THEN, bearer, provider_block},
    values::decode,
};
use crate::support::{
    PROGRAM,
    plugin_process::{Launch, Plugin},
    provider_client,
};

pub type Client = ProviderClient<Channel>;

/// What core has: a process of the provider, which it never asks for the schema, because it may have
/// that from an earlier one; and a tenant, whose clock stands still at [`NOW`].
pub struct Core {
    pub client: Client,
    pub plugin: Plugin,
    pub auth0: Simulator,
    folder: TempDir,
}

impl Core {
    /// Starts a process that is not configured yet.
    pub async fn start() -> Self {
        let auth0 = Simulator::start(Options::default()).unwrap();
        auth0.freeze_clock(instant(NOW));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), auth0.ca_pem()).unwrap();
        let mut launch = Launch::new(PROGRAM);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("AUTH0_") {
                launch = launch.without_env(&name);
            }
        }
        let plugin = launch.start();
        let client = provider_client(plugin.channel().await);
        Self { client, plugin, auth0, folder }
    }

    /// Starts a process and configures it, by its first call.
    pub async fn configured() -> Self {
        let core = Self::start().await;
        let diagnostics = core.configure(&core.provider_block()).await;
        assert_eq!(diagnostics, []);
        core
    }

    /// The provider block that makes the tenant reachable.
    pub fn provider_block(&self) -> Json {
        provider_block(&json!({
            "ca_cert_file": self.folder.path().join("ca.pem").to_str().unwrap(),
            "client_id": self.auth0.client_id(),
            "client_secret": self.auth0.client_secret(),
            "domain": self.auth0.domain(),
        }))
    }

    pub async fn configure(&self, block: &Json) -> Vec<Diagnostic> {
        let answer = self.client.clone().configure_provider(configure_request(block)).await;
        answer.unwrap().into_inner().diagnostics
    }

    /// Validates a configuration for a core that keeps write-only values.
    pub async fn validate(&self, config: &Json) -> Vec<Diagnostic> {
        let request = validate_request(config);
        let answer = self.client.clone().validate_resource_config(request).await;
        answer.unwrap().into_inner().diagnostics
    }

    /// Plans, and holds the plan against core's rules unless it is an error.
    pub async fn plan(&self, prior: &Json, config: &Json) -> plan_resource_change::Response {
        let answer = self.client.clone().plan_resource_change(plan_request(prior, config)).await;
        let answer = answer.unwrap().into_inner();
        if errors(&answer.diagnostics).is_empty() {
            assert_plan_is_valid(prior, config, &decode(answer.planned_state.as_ref()));
        }
        answer
    }

    /// Applies a plan, and holds the new state against core's rules.
    pub async fn apply(
        &self,
        prior: &Json,
        planned: &plan_resource_change::Response,
        config: &Json,
    ) -> apply_resource_change::Response {
        let request = apply_request(prior, planned, config);
        let answer = self.client.clone().apply_resource_change(request).await;
        let answer = answer.unwrap().into_inner();
        let new_state = decode(answer.new_state.as_ref());
        if !new_state.is_null() {
            assert_storable(&new_state);
        }
        if errors(&answer.diagnostics).is_empty() {
            assert_result_is_as_planned(&decode(planned.planned_state.as_ref()), &new_state);
        }
        answer
    }

    pub async fn read(&self, state: &Json) -> read_resource::Response {
        let answer = self.client.clone().read_resource(read_request(state)).await;
        let answer = answer.unwrap().into_inner();
        let new_state = decode(answer.new_state.as_ref());
        if !new_state.is_null() {
            assert_storable(&new_state);
        }
        answer
    }

    pub async fn upgrade(&self, stored: &Json) -> upgrade_resource_state::Response {
        let answer = self.client.clone().upgrade_resource_state(upgrade_request(stored)).await;
        answer.unwrap().into_inner()
    }

    pub async fn import(&self, id: &str) -> import_resource_state::Response {
        let answer = self.client.clone().import_resource_state(import_request(id)).await;
        answer.unwrap().into_inner()
    }

    /// Puts a webhook with [`ID`] into the tenant, made at [`THEN`].
    pub fn put_webhook(&self, token: &str) {
        self.put(Destination::Webhook {
            endpoint: ENDPOINT.to_owned(),
            authorization: Authorization::Bearer { token: Some(token.into()) },
        });
    }

    /// Puts a stream to EventBridge with [`ID`] and [`SOURCE`] into the tenant.
    pub fn put_eventbridge(&self, region: &str) {
        self.put(Destination::EventBridge {
            aws_account_id: "123456789012".to_owned(),
            aws_region: region.to_owned(),
            aws_partner_event_source: SOURCE.to_owned(),
        });
    }

    /// Puts a stream to the deployed action [`ACTION`] with [`ID`] into the tenant.
    pub fn put_action(&self) {
        self.auth0.create_deployed_action(Some(ACTION), "deliver");
        self.put(Destination::Action { action_id: ACTION.to_owned() });
    }

    fn put(&self, destination: Destination) {
        self.auth0.put_event_stream(EventStream {
            id: ID.to_owned(),
            status: Status::Enabled,
            name: "orders".to_owned(),
            subscriptions: vec!["user.created".to_owned(), "user.updated".to_owned()],
            created_at: instant(THEN),
            updated_at: instant(THEN),
            destination,
            failed_total: 0,
        });
    }

    /// Proves that the process still serves.
    pub async fn assert_serves(&self) {
        assert_eq!(self.validate(&bearer("t", 1)).await, []);
    }
}

fn instant(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}
