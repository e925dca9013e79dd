//! Compiles the protocol without `protoc`. Nothing generated is committed, so no stale copy can exist.
//! A static program of glibc gets `src/nss.c` as well.

use std::{env, error::Error, fs, path::PathBuf};

use protox::prost::Message;

const FILES: [&str; 3] = ["tfplugin6.proto", "go_plugin.proto", "grpc_health.proto"];

#[allow(clippy::print_stdout, reason = "cargo reads the instructions of a build script on stdout")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    if is_static_glibc() {
        println!("cargo:rerun-if-changed=src/nss.c");
        cc::Build::new().file("src/nss.c").cargo_metadata(false).try_compile("nss")?;
        println!("cargo:rustc-link-search=native={}", env::var("OUT_DIR")?);
        // All of it, although nothing refers to it.
        println!("cargo:rustc-link-lib=static:+whole-archive=nss");
    }

    let descriptors = protox::compile(FILES, ["proto"])?;
    // The tests read names and numbers from here.
    let out = PathBuf::from(env::var("OUT_DIR")?);
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

fn is_static_glibc() -> bool {
    let is = |name: &str, wanted: &str| {
        env::var(name).is_ok_and(|value| value.split(',').any(|part| part == wanted))
    };
    is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_FEATURE", "crt-static")
}
