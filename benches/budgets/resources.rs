//! What the provider's process works for each resource: the calls that core makes for it in one
//! process, ten resources at a time as core does. The token and the connection are shared by all.

use std::path::Path;

use bytes::Bytes;
use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::tfplugin6::{
    Diagnostic, DynamicValue, RawState, apply_resource_change, plan_resource_change,
    provider_client::ProviderClient, read_resource, upgrade_resource_state,
    validate_resource_config,
};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::configuration::TYPE_NAME;
use crate::cpu_of_ended_processes;
use crate::support::budgets::{CPU_PER_CREATE, CPU_PER_NO_OP};
use crate::support::configured::{CAPABILITIES, Configured};
use crate::support::dynamic_value::{from_wire, to_wire};
use crate::support::terraform::Acceptance;
use crate::table::Table;

const RESOURCES: usize = 200;
const AT_A_TIME: usize = 10;

/// A resource as core keeps it.
#[derive(Clone)]
struct Resource {
    config: DynamicValue,
    state: DynamicValue,
    private: Bytes,
}

pub async fn measure(provider: &Path, cpu_per_launch: f64, table: &mut Table) {
    let acc = Acceptance::of(provider, Default::default());
    let before_creates = cpu_of_ended_processes();
    let provider = Configured::connect(acc.launch().start()).await;
    let wanted = (0..RESOURCES).map(|i| wanted(&provider, i)).collect();
    let resources = for_each(&provider, wanted, create).await;
    provider.shutdown().await;

    let before_no_ops = cpu_of_ended_processes();
    let provider = Configured::connect(acc.launch().start()).await;
    for_each(&provider, resources, find_unchanged).await;
    provider.shutdown().await;
    let after = cpu_of_ended_processes();

    let of_each = |cpu: f64| (cpu - cpu_per_launch) / RESOURCES as f64;
    table.row(&CPU_PER_CREATE, of_each(before_no_ops - before_creates));
    table.row(&CPU_PER_NO_OP, of_each(after - before_no_ops));
}

fn wanted(provider: &Configured, index: usize) -> Resource {
    let config = json!({
        "name": format!("stream-{index}"),
        "destination_type": "webhook",
        "subscriptions": ["user.created", "user.updated"],
        "webhook_configuration": [{
            "webhook_endpoint": format!("https://hooks.example.com/v1/{index}"),
            "webhook_authorization": [{"method": "bearer", "token": "s3cr3t-token"}],
        }],
    });
    let config = provider.resource(TYPE_NAME, &config);
    Resource { config, state: to_wire(&Json::Null), private: Bytes::new() }
}

/// Runs `calls` for every resource.
async fn for_each<F>(
    provider: &Configured,
    resources: Vec<Resource>,
    calls: fn(ProviderClient<Channel>, Resource) -> F,
) -> Vec<Resource>
where
    F: Future<Output = Resource> + Send + 'static,
{
    let mut waiting = resources.into_iter();
    let mut running = JoinSet::new();
    let mut done = Vec::new();
    loop {
        while running.len() < AT_A_TIME
            && let Some(resource) = waiting.next()
        {
            running.spawn(calls(provider.client.clone(), resource));
        }
        match running.join_next().await {
            Some(resource) => done.push(resource.unwrap()),
            None => return done,
        }
    }
}

/// What core asks in the apply of a saved plan.
async fn create(mut client: ProviderClient<Channel>, resource: Resource) -> Resource {
    validate(&mut client, &resource).await;
    let planned = plan(&mut client, &resource, resource.config.clone()).await;
    let request = apply_resource_change::Request {
        type_name: TYPE_NAME.to_owned(),
        prior_state: Some(resource.state),
        planned_state: planned.planned_state,
        config: Some(resource.config.clone()),
        planned_private: planned.planned_private,
        planned_identity: planned.planned_identity,
        ..Default::default()
    };
    let answer = client.apply_resource_change(request).await.unwrap().into_inner();
    no_faults(&answer.diagnostics);
    Resource { state: answer.new_state.unwrap(), private: answer.private, ..resource }
}

/// What core asks in a plan.
async fn find_unchanged(mut client: ProviderClient<Channel>, resource: Resource) -> Resource {
    let state = from_wire(&resource.state).to_string();
    let request = upgrade_resource_state::Request {
        type_name: TYPE_NAME.to_owned(),
        version: 0,
        raw_state: Some(RawState { json: state.into(), ..Default::default() }),
    };
    let answer = client.upgrade_resource_state(request).await.unwrap().into_inner();
    no_faults(&answer.diagnostics);
    let request = read_resource::Request {
        type_name: TYPE_NAME.to_owned(),
        current_state: answer.upgraded_state,
        private: resource.private.clone(),
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    };
    let answer = client.read_resource(request).await.unwrap().into_inner();
    no_faults(&answer.diagnostics);
    let state = answer.new_state.unwrap();
    let resource = Resource { state: state.clone(), private: answer.private, ..resource };
    validate(&mut client, &resource).await;
    // Everything that is not configured is computed, and proposed as it was.
    let planned = plan(&mut client, &resource, state.clone()).await;
    assert_eq!(planned.planned_state, Some(state), "a no-op");
    resource
}

async fn validate(client: &mut ProviderClient<Channel>, resource: &Resource) {
    let request = validate_resource_config::Request {
        type_name: TYPE_NAME.to_owned(),
        config: Some(resource.config.clone()),
        client_capabilities: Some(CAPABILITIES),
    };
    let answer = client.validate_resource_config(request).await.unwrap().into_inner();
    no_faults(&answer.diagnostics);
}

async fn plan(
    client: &mut ProviderClient<Channel>,
    resource: &Resource,
    proposed: DynamicValue,
) -> plan_resource_change::Response {
    let request = plan_resource_change::Request {
        type_name: TYPE_NAME.to_owned(),
        prior_state: Some(resource.state.clone()),
        proposed_new_state: Some(proposed),
        config: Some(resource.config.clone()),
        prior_private: resource.private.clone(),
        client_capabilities: Some(CAPABILITIES),
        ..Default::default()
    };
    let answer = client.plan_resource_change(request).await.unwrap().into_inner();
    no_faults(&answer.diagnostics);
    answer
}

#[track_caller]
fn no_faults(diagnostics: &[Diagnostic]) {
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}
