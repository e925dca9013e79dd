//! How the provider proves who it is: the kinds of credentials, and what each needs to make a proof
//! for one request for a token.

mod cli;
mod command;
pub(super) mod jwt;
mod keyring;
mod private_key;

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use super::error::Failure;
use super::http::Http;

pub(super) use cli::token as cli_token;
pub use command::AssertionCommand;
pub use private_key::{PrivateKey, SigningAlg};

/// What a token is had with. Nothing in it that is secret is shown by `Debug`.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A token that somebody else asked for, used as it is.
    ApiToken(SecretString),
    /// The client credentials grant with a secret.
    ClientSecret { client_id: String, client_secret: SecretString },
    /// The client credentials grant with a signed JWT.
    Assertion { client_id: String, assertion: Assertion },
    /// The token that the official CLI keeps in the keyring of the system, or in this file.
    CliLogin { config: PathBuf },
    /// Nothing that could be used, which matters only once a token is needed.
    Unusable { why: String, advice: String },
}

/// Where the signed JWT of a request for a token comes from.
#[derive(Debug, Clone)]
pub enum Assertion {
    /// Signed here, anew for each request.
    PrivateKey(PrivateKey),
    /// Signed by somebody else, and good for one request.
    ReadyMade(ReadyMade),
    /// Printed by a program, which is run for each request.
    Command(AssertionCommand),
}

/// A JWT that somebody else has signed.
#[derive(Clone)]
pub struct ReadyMade(SecretString);

/// Why there is no proof, in words that hold no secret, and what to do about it.
#[derive(Debug, Clone)]
pub(super) struct NoProof {
    pub(super) why: String,
    pub(super) advice: String,
}

/// What one request for a token is sent with.
pub(super) struct Proof<'a> {
    pub(super) client_id: &'a str,
    pub(super) secret: SecretString,
    pub(super) is_assertion: bool,
}

/// Which credentials are used, for advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    ApiToken,
    ClientSecret,
    PrivateKey,
    ReadyMade,
    Command,
    CliLogin,
    Unusable,
}

impl Credentials {
    pub(super) fn way(&self) -> Way {
        match self {
            Self::ApiToken(_) => Way::ApiToken,
            Self::ClientSecret { .. } => Way::ClientSecret,
            Self::Assertion { assertion: Assertion::PrivateKey(_), .. } => Way::PrivateKey,
            Self::Assertion { assertion: Assertion::ReadyMade(_), .. } => Way::ReadyMade,
            Self::Assertion { assertion: Assertion::Command(_), .. } => Way::Command,
            Self::CliLogin { .. } => Way::CliLogin,
            Self::Unusable { .. } => Way::Unusable,
        }
    }

    pub(super) fn client_id(&self) -> Option<&str> {
        match self {
            Self::ClientSecret { client_id, .. } | Self::Assertion { client_id, .. } => {
                Some(client_id)
            }
            Self::ApiToken(_) | Self::CliLogin { .. } | Self::Unusable { .. } => None,
        }
    }

    /// The secret that was configured as it is sent, where there is one.
    pub(super) fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::ApiToken(secret) | Self::ClientSecret { client_secret: secret, .. } => {
                Some(secret)
            }
            Self::Assertion { assertion: Assertion::ReadyMade(jwt), .. } => Some(&jwt.0),
            _ => None,
        }
    }
}

impl Assertion {
    /// A signed JWT for one request: Auth0 refuses one that it has seen.
    pub(super) async fn make(&self, client_id: &str, http: &Http) -> Result<SecretString, Failure> {
        match self {
            Self::PrivateKey(key) => {
                let audience = format!("{}/", http.domain().origin());
                // Auth0 judges the times in it by its own clock.
                let now = http.server_time().unwrap_or_else(OffsetDateTime::now_utc);
                key.sign(client_id, &audience, now).map_err(Failure::Setup)
            }
            Self::ReadyMade(jwt) => {
                jwt.still_good().map_err(Failure::NoProof)?;
                Ok(jwt.0.clone())
            }
            Self::Command(command) => command.run(client_id, http).await,
        }
    }
}

impl ReadyMade {
    /// Takes a JWT as it is; what is no JWT is told in words that do not repeat it.
    pub fn read(text: &str) -> Result<Self, String> {
        jwt::check_assertion(text.trim())?;
        Ok(Self(text.trim().into()))
    }

    fn still_good(&self) -> Result<(), NoProof> {
        let expires = jwt::claims(self.0.expose_secret()).and_then(|claims| claims.expires());
        match expires {
            Some(at) if at <= OffsetDateTime::now_utc() => Err(NoProof {
                why: format!("`client_assertion` expired at {}", jwt::time_in_words(at)),
                advice: "A signed assertion is good for one token and for minutes. Make a new one \
                         for each run, or name the program that makes it in \
                         `client_assertion_command`."
                    .to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for ReadyMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadyMade")
    }
}
