//! The real Terraform or OpenTofu, run against a simulator and a workspace of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value as Json;
use tempfile::TempDir;
use terraform_provider_auth0::simulator::{Options, Simulator};
use zip::ZipArchive;

use super::plugin_process::Launch;

/// The provider under test.
const PROVIDER: &str = env!("CARGO_BIN_EXE_terraform-provider-auth0");

/// What the configurations of the tests call the provider.
const SOURCE: &str = "auth0-eventing/auth0";

/// The program to test with: `TF_BIN`, else `terraform` or `tofu` of the path.
pub fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("TF_BIN").filter(|program| !program.is_empty()) {
        return PathBuf::from(program);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["terraform", "tofu"];
    names
        .iter()
        .find_map(|name| {
            std::env::split_paths(&path).map(|dir| dir.join(name)).find(|f| f.is_file())
        })
        .unwrap_or_else(|| {
            panic!(
                "these tests need the real terraform or tofu: put one on the PATH, name it in \
                 TF_BIN, or run them by `make testacc`, which can fetch one"
            )
        })
}

/// The program to test with, `terraform` or `opentofu`, and its minor version.
pub fn version() -> (&'static str, u32) {
    let said = Command::new(program()).arg("version").output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    // Warnings on the user's own settings may come first.
    let (name, version) = said.lines().find_map(|l| l.split_once(" v1.")).expect("version 1");
    let name = if name == "Terraform" { "terraform" } else { "opentofu" };
    (name, version.split('.').next().unwrap().parse().unwrap())
}

/// Whether the program to test with has the feature that `terraform` and `tofu` have from these minor
/// versions on; None: never.
fn has(terraform: u32, tofu: Option<u32>) -> bool {
    match version() {
        ("terraform", minor) => minor >= terraform,
        (_, minor) => tofu.is_some_and(|least| minor >= least),
    }
}

/// Terraform 1.15, which is fetched once into `.tools/`.
fn pinned_terraform() -> PathBuf {
    static FETCHED: OnceLock<PathBuf> = OnceLock::new();
    let fetched = FETCHED.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fetch-terraform.sh");
        let fetched = Command::new(script).output().unwrap();
        let said = String::from_utf8_lossy(&fetched.stderr);
        assert!(fetched.status.success(), "Terraform 1.15 is needed here:\n{said}");
        PathBuf::from(String::from_utf8(fetched.stdout).unwrap().trim())
    });
    fetched.clone()
}

/// A simulated tenant, and a folder with a configuration and its state.
pub struct Acceptance {
    /// The tenant.
    pub auth0: Simulator,
    program: PathBuf,
    provider: PathBuf,
    folder: TempDir,
    environment: BTreeMap<String, String>,
    arguments: Vec<String>,
}

/// A program that has ended.
pub struct Run {
    /// What it was asked, for messages.
    pub what: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// What core says with `-json`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    pub severity: String,
    pub summary: String,
    pub detail: String,
    /// The line of the configuration that it points at; empty when there is none.
    pub code: String,
}

/// A plan.
pub struct Plan {
    /// How core ended: 0 nothing to do, 2 something to do, 1 failed.
    pub run: Run,
    /// The plan as `show -json` tells it; null when there is none.
    pub json: Json,
}

impl Acceptance {
    /// A workspace whose provider is configured by the environment, for an empty tenant.
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// A workspace of a program that knows resource identity: that under test, or Terraform 1.15.
    pub fn with_identity() -> Self {
        let program = if has(12, Some(12)) { program() } else { pinned_terraform() };
        Self { program, ..Self::start() }
    }

    /// A workspace of a Terraform that has `query` and actions, which OpenTofu has not: that under
    /// test, or Terraform 1.15.
    pub fn of_terraform() -> Self {
        let program = if has(14, None) { program() } else { pinned_terraform() };
        Self { program, ..Self::start() }
    }

    /// A workspace of the pinned Terraform 1.15, whatever program is under test.
    pub fn of_pinned_terraform() -> Self {
        Self { program: pinned_terraform(), ..Self::start() }
    }

    /// A workspace for a tenant with these options.
    pub fn with(options: Options) -> Self {
        Self::of(Path::new(PROVIDER), options)
    }

    /// A workspace for another build of the provider than the one under test.
    pub fn of(provider: &Path, options: Options) -> Self {
        Self::beside(provider, Simulator::start(options).unwrap())
    }

    /// A workspace for a simulator that runs.
    pub fn at(auth0: Simulator) -> Self {
        Self::beside(Path::new(PROVIDER), auth0)
    }

    fn beside(provider: &Path, auth0: Simulator) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        for name in ["plugin", "tmp", "work"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        std::os::unix::fs::symlink(provider, root.join("plugin/terraform-provider-auth0")).unwrap();
        fs::write(root.join("ca.pem"), auth0.ca_pem()).unwrap();
        let overridden = [SOURCE, "registry.terraform.io/auth0/auth0"]
            .map(|source| format!("{source:?} = {:?}", root.join("plugin")))
            .join("\n");
        fs::write(
            root.join("cli.tfrc"),
            format!(
                "provider_installation {{\n dev_overrides {{\n{overridden}\n}}\n direct {{}}\n}}\n"
            ),
        )
        .unwrap();
        let at = |name: &str| root.join(name).to_str().unwrap().to_owned();
        let environment = [
            ("AUTH0_CA_CERT_FILE", at("ca.pem")),
            ("AUTH0_CLIENT_ID", auth0.client_id().to_owned()),
            ("AUTH0_CLIENT_SECRET", auth0.client_secret().to_owned()),
            ("AUTH0_DOMAIN", auth0.domain().to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("HOME", at("")),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("TF_CLI_CONFIG_FILE", at("cli.tfrc")),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("TMPDIR", at("tmp")),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        Self {
            auth0,
            program: program(),
            provider: provider.to_owned(),
            folder,
            environment: environment.into(),
            arguments: Vec::new(),
        }
    }

    /// The provider, to be started without core and configured by the environment.
    pub fn launch(&self) -> Launch {
        let of_the_user = std::env::vars().map(|(name, _)| name);
        let launch = of_the_user
            .filter(|name| name.starts_with("AUTH0_"))
            .fold(Launch::new(&self.provider), |launch, name| launch.without_env(&name));
        let of_the_tenant = self.environment.iter();
        of_the_tenant
            .filter(|(name, _)| name.starts_with("AUTH0_"))
            .fold(launch, |launch, (name, value)| launch.env(name, value))
    }

    /// Sets a variable of the environment for all later runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a variable out of the environment of all later runs.
    pub fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Adds an argument to all later plans.
    pub fn plan_with(&mut self, argument: &str) {
        self.arguments.push(argument.to_owned());
    }

    /// Forgets the arguments of [`plan_with`](Self::plan_with).
    pub fn plan_plainly(&mut self) {
        self.arguments.clear();
    }

    /// The folder of everything that belongs to this workspace.
    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the configuration.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The command line `arguments`, ready to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(&self.program, arguments)
    }

    fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(arguments, self.command(arguments).output().unwrap())
    }

    /// Runs the provider's own program, by hand as a person does, to its end.
    pub fn by_hand(&self, arguments: &[&str]) -> Run {
        Run::of(arguments, self.command_of(&self.provider, arguments).output().unwrap())
    }

    /// Makes `hcl` the configuration, behind the requirement of our provider.
    pub fn configure(&self, hcl: &str) {
        self.write(&format!(
            "terraform {{\n  required_providers {{\n    auth0 = {{ source = {SOURCE:?} }}\n  }}\n}}\n{hcl}"
        ));
    }

    /// Makes `hcl` the whole configuration.
    pub fn write(&self, hcl: &str) {
        fs::write(self.folder().join("main.tf"), hcl).unwrap();
    }

    /// Plans into a file, for [`apply_plan`](Self::apply_plan).
    pub fn plan(&self) -> Plan {
        let mut arguments =
            vec!["plan", "-json", "-input=false", "-out=plan.bin", "-detailed-exitcode"];
        arguments.extend(self.arguments.iter().map(String::as_str));
        let run = self.run(&arguments);
        let json = match run.code {
            Some(0 | 2) => self.show("plan.bin"),
            _ => Json::Null,
        };
        Plan { run, json }
    }

    /// `show -json` of a plan file, or of the state where it is empty.
    pub fn show(&self, file: &str) -> Json {
        let run = match file {
            "" => self.run(&["show", "-json"]),
            file => self.run(&["show", "-json", file]),
        };
        serde_json::from_str(&run.ok().stdout).unwrap()
    }

    /// Applies the last plan.
    pub fn apply_plan(&self) -> Run {
        self.run(&["apply", "-json", "-input=false", "plan.bin"])
    }

    /// Plans and applies what is configured, which fails with one error.
    #[track_caller]
    pub fn error_of_apply(&self) -> Message {
        self.plan().run.assert_code(&[2]);
        let run = self.apply_plan();
        run.assert_code(&[1]);
        let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
        error.clone()
    }

    /// Makes `hcl` the configuration, plans and applies it, and proves that the next plan is empty,
    /// without and with a refresh. The answer is the plan that was applied.
    #[track_caller]
    pub fn apply(&self, hcl: &str) -> Plan {
        self.configure(hcl);
        let plan = self.plan();
        plan.run.assert_code(&[0, 2]);
        self.apply_plan().ok();
        self.assert_settled();
        plan
    }

    /// Proves that there is nothing to do, without and with a refresh.
    #[track_caller]
    pub fn assert_settled(&self) {
        let stored = self.run(&[
            "plan",
            "-input=false",
            "-no-color",
            "-detailed-exitcode",
            "-refresh=false",
        ]);
        stored.assert_code(&[0]);
        let refreshed = self.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
        refreshed.assert_code(&[0]);
        assert!(
            !refreshed.stdout.contains("Objects have changed outside"),
            "a refresh changed something:\n{}",
            refreshed.stdout
        );
    }

    /// Destroys everything, and proves that the tenant has no event stream left.
    #[track_caller]
    pub fn destroy(&self) -> Run {
        let run = self.run(&["destroy", "-json", "-input=false", "-auto-approve"]);
        let run = run.ok();
        let left: Vec<_> = self.auth0.event_streams().into_iter().map(|s| s.name).collect();
        assert!(left.is_empty(), "event streams are left: {left:?}");
        run
    }

    /// Puts a state file in place of the present state.
    pub fn put_state(&self, state: &str) {
        fs::write(self.folder().join("terraform.tfstate"), state).unwrap();
    }

    /// The state file as text.
    pub fn state_text(&self) -> String {
        fs::read_to_string(self.folder().join("terraform.tfstate")).unwrap_or_default()
    }

    /// The state file as JSON.
    pub fn state(&self) -> Json {
        serde_json::from_str(&self.state_text()).unwrap()
    }

    /// The attributes of the resource `auth0_event_stream.{name}` in the state; null when it is not
    /// there.
    pub fn stored(&self, name: &str) -> Json {
        let state = self.state();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        resources
            .iter()
            .find(|r| r["type"] == "auth0_event_stream" && r["name"] == name)
            .map(|r| r["instances"][0]["attributes"].clone())
            .unwrap_or_default()
    }

    /// An output in the state.
    pub fn output(&self, name: &str) -> Json {
        self.state()["outputs"][name]["value"].clone()
    }

    /// Every file that a run left behind, and the parts of archives, with their contents.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, files);
                    continue;
                }
                let contents = fs::read(&path).unwrap();
                // A plan file is an archive, whose parts are compressed.
                if let Ok(mut archive) = ZipArchive::new(Cursor::new(&contents)) {
                    for i in 0..archive.len() {
                        let mut part = archive.by_index(i).unwrap();
                        let mut unpacked = Vec::new();
                        part.read_to_end(&mut unpacked).unwrap();
                        files.push((path.join(part.name().unwrap().as_ref()), unpacked));
                    }
                }
                files.push((path, contents));
            }
        }
        let mut files = Vec::new();
        collect(&self.folder(), &mut files);
        files
    }

    /// The bodies of the requests with `method` to the Management API, oldest first.
    pub fn bodies(&self, method: &str) -> Vec<Json> {
        let is_api = |path: &str| path.starts_with("/api/v2/");
        let requests = self.auth0.requests();
        requests
            .iter()
            .filter(|r| r.method == method && is_api(&r.path))
            .map(|r| r.json())
            .collect()
    }

    /// Numbers of requests since the last call: token, POST, GET, PATCH, DELETE.
    pub fn requests(&self) -> [usize; 5] {
        let api = |method| self.auth0.count(method, "/api/v2/");
        let counts = [
            self.auth0.count("POST", "/oauth/token"),
            api("POST"),
            api("GET"),
            api("PATCH"),
            api("DELETE"),
        ];
        self.auth0.forget_requests();
        counts
    }
}

impl Run {
    pub(super) fn of(arguments: &[&str], output: Output) -> Self {
        Self {
            what: arguments.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Panics with everything that was printed unless the program ended with one of `codes`.
    #[track_caller]
    pub fn assert_code(&self, codes: &[i32]) {
        assert!(
            self.code.is_some_and(|code| codes.contains(&code)),
            "`{}` ended with {:?}, expected {codes:?}\n{}\n{}",
            self.what,
            self.code,
            self.stdout,
            self.stderr
        );
    }

    /// The same run, which must have succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.assert_code(&[0]);
        self
    }

    /// What core said by `-json`, without its remark on development overrides.
    pub fn messages(&self) -> Vec<Message> {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        self.stdout
            .lines()
            .filter_map(|line| serde_json::from_str::<Json>(line).ok())
            .map(|line| line["diagnostic"].clone())
            .filter(|diagnostic| diagnostic.is_object())
            .map(|diagnostic| Message {
                severity: text(&diagnostic["severity"]),
                summary: text(&diagnostic["summary"]),
                detail: text(&diagnostic["detail"]),
                code: text(&diagnostic["snippet"]["code"]),
            })
            .filter(|message| !message.summary.contains("development overrides"))
            .collect()
    }

    /// The errors.
    pub fn errors(&self) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.severity == "error").collect()
    }

    /// The warnings, each once: core validates twice, and folds what is said twice for people.
    pub fn warnings(&self) -> Vec<Message> {
        let mut warnings = self.messages();
        warnings.retain(|message| message.severity == "warning");
        warnings.sort();
        warnings.dedup();
        warnings
    }

    /// Everything that was printed.
    pub fn printed(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl Plan {
    /// The change of `auth0_event_stream.{name}`.
    #[track_caller]
    pub fn change(&self, name: &str) -> Json {
        let address = format!("auth0_event_stream.{name}");
        let changes = self.json["resource_changes"].as_array().cloned().unwrap_or_default();
        changes
            .iter()
            .find(|change| change["address"] == address)
            .map(|change| change["change"].clone())
            .unwrap_or_else(|| panic!("no {address} in the plan\n{}", self.run.printed()))
    }

    /// What happens to `auth0_event_stream.{name}`: `create`, `update`, `delete`, `no-op`, or
    /// `delete create` for a replacement.
    #[track_caller]
    pub fn actions(&self, name: &str) -> String {
        let change = self.change(name);
        let actions = change["actions"].as_array().cloned().unwrap_or_default();
        actions.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Proves that the plan changes nothing, no output either.
    #[track_caller]
    pub fn assert_empty(&self) {
        self.run.assert_code(&[0]);
    }

    /// The summaries of all warnings, in alphabetical order.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<_> = self.run.warnings().into_iter().map(|m| m.summary).collect();
        warnings.sort();
        warnings
    }

    /// The summaries of all errors, in alphabetical order.
    pub fn errors(&self) -> Vec<String> {
        let mut errors: Vec<_> = self.run.errors().into_iter().map(|m| m.summary).collect();
        errors.sort();
        errors
    }
}
