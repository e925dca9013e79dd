//! Where the socket is and who can open it.

use std::{fs, os::unix::fs::MetadataExt, path::Path, process::Command};

use crate::support::{PROGRAM, plugin_process::Launch};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn is_the_owners_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "777"] {
        let plugin = Launch::through_shell(&format!("umask {umask}"), PROGRAM).start();
        let socket = Path::new(plugin.handshake.address());
        assert_eq!(mode(socket), 0o600, "umask {umask}");
        assert_eq!(mode(socket.parent().unwrap()), 0o700, "umask {umask}");
    }
}

#[test]
fn is_in_the_folder_that_was_asked_for() {
    let demanded = tempfile::tempdir().unwrap();
    let plugin = Launch::new(PROGRAM).env("PLUGIN_UNIX_SOCKET_DIR", demanded.path()).start();
    assert!(Path::new(plugin.handshake.address()).starts_with(demanded.path()));
    plugin.process.signal("TERM");
    plugin.process.ended();
    assert_eq!(fs::read_dir(demanded.path()).unwrap().count(), 0);
}

#[test]
fn opens_for_a_group_that_was_asked_for() {
    let id = |flags| {
        let output = Command::new("id").arg(flags).output().unwrap().stdout;
        String::from_utf8(output).unwrap().trim().to_owned()
    };
    let gid: u32 = id("-g").parse().unwrap();
    for group in [id("-g"), id("-gn")] {
        let plugin = Launch::through_shell("umask 000", PROGRAM)
            .env("PLUGIN_UNIX_SOCKET_GROUP", &group)
            .start();
        let socket = Path::new(plugin.handshake.address());
        let folder = socket.parent().unwrap();
        assert_eq!((mode(socket), mode(folder)), (0o660, 0o710), "{group}");
        let groups = [socket, folder].map(|path| fs::metadata(path).unwrap().gid());
        assert_eq!(groups, [gid; 2], "{group}");
    }
}

#[test]
fn an_unknown_group_is_fatal() {
    let ended = Launch::new(PROGRAM)
        .env("PLUGIN_UNIX_SOCKET_GROUP", "no-such-group")
        .start_without_handshake()
        .ended();
    assert_eq!((ended.status.code(), ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("no-such-group"), "{}", ended.stderr);
    assert!(ended.left_behind.is_empty(), "{:?}", ended.left_behind);
}

#[tokio::test]
async fn a_temporary_folder_too_long_for_a_socket_is_left_for_tmp() {
    let parent = tempfile::tempdir().unwrap();
    let long = parent.path().join("x".repeat(100));
    fs::create_dir(&long).unwrap();
    let plugin = Launch::new(PROGRAM).env("TMPDIR", &long).start();
    let folder = Path::new(plugin.handshake.address()).parent().unwrap().to_owned();
    assert_eq!(folder.parent(), Some(Path::new("/tmp")));
    plugin.channel().await;
    plugin.process.signal("TERM");
    plugin.process.ended();
    assert!(!folder.exists());
}

#[test]
fn a_demanded_folder_too_long_for_a_socket_is_fatal() {
    let parent = tempfile::tempdir().unwrap();
    let long = parent.path().join("x".repeat(100));
    fs::create_dir(&long).unwrap();
    let ended =
        Launch::new(PROGRAM).env("PLUGIN_UNIX_SOCKET_DIR", &long).start_without_handshake().ended();
    assert_eq!((ended.status.code(), ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("PLUGIN_UNIX_SOCKET_DIR"), "{}", ended.stderr);
}
