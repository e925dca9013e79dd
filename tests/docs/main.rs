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
    let pages = docgen::render(&engine, "auth0", &root().join("examples")).unwrap();
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
