//! A toy provider in a process of its own, spoken to as core does it. It shows what the transport does
//! with handlers that panic, take long or never end, and that TCP works on every system.

use std::{fs, path::PathBuf, time::Duration};

use tokio::time::{sleep, timeout};
use tonic::{Code, Request, Response, Status, async_trait, transport::Channel};

use super::{Lifecycle, Network, ServeOptions, serve};
use crate::wire::{
    go_plugin::{Empty, grpc_controller_client::GrpcControllerClient},
    tfplugin6::{
        Diagnostic, DynamicValue, diagnostic::Severity, provider_client::ProviderClient,
        provider_server::Provider, read_resource, stop_provider,
    },
};

// The client half, shared with the tests of the built binary.
#[allow(dead_code, unreachable_pub)]
#[path = "../../tests/support/certificate.rs"]
mod certificate;
#[allow(dead_code, unreachable_pub)]
#[path = "../../tests/support/core_client.rs"]
mod core_client;
#[allow(dead_code, unreachable_pub)]
#[path = "../../tests/support/plugin_process.rs"]
mod plugin_process;

use core_client::CoreIdentity;
use plugin_process::{Launch, Plugin};

const SECRET: &str = "s3cr3t-of-a-payload";
/// Names the file that a handler writes when it has settled.
const MARKER: &str = "TOY_MARKER";
const NETWORK: &str = "TOY_NETWORK";

/// A provider whose `ReadResource` does what the name of the type says.
struct Toy(Lifecycle);

#[async_trait]
impl Provider for Toy {
    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Result<Response<read_resource::Response>, Status> {
        let request = request.into_inner();
        assert_ne!(request.type_name, "panics_outside", "{SECRET}");
        let best_known = request.current_state.clone();
        let answer = self.0.run(read(request, self.0.stop_token())).await;
        Ok(Response::new(answer.unwrap_or_else(|panicked| read_resource::Response {
            new_state: best_known,
            diagnostics: vec![Diagnostic {
                severity: Severity::Error.into(),
                summary: panicked.to_string(),
                ..Default::default()
            }],
            ..Default::default()
        })))
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        self.0.stop();
        Ok(Response::new(stop_provider::Response::default()))
    }
}

async fn read(
    request: read_resource::Request,
    stop: tokio_util::sync::CancellationToken,
) -> read_resource::Response {
    match request.type_name.as_str() {
        "echoes" => {}
        "panics" => panic!("{SECRET}"),
        // Panics after it has waited, so that it is not the first poll that catches it.
        "panics_later" => {
            sleep(Duration::from_millis(1)).await;
            panic!("{SECRET}");
        }
        "settles" => {
            stop.cancelled().await;
            sleep(Duration::from_millis(50)).await;
            fs::write(marker(), "settled").unwrap();
        }
        "takes_a_while" => {
            sleep(Duration::from_millis(100)).await;
            fs::write(marker(), "done").unwrap();
        }
        "sticks" => std::future::pending().await,
        other => unreachable!("{other}"),
    }
    read_resource::Response { new_state: request.current_state, ..Default::default() }
}

fn marker() -> PathBuf {
    std::env::var_os(MARKER).unwrap().into()
}

#[test]
#[ignore = "the process of the toy, which the other tests start"]
fn as_a_plugin() {
    if std::env::var_os(plugin_process::COOKIE.0).is_none() {
        return; // somebody runs all ignored tests
    }
    let mut options = ServeOptions::new("toy");
    if std::env::var_os(NETWORK).is_some() {
        options.network = Network::Tcp;
    }
    serve(options, Toy).unwrap();
}

fn launch() -> Launch {
    Launch::new(std::env::current_exe().unwrap()).args(&[
        "plugin::tests::as_a_plugin",
        "--exact",
        "--ignored",
        "--nocapture",
    ])
}

fn client(channel: Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel)
        .max_decoding_message_size(usize::MAX)
        .max_encoding_message_size(usize::MAX)
}

fn read_of(type_name: &str, state: &[u8]) -> read_resource::Request {
    let state = DynamicValue { msgpack: state.to_vec().into(), ..Default::default() };
    read_resource::Request {
        type_name: type_name.to_owned(),
        current_state: Some(state),
        ..Default::default()
    }
}

async fn started() -> (Plugin, ProviderClient<Channel>) {
    let plugin = launch().start();
    let client = client(plugin.channel().await);
    (plugin, client)
}

/// Starts the toy with one call in flight.
async fn busy_with(
    type_name: &'static str,
    marker: &std::path::Path,
) -> (Plugin, ProviderClient<Channel>, tokio::task::JoinHandle<read_resource::Response>) {
    let plugin = launch().env(MARKER, marker).start();
    let client = client(plugin.channel().await);
    let mut caller = client.clone();
    let call = tokio::spawn(async move {
        caller.read_resource(read_of(type_name, b"prior")).await.unwrap().into_inner()
    });
    // Another answer shows that the call before it has arrived.
    sleep(Duration::from_millis(50)).await;
    client.clone().read_resource(read_of("echoes", b"")).await.unwrap();
    (plugin, client, call)
}

fn marker_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("marker")
}

async fn ended(plugin: Plugin) -> plugin_process::Ended {
    tokio::task::spawn_blocking(|| plugin.process.ended()).await.unwrap()
}

#[tokio::test]
async fn a_panic_costs_one_call_and_tells_only_where_it_happened() {
    let (plugin, client) = started().await;
    for type_name in ["panics", "panics_later"] {
        let answer = client.clone().read_resource(read_of(type_name, b"prior")).await.unwrap();
        let answer = answer.into_inner();
        assert_eq!(answer.new_state.unwrap().msgpack, &b"prior"[..], "the best known state");
        let summary = &answer.diagnostics[0].summary;
        assert!(summary.starts_with("panic at src/plugin/tests.rs:"), "{summary}");
    }
    let refused = client.clone().read_resource(read_of("panics_outside", b"")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Internal);
    assert!(!format!("{refused:?}").contains(SECRET));

    client.clone().read_resource(read_of("echoes", b"")).await.unwrap();
    drop(client);
    let stderr = ended(plugin).await.stderr;
    assert_eq!(
        stderr.matches(r#""@message":"panic at src/plugin/tests.rs:"#).count(),
        3,
        "{stderr}"
    );
    assert!(!stderr.contains(SECRET), "{stderr}");
    assert!(!stderr.lines().any(|line| line.starts_with("panic:")), "{stderr}");
}

#[tokio::test]
async fn a_panic_leaves_other_calls_in_flight_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_plugin, client, call) = busy_with("settles", &marker_in(&folder)).await;
    client.clone().read_resource(read_of("panics", b"")).await.unwrap();
    client.clone().read_resource(read_of("panics_outside", b"")).await.unwrap_err();
    client.clone().stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!(call.await.unwrap().new_state.unwrap().msgpack, &b"prior"[..]);
}

#[tokio::test]
async fn stop_provider_and_sigterm_let_a_call_settle_and_answer() {
    for by_signal in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (plugin, client, call) = busy_with("settles", &marker_in(&folder)).await;
        if by_signal {
            plugin.process.signal("TERM");
        } else {
            client.clone().stop_provider(stop_provider::Request {}).await.unwrap();
        }
        // Core's own Ctrl-C reaches us too and changes nothing.
        plugin.process.signal("INT");
        assert_eq!(call.await.unwrap().new_state.unwrap().msgpack, &b"prior"[..]);
        client.clone().read_resource(read_of("echoes", b"")).await.unwrap();
        drop(client);
        assert!(ended(plugin).await.status.success(), "by signal: {by_signal}");
    }
}

#[tokio::test]
async fn what_is_in_flight_settles_when_core_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (plugin, client, call) = busy_with("settles", &marker_in(&folder)).await;
    call.abort();
    drop(client);
    let ended = ended(plugin).await;
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(fs::read_to_string(marker_in(&folder)).unwrap(), "settled");
}

#[tokio::test]
async fn a_call_that_core_gives_up_runs_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (_plugin, _client, call) = busy_with("takes_a_while", &marker_in(&folder)).await;
    assert!(!marker_in(&folder).exists());
    call.abort();
    let written = async {
        while !marker_in(&folder).exists() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), written).await.unwrap();
}

#[tokio::test]
async fn shutdown_waits_for_no_call() {
    let folder = tempfile::tempdir().unwrap();
    let (plugin, _client, _call) = busy_with("sticks", &marker_in(&folder)).await;
    let mut controller = GrpcControllerClient::new(plugin.channel().await);
    controller.shutdown(Empty {}).await.unwrap();
    let ended = ended(plugin).await;
    assert!(ended.status.success() && ended.took < Duration::from_secs(2), "{ended:?}");
    assert!(ended.left_behind.is_empty(), "{ended:?}");
}

#[tokio::test]
async fn large_states_go_both_ways() {
    let (_plugin, mut client) = started().await;
    let state = vec![0x5a; 64 * 1024 * 1024];
    let answer = client.read_resource(read_of("echoes", &state)).await.unwrap().into_inner();
    assert!(answer.new_state.unwrap().msgpack == state);
}

/// What Windows does, on every system.
#[tokio::test]
async fn tcp_has_the_same_mutual_tls() {
    let plugin = launch().env(NETWORK, "tcp").start();
    assert_eq!(plugin.handshake.network(), "tcp");
    assert!(plugin.handshake.address().starts_with("127.0.0.1:"));
    let mut core = client(plugin.channel().await);
    core.read_resource(read_of("echoes", b"")).await.unwrap();

    let stranger = CoreIdentity::generate();
    for identity in [None, Some(&stranger)] {
        if let Ok(channel) = plugin.channel_with(&plugin.greeting_as(identity)).await {
            let refused = GrpcControllerClient::new(channel).shutdown(Empty {}).await;
            assert!(refused.is_err());
        }
    }
    core.read_resource(read_of("echoes", b"")).await.unwrap();
    GrpcControllerClient::new(plugin.channel().await).shutdown(Empty {}).await.unwrap();
    assert!(ended(plugin).await.status.success());
}
