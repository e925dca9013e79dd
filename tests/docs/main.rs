//! The rendered pages are those of the schemas and examples in this tree.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::Command;

use terraform_provider_auth0::docgen;
use terraform_provider_auth0::framework::engine::Engine;
use terraform_provider_auth0::provider::{Auth0Provider, VERSION, source};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_pages_are_up_to_date() {
    let engine = Engine::new(Auth0Provider::new());
    let pages = docgen::render(&engine, "auth0").unwrap();
    let stale = docgen::stale(&pages, &root().join("docs"));
    assert!(stale.is_empty(), "`make docs` would change {stale:?}");
    // A page whose block or function is gone would stay for ever.
    for folder in [
        "resources",
        "data-sources",
        "ephemeral-resources",
        "list-resources",
        "actions",
        "functions",
    ] {
        for entry in std::fs::read_dir(root().join("docs").join(folder)).unwrap() {
            let page = Path::new(folder).join(entry.unwrap().file_name());
            assert!(pages.contains_key(&page), "{} has no schema", page.display());
        }
    }
}

/// What the program prints without a network is what the registries show, guides included.
#[test]
fn the_program_prints_every_page_by_the_name_that_it_lists() {
    let mut files = Vec::new();
    for folder in [
        "",
        "actions",
        "resources",
        "data-sources",
        "ephemeral-resources",
        "list-resources",
        "functions",
        "guides",
    ] {
        for entry in std::fs::read_dir(root().join("docs").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let list = docs(&[]);
    let mut printed = Vec::new();
    for line in list.lines() {
        let (name, summary) = line.split_once("  ").unwrap();
        let page = docs(&[name]);
        let summary = summary.trim();
        assert!(!summary.is_empty() && page.contains(summary), "{line}");
        printed.push(page);
    }
    files.sort();
    printed.sort();
    assert!(printed == files, "{list}");
    for name in
        ["provider", "auth0_event_stream", "data/auth0_event_stream", "function/event_types"]
    {
        assert!(list.lines().any(|line| line.starts_with(&format!("{name} "))), "{list}");
    }
}

#[test]
fn a_page_that_does_not_exist_is_told_with_what_may_be_meant() {
    let output = command(&["auth0_event_steam"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no page auth0_event_steam; is ") && said.contains(" or "), "{said}");
    assert!(said.contains("auth0_event_stream meant?"), "{said}");
    assert!(said.contains("`terraform-provider-auth0 docs` lists all pages."), "{said}");
}

fn docs(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// It is started where there are no examples.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-auth0"));
    command.arg("docs").args(arguments).current_dir(std::env::temp_dir());
    command
}

/// Pages that promise something name the test of it as `file` and function.
#[test]
fn every_test_that_a_page_names_exists() {
    for (page, least) in [("docs/design/compatibility.md", 30), ("docs/design/security.md", 12)] {
        let page = read(page);
        let words: Vec<_> = page.split('`').collect();
        let named: Vec<_> = words
            .windows(3)
            .filter(|words| words[0].ends_with(".rs") && words[1] == " ")
            .map(|words| (words[0], words[2]))
            .collect();
        assert!(named.len() >= least, "{named:?}");
        for (file, function) in named {
            assert!(read(file).contains(&format!("fn {function}(")), "{file} has no {function}");
        }
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The address under which the provider is published is set in one place.
#[test]
fn examples_and_readme_name_the_address_of_the_provider() {
    for file in [
        "README.md",
        "docs/index.md",
        "examples/provider/provider.tf",
        "examples/demo/main.tf",
        "scripts/mirror.sh",
    ] {
        assert!(read(file).contains(&source()), "{file} does not name {}", source());
    }
}

/// A mirror holds the provider by its address and version, in a folder's name and in the program's.
/// The demo installs from one.
#[test]
fn the_demo_installs_what_is_built_under_the_address_of_the_provider() {
    assert!(
        read("examples/demo/run.sh").contains("/scripts/mirror.sh\""),
        "the demo uses no mirror"
    );
    let mirror = read("scripts/mirror.sh");
    let folder = format!("/{}/$version/", source());
    assert_eq!(mirror.matches(&folder).count(), 1, "no {folder}");
    assert_eq!(mirror.matches("/terraform-provider-auth0_v$version\"").count(), 1);
    assert!(mirror.contains("--version | awk '{ print $2 }'"), "the version is not the program's");
    let program = env!("CARGO_BIN_EXE_terraform-provider-auth0");
    let said = Command::new(program).arg("--version").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.split_whitespace().nth(1), Some(VERSION), "{said}");
}

/// `~> 1.0` takes every version 1.
#[test]
fn documents_ask_for_the_version_that_is_built() {
    let built: Vec<u32> = VERSION.split('.').map(|number| number.parse().unwrap()).collect();
    for file in
        ["README.md", "docs/index.md", "examples/provider/provider.tf", "examples/demo/main.tf"]
    {
        let text = read(file);
        let wanted: Vec<_> = text.split("version = \"~> ").skip(1).collect();
        assert!(!wanted.is_empty(), "{file} asks for no version");
        for wanted in wanted {
            let wanted = wanted.split('"').next().unwrap();
            let Some((major, minor)) = wanted.split_once('.') else { panic!("{file}: {wanted}") };
            let (major, minor): (u32, u32) = (major.parse().unwrap(), minor.parse().unwrap());
            assert!(major == built[0] && minor <= built[1], "{file} asks for {wanted}");
        }
    }
}

#[test]
fn the_guide_names_every_option_of_generate() {
    let guide = read("docs/guides/brownfield.md");
    let program = env!("CARGO_BIN_EXE_terraform-provider-auth0");
    let said = Command::new(program).args(["generate", "--help"]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let options: Vec<_> = said.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(options.contains(&"--overwrite"), "{said}");
    for option in options.into_iter().filter(|option| *option != "--help") {
        assert!(guide.contains(&format!("`{option}")), "the guide lacks {option}");
    }
}
