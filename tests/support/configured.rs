//! A process of the provider that is ready to work, as core makes one for each walk.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use terraform_provider_auth0::wire::{
    go_plugin::{
        ConnInfo, Empty, StdioData, grpc_broker_client::GrpcBrokerClient,
        grpc_controller_client::GrpcControllerClient, grpc_stdio_client::GrpcStdioClient,
    },
    tfplugin6::{
        ClientCapabilities, DynamicValue, Schema, configure_provider, get_provider_schema,
        provider_client::ProviderClient,
    },
};
use tokio::task::spawn_blocking;
use tonic::{Streaming, transport::Channel};

use super::{
    dynamic_value::{object, to_wire},
    plugin_process::Plugin,
    provider_client,
};

/// A connected provider that has answered its schema and is configured by its environment.
pub struct Configured {
    pub client: ProviderClient<Channel>,
    plugin: Plugin,
    channel: Channel,
    /// Core opens both with the connection.
    streams: (Streaming<StdioData>, Streaming<ConnInfo>),
    schema: get_provider_schema::Response,
    /// How long the schema was waited for.
    pub schema_took: Duration,
}

/// What a process occupies, in bytes.
pub struct Memory {
    pub resident: u64,
    /// The highest that it has been.
    pub peak: u64,
}

/// What every core with write-only arguments says of itself.
pub const CAPABILITIES: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
    store_planned_private: false,
    computed_blocks_allowed: false,
};

impl Configured {
    pub async fn connect(plugin: Plugin) -> Self {
        let channel = plugin.channel().await;
        let output = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap();
        let mut broker = GrpcBrokerClient::new(channel.clone());
        let broker = broker.start_stream(tokio_stream::pending()).await.unwrap();
        let streams = (output.into_inner(), broker.into_inner());
        let mut client = provider_client(channel.clone());
        let since = Instant::now();
        let schema = client.get_provider_schema(get_provider_schema::Request {}).await;
        let schema_took = since.elapsed();
        let schema = schema.unwrap().into_inner();
        let request = configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: Some(of_schema(schema.provider.as_ref(), &json!({}))),
            client_capabilities: Some(CAPABILITIES),
        };
        let answer = client.configure_provider(request).await.unwrap().into_inner();
        assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
        Self { client, plugin, channel, streams, schema, schema_took }
    }

    /// The configuration of a resource, with what is not given.
    pub fn resource(&self, type_name: &str, given: &Json) -> DynamicValue {
        of_schema(self.schema.resource_schemas.get(type_name), given)
    }

    /// What the process occupies, where the system says so in `/proc`.
    pub fn memory(&self) -> Option<Memory> {
        let id = self.plugin.process.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
        };
        Some(Memory { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }

    /// Ends the process as core does; the time from the call to the exit.
    pub async fn shutdown(self) -> Duration {
        let Self { client, mut plugin, channel, streams, .. } = self;
        let since = Instant::now();
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
        drop((client, streams));
        // Elsewhere, so that the connection can be closed meanwhile.
        let exit = move || (plugin.process.wait(), since.elapsed(), plugin);
        let (status, took, plugin) = spawn_blocking(exit).await.unwrap();
        assert!(status.success(), "{status}; stderr: {}", plugin.process.stderr());
        took
    }
}

fn of_schema(schema: Option<&Schema>, given: &Json) -> DynamicValue {
    let block = schema.and_then(|schema| schema.block.as_ref()).unwrap();
    to_wire(&object(block, given))
}
