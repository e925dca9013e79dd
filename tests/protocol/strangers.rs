//! Who may connect, and that nobody else can use or stop the plugin.

use rustls::version::{TLS12, TLS13};
use terraform_provider_auth0::wire::{
    go_plugin::{Empty, grpc_controller_client::GrpcControllerClient},
    tfplugin6::get_provider_schema,
};
use tokio::io::AsyncWriteExt;

use crate::support::{
    PROGRAM,
    core_client::{CoreIdentity, Greeting, dial, greet},
    plugin_process::{Launch, Plugin},
    provider, provider_client,
};

/// Asks for `Shutdown`. Under TLS 1.3 the refusal shows only now.
async fn can_shut_down(plugin: &Plugin, greeting: &Greeting) -> bool {
    match plugin.channel_with(greeting).await {
        Ok(channel) => GrpcControllerClient::new(channel).shutdown(Empty {}).await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn strangers_are_refused_and_core_goes_on() {
    let (mut plugin, mut core) = provider().await;
    core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();

    let stranger = CoreIdentity::generate();
    let thief = plugin.process.identity.with_key_of(&stranger);
    for (case, identity, reason) in [
        ("no certificate", None, "peer sent no certificates"),
        ("another certificate", Some(&stranger), "ApplicationVerificationFailure"),
        ("core's certificate without its key", Some(&thief), "BadSignature"),
    ] {
        for version in [&TLS12, &TLS13] {
            let greeting = plugin.greeting_as(identity).speaking(version);
            assert!(!can_shut_down(&plugin, &greeting).await, "{case}, {version:?}");
        }
        plugin.process.stderr_with(reason);
    }
    assert!(!can_shut_down(&plugin, &Greeting::Plaintext).await, "plaintext");
    plugin.process.stderr_with("InvalidContentType");

    assert!(plugin.process.is_running());
    core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
}

/// A refused stranger may come before core does, and is not taken for core that went.
#[tokio::test]
async fn a_refused_stranger_is_not_a_core_that_left() {
    let plugin = Launch::new(PROGRAM).start();
    let stranger = plugin.greeting_as(Some(&CoreIdentity::generate()));
    assert!(!can_shut_down(&plugin, &stranger).await);
    plugin.process.stderr_with("refused a connection");
    let mut core = provider_client(plugin.channel().await);
    core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
}

#[tokio::test]
async fn core_may_speak_either_version_of_tls_and_gets_http_2() {
    for version in [&TLS12, &TLS13] {
        let plugin = Launch::new(PROGRAM).start();
        let greeting = plugin.greeting().speaking(version);

        let stream = dial("unix", plugin.handshake.address()).await.unwrap();
        let stream = greet(stream, &greeting).await.unwrap();
        let (_, session) = stream.get_ref();
        assert_eq!(session.alpn_protocol(), Some(&b"h2"[..]));
        assert_eq!(session.protocol_version(), Some(version.version));

        let mut core = provider_client(plugin.channel_with(&greeting).await.unwrap());
        core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    }
}

#[tokio::test]
async fn silent_connections_hold_up_nobody() {
    let plugin = Launch::new(PROGRAM).start();
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(dial("unix", plugin.handshake.address()).await.unwrap());
    }
    // Not a word, or half a one.
    for stream in &mut silent[10..] {
        stream.write_all(&[0x16, 3, 1]).await.unwrap();
    }
    let mut core = provider_client(plugin.channel().await);
    core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    let mut controller = GrpcControllerClient::new(plugin.channel().await);
    controller.shutdown(Empty {}).await.unwrap();
    let ended = plugin.process.ended();
    assert!(ended.status.success() && ended.left_behind.is_empty(), "{ended:?}");
}

#[tokio::test]
async fn plaintext_is_served_where_core_asks_for_it() {
    let plugin = Launch::new(PROGRAM).plaintext().start();
    // Whoever connects without a request is not core that goes.
    drop(dial("unix", plugin.handshake.address()).await.unwrap());
    let mut core = provider_client(plugin.channel().await);
    core.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
}
