//! Assertions that a program prints, so that the key stays where it is.

use std::fmt;
use std::io;
use std::process::Stdio;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use super::{NoProof, jwt};
use crate::auth0::error::{Failure, in_words};
use crate::auth0::http::Http;

/// Nothing that is a JWT for Auth0 is so long; a program that prints more is stopped.
const LONGEST_OUTPUT: u64 = 16 << 10;

/// A program and its arguments, of which some may be secret.
#[derive(Clone)]
pub struct AssertionCommand {
    program: String,
    arguments: Vec<SecretString>,
}

/// How a program ended that was neither stopped nor too slow.
enum Ended {
    Printed(SecretString),
    TooLong,
    NotText,
    Failed(std::process::ExitStatus),
}

impl AssertionCommand {
    /// A program with its arguments; None where there is no program.
    pub fn new(words: Vec<String>) -> Option<Self> {
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty())?;
        Some(Self { program, arguments: words.map(SecretString::from).collect() })
    }

    /// Runs the program, without a shell, and takes what it prints. It is stopped when its time is
    /// over or the run is being stopped.
    pub(super) async fn run(&self, client_id: &str, http: &Http) -> Result<SecretString, Failure> {
        let mut child = self.start(client_id, http).map_err(|err| self.not_started(&err))?;
        let mut group = Group::of(&child);
        let limit = http.limits().command;
        let ended = tokio::select! {
            biased;
            () = http.stop().cancelled() => return Err(Failure::Stopped { last: None }),
            ended = tokio::time::timeout(limit, output(&mut child)) => ended,
        };
        if matches!(ended, Ok(Ok(Ended::Printed(_) | Ended::NotText | Ended::Failed(_)))) {
            group.let_go();
        }
        match ended {
            Ok(Ok(Ended::Printed(jwt))) => match jwt::check_assertion(jwt.expose_secret()) {
                Ok(()) => Ok(jwt),
                Err(why) => Err(self.fault(format!("printed no assertion: {why}"), &by_hand())),
            },
            Ok(Ok(Ended::TooLong)) => {
                let fault = format!("printed more than {LONGEST_OUTPUT} bytes");
                Err(self.fault(fault, &by_hand()))
            }
            Ok(Ok(Ended::NotText)) => {
                Err(self.fault("printed what is no text".to_owned(), &by_hand()))
            }
            Ok(Ok(Ended::Failed(status))) => {
                Err(self.fault(format!("failed ({status})"), &by_hand()))
            }
            Ok(Err(err)) => Err(self.fault(format!("could not be followed: {err}"), &by_hand())),
            Err(_) => {
                let fault = format!("was killed because it took longer than {}", in_words(limit));
                let advice = "It must print the assertion and end. It gets no input, so it can ask \
                              for nothing.";
                Err(self.fault(fault, advice))
            }
        }
    }

    /// What it prints on stderr is not shown: nobody knows what is secret in it.
    fn start(&self, client_id: &str, http: &Http) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(self.arguments.iter().map(ExposeSecret::expose_secret))
            .env("AUTH0_DOMAIN", http.domain().to_string())
            .env("AUTH0_CLIENT_ID", client_id)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // What it starts is stopped with it, and a Ctrl-C is answered by us.
        #[cfg(unix)]
        command.process_group(0);
        command.spawn()
    }

    fn not_started(&self, err: &io::Error) -> Failure {
        let (fault, advice) = match err.kind() {
            io::ErrorKind::NotFound => (
                "was not found".to_owned(),
                "Give its path, or install it into a directory of PATH on the machine that runs \
                 Terraform. It is run without a shell, each argument is an element of its own.",
            ),
            io::ErrorKind::PermissionDenied => (
                "may not be executed".to_owned(),
                "Make the file executable for the user of Terraform.",
            ),
            _ => (format!("cannot be started: {err}"), "See whether it can be run by hand."),
        };
        self.fault(fault, advice)
    }

    fn fault(&self, fault: String, advice: &str) -> Failure {
        Failure::NoProof(NoProof {
            why: format!("the program {:?} of `client_assertion_command` {fault}", self.program),
            advice: advice.to_owned(),
        })
    }
}

impl fmt::Debug for AssertionCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssertionCommand").field("program", &self.program).finish_non_exhaustive()
    }
}

fn by_hand() -> String {
    "It must print a signed JWT and nothing else on stdout, and exit with 0. Run it by hand to see \
     its messages: the provider does not repeat them, for they may hold secrets. It is given \
     AUTH0_DOMAIN and AUTH0_CLIENT_ID in its environment."
        .to_owned()
}

async fn output(child: &mut Child) -> io::Result<Ended> {
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(LONGEST_OUTPUT + 1).read_to_end(&mut printed).await?;
    }
    if printed.len() as u64 > LONGEST_OUTPUT {
        return Ok(Ended::TooLong);
    }
    let status = child.wait().await?;
    if !status.success() {
        return Ok(Ended::Failed(status));
    }
    Ok(match String::from_utf8(printed) {
        Ok(text) => Ended::Printed(text.trim().into()),
        Err(_) => Ended::NotText,
    })
}

/// The processes of a program, which are killed when this is dropped before it is known that the
/// program has ended.
#[cfg(unix)]
struct Group(Option<nix::unistd::Pid>);

#[cfg(unix)]
impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.map(nix::unistd::Pid::from_raw))
    }

    fn let_go(&mut self) {
        self.0 = None;
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Nobody may be left in it.
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        }
    }
}

#[cfg(not(unix))]
struct Group;

#[cfg(not(unix))]
impl Group {
    fn of(_: &Child) -> Self {
        Self
    }

    fn let_go(&mut self) {}
}
