//! The program `auth0-simulator` as a user starts it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod guide;
mod official_client;
mod official_provider;
mod request_log;
mod script;
mod served;

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn simulator() -> Command {
    Command::new(env!("CARGO_BIN_EXE_auth0-simulator"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs a shell script under `auth0-simulator run`.
fn run(flags: &[&str], script: &str) -> Output {
    simulator().arg("run").args(flags).args(["--", "sh", "-c", script]).output().unwrap()
}

#[test]
fn it_says_in_one_line_how_to_reach_it_and_stops_when_told() {
    let directory = tempfile::tempdir().unwrap();
    let dir = directory.path().join("made/for/it");
    let mut child = simulator()
        .args(["--listen", "127.0.0.1:0", "--control", "--dir"])
        .arg(&dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let names: Vec<_> = ready.as_object().unwrap().keys().collect();
    assert_eq!(names, ["ca_cert_file", "client_id", "client_secret", "control", "domain"]);
    assert!(ready["domain"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert!(ready["control"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    let ca = Path::new(ready["ca_cert_file"].as_str().unwrap());
    assert!(ca.is_absolute());
    assert_eq!(ca, dir.join("ca.pem"));
    assert!(std::fs::read_to_string(ca).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    // It hangs up on what is no TLS, so that it has seen the connection before the signal.
    let mut connection = std::net::TcpStream::connect(ready["domain"].as_str().unwrap()).unwrap();
    connection.write_all(b"this is no TLS\r\n\r\n").unwrap();
    let _ = connection.read_to_end(&mut Vec::new());

    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let (mut rest, mut log) = (String::new(), String::new());
    stdout.read_to_string(&mut rest).unwrap();
    child.stderr.unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(rest, "");
    assert!(log.contains("auth0-simulator: 0 requests over 1 connections"), "{log}");
    assert!(!log.contains(ready["client_secret"].as_str().unwrap()));
}

#[test]
fn without_the_flag_there_is_no_control_door() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = simulator()
        .arg("--dir")
        .arg(directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["control"], Value::Null);
}

#[test]
fn a_command_finds_the_simulator_in_its_environment() {
    let script = r#"
        echo "$AUTH0_DOMAIN|$AUTH0_CLIENT_ID|$AUTH0_CLIENT_SECRET|$AUTH0_SIMULATOR_CONTROL"
        echo "$AUTH0_API_TOKEN"
        echo "$AUTH0_CA_CERT_FILE"
        grep -c BEGIN "$AUTH0_CA_CERT_FILE"
        cat "$SSL_CERT_FILE"
    "#;
    let directory = tempfile::tempdir().unwrap();
    let roots = directory.path().join("roots.pem");
    std::fs::write(&roots, "the roots of a system").unwrap();
    let output = simulator()
        .args(["run", "--control", "--", "sh", "-c", script])
        .env("SSL_CERT_FILE", &roots)
        .env("AUTH0_API_TOKEN", "the token of a real tenant")
        .output()
        .unwrap();
    assert!(output.status.success());
    let stdout = text(&output.stdout);
    let mut lines = stdout.lines();
    let variables: Vec<_> = lines.next().unwrap().split('|').collect();
    assert!(variables[0].starts_with("127.0.0.1:"));
    assert_eq!(variables[1].len(), 32);
    assert_eq!(variables[2].len(), 64);
    assert!(variables[3].starts_with("http://127.0.0.1:"));
    assert_eq!(lines.next(), Some(""));
    let ca = lines.next().unwrap();
    assert_eq!(lines.next(), Some("1"));
    assert_eq!(lines.next(), Some("the roots of a system"));
    assert_eq!(lines.next(), Some("-----BEGIN CERTIFICATE-----"));
    // Gone with the command.
    assert!(!Path::new(ca).exists());
    assert!(!text(&output.stderr).contains(variables[2]));
}

#[test]
fn its_exit_code_is_that_of_the_command() {
    assert_eq!(run(&[], "exit 7").status.code(), Some(7));
    assert_eq!(run(&[], "kill -KILL $$").status.code(), Some(128 + 9));
    let missing = simulator().args(["run", "--", "/no/such/program"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("/no/such/program"));
}

#[test]
fn a_signal_reaches_the_command_and_the_summary_is_still_printed() {
    use std::os::unix::process::CommandExt;
    for (signal, want) in [("TERM", 3), ("INT", 4)] {
        let script = "trap 'exit 3' TERM; trap 'exit 4' INT; echo ready
            sleep 10 > /dev/null 2>&1 & wait";
        // Not in the foreground of a terminal, which would send the interrupt to both.
        let mut child = simulator()
            .args(["run", "--", "sh", "-c", script])
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let id = child.id().to_string();
        Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(want), "{signal}");
        let mut log = String::new();
        child.stderr.unwrap().read_to_string(&mut log).unwrap();
        assert!(log.contains("0 requests"), "{log}");
    }
}

#[test]
fn wrong_usage_is_explained() {
    for (arguments, want) in [
        (&[][..], "--dir"),
        (&["run"], "-- <COMMAND>"),
        (
            &["--dir", "x", "--patch-without-secret", "never"],
            "possible values: refuse, keep, clear",
        ),
        (&["--dir", "x", "--rate-limit", "fast"], "BURST/PER_SECOND"),
        (&["--dir", "x", "--control=0.0.0.0:1"], "loopback"),
        (&["--dir", "x", "--listen", "here"], "--listen"),
        (&["walk"], "walk"),
    ] {
        let output = simulator().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(want), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_help_names_switches_and_control_routes() {
    let output = simulator().arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    for want in
        ["--patch-without-secret", "--retry-after", "POST   /faults", "PUT    /clock", "--faults"]
    {
        assert!(help.contains(want), "{want}");
    }
}
