//! A plugin's process, started as core starts it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use tempfile::TempDir;
use tonic::transport::Channel;

use super::core_client::{CoreIdentity, Greeting, channel};

pub const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// How to start a plugin. Without further words, it is what core does.
pub struct Launch {
    command: Command,
    identity: CoreIdentity,
    temporary: TempDir,
}

impl Launch {
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self::from_command(Command::new(program))
    }

    /// With the umask and whatever else a shell can set before it becomes the program.
    pub fn through_shell(script: &str, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{script}; exec \"$0\"")]).arg(program);
        Self::from_command(command)
    }

    fn from_command(mut command: Command) -> Self {
        let identity = CoreIdentity::generate();
        let temporary = tempfile::tempdir().unwrap();
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("TF_") || name.starts_with("PLUGIN_") {
                command.env_remove(name);
            }
        }
        command
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_CLIENT_CERT", identity.pem())
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command, identity, temporary }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// As core does under `TF_DISABLE_PLUGIN_TLS`.
    pub fn plaintext(self) -> Self {
        self.without_env("PLUGIN_CLIENT_CERT")
    }

    /// The folder that the process takes for the temporary one.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Starts the process and waits for its handshake.
    #[track_caller]
    pub fn start(self) -> Plugin {
        let mut process = self.start_without_handshake();
        let line = process.stdout_line_with("|grpc|");
        let handshake = Handshake::parse(&line[line.find("1|").unwrap_or(0)..]);
        Plugin { process, handshake }
    }

    /// For a process that is not expected to serve core.
    #[track_caller]
    pub fn start_without_handshake(mut self) -> Process {
        let mut child = self.command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let listening = thread::spawn({
            let heard = heard.clone();
            move || {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = stderr.read(&mut buffer) {
                    heard.lock().unwrap().extend(&buffer[..length]);
                }
            }
        });
        Process {
            child,
            stdout,
            stderr: heard,
            listening: Some(listening),
            identity: self.identity,
            temporary: self.temporary,
        }
    }
}

/// A running process. Dropping it kills it.
pub struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: Arc<Mutex<Vec<u8>>>,
    listening: Option<JoinHandle<()>>,
    pub identity: CoreIdentity,
    temporary: TempDir,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads stdout up to a line that holds `text`.
    #[track_caller]
    pub fn stdout_line_with(&mut self, text: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            if self.stdout.read_line(&mut line).unwrap() == 0 {
                self.listening.take().unwrap().join().unwrap();
                panic!("no line with {text:?} on stdout; stderr: {}", self.stderr());
            }
            if line.contains(text) {
                return line;
            }
        }
    }

    /// What stderr holds by now.
    pub fn stderr(&self) -> String {
        String::from_utf8(self.stderr.lock().unwrap().clone()).unwrap()
    }

    /// Waits until stderr holds `text`.
    #[track_caller]
    pub fn stderr_with(&self, text: &str) -> String {
        let since = Instant::now();
        loop {
            let stderr = self.stderr();
            if stderr.contains(text) {
                return stderr;
            }
            assert!(since.elapsed() < PATIENCE, "no {text:?} on stderr: {stderr}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status();
        assert!(kill.unwrap().success());
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end of the process without patience, to be woken at that very moment.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub fn ended(mut self) -> Ended {
        let since = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(since.elapsed() < PATIENCE, "still running; stderr: {}", self.stderr());
            thread::sleep(Duration::from_millis(1));
        };
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        if let Some(listening) = self.listening.take() {
            listening.join().unwrap();
        }
        let left_behind = entries(self.temporary.path());
        Ended { status, took: since.elapsed(), stdout, stderr: self.stderr(), left_behind }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Far more than anything takes; a slow machine must not fail a test.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a process left.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// From the question to the end.
    pub took: Duration,
    /// What was not read before.
    pub stdout: String,
    pub stderr: String,
    /// Files in its temporary folder.
    pub left_behind: Vec<PathBuf>,
}

/// The fields of a handshake line.
#[derive(Debug, Clone)]
pub struct Handshake {
    pub line: String,
    pub fields: Vec<String>,
}

impl Handshake {
    fn parse(line: &str) -> Self {
        let fields = line.trim_end().split('|').map(ToOwned::to_owned).collect();
        Self { line: line.to_owned(), fields }
    }

    pub fn network(&self) -> &str {
        &self.fields[2]
    }

    pub fn address(&self) -> &str {
        &self.fields[3]
    }

    /// The server's certificate. Core takes no padding.
    pub fn certificate(&self) -> Vec<u8> {
        STANDARD_NO_PAD.decode(&self.fields[5]).unwrap()
    }
}

/// A plugin that serves.
pub struct Plugin {
    pub process: Process,
    pub handshake: Handshake,
}

impl Plugin {
    /// How core greets this plugin.
    pub fn greeting(&self) -> Greeting {
        self.greeting_as(Some(&self.process.identity))
    }

    /// How somebody else does.
    pub fn greeting_as(&self, identity: Option<&CoreIdentity>) -> Greeting {
        if self.handshake.fields[5].is_empty() {
            return Greeting::Plaintext;
        }
        Greeting::tls(self.handshake.certificate().into(), identity.cloned())
    }

    /// The channel that core opens.
    pub async fn channel(&self) -> Channel {
        self.channel_with(&self.greeting()).await.unwrap()
    }

    pub async fn channel_with(
        &self,
        greeting: &Greeting,
    ) -> Result<Channel, tonic::transport::Error> {
        channel(self.handshake.network(), self.handshake.address(), greeting).await
    }
}

/// Paths in a folder.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
