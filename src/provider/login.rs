//! Which of the ways to log in a provider block and the environment choose.

use std::path::PathBuf;

use secrecy::SecretString;

use super::configure::{Given, invalid, is_configured};
use super::{ProviderModel, path};
use crate::auth0::{Assertion, AssertionCommand, Credentials, PrivateKey, ReadyMade, SigningAlg};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics, Path};

const COMMAND: &str = "client_assertion_command";
const COMMAND_VARIABLE: &str = "AUTH0_CLIENT_ASSERTION_COMMAND";

/// Attributes that exclude each other, as the official provider has it: a token goes with nothing
/// of an application, and an application proves itself in one way.
pub fn validate(config: &ProviderModel) -> Diagnostics {
    let given = [
        ("api_token", is_given(&config.api_token)),
        ("client_id", is_given(&config.client_id)),
        ("client_secret", is_given(&config.client_secret)),
        ("client_assertion_private_key", is_given(&config.client_assertion_private_key)),
        ("client_assertion_signing_alg", is_given(&config.client_assertion_signing_alg)),
        ("client_assertion", is_given(&config.client_assertion)),
        (COMMAND, config.client_assertion_command.known().is_some_and(|words| !words.is_empty())),
    ];
    let given: Vec<_> = given.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    let mut found = Diagnostics::new();
    for (n, first) in given.iter().enumerate() {
        for second in &given[n + 1..] {
            if let Some(detail) = conflict(first, second) {
                let summary = format!("Both {first} and {second}");
                found.push(Diagnostic::error(summary, detail).at(path(second)));
            }
        }
    }
    found
}

/// Why two attributes exclude each other.
fn conflict(first: &str, second: &str) -> Option<&'static str> {
    match (first, second) {
        ("api_token", _) => Some(
            "Log in with a ready-made token, or with the id of an application and what proves it, \
             not with both.",
        ),
        ("client_id", _) | ("client_assertion_private_key", "client_assertion_signing_alg") => None,
        _ => Some(
            "An application proves itself in one way: with client_secret, with \
             client_assertion_private_key and client_assertion_signing_alg, with client_assertion, \
             or with client_assertion_command.",
        ),
    }
}

/// What to log in with; None where it is not known yet.
///
/// The CLI's token goes first, then a token, then an application, as with the official provider;
/// but what only the environment has does not go before what the block names.
pub fn credentials(
    given: &mut Given,
    config: &ProviderModel,
) -> Result<Option<Credentials>, Diagnostic> {
    let before = given.unknown.len();
    let application = is_configured(&config.client_id)
        || is_configured(&config.client_secret)
        || names_assertion(config);
    if cli_login(given, config, application || is_configured(&config.api_token)) {
        return Ok(Some(Credentials::CliLogin { config: cli_config(given)? }));
    }
    let token = match application && !is_configured(&config.api_token) {
        true => None,
        false => given.text(&config.api_token, "api_token", "AUTH0_API_TOKEN"),
    };
    if let Some(token) = token {
        return Ok(Some(Credentials::ApiToken(SecretString::from(token))));
    }
    if given.unknown.len() > before {
        return Ok(None);
    }
    of_application(given, config)
}

fn cli_login(given: &mut Given, config: &ProviderModel, others: bool) -> bool {
    match config.cli_login {
        Value::Unknown => {
            given.unknown.push("cli_login");
            false
        }
        Value::Null if others => false,
        _ => given.flag(&config.cli_login, "AUTH0_CLI_LOGIN"),
    }
}

fn cli_config(given: &Given) -> Result<PathBuf, Diagnostic> {
    let home = ["HOME", "USERPROFILE"].into_iter().find_map(|name| given.variable(name));
    home.map(|home| PathBuf::from(home).join(".config/auth0/config.json")).ok_or_else(|| {
        Diagnostic::error(
            "Authentication required",
            "cli_login is set, and there is no home directory with a file of the Auth0 CLI: the \
             environment variable HOME is not set.",
        )
        .at(path("cli_login"))
    })
}

/// What proves an application. What the block gives goes before the environment, and a secret
/// before an assertion.
fn of_application(
    given: &mut Given,
    config: &ProviderModel,
) -> Result<Option<Credentials>, Diagnostic> {
    let before = given.unknown.len();
    let id = given.text(&config.client_id, "client_id", "AUTH0_CLIENT_ID");
    let has_id = id.is_some() || given.unknown.len() > before;
    let proven = given.unknown.len();
    let by_assertion = names_assertion(config) && !is_configured(&config.client_secret);
    if !by_assertion {
        let secret = given.text(&config.client_secret, "client_secret", "AUTH0_CLIENT_SECRET");
        if let (Some(client_id), Some(secret)) = (&id, &secret) {
            return Ok(Some(Credentials::ClientSecret {
                client_id: client_id.clone(),
                client_secret: SecretString::from(secret.as_str()),
            }));
        }
        if secret.is_some() || given.unknown.len() > proven {
            return if has_id { Ok(None) } else { Err(missing_id("client_secret")) };
        }
    }
    let assertion = assertion(given, config)?;
    match (id, assertion) {
        (Some(client_id), Some((_, assertion))) => {
            Ok(Some(Credentials::Assertion { client_id, assertion }))
        }
        (None, Some((name, _))) if !has_id => Err(missing_id(name)),
        (_, Some(_)) => Ok(None),
        (_, None) if given.unknown.len() > proven => match has_id {
            true => Ok(None),
            false => Err(missing_id(given.unknown[proven])),
        },
        (_, None) => Err(if has_id { missing_proof() } else { missing_credentials() }),
    }
}

/// The assertion that is configured, and the attribute that it comes from. The block goes first,
/// as a whole: a key of the environment does not go before a command of the block.
fn assertion(
    given: &mut Given,
    config: &ProviderModel,
) -> Result<Option<(&'static str, Assertion)>, Diagnostic> {
    let in_block = names_assertion(config);
    let key = is_configured(&config.client_assertion_private_key)
        || is_configured(&config.client_assertion_signing_alg);
    let ready_made = is_configured(&config.client_assertion);
    if !in_block || key {
        if let Some(key) = private_key(given, config)? {
            return Ok(Some(("client_assertion_private_key", Assertion::PrivateKey(key))));
        }
        if key {
            return Ok(None);
        }
    }
    if !in_block || ready_made {
        let name = "client_assertion";
        let variable = "AUTH0_CLIENT_ASSERTION";
        if let Some(text) = given.text(&config.client_assertion, name, variable) {
            let jwt = ReadyMade::read(&text)
                .map_err(|why| invalid(name, &why, &config.client_assertion, variable))?;
            return Ok(Some((name, Assertion::ReadyMade(jwt))));
        }
    }
    if ready_made {
        return Ok(None);
    }
    let command = command(given, &config.client_assertion_command)?;
    Ok(command.map(|command| (COMMAND, Assertion::Command(command))))
}

fn private_key(
    given: &mut Given,
    config: &ProviderModel,
) -> Result<Option<PrivateKey>, Diagnostic> {
    const KEY: &str = "client_assertion_private_key";
    const KEY_VARIABLE: &str = "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY";
    const ALG: &str = "client_assertion_signing_alg";
    const ALG_VARIABLE: &str = "AUTH0_CLIENT_ASSERTION_SIGNING_ALG";
    let before = given.unknown.len();
    let key = given.text(&config.client_assertion_private_key, KEY, KEY_VARIABLE);
    let has_key = key.is_some() || given.unknown.len() > before;
    let between = given.unknown.len();
    let alg = given.text(&config.client_assertion_signing_alg, ALG, ALG_VARIABLE);
    let has_alg = alg.is_some() || given.unknown.len() > between;
    match (has_key, has_alg) {
        (true, true) => {}
        (false, false) => return Ok(None),
        (true, false) => return Err(missing_alg()),
        // A variable that is left over from another way to log in says nothing.
        (false, true) if !is_configured(&config.client_assertion_signing_alg) => return Ok(None),
        (false, true) => return Err(missing_key()),
    }
    let alg = match alg {
        Some(name) => Some(name.trim().parse::<SigningAlg>().map_err(|()| {
            let why = format!(
                "it is {name:?}, and Auth0 takes {} for a signed assertion",
                SigningAlg::NAMES.join(", ")
            );
            invalid(ALG, &why, &config.client_assertion_signing_alg, ALG_VARIABLE)
        })?),
        None => None,
    };
    let (Some(key), Some(alg)) = (key, alg) else { return Ok(None) };
    PrivateKey::read(&key, alg)
        .map(Some)
        .map_err(|why| invalid(KEY, &why, &config.client_assertion_private_key, KEY_VARIABLE))
}

/// Program and arguments; in the environment, as an array of JSON.
fn command(
    given: &mut Given,
    configured: &Value<Vec<Value<String>>>,
) -> Result<Option<AssertionCommand>, Diagnostic> {
    let words = match configured {
        Value::Unknown => {
            given.unknown.push(COMMAND);
            return Ok(None);
        }
        Value::Known(words) if words.iter().any(Value::is_unknown) => {
            given.unknown.push(COMMAND);
            return Ok(None);
        }
        Value::Known(words) if !words.is_empty() => {
            words.iter().map(|word| word.known().cloned().unwrap_or_default()).collect()
        }
        _ => {
            let Some(text) = given.variable(COMMAND_VARIABLE) else { return Ok(None) };
            serde_json::from_str::<Vec<String>>(&text).map_err(|_| {
                let detail = format!(
                    "The environment variable {COMMAND_VARIABLE} must be an array of JSON with the \
                     program and its arguments, such as [\"vault-jwt\", \"--role\", \"auth0\"]."
                );
                Diagnostic::error(format!("Invalid {COMMAND}"), detail).at(path(COMMAND))
            })?
        }
    };
    AssertionCommand::new(words).map(Some).ok_or_else(|| {
        let detail = "The first element names the program, and is empty.";
        Diagnostic::error(format!("Invalid {COMMAND}"), detail).at(path(COMMAND))
    })
}

/// Whether the block names what makes an assertion.
fn names_assertion(config: &ProviderModel) -> bool {
    let command = &config.client_assertion_command;
    is_configured(&config.client_assertion_private_key)
        || is_configured(&config.client_assertion_signing_alg)
        || is_configured(&config.client_assertion)
        || command.is_unknown()
        || command.known().is_some_and(|words| !words.is_empty())
}

fn is_given(value: &Value<String>) -> bool {
    !value.is_unknown() && is_configured(value)
}

fn missing_id(proof: &str) -> Diagnostic {
    let detail = format!(
        "{proof} is set, but the id of its application is not. Set client_id in the provider \
         block, or the environment variable AUTH0_CLIENT_ID."
    );
    Diagnostic::error("Missing client_id", detail).at(path("client_id"))
}

fn missing_proof() -> Diagnostic {
    Diagnostic::error(
        "Missing client_secret",
        "client_id is set, but its secret is not. Set client_secret in the provider block, or the \
         environment variable AUTH0_CLIENT_SECRET. An application with the method Private Key JWT \
         needs client_assertion_private_key, client_assertion or client_assertion_command instead.",
    )
    .at(path("client_secret"))
}

fn missing_alg() -> Diagnostic {
    Diagnostic::error(
        "Missing client_assertion_signing_alg",
        format!(
            "client_assertion_private_key is set, but the algorithm that the key is registered for \
             is not. Set client_assertion_signing_alg in the provider block, or the environment \
             variable AUTH0_CLIENT_ASSERTION_SIGNING_ALG, to one of {}.",
            SigningAlg::NAMES.join(", ")
        ),
    )
    .at(path("client_assertion_signing_alg"))
}

fn missing_key() -> Diagnostic {
    Diagnostic::error(
        "Missing client_assertion_private_key",
        "client_assertion_signing_alg is set, but the key is not. Set client_assertion_private_key \
         in the provider block, or the environment variable AUTH0_CLIENT_ASSERTION_PRIVATE_KEY.",
    )
    .at(path("client_assertion_private_key"))
}

fn missing_credentials() -> Diagnostic {
    Diagnostic::error(
        "Missing credentials",
        "Nothing to log in with is set. Set client_id and client_secret of a machine-to-machine \
         application (environment variables AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET), or \
         api_token (AUTH0_API_TOKEN), or another way to log in.",
    )
    .at(Path::root())
}
