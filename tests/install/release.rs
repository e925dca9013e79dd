//! A release, packed from the program of `make build` by the script that `make dist` uses.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use zip::ZipArchive;

use crate::support::release_program;

/// A folder with everything but what belongs to other platforms.
pub struct Release {
    folder: TempDir,
}

/// What the names of the files say.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The host of an address that names none.
pub fn host() -> &'static str {
    let program = crate::support::terraform::program();
    let said = Command::new(program).arg("version").output().unwrap();
    match String::from_utf8_lossy(&said.stdout).contains("OpenTofu v") {
        true => "registry.opentofu.org",
        false => "registry.terraform.io",
    }
}

/// This machine, in the words of the registries.
pub fn platform() -> String {
    let os = std::env::consts::OS.replace("macos", "darwin");
    let arch = std::env::consts::ARCH.replace("x86_64", "amd64").replace("aarch64", "arm64");
    format!("{os}_{arch}")
}

/// The same in Rust's words. Whether the program is of GNU or musl makes no difference to its name.
fn target() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    format!("{}-{system}", std::env::consts::ARCH)
}

impl Release {
    #[track_caller]
    pub fn pack() -> Self {
        let folder = TempDir::new().unwrap();
        let program = release_program();
        let licence = Path::new(env!("CARGO_MANIFEST_DIR")).join("LICENSE");
        let [program, out, licence] =
            [&program, folder.path(), &licence].map(|p| p.to_str().unwrap());
        run_script(&["zip", program, &target(), out, licence]);
        run_script(&["index", out]);
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The name of this platform's archive.
    pub fn zip(&self) -> String {
        format!("terraform-provider-auth0_{VERSION}_{}.zip", platform())
    }

    /// The folder of an address in one of the mirrors.
    pub fn tree(&self, mirror: &str, address: &str) -> PathBuf {
        self.path(mirror).join(host()).join(address)
    }

    /// What the network mirror says of this platform's archive: `h1:` and `zh:`.
    pub fn hashes(&self) -> [String; 2] {
        let tree = self.tree("mirror", "auth0-eventing/auth0");
        let answer = json_file(&tree.join(format!("{VERSION}.json")));
        let hashes = &answer["archives"][platform()]["hashes"];
        [&hashes[0], &hashes[1]].map(|hash| hash.as_str().unwrap().to_owned())
    }
}

#[track_caller]
fn run_script(arguments: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/pack.py");
    let mut command = Command::new("python3");
    command.arg(script).args(arguments).env("SOURCE_DATE_EPOCH", "1700000000");
    let output = command.stderr(Stdio::inherit()).output().expect("python3 is needed");
    assert!(output.status.success(), "scripts/pack.py failed: see above");
}

fn json_file(file: &Path) -> Json {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

#[test]
fn names_and_contents_are_what_registries_ask_for() {
    let release = Release::pack();
    let file = fs::File::open(release.path(&release.zip())).unwrap();
    let mut archive = ZipArchive::new(file).unwrap();
    let mut members = BTreeMap::new();
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).unwrap();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        let at = member.last_modified().unwrap().to_string();
        assert_eq!(at, "2023-11-14 22:13:20", "the time is SOURCE_DATE_EPOCH");
        let name = member.name().unwrap().into_owned();
        members.insert(name, (member.unix_mode().unwrap() & 0o777, content));
    }
    let program = format!("terraform-provider-auth0_v{VERSION}");
    let (mode, content) = &members[&program];
    assert_eq!(*mode, 0o755);
    assert!(*content == fs::read(release_program()).unwrap(), "another program is packed");
    assert_eq!(members.keys().collect::<Vec<_>>(), ["LICENSE", &program]);

    let manifest = format!("terraform-provider-auth0_{VERSION}_manifest.json");
    let content = json_file(&release.path(&manifest));
    assert_eq!(content, json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}}));

    let sums = format!("terraform-provider-auth0_{VERSION}_SHA256SUMS");
    let text = fs::read_to_string(release.path(&sums)).unwrap();
    let named: Vec<_> = text.lines().map(|line| &line[64..]).collect();
    assert_eq!(named, [format!("  {}", release.zip()), format!("  {manifest}")]);
    for line in text.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, sha256(&fs::read(release.path(name)).unwrap()), "{name}");
    }
}

#[test]
fn the_same_program_is_packed_into_the_same_bytes() {
    let [one, two] = [Release::pack(), Release::pack()];
    for name in [one.zip(), format!("terraform-provider-auth0_{VERSION}_SHA256SUMS")] {
        let [one, two] = [&one, &two].map(|release| fs::read(release.path(&name)).unwrap());
        assert!(one == two, "{name} differs");
    }
}

fn sha256(content: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, content);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
