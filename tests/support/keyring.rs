//! A real keyring: GNOME's, on a session bus of its own.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Far more than its start takes; a slow machine must not fail a test.
const PATIENCE: Duration = Duration::from_secs(60);

/// The default collection of whoever uses this bus, unlocked.
pub struct Keyring {
    folder: TempDir,
    bus: Child,
    daemon: Option<Child>,
}

impl Keyring {
    /// A session bus without a keyring.
    pub fn bus_alone() -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("bus.conf");
        fs::write(&file, bus_config(folder.path())).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.arg(format!("--config-file={}", file.display())).args(["--nofork", "--nopidfile"]);
        let bus = spawn(bus, folder.path());
        let since = Instant::now();
        while !folder.path().join("bus").exists() {
            assert!(since.elapsed() < PATIENCE, "dbus-daemon does not start");
            thread::sleep(Duration::from_millis(10));
        }
        Self { folder, bus, daemon: None }
    }

    /// An empty keyring, unlocked.
    pub fn start() -> Self {
        let mut keyring = Self::bus_alone();
        let since = Instant::now();
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]);
        let mut daemon = spawn(daemon, keyring.folder.path());
        daemon.stdin.take().unwrap().write_all(b"password").unwrap();
        keyring.daemon = Some(daemon);
        while !keyring.tool(&["store", "--label=ready", "ready", "yes"], "yes").status.success() {
            assert!(since.elapsed() < PATIENCE, "gnome-keyring-daemon does not start");
            thread::sleep(Duration::from_millis(20));
        }
        keyring
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` is for those who use it.
    pub fn address(&self) -> String {
        address(self.folder.path())
    }

    /// Keeps a secret under the attributes that the official CLI uses.
    pub fn store(&self, service: &str, user: &str, secret: &str) {
        let attributes = ["store", "--label=CLI", "service", service, "username", user];
        let output = self.tool(&attributes, secret);
        assert!(output.status.success(), "{output:?}");
    }

    /// Locks what it holds. There is nobody at the desk to unlock it.
    pub fn lock(&self) {
        let mut send = Command::new("dbus-send");
        send.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"])
            .args(["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock"])
            .arg("array:objpath:/org/freedesktop/secrets/collection/login");
        let output = spawn(send, self.folder.path()).wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn tool(&self, arguments: &[&str], input: &str) -> Output {
        let mut tool = Command::new("secret-tool");
        tool.args(arguments);
        let mut tool = spawn(tool, self.folder.path());
        tool.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        tool.wait_with_output().unwrap()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for process in self.daemon.iter_mut().chain([&mut self.bus]) {
            // What they have is in a folder that goes as well.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn address(folder: &Path) -> String {
    format!("unix:path={}/bus", folder.display())
}

/// A bus on which nothing is started but by the test.
fn bus_config(folder: &Path) -> String {
    format!(
        "<busconfig><type>session</type><listen>{}</listen><policy context=\"default\">\
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>",
        address(folder)
    )
}

fn spawn(mut command: Command, folder: &Path) -> Child {
    command
        .env("DBUS_SESSION_BUS_ADDRESS", address(folder))
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|err| {
        panic!(
            "{}: {err}. The tests of keyrings need gnome-keyring, dbus and libsecret-tools; \
             KEYRING=off does without them",
            command.get_program().display()
        )
    })
}
