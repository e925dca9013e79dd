//! The program while it serves, and a client of it over TLS.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use reqwest::{Client, Method, RequestBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A running `auth0-simulator`. Dropping it kills it.
pub struct Served {
    child: Child,
    ready: Value,
    way: Way,
    client: Client,
    _directory: TempDir,
}

/// How it was started, and so how it is stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// `auth0-simulator --dir DIR`, stopped by SIGTERM.
    Directory,
    /// `auth0-simulator run -- COMMAND`, stopped by the end of the command.
    Command,
}

/// Says what its environment says, as the program itself does, and waits for the end of its input.
const COMMAND: &str = r#"
    printf '{"domain":"%s","ca_cert_file":"%s","client_id":"%s","client_secret":"%s","control":"%s"}\n' \
        "$AUTH0_DOMAIN" "$AUTH0_CA_CERT_FILE" "$AUTH0_CLIENT_ID" "$AUTH0_CLIENT_SECRET" \
        "$AUTH0_SIMULATOR_CONTROL"
    read -r nothing
    exit 0
"#;

impl Served {
    /// Starts it with a control door and waits until it serves.
    pub fn start(way: Way, flags: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_auth0-simulator"));
        match way {
            Way::Directory => program.arg("--dir").arg(directory.path()),
            Way::Command => program.arg("run"),
        };
        program.arg("--control").args(flags);
        if way == Way::Command {
            program.args(["--", "sh", "-c", COMMAND]);
        }
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let client = client(ready["ca_cert_file"].as_str().unwrap());
        Self { child, ready, way, client, _directory: directory }
    }

    pub fn domain(&self) -> &str {
        self.said("domain")
    }

    pub fn client_id(&self) -> &str {
        self.said("client_id")
    }

    pub fn client_secret(&self) -> &str {
        self.said("client_secret")
    }

    fn said(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    /// A request to the tenant, over TLS. All of them share one connection.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(named(method), format!("https://{}{path}", self.domain()))
    }

    /// The body of a token request that is granted.
    pub fn token_request(&self) -> Value {
        json!({
            "grant_type": "client_credentials",
            "client_id": self.client_id(),
            "client_secret": self.client_secret(),
            "audience": format!("https://{}/api/v2/", self.domain()),
        })
    }

    /// Asks the control door, which must grant it.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.said("control"));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.client.request(named(method), url).body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
    }

    /// Stops it, and returns what it wrote on stderr.
    pub fn stop(mut self) -> String {
        match self.way {
            Way::Directory => {
                let id = self.child.id().to_string();
                let kill = Command::new("kill").args(["-TERM", &id]).status().unwrap();
                assert!(kill.success());
            }
            Way::Command => drop(self.child.stdin.take()),
        }
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{log}");
        log
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The command under `run` ends with its input. Both may have ended.
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn named(method: &str) -> Method {
    Method::from_bytes(method.as_bytes()).unwrap()
}

/// A client that trusts the certificate in a file and speaks both versions of HTTP, as Go's does.
fn client(ca_cert_file: &str) -> Client {
    let pem = std::fs::read(ca_cert_file).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = [&b"h2"[..], b"http/1.1"].map(<[u8]>::to_vec).into();
    Client::builder().no_proxy().tls_backend_preconfigured(config).build().unwrap()
}
