//! Compiles the protocol without `protoc`. Nothing generated is committed, so no stale copy can exist.

use std::{error::Error, fs, path::PathBuf};

use protox::prost::Message;

const FILES: [&str; 3] = ["tfplugin6.proto", "go_plugin.proto", "grpc_health.proto"];

#[allow(clippy::print_stdout, reason = "cargo reads the instructions of a build script on stdout")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");

    let descriptors = protox::compile(FILES, ["proto"])?;
    // The tests read names and numbers from here.
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("wire.fds"), descriptors.encode_to_vec())?;

    tonic_prost_build::configure()
        // An RPC of later work answers `Unimplemented`, as the protocol asks, without a line of ours.
        .generate_default_stubs(true)
        // The tests are the client.
        .build_client(true)
        .build_transport(false)
        // Values and states are slices of the received message instead of copies.
        .bytes(".")
        .compile_fds(descriptors)?;
    Ok(())
}
