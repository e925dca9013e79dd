//! In the place of the official provider, for modules that name it and hold nothing but event streams.

use std::fs;

use super::release::{Release, VERSION, host};
use super::workspace::{
    OFFICIAL, assert_plans, assert_works, filesystem_mirror, init, install_from, lock_file, module,
    words,
};
use crate::support::terraform::Acceptance;

const MIRROR: &str = "mirror-official-address";

/// Such a module, with `mirror` to install from.
fn with_mirror(mirror: &str) -> (Release, Acceptance) {
    let release = Release::pack();
    let mut acc = module(OFFICIAL);
    install_from(&mut acc, &filesystem_mirror(&release.path(mirror)));
    (release, acc)
}

/// The official provider's versions begin with 1 as well, so such a module is not touched.
#[test]
fn a_module_that_pins_the_official_provider_works_from_the_mirror_of_its_address() {
    let (release, acc) = with_mirror(MIRROR);
    init(&acc).ok();
    let (lock, [h1, _]) = (lock_file(&acc), release.hashes());
    assert!(lock.contains(&format!("provider \"{}/{OFFICIAL}\"", host())), "{lock}");
    assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
    assert_works(&acc);
}

/// Nobody gets this provider in the place of the official one by the mirror of its own address.
#[test]
fn the_mirror_of_the_own_address_does_not_have_the_official_one() {
    let (_release, acc) = with_mirror("mirror");
    let run = init(&acc);
    run.assert_code(&[1]);
    assert!(words(&run).contains(&format!("{}/{OFFICIAL}", host())), "{}", run.printed());
}

#[test]
fn a_module_that_asks_for_more_than_this_version_finds_nothing() {
    let (_release, acc) = with_mirror(MIRROR);
    let file = acc.folder().join("main.tf");
    let module = fs::read_to_string(&file).unwrap();
    fs::write(file, module.replace("~> 1.0", "~> 1.40")).unwrap();
    let run = init(&acc);
    run.assert_code(&[1]);
    let said = words(&run);
    assert!(said.contains("no available releases match the given constraints ~> 1.40"), "{said}");
}

#[test]
fn a_lock_file_of_the_official_provider_needs_an_upgrade() {
    let (release, acc) = with_mirror(MIRROR);
    let lock = format!(
        "provider \"{}/{OFFICIAL}\" {{
  version     = \"1.54.1\"
  constraints = \"~> 1.0\"
  hashes = [
    \"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",
  ]
}}
",
        host()
    );
    fs::write(acc.folder().join(".terraform.lock.hcl"), lock).unwrap();
    let run = init(&acc);
    run.assert_code(&[1]);
    assert!(words(&run).contains("1.54.1"), "{}", run.printed());
    acc.run(&["init", "-input=false", "-no-color", "-upgrade"]).ok();
    let (lock, [h1, _]) = (lock_file(&acc), release.hashes());
    assert!(lock.contains(&format!("version     = \"{VERSION}\"")), "{lock}");
    assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
    assert_plans(&acc);
}

/// What this provider does not have is told by core, before anything is sent.
#[test]
fn a_module_with_another_resource_of_auth0_fails_before_anything_is_sent() {
    let (_release, acc) = with_mirror(MIRROR);
    let other = "resource \"auth0_client\" \"web\" {\n  name = \"web\"\n}\n";
    fs::write(acc.folder().join("other.tf"), other).unwrap();
    init(&acc).ok();
    let run = acc.run(&["apply", "-input=false", "-no-color", "-auto-approve"]);
    run.assert_code(&[1]);
    let said = words(&run);
    let wanted = "The provider auth0/auth0 does not support resource type \"auth0_client\"";
    let wanted_by_host = wanted.replace(OFFICIAL, &format!("{}/{OFFICIAL}", host()));
    assert!(said.contains(wanted) || said.contains(&wanted_by_host), "{said}");
    assert_eq!(acc.auth0.connections(), 0);
}
