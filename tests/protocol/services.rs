//! The services beside the provider's own, and what holds for every RPC.

use std::time::Duration;

use terraform_provider_auth0::wire::{
    go_plugin::{grpc_broker_client::GrpcBrokerClient, grpc_stdio_client::GrpcStdioClient},
    grpc_health::{
        HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
    },
    tfplugin6::{DynamicValue, lock_state, validate_provider_config},
};
use tokio::time::timeout;
use tonic::Code;

use crate::support::{PROGRAM, plugin_process::Launch, provider};

const A_MOMENT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn health_knows_the_plugin() {
    let plugin = Launch::new(PROGRAM).start();
    let mut health = HealthClient::new(plugin.channel().await);
    let asked = |service: &str| HealthCheckRequest { service: service.to_owned() };
    for service in ["plugin", ""] {
        let answer = health.check(asked(service)).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service:?}");
    }
    assert_eq!(health.check(asked("other")).await.unwrap_err().code(), Code::NotFound);

    for (service, status) in
        [("plugin", ServingStatus::Serving), ("other", ServingStatus::ServiceUnknown)]
    {
        let mut watch = health.watch(asked(service)).await.unwrap().into_inner();
        assert_eq!(watch.message().await.unwrap().unwrap().status(), status, "{service}");
        assert!(
            timeout(A_MOMENT, watch.message()).await.is_err(),
            "{service}: the watch stays open"
        );
    }
}

/// Core opens both when it connects, and warns about whatever comes.
#[tokio::test]
async fn stdio_and_broker_stay_open_and_silent() {
    let plugin = Launch::new(PROGRAM).start();
    let channel = plugin.channel().await;
    let mut stdio =
        GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let mut broker = GrpcBrokerClient::new(channel)
        .start_stream(tokio_stream::pending())
        .await
        .unwrap()
        .into_inner();
    assert!(timeout(A_MOMENT, stdio.message()).await.is_err());
    assert!(timeout(A_MOMENT, broker.message()).await.is_err());
}

#[tokio::test]
async fn an_rpc_that_the_provider_lacks_is_unimplemented() {
    let (_plugin, mut client) = provider().await;
    let refused = client.lock_state(lock_state::Request::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented);
}

/// What it makes of the value is another matter.
#[tokio::test]
async fn a_message_of_64_mib_arrives() {
    let (_plugin, mut client) = provider().await;
    let config =
        DynamicValue { msgpack: vec![0xc0; 64 * 1024 * 1024].into(), ..Default::default() };
    let request = validate_provider_config::Request { config: Some(config) };
    if let Err(status) = client.validate_provider_config(request).await {
        assert!(!matches!(status.code(), Code::OutOfRange | Code::ResourceExhausted), "{status}");
    }
}
