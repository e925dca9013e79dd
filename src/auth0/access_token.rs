//! Access tokens for others than this client.

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use time::OffsetDateTime;

use super::advice::Facts;
use super::client::Auth0;
use super::error::{Error, Failure};
use super::login::{Credentials, NoProof, Way};
use super::operation::Operation;
use super::token::Tokens;

/// An access token, as Auth0 gave it.
#[derive(Debug, Clone)]
pub struct AccessToken {
    pub token: SecretString,
    /// The identifier of the API that it is for.
    pub audience: String,
    /// None where neither Auth0 nor the token says so.
    pub expires_at: Option<OffsetDateTime>,
    /// What it allows; None where neither Auth0 nor the token says so.
    pub scopes: Option<Vec<String>>,
}

/// The tokens of this process for other APIs than the client's own, by audience: they are metered.
pub(super) type OtherTokens = Mutex<Vec<(String, Arc<Tokens>)>>;

impl Auth0 {
    /// A token for the API `audience`, by default the Management API, of the client's own application
    /// or of another one. Within a process there is one token for each API.
    pub async fn access_token(
        &self,
        audience: Option<&str>,
        application: Option<(&str, &SecretString)>,
        operation: &Operation,
    ) -> Result<AccessToken, Error> {
        let own = self.facts();
        let audience = audience.unwrap_or(&own.audience);
        let other;
        let tokens = match application {
            Some((client_id, client_secret)) => {
                let credentials = Credentials::ClientSecret {
                    client_id: client_id.to_owned(),
                    client_secret: client_secret.clone(),
                };
                other = Arc::new(tokens(own, audience, credentials));
                &*other
            }
            None if audience == own.audience => self.tokens(),
            None if matches!(own.way, Way::ApiToken | Way::CliLogin) => {
                return Err(self.no_token(Failure::NoProof(ready_made())));
            }
            None => {
                other = self.others(audience);
                &*other
            }
        };
        let granted = match tokens.granted(self.http(), operation).await {
            Ok(granted) => granted,
            Err(Failure::NoToken(error)) => return Err((*error).clone()),
            Err(failure) => return Err(self.no_token(failure)),
        };
        let scopes = |scopes: String| scopes.split_whitespace().map(str::to_owned).collect();
        Ok(AccessToken {
            token: granted.token,
            audience: audience.to_owned(),
            expires_at: granted.expires_at,
            scopes: granted.scopes.map(scopes),
        })
    }

    fn no_token(&self, failure: Failure) -> Error {
        self.error(self.describe_token("get an access token".to_owned()), failure)
    }

    /// The tokens of the client's own application for another API.
    fn others(&self, audience: &str) -> Arc<Tokens> {
        let mut others = self.other_tokens().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tokens)) = others.iter().find(|(known, _)| known == audience) {
            return tokens.clone();
        }
        let made = Arc::new(tokens(self.facts(), audience, self.tokens().credentials().clone()));
        others.push((audience.to_owned(), made.clone()));
        made
    }
}

fn tokens(own: &Facts, audience: &str, credentials: Credentials) -> Tokens {
    let facts = Facts {
        audience: audience.to_owned(),
        is_own_api: audience == own.audience,
        client_id: credentials.client_id().map(str::to_owned),
        way: credentials.way(),
        ..own.clone()
    };
    Tokens::new(credentials, Arc::new(facts))
}

fn ready_made() -> NoProof {
    NoProof {
        why: "the provider is logged in with a ready-made token, which is for one API alone".into(),
        advice: "Set client_id and client_secret of an application that may use the other API, or \
                 log the provider in with an application."
            .into(),
    }
}
