//! The token of the official CLI in a real keyring.

use super::{keep_in_file, with_cli_login};
use crate::event_stream::eventbridge;
use crate::support::keyring::Keyring;
use crate::support::terraform::Acceptance;

/// Somebody who has logged in with the CLI on a desk with this bus.
fn at_desk(keyring: &Keyring) -> Acceptance {
    let mut acc = with_cli_login();
    acc.set("DBUS_SESSION_BUS_ADDRESS", &keyring.address());
    acc
}

/// What the apply of a new stream says that has no token.
fn without_token(acc: &Acceptance) -> String {
    acc.configure(&eventbridge("audit", "eu-west-1"));
    let error = acc.error_of_apply();
    assert!(error.detail.contains("Authentication required"), "{error:?}");
    error.detail
}

#[test]
fn a_token_in_parts_is_put_together_and_goes_before_the_file() {
    let keyring = Keyring::start();
    let acc = at_desk(&keyring);
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
    let acc = at_desk(&keyring);
    keyring.store("Auth0 CLI Access Token 0", "other.eu.auth0.com", "another");
    let said = without_token(&acc);
    assert!(said.contains("the keyring of the system holds none either"), "{said}");
    keep_in_file(&acc, &acc.auth0.issue_token());
    acc.apply(&eventbridge("audit", "eu-west-1"));
}

#[test]
fn a_keyring_that_stays_locked_is_told() {
    let keyring = Keyring::start();
    let acc = at_desk(&keyring);
    keyring.store("Auth0 CLI Access Token 0", acc.auth0.domain(), &acc.auth0.issue_token());
    keyring.lock();
    let said = without_token(&acc);
    assert!(said.contains("it is locked, and was not unlocked"), "{said}");
    assert!(said.contains("`auth0 login`"), "{said}");
}

#[test]
fn a_bus_without_a_keyring_and_none_at_all_are_told_apart() {
    let keyring = Keyring::start();
    let mut acc = at_desk(&keyring);
    drop(keyring);
    let said = without_token(&acc);
    assert!(said.contains("no session bus can be reached"), "{said}");
    let without = Keyring::bus_alone();
    acc.set("DBUS_SESSION_BUS_ADDRESS", &without.address());
    let said = without_token(&acc);
    assert!(said.contains("no program on the session bus offers one"), "{said}");
    acc.unset("DBUS_SESSION_BUS_ADDRESS");
    let said = without_token(&acc);
    assert!(said.contains("there is no session bus"), "{said}");
}
