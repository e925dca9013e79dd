//! `debug`: a process that a person starts and that outlives the runs of core.

use std::{fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use serde_json::Value;
use terraform_provider_auth0::wire::tfplugin6::{get_provider_schema, stop_provider};

use crate::support::{
    PROGRAM,
    core_client::{Greeting, channel},
    plugin_process::{COOKIE, Launch, Process},
    provider_client,
};

const ADDRESS: &str = "registry.example.com/acme/auth0";

fn started() -> (Process, Value) {
    let launch = Launch::new(PROGRAM).arg("debug").arg(ADDRESS);
    let mut process = launch.without_env(COOKIE.0).plaintext().start_without_handshake();
    let line = process.stdout_line_with("export TF_REATTACH_PROVIDERS='");
    let value = line.split('\'').nth(1).unwrap();
    let value = serde_json::from_str(value).unwrap();
    process.stdout_line_with("$env:TF_REATTACH_PROVIDERS='");
    (process, value)
}

#[tokio::test]
async fn tells_core_how_to_connect() {
    let (process, value) = started();
    let reattach = &value[ADDRESS];
    assert_eq!(reattach["Protocol"], "grpc");
    assert_eq!(reattach["ProtocolVersion"], 6);
    assert_eq!(reattach["Pid"], process.id());
    assert_eq!(reattach["Test"], true);
    assert_eq!(reattach["Addr"]["Network"], "unix");
    let socket = Path::new(reattach["Addr"]["String"].as_str().unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(socket), mode(socket.parent().unwrap())), (0o600, 0o700));
}

#[tokio::test]
async fn runs_of_core_come_and_go_until_ctrl_c() {
    let (mut process, value) = started();
    let socket = value[ADDRESS]["Addr"]["String"].as_str().unwrap();
    for _ in 0..3 {
        let core = channel("unix", socket, &Greeting::Plaintext).await.unwrap();
        let mut client = provider_client(core);
        client.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
        client.stop_provider(stop_provider::Request {}).await.unwrap();
        drop(client);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(process.is_running());
    }
    process.signal("INT");
    let ended = process.ended();
    assert!(ended.status.success() && ended.left_behind.is_empty(), "{ended:?}");
}
