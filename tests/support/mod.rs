//! What the tests share. Each test program uses a part of it.
#![allow(dead_code, unreachable_pub, reason = "no test program uses all of it")]

pub mod budgets;
pub mod certificate;
pub mod configured;
pub mod core_client;
pub mod dynamic_value;
pub mod forward_proxy;
pub mod golden;
pub mod keyring;
pub mod plugin_process;
pub mod recorder;
pub mod running;
pub mod terraform;

use std::path::{Path, PathBuf};

use terraform_provider_auth0::wire::tfplugin6::provider_client::ProviderClient;
use tonic::transport::Channel;

use plugin_process::{Launch, Plugin};

/// The provider's program, as built.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-auth0");

/// The provider's program as users get it: what `make build` has left in `target/release/`.
#[track_caller]
pub fn release_program() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release");
    let program = folder.join("terraform-provider-auth0");
    assert!(program.is_file(), "{} is missing: run `make build`", program.display());
    // Without `--target`, cargo builds tests and benchmarks in release mode into that folder, too,
    // and puts a program of other flags and features in the place of the released one.
    assert_ne!(program, Path::new(PROGRAM), "not the program of `make build`: run `make` instead");
    program
}

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
