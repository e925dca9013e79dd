//! Lines on stderr, by the rules that core reads them with.

use serde_json::{Map, Value};
use terraform_provider_auth0::wire::go_plugin::{
    Empty, grpc_controller_client::GrpcControllerClient,
};

use crate::support::{
    PROGRAM,
    core_client::{CoreIdentity, dial},
    plugin_process::{Launch, Plugin},
};

async fn log_of_a_refusal(launch: Launch) -> String {
    let plugin: Plugin = launch.start();
    let stranger = plugin.greeting_as(Some(&CoreIdentity::generate()));
    if let Ok(channel) = plugin.channel_with(&stranger).await {
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap_err();
    }
    drop(dial("unix", plugin.handshake.address()).await.unwrap());
    let mut core = GrpcControllerClient::new(plugin.channel().await);
    core.shutdown(Empty {}).await.unwrap();
    plugin.process.ended().stderr
}

#[tokio::test]
async fn every_line_is_one_that_core_can_level() {
    let log = log_of_a_refusal(Launch::new(PROGRAM).env("TF_LOG", "TRACE")).await;
    assert!(log.ends_with('\n') && log.lines().count() >= 2, "{log}");
    for line in log.lines() {
        let fields: Map<String, Value> = serde_json::from_str(line).unwrap();
        let text = |key: &str| fields[key].as_str().unwrap_or_else(|| panic!("{key} in {line}"));
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(!text("@message").is_empty(), "{line}");
        assert!(text("@module").starts_with("plugin."), "{line}");
        // 2006-01-02T15:04:05.000000Z: exactly six digits of a second.
        let pattern = "dddd-dd-ddTdd:dd:dd.ddddddZ";
        let shape: String =
            text("@timestamp").chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
        assert_eq!(shape, pattern, "{line}");
        assert!(line.len() < 64 * 1024);
    }
}

#[tokio::test]
async fn without_a_level_only_warnings_come() {
    let log = log_of_a_refusal(Launch::new(PROGRAM)).await;
    assert!(log.contains("refused a connection"), "{log}");
    for line in log.lines() {
        assert!(line.contains(r#""@level":"warn""#), "{line}");
    }
    let log = log_of_a_refusal(Launch::new(PROGRAM).env("TF_LOG", "OFF")).await;
    assert_eq!(log, "");
}
