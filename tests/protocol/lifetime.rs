//! What ends the process and what does not.

use std::time::Duration;

use terraform_provider_auth0::wire::{
    go_plugin::{
        Empty, grpc_broker_client::GrpcBrokerClient, grpc_controller_client::GrpcControllerClient,
        grpc_stdio_client::GrpcStdioClient,
    },
    tfplugin6::{get_provider_schema, stop_provider},
};

use crate::support::{PROGRAM, plugin_process::Launch, provider, provider_client};

/// Core kills a plugin two seconds after `Shutdown`.
const CORES_PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn shutdown_is_answered_and_ends_the_process_with_streams_open() {
    let plugin = Launch::new(PROGRAM).start();
    let channel = plugin.channel().await;
    let _stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap();
    let _broker =
        GrpcBrokerClient::new(channel.clone()).start_stream(tokio_stream::pending()).await.unwrap();
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    let ended = plugin.process.ended();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.took < CORES_PATIENCE, "{ended:?}");
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
    assert!(ended.left_behind.is_empty(), "{ended:?}");
}

#[tokio::test]
async fn ctrl_c_is_for_core_to_handle() {
    let (mut plugin, mut client) = provider().await;
    for _ in 0..3 {
        plugin.process.signal("INT");
        client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn stop_provider_is_answered_and_the_plugin_serves_on() {
    let (mut plugin, mut client) = provider().await;
    let answer = client.stop_provider(stop_provider::Request {}).await.unwrap().into_inner();
    assert_eq!(answer.error, "");
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn sigterm_leaves_core_the_time_to_end_the_plugin_itself() {
    let plugin = Launch::new(PROGRAM).start();
    let channel = plugin.channel().await;
    let mut client = provider_client(channel.clone());
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    plugin.process.signal("TERM");
    tokio::time::sleep(Duration::from_millis(100)).await;
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    assert!(plugin.process.ended().status.success());
}

#[tokio::test]
async fn after_sigterm_the_process_ends_with_cores_connection() {
    let (plugin, mut client) = provider().await;
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    plugin.process.signal("TERM");
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(client);
    tokio::task::yield_now().await;
    let ended = tokio::task::spawn_blocking(|| plugin.process.ended()).await.unwrap();
    assert!(ended.status.success() && ended.left_behind.is_empty(), "{ended:?}");
}

#[tokio::test]
async fn a_core_that_closes_its_connection_is_followed() {
    let (plugin, mut client) = provider().await;
    client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    drop(client);
    let ended = tokio::task::spawn_blocking(|| plugin.process.ended()).await.unwrap();
    assert!(ended.status.success() && ended.left_behind.is_empty(), "{ended:?}");
    assert!(ended.stderr.contains("core has gone"), "{}", ended.stderr);
}

/// The signal that asks for a core dump brings none, where the process could write one.
#[cfg(unix)]
#[test]
fn no_core_dump_holds_the_credentials() {
    use std::os::unix::process::ExitStatusExt;
    const DUMPS: &str = "ulimit -S -c \"$(ulimit -H -c)\"; cd \"$TMPDIR\"";
    let plugin = Launch::through_shell(DUMPS, PROGRAM).start();
    if cfg!(target_os = "linux") {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", plugin.process.id()));
        let limits = limits.unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{line}");
    }
    plugin.process.signal("QUIT");
    let ended = plugin.process.ended();
    assert!(ended.status.signal().is_some(), "{ended:?}");
    assert!(!ended.status.core_dumped(), "{ended:?}");
}
