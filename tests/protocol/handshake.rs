//! The one line on stdout, and who does not get it.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use crate::support::{
    PROGRAM,
    plugin_process::{COOKIE, Launch},
};

#[test]
fn is_one_exact_line() {
    let launch = Launch::new(PROGRAM);
    let temporary = launch.temporary().to_str().unwrap().to_owned();
    let plugin = launch.start();
    let fields = &plugin.handshake.fields;
    assert_eq!(fields.len(), 6, "{fields:?}");
    assert_eq!([&*fields[0], &*fields[1], &*fields[2], &*fields[4]], ["1", "6", "unix", "grpc"]);
    assert!(fields[3].starts_with(&format!("{temporary}/plugin")), "{}", fields[3]);
    assert!(plugin.handshake.line.ends_with('\n'));
    assert!(fields[5].len() > 50);

    plugin.process.signal("TERM");
    let ended = plugin.process.ended();
    assert_eq!(ended.stdout, "", "nothing follows the line");
}

/// Padding shows only where the length is not a multiple of three, so one certificate proves nothing.
#[test]
fn no_certificate_is_padded() {
    for _ in 0..4 {
        let plugin = Launch::new(PROGRAM).start();
        let certificate = &plugin.handshake.fields[5];
        assert!(!certificate.contains('='), "{certificate}");
        assert!(STANDARD_NO_PAD.decode(certificate).is_ok());
    }
}

#[test]
fn answers_version_6_and_as_many_fields_as_core_asked_for() {
    for (case, name, value, version, multiplexing) in [
        ("other order", "PLUGIN_PROTOCOL_VERSIONS", "6,5", "6", None),
        ("core complains itself", "PLUGIN_PROTOCOL_VERSIONS", "5", "6", None),
        ("multiplexing", "PLUGIN_MULTIPLEX_GRPC", "true", "6", Some("false")),
        ("no multiplexing", "PLUGIN_MULTIPLEX_GRPC", "", "6", None),
    ] {
        let plugin = Launch::new(PROGRAM).env(name, value).start();
        let fields = &plugin.handshake.fields;
        assert_eq!(fields[1], version, "{case}");
        assert_eq!(fields.get(6).map(String::as_str), multiplexing, "{case}");
    }
}

#[test]
fn without_a_client_certificate_there_is_no_server_certificate() {
    let plugin = Launch::new(PROGRAM).plaintext().start();
    assert_eq!(plugin.handshake.fields[5], "");
}

#[test]
fn a_client_certificate_that_is_none_is_fatal() {
    let ended =
        Launch::new(PROGRAM).env("PLUGIN_CLIENT_CERT", "?").start_without_handshake().ended();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("PLUGIN_CLIENT_CERT"), "{}", ended.stderr);
}

#[test]
fn by_hand_it_explains_itself_and_fails() {
    for launch in [
        Launch::new(PROGRAM).without_env(COOKIE.0),
        Launch::new(PROGRAM).env(COOKIE.0, "another program's"),
    ] {
        let ended = launch.start_without_handshake().ended();
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, "");
        for text in ["plugin", "not meant to be executed directly", "required_providers", "--help"]
        {
            assert!(ended.stderr.contains(text), "{text:?} in {}", ended.stderr);
        }
    }
}

#[test]
fn tells_its_version_and_its_arguments_with_or_without_core() {
    for (argument, text) in [("--version", env!("CARGO_PKG_VERSION")), ("--help", "debug")] {
        for launch in [Launch::new(PROGRAM), Launch::new(PROGRAM).without_env(COOKIE.0)] {
            let ended = launch.arg(argument).start_without_handshake().ended();
            assert_eq!(ended.status.code(), Some(0), "{argument}");
            assert!(ended.stdout.contains(text), "{argument}: {}", ended.stdout);
        }
    }
    let ended = Launch::new(PROGRAM).arg("--nonsense").start_without_handshake().ended();
    assert_eq!((ended.status.code(), ended.stdout.as_str()), (Some(2), ""));
}
