//! Stands between core and a provider that a person started, and keeps what they say to each other.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, Bytes};
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::{Map, Value as Json, json};
use tempfile::TempDir;
use terraform_provider_auth0::wire::tfplugin6::DynamicValue;
use tokio::net::UnixListener;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::transport::Channel;

use super::core_client::{Greeting, channel};
use super::dynamic_value::from_wire;
use super::plugin_process::{COOKIE, Launch, Process};

const SERVICE: &str = "/tfplugin6.Provider/";

/// What core may call the provider: ours, or the one whose states it takes over.
const NAMES: [&str; 2] = ["auth0-eventing/auth0", "auth0/auth0"];
/// The programs have different hosts in mind where none is written.
const HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

type Calls = Arc<Mutex<Vec<(String, Bytes, Bytes)>>>;

/// A provider in a process of its own, and what was called since the last look.
pub struct Recorder {
    folder: TempDir,
    calls: Calls,
    _provider: Process,
}

/// A call of core and the answer.
pub struct Call {
    /// The name of the RPC.
    pub rpc: String,
    pub request: Json,
    /// One message, or those of a stream.
    pub answer: Json,
}

impl Recorder {
    pub fn start(provider: &str) -> Self {
        let address = format!("{}/{}", HOSTS[0], NAMES[0]);
        let launch = Launch::new(provider).arg("debug").arg(&address);
        let mut process = launch.without_env(COOKIE.0).plaintext().start_without_handshake();
        let line = process.stdout_line_with("export TF_REATTACH_PROVIDERS='");
        let reattach: Json = serde_json::from_str(line.split('\'').nth(1).unwrap()).unwrap();
        let behind = reattach[&address]["Addr"]["String"].as_str().unwrap().to_owned();
        let recorder =
            Self { folder: TempDir::new().unwrap(), calls: Calls::default(), _provider: process };
        let (socket, calls) = (recorder.socket(), recorder.calls.clone());
        let (ready, waits) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = UnixListener::bind(socket).unwrap();
                let provider = channel("unix", &behind, &Greeting::Plaintext).await.unwrap();
                ready.send(()).unwrap();
                while let Ok((core, _)) = listener.accept().await {
                    let (provider, calls) = (provider.clone(), calls.clone());
                    let forward = service_fn(move |request| {
                        forwarded(request, provider.clone(), calls.clone())
                    });
                    tokio::spawn(async move {
                        // Core ends connections as it likes.
                        let _ = Builder::new(TokioExecutor::new())
                            .serve_connection(TokioIo::new(core), forward)
                            .await;
                    });
                }
            });
        });
        waits.recv().unwrap();
        recorder
    }

    /// What `TF_REATTACH_PROVIDERS` is for a core that is to be recorded.
    pub fn reattach(&self) -> String {
        let this = json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
            "Addr": {"Network": "unix", "String": self.socket()},
        });
        let of = |host| NAMES.map(|name| (format!("{host}/{name}"), this.clone()));
        Json::Object(HOSTS.into_iter().flat_map(of).collect()).to_string()
    }

    /// What was called since the last look, in order.
    pub fn calls(&self) -> Vec<Call> {
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        let fds = include_bytes!(concat!(env!("OUT_DIR"), "/wire.fds"));
        let pool = DescriptorPool::decode(fds.as_slice()).unwrap();
        let service = pool.get_service_by_name("tfplugin6.Provider").unwrap();
        let of = |(rpc, request, answer): (String, Bytes, Bytes)| {
            let method = service.methods().find(|method| method.name() == rpc).unwrap();
            let [request] = &messages(request, method.input())[..] else { panic!("{rpc}") };
            let mut answers = messages(answer, method.output());
            let answer = match method.is_server_streaming() {
                true => answers.into(),
                false => answers.remove(0),
            };
            Call { rpc, request: request.clone(), answer }
        };
        calls.into_iter().map(of).collect()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("provider")
    }
}

/// Sends a request on, and keeps it with its answer where it is one of the provider's own.
async fn forwarded(
    request: Request<hyper::body::Incoming>,
    mut provider: Channel,
    calls: Calls,
) -> Result<Response<Body>, Infallible> {
    std::future::poll_fn(|context| provider.poll_ready(context)).await.unwrap();
    let (head, body) = request.into_parts();
    let Some(rpc) = head.uri.path().strip_prefix(SERVICE).map(str::to_owned) else {
        let answer = provider.call(Request::from_parts(head, Body::new(body))).await;
        return Ok(answer.unwrap());
    };
    let sent = body.collect().await.unwrap().to_bytes();
    let request = Request::from_parts(head, Body::new(Full::new(sent.clone())));
    let (head, body) = provider.call(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap();
    let trailers = body.trailers().cloned();
    let answer = body.to_bytes();
    calls.lock().unwrap().push((rpc, sent, answer.clone()));
    let body = Full::new(answer).with_trailers(async move { trailers.map(Ok) });
    Ok(Response::from_parts(head, Body::new(body)))
}

/// The messages of a body, each behind a byte of flags and its length.
fn messages(mut body: Bytes, of: MessageDescriptor) -> Vec<Json> {
    let mut messages = Vec::new();
    while body.has_remaining() {
        assert_eq!(body.get_u8(), 0, "not compressed");
        let length = body.get_u32() as usize;
        let message = DynamicMessage::decode(of.clone(), body.split_to(length)).unwrap();
        let options = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false);
        messages.push(shown(
            message.serialize_with_options(serde_json::value::Serializer, &options).unwrap(),
        ));
    }
    messages
}

/// A message with its values, types and private bytes as they are and not as base64.
fn shown(message: Json) -> Json {
    let bytes = |text: &Json| STANDARD.decode(text.as_str().unwrap()).unwrap();
    match message {
        Json::Array(elements) => elements.into_iter().map(shown).collect(),
        Json::Object(members) => {
            if let (Some(msgpack), Some(_), 2) =
                (members.get("msgpack"), members.get("json"), members.len())
            {
                let msgpack = bytes(msgpack).into();
                return from_wire(&DynamicValue { msgpack, ..Default::default() });
            }
            let member = |(name, value): (String, Json)| {
                let text = |value: &Json| String::from_utf8(bytes(value)).unwrap();
                let value = match name.as_str() {
                    "type" | "json" if value.is_string() => {
                        let text = text(&value);
                        serde_json::from_str(&text).unwrap_or_else(|_| text.into())
                    }
                    name if name.ends_with("private") && value.is_string() => text(&value).into(),
                    _ => shown(value),
                };
                (name, value)
            };
            Json::Object(members.into_iter().map(member).collect::<Map<_, _>>())
        }
        other => other,
    }
}
