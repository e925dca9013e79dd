//! A run of core that a test interferes with. Core leads a process group of its own, which its
//! plugin shares, as in a terminal.

use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use serde_json::Value as Json;

use super::plugin_process::entries;
use super::terraform::{Acceptance, Run};

/// Far more than anything takes; a slow machine must not fail a test.
const PATIENCE: Duration = Duration::from_secs(120);

/// A core that runs. Dropping it kills it and its plugin.
pub struct Running<'a> {
    acc: &'a Acceptance,
    arguments: Vec<String>,
    core: Child,
    /// How core ended, where that was learned beside the child.
    collected: Option<ExitStatus>,
}

impl Acceptance {
    /// Starts the command line `arguments` and does not wait for its end.
    pub fn begin(&self, arguments: &[&str]) -> Running<'_> {
        // Unlike a pipe that nobody reads, a file never holds its writer up.
        let file = |name| File::create(self.root().join(name)).unwrap();
        let mut command = self.command(arguments);
        command.process_group(0).stdout(file("stdout")).stderr(file("stderr"));
        let arguments = arguments.iter().copied().map(str::to_owned).collect();
        Running { acc: self, arguments, core: command.spawn().unwrap(), collected: None }
    }

    /// Starts to apply the last plan, so many resources at once.
    pub fn begin_apply(&self, parallelism: usize) -> Running<'_> {
        let parallelism = format!("-parallelism={parallelism}");
        self.begin(&["apply", "-json", "-input=false", &parallelism, "plan.bin"])
    }

    /// The plugins of this workspace that run. One that has ended and was not waited for has lost
    /// its command line.
    fn plugins(&self) -> Vec<Pid> {
        let list = Command::new("ps").args(["-A", "-ww", "-o", "pid=", "-o", "args="]).output();
        let list = String::from_utf8_lossy(&list.unwrap().stdout).into_owned();
        let program = self.root().join("plugin").to_str().unwrap().to_owned();
        list.lines()
            .filter(|line| line.contains(&program))
            .map(|line| Pid::from_raw(line.split_whitespace().next().unwrap().parse().unwrap()))
            .collect()
    }

    /// The folders of the sockets of these plugins.
    fn socket_folders(&self) -> Vec<PathBuf> {
        let mut folders = entries(&self.root().join("tmp"));
        let is_socket = |name: &str| name.starts_with("plugin");
        folders.retain(|path| path.file_name().unwrap().to_str().is_some_and(is_socket));
        folders
    }
}

impl Running<'_> {
    /// Waits until the tenant has had `times` requests with `method`. The one plugin that sent them
    /// runs, and has a socket.
    #[track_caller]
    pub fn until_sent(&mut self, method: &str, times: usize) {
        let what = format!("{method} number {times}");
        self.wait(&what, |running| {
            let ended = running.status();
            assert!(ended.is_none(), "core ended before {what}:\n{}", running.printed());
            running.acc.auth0.count(method, "/api/v2/") >= times
        });
        self.plugin();
    }

    /// Sends `signal` to core and the plugin at once, as terminals, containers and CI runners do.
    pub fn signal_all(&self, signal: Signal) {
        killpg(self.core_id(), signal).unwrap();
    }

    /// Sends `signal` to the plugin alone.
    #[track_caller]
    pub fn signal_plugin(&self, signal: Signal) {
        kill(self.plugin(), signal).unwrap();
    }

    /// Kills core alone, at a moment in which its state file is whole: core rewrites it in place,
    /// and what a kill destroys then, no provider can keep.
    #[track_caller]
    pub fn kill_core(&mut self) {
        self.wait("whole state file", |running| {
            let core = running.core_id();
            kill(core, Signal::SIGSTOP).unwrap();
            let stopped = waitpid(core, Some(WaitPidFlag::WUNTRACED)).unwrap();
            assert!(matches!(stopped, WaitStatus::Stopped(..)), "{stopped:?}");
            let whole = serde_json::from_str::<Json>(&running.acc.state_text()).is_ok();
            kill(core, if whole { Signal::SIGKILL } else { Signal::SIGCONT }).unwrap();
            whole
        });
        assert_eq!(self.ended().code, None, "core was not killed");
    }

    /// Sends `signal` to core and the plugin, if they still run.
    pub fn try_signal_all(&self, signal: Signal) {
        let _ = killpg(self.core_id(), signal);
    }

    /// Sends `signal` to core alone, if it still runs.
    pub fn try_signal_core(&self, signal: Signal) {
        let _ = kill(self.core_id(), signal);
    }

    /// Sends `signal` to whichever plugins run at this moment, perhaps none.
    pub fn signal_plugins(&self, signal: Signal) {
        for plugin in self.acc.plugins() {
            let _ = kill(plugin, signal);
        }
    }

    /// Kills core alone, if it still runs, at a moment in which its state file is whole or not begun.
    pub fn try_kill_core(&mut self) {
        let core = self.core_id();
        while self.status().is_none() {
            kill(core, Signal::SIGSTOP).unwrap();
            // It may end in between, and is then collected here.
            self.collected = match waitpid(core, Some(WaitPidFlag::WUNTRACED)).unwrap() {
                WaitStatus::Exited(_, code) => Some(ExitStatus::from_raw(code << 8)),
                WaitStatus::Signaled(_, signal, _) => Some(ExitStatus::from_raw(signal as i32)),
                _ => None,
            };
            if self.collected.is_some() {
                return;
            }
            let file = self.acc.folder().join("terraform.tfstate");
            let whole = match fs::read_to_string(file) {
                Ok(text) => serde_json::from_str::<Json>(&text).is_ok(),
                Err(_) => true,
            };
            kill(core, if whole { Signal::SIGKILL } else { Signal::SIGCONT }).unwrap();
            if whole {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits for the end of core, however it comes.
    #[track_caller]
    pub fn ended(&mut self) -> Run {
        let mut ended = None;
        self.wait("end of core", |running| {
            ended = running.status();
            ended.is_some()
        });
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        let [stdout, stderr] =
            ["stdout", "stderr"].map(|name| fs::read(self.acc.root().join(name)).unwrap());
        Run::of(&arguments, Output { status: ended.unwrap(), stdout, stderr })
    }

    /// Proves that the plugin ends too.
    #[track_caller]
    pub fn assert_plugin_ends(&mut self) {
        self.wait("end of the plugin", |running| running.acc.plugins().is_empty());
    }

    /// Proves that the plugin ends too, and its socket's folder with it.
    #[track_caller]
    pub fn assert_leaves_nothing(&mut self) {
        self.assert_plugin_ends();
        let left = self.acc.socket_folders();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    #[track_caller]
    fn plugin(&self) -> Pid {
        let (plugins, sockets) = (self.acc.plugins(), self.acc.socket_folders());
        let ([plugin], [_]) = (&plugins[..], &sockets[..]) else {
            panic!("not one plugin with one socket: {plugins:?} {sockets:?}\n{}", self.printed());
        };
        *plugin
    }

    /// How core ended, if it has.
    fn status(&mut self) -> Option<ExitStatus> {
        self.collected.or_else(|| self.core.try_wait().unwrap())
    }

    fn core_id(&self) -> Pid {
        Pid::from_raw(self.core.id().try_into().unwrap())
    }

    /// What core has said so far.
    fn printed(&self) -> String {
        let read = |name| fs::read_to_string(self.acc.root().join(name)).unwrap();
        format!("{}\n{}", read("stdout"), read("stderr"))
    }

    #[track_caller]
    fn wait(&mut self, what: &str, mut is_there: impl FnMut(&mut Self) -> bool) {
        let since = Instant::now();
        while !is_there(self) {
            assert!(since.elapsed() < PATIENCE, "no {what}:\n{}", self.printed());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.core.kill();
        let _ = self.core.wait();
        for plugin in self.acc.plugins() {
            let _ = kill(plugin, Signal::SIGKILL);
        }
    }
}
