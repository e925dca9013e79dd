//! What the tests share. Each test program uses a part of it.
#![allow(dead_code, unreachable_pub, reason = "no test program uses all of it")]

pub mod certificate;
pub mod core_client;
pub mod golden;
pub mod plugin_process;
pub mod terraform;

use terraform_provider_auth0::wire::tfplugin6::provider_client::ProviderClient;
use tonic::transport::Channel;

use plugin_process::{Launch, Plugin};

/// The provider's program, as built.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-auth0");

/// Starts the provider as core does, and connects to it. The plugin lives as long as the first part of
/// the answer; the process ends when every client is dropped, as it does when core goes.
pub async fn provider() -> (Plugin, ProviderClient<Channel>) {
    let plugin = Launch::new(PROGRAM).start();
    let client = provider_client(plugin.channel().await);
    (plugin, client)
}

/// A client with core's limits on the size of messages.
pub fn provider_client(channel: Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel)
        .max_decoding_message_size(i32::MAX as usize)
        .max_encoding_message_size(i32::MAX as usize)
}
