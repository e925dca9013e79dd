//! The token of the official CLI in a real keyring.

use std::fs;

use serde_json::json;

use crate::event_stream::eventbridge;
use crate::support::keyring::Keyring;
use crate::support::terraform::Acceptance;

/// Somebody who has logged in with the CLI, and has no other credentials.
fn with_cli_login(keyring: &Keyring) -> Acceptance {
    let mut acc = Acceptance::start();
    for name in ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"] {
        acc.unset(name);
    }
    acc.set("AUTH0_CLI_LOGIN", "true");
    acc.set("DBUS_SESSION_BUS_ADDRESS", &keyring.address());
    acc.set("HOME", acc.folder().join("home").to_str().unwrap());
    acc
}

fn keep_in_file(acc: &Acceptance, token: &str) {
    let folder = acc.folder().join("home/.config/auth0");
    fs::create_dir_all(&folder).unwrap();
    let config = json!({"tenants": {acc.auth0.domain(): {"access_token": token}}});
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

/// What the apply of a new stream says that has no token.
fn refused(acc: &Acceptance) -> String {
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
    assert!(error.detail.contains("Authentication required"), "{error:?}");
    error.detail.clone()
}

#[test]
fn a_token_in_parts_is_put_together_and_goes_before_the_file() {
    let keyring = Keyring::start();
    let acc = with_cli_login(&keyring);
    let token = acc.auth0.issue_token();
    let (first, second) = token.split_at(token.len() / 2);
    keyring.store("Auth0 CLI Access Token 1", acc.auth0.domain(), second);
    keyring.store("Auth0 CLI Access Token 0", acc.auth0.domain(), first);
    keyring.store("Auth0 CLI Access Token 0", "other.eu.auth0.com", "another");
    keep_in_file(&acc, "stale");
    acc.apply(&eventbridge("audit", "eu-west-1"));
    let [tokens, posts, ..] = acc.requests();
    assert_eq!([tokens, posts], [0, 1]);
}

#[test]
fn a_keyring_without_the_tenant_leaves_it_to_the_file() {
    let keyring = Keyring::start();
    let acc = with_cli_login(&keyring);
    keyring.store("Auth0 CLI Access Token 0", "other.eu.auth0.com", "another");
    let said = refused(&acc);
    assert!(said.contains("the keyring of the system holds none either"), "{said}");
    keep_in_file(&acc, &acc.auth0.issue_token());
    acc.apply(&eventbridge("audit", "eu-west-1"));
}

#[test]
fn a_keyring_that_stays_locked_is_told() {
    let keyring = Keyring::start();
    let acc = with_cli_login(&keyring);
    keyring.store("Auth0 CLI Access Token 0", acc.auth0.domain(), &acc.auth0.issue_token());
    keyring.lock();
    let said = refused(&acc);
    assert!(said.contains("it is locked, and was not unlocked"), "{said}");
    assert!(said.contains("`auth0 login`"), "{said}");
}

#[test]
fn a_bus_without_a_keyring_and_none_at_all_are_told_apart() {
    let keyring = Keyring::start();
    let mut acc = with_cli_login(&keyring);
    drop(keyring);
    let said = refused(&acc);
    assert!(said.contains("no session bus can be reached"), "{said}");
    let without = Keyring::bus_alone();
    acc.set("DBUS_SESSION_BUS_ADDRESS", &without.address());
    let said = refused(&acc);
    assert!(said.contains("no program on the session bus offers one"), "{said}");
    acc.unset("DBUS_SESSION_BUS_ADDRESS");
    let said = refused(&acc);
    assert!(said.contains("there is no session bus"), "{said}");
}
