//! A real forward proxy: proxy.py, which `scripts/fetch-proxy.sh` fetches.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Far more than its start takes; a slow machine must not fail a test.
const PATIENCE: Duration = Duration::from_secs(120);

/// A proxy on loopback that asks for a user name and a password. To it, and to it alone, every host
/// below `.test` is this machine.
pub struct ForwardProxy {
    folder: TempDir,
    process: Child,
    port: u16,
}

impl ForwardProxy {
    /// Starts a proxy for those who give `login`, as `user:password`.
    pub fn start(login: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let names = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support");
        let mut command = Command::new(program());
        command
            .args(["--hostname", "127.0.0.1", "--port", "0", "--port-file", &at("port")])
            .args(["--num-acceptors", "1", "--num-workers", "1", "--data-dir", &at("data")])
            .args(["--basic-auth", login, "--plugins", "proxy_names.Loopback"])
            .args(["--log-file", &at("log")])
            .env("PYTHONPATH", names)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Its workers are processes of their own.
            .process_group(0);
        let mut proxy = Self { folder, process: command.spawn().unwrap(), port: 0 };
        let since = Instant::now();
        while proxy.port == 0 {
            let ended = proxy.process.try_wait().unwrap();
            assert!(ended.is_none(), "the proxy ended: {}", proxy.log());
            assert!(since.elapsed() < PATIENCE, "the proxy does not start: {}", proxy.log());
            thread::sleep(Duration::from_millis(20));
            let port = fs::read_to_string(proxy.folder.path().join("port")).unwrap_or_default();
            proxy.port = port.trim().parse().unwrap_or_default();
        }
        proxy
    }

    /// Its address with a login, as people write it into `HTTPS_PROXY`.
    pub fn url(&self, login: &str) -> String {
        format!("http://{login}@127.0.0.1:{}", self.port)
    }

    /// What it has written down, with a line for each connection that has ended.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Waits until it has written `line` down.
    #[track_caller]
    pub fn assert_logs(&self, line: &str) {
        let since = Instant::now();
        while !self.log().contains(line) {
            assert!(since.elapsed() < PATIENCE, "no {line:?} in:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for ForwardProxy {
    fn drop(&mut self) {
        // Nobody is left to clean up for: what it has is in a folder that goes as well.
        let _ = killpg(Pid::from_raw(self.process.id() as i32), Signal::SIGKILL);
        let _ = self.process.wait();
    }
}

/// What starts the proxy. It is fetched once, and a test that needs it fails where it cannot be.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fetch-proxy.sh");
        let output = Command::new("sh").arg(script).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "scripts/fetch-proxy.sh failed: see above");
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    })
}
