//! Every RPC of the service, as the compiled protocol lists them.

use prost::Message;
use prost_types::FileDescriptorSet;
use serde_json::json;
use terraform_provider_auth0::wire::tfplugin6::{
    Diagnostic, get_functions, get_metadata, get_provider_schema, get_resource_identity_schemas,
    invoke_action::event::Type, plan_resource_change, stop_provider, validate_provider_config,
};
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_prost::ProstCodec;

use super::{
    action,
    answers::errors,
    as_core::Client,
    data_sources::by_id,
    ephemeral, list,
    requests::{
        OFFICIAL, apply_request, call_request, configure_request, generate_request, import_request,
        move_request, plan_request, read_data_request, read_request, upgrade_identity_request,
        upgrade_request, validate_data_request, validate_request,
    },
    streams::{ID, TYPE, bearer, provider_block, stored, with},
    values::{decode, encode},
};
use crate::support::{PROGRAM, plugin_process::Launch, provider};

fn methods() -> Vec<String> {
    let files =
        FileDescriptorSet::decode(include_bytes!(concat!(env!("OUT_DIR"), "/wire.fds")).as_slice())
            .unwrap();
    let file = files.file.iter().find(|file| file.name() == "tfplugin6.proto").unwrap();
    let methods = file.service[0].method.iter();
    methods.map(|method| method.name().to_owned()).collect()
}

/// RPCs that are served. Those of later work are all others.
const SERVED: [&str; 28] = [
    "GetMetadata",
    "GetProviderSchema",
    "GetFunctions",
    "CallFunction",
    "GetResourceIdentitySchemas",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
    "ValidateDataResourceConfig",
    "ValidateEphemeralResourceConfig",
    "OpenEphemeralResource",
    "RenewEphemeralResource",
    "CloseEphemeralResource",
    "ValidateListResourceConfig",
    "ListResource",
    "ValidateActionConfig",
    "PlanAction",
    "InvokeAction",
    "UpgradeResourceState",
    "UpgradeResourceIdentity",
    "ConfigureProvider",
    "ReadResource",
    "ReadDataSource",
    "PlanResourceChange",
    "ApplyResourceChange",
    "ImportResourceState",
    "MoveResourceState",
    "GenerateResourceConfig",
    "StopProvider",
];

#[tokio::test]
async fn rpcs_of_later_work_are_unimplemented_and_no_others() {
    let plugin = Launch::new(PROGRAM).start();
    let channel = plugin.channel().await;
    let mut unimplemented = Vec::new();
    for method in methods() {
        match call(channel.clone(), &method).await {
            Ok(()) => {}
            Err(status) => {
                assert_eq!(status.code(), Code::Unimplemented, "{method}: {status}");
                unimplemented.push(method);
            }
        }
    }
    let later: Vec<_> =
        methods().into_iter().filter(|method| !SERVED.contains(&method.as_str())).collect();
    assert_eq!(unimplemented, later);
    assert_eq!(later.len() + SERVED.len(), methods().len(), "{SERVED:?} are RPCs of the service");
}

/// A call with an empty message, whose answer is only counted.
async fn call(channel: Channel, method: &str) -> Result<(), Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.unwrap();
    let path = PathAndQuery::try_from(format!("/tfplugin6.Provider/{method}")).unwrap();
    grpc.unary(Request::new(()), path, ProstCodec::<(), ()>::default()).await.map(drop)
}

/// Core may have the schema from an earlier process, and some walks do not configure the provider.
#[tokio::test]
async fn every_rpc_may_be_the_first_of_a_process() {
    for method in SERVED {
        let (plugin, client) = provider().await;
        // The process speaks up when core goes, so the client stays.
        let found = errors(&first_call(method, client.clone()).await);
        let summaries: Vec<_> = found.iter().map(|(_, summary)| summary.as_str()).collect();
        match method {
            // These alone need Auth0.
            "ReadResource"
            | "ReadDataSource"
            | "OpenEphemeralResource"
            | "ListResource"
            | "InvokeAction"
            | "ApplyResourceChange" => {
                assert_eq!(summaries, ["The provider is not configured"], "{method}");
            }
            _ => assert!(found.is_empty(), "{method}: {found:?}"),
        }
        assert_eq!(plugin.process.stderr(), "", "{method}");
        drop(client);
    }
}

async fn first_call(method: &str, mut client: Client) -> Vec<Diagnostic> {
    let config = bearer("t", 1);
    let prior = stored(&config);
    let block = provider_block(&json!({"api_token": "t", "domain": "acme.eu.auth0.com"}));
    match method {
        "GetMetadata" => {
            let answer = client.get_metadata(get_metadata::Request {}).await.unwrap();
            answer.into_inner().diagnostics
        }
        "GetProviderSchema" => {
            let answer = client.get_provider_schema(get_provider_schema::Request {}).await;
            answer.unwrap().into_inner().diagnostics
        }
        "GetFunctions" => {
            let answer = client.get_functions(get_functions::Request {}).await.unwrap();
            answer.into_inner().diagnostics
        }
        "GetResourceIdentitySchemas" => {
            let request = get_resource_identity_schemas::Request {};
            client.get_resource_identity_schemas(request).await.unwrap().into_inner().diagnostics
        }
        "UpgradeResourceIdentity" => {
            let answer = client.upgrade_resource_identity(upgrade_identity_request(ID)).await;
            answer.unwrap().into_inner().diagnostics
        }
        "ValidateProviderConfig" => {
            let request = validate_provider_config::Request { config: Some(encode(&block)) };
            client.validate_provider_config(request).await.unwrap().into_inner().diagnostics
        }
        "ValidateResourceConfig" => {
            let answer = client.validate_resource_config(validate_request(&config)).await;
            answer.unwrap().into_inner().diagnostics
        }
        "ValidateDataResourceConfig" => {
            let answer =
                client.validate_data_resource_config(validate_data_request(&by_id())).await;
            answer.unwrap().into_inner().diagnostics
        }
        "ValidateEphemeralResourceConfig" => {
            let request = ephemeral::validate_request(&json!({}));
            let answer = client.validate_ephemeral_resource_config(request).await;
            answer.unwrap().into_inner().diagnostics
        }
        "OpenEphemeralResource" => {
            let request = ephemeral::open_request(&json!({}));
            client.open_ephemeral_resource(request).await.unwrap().into_inner().diagnostics
        }
        "RenewEphemeralResource" => {
            let request = ephemeral::renew_request();
            client.renew_ephemeral_resource(request).await.unwrap().into_inner().diagnostics
        }
        "CloseEphemeralResource" => {
            let request = ephemeral::close_request();
            client.close_ephemeral_resource(request).await.unwrap().into_inner().diagnostics
        }
        "ValidateListResourceConfig" => {
            let request = list::validate_request(&json!({}));
            client.validate_list_resource_config(request).await.unwrap().into_inner().diagnostics
        }
        "ListResource" => {
            let answer = client.list_resource(list::list_request(0, true)).await.unwrap();
            let event = answer.into_inner().message().await.unwrap().unwrap();
            event.diagnostic
        }
        "ValidateActionConfig" => {
            let request = action::validate_request(&json!({}));
            client.validate_action_config(request).await.unwrap().into_inner().diagnostics
        }
        "PlanAction" => {
            let request = action::plan_request(&json!({}));
            client.plan_action(request).await.unwrap().into_inner().diagnostics
        }
        "InvokeAction" => {
            let answer = client.invoke_action(action::invoke_request(&json!({}))).await.unwrap();
            let event = answer.into_inner().message().await.unwrap().unwrap();
            match event.r#type {
                Some(Type::Completed(completed)) => completed.diagnostics,
                other => panic!("{other:?}"),
            }
        }
        "ReadDataSource" => {
            let answer = client.read_data_source(read_data_request(&by_id())).await;
            answer.unwrap().into_inner().diagnostics
        }
        "CallFunction" => {
            let answer = client.call_function(call_request("event_types", &[])).await;
            assert_eq!(answer.unwrap().into_inner().error, None);
            Vec::new()
        }
        "UpgradeResourceState" => {
            let answer = client.upgrade_resource_state(upgrade_request(&prior)).await;
            let answer = answer.unwrap().into_inner();
            assert_eq!(decode(answer.upgraded_state.as_ref()), prior);
            answer.diagnostics
        }
        "ConfigureProvider" => {
            let request = configure_request(&block);
            client.configure_provider(request).await.unwrap().into_inner().diagnostics
        }
        "ReadResource" => {
            let answer = client.read_resource(read_request(&prior)).await.unwrap().into_inner();
            assert_eq!(decode(answer.new_state.as_ref()), prior);
            answer.diagnostics
        }
        "PlanResourceChange" => {
            let answer = client.plan_resource_change(plan_request(&prior, &config)).await;
            let answer = answer.unwrap().into_inner();
            assert_eq!(decode(answer.planned_state.as_ref()), prior);
            answer.diagnostics
        }
        "ApplyResourceChange" => {
            let renamed = |stream| with(stream, &json!({"name": "renamed"}));
            let planned = plan_resource_change::Response {
                planned_state: Some(encode(&renamed(&prior))),
                ..Default::default()
            };
            let request = apply_request(&prior, &planned, &renamed(&config));
            let answer = client.apply_resource_change(request).await.unwrap().into_inner();
            assert_eq!(decode(answer.new_state.as_ref()), prior);
            answer.diagnostics
        }
        "ImportResourceState" => {
            let answer = client.import_resource_state(import_request(ID)).await;
            let answer = answer.unwrap().into_inner();
            assert_eq!(answer.imported_resources.len(), 1);
            answer.diagnostics
        }
        "MoveResourceState" => {
            let answer = client.move_resource_state(move_request(OFFICIAL, TYPE, &prior)).await;
            let answer = answer.unwrap().into_inner();
            assert_eq!(decode(answer.target_state.as_ref()), prior);
            answer.diagnostics
        }
        "GenerateResourceConfig" => {
            let answer = client.generate_resource_config(generate_request(&prior)).await;
            answer.unwrap().into_inner().diagnostics
        }
        "StopProvider" => {
            let answer = client.stop_provider(stop_provider::Request {}).await.unwrap();
            assert_eq!(answer.into_inner().error, "");
            Vec::new()
        }
        other => panic!("{other} has no call here"),
    }
}
