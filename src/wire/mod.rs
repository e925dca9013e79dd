//! The protocol as it goes over the wire: bindings that `proto/build.rs` generates from our own
//! transcription in `proto/`. Nothing here is written by hand, and only `plugin/` uses it.
#![allow(clippy::all, unreachable_pub, reason = "generated")]

/// Protocol 6 between core and a provider.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// What go-plugin expects of every plugin process.
pub mod go_plugin {
    tonic::include_proto!("plugin");
}

/// The health service of gRPC.
pub mod grpc_health {
    tonic::include_proto!("grpc.health.v1");
}
