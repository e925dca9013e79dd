//! `auth0_access_token`: an access token for the length of a run.

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use time::format_description::well_known::Rfc3339;

use crate::auth0::{AccessToken, ClientSlot, Operation};
use crate::framework::data_source::DataSource;
use crate::framework::resource::Context;
use crate::framework::schema::{Attribute, Block, Schema, list, string};
use crate::framework::value::{Type, Value};
use crate::framework::{Diagnostic, Diagnostics, Outcome, path};
use crate::model;

model! {
    /// Whom the token is for, and the token.
    pub struct AccessTokenModel {
        pub audience: Value<String>,
        pub client_id: Value<String>,
        pub client_secret: Value<String>,
        pub access_token: Value<String>,
        pub expires_at: Value<String>,
        pub scopes: Value<Vec<Value<String>>>,
    }
}

/// The ephemeral resource `auth0_access_token`.
pub struct AccessTokens {
    auth0: ClientSlot,
}

impl AccessTokens {
    /// The resource, to be served by the client that will be in `auth0`.
    pub fn new(auth0: ClientSlot) -> Self {
        Self { auth0 }
    }
}

#[async_trait]
impl DataSource for AccessTokens {
    type Model = AccessTokenModel;
    const TYPE_NAME: &'static str = "auth0_access_token";

    fn schema(&self) -> Schema {
        Schema::new(
            Block::new([
                (
                    "audience",
                    string().optional().computed().description(
                        "Identifier of the API that the token is for; by default the Management API.",
                    ),
                ),
                (
                    "client_id",
                    string().optional().description(
                        "Id of the application that the token is issued to; by default the one that \
                         the provider logs in with. Needs `client_secret`.",
                    ),
                ),
                ("client_secret", client_secret()),
                ("access_token", string().computed().sensitive().description("The token.")),
                (
                    "expires_at",
                    string().computed().description(
                        "When it ends (RFC 3339); null where Auth0 does not say.",
                    ),
                ),
                (
                    "scopes",
                    list(Type::String).computed().description(
                        "What it allows: the scopes of the application's grant for the API; null \
                         where Auth0 does not say.",
                    ),
                ),
            ])
            .description(
                "An access token for the length of a run, which is in no plan and in no state. \
                 Without `client_id` it is issued to the application that the provider logs in with, \
                 once for each API and each process; Auth0 meters tokens, and a plan and its apply \
                 are two processes. A provider that has no credentials of its own is not configured, \
                 also where `client_id` and `client_secret` are given here: set \
                 `dynamic_credentials = true` in its block. Auth0 offers no way to revoke an access \
                 token: it is good until it ends.",
            ),
        )
    }

    fn validate(&self, config: &AccessTokenModel) -> Diagnostics {
        let AccessTokenModel { client_id, client_secret, .. } = config;
        let (given, missing) = match (client_id, client_secret) {
            (Value::Null, Value::Known(_)) => ("client_secret", "client_id"),
            (Value::Known(_), Value::Null) => ("client_id", "client_secret"),
            _ => return Diagnostics::new(),
        };
        Diagnostic::error(
            format!("Missing {missing}"),
            format!(
                "An application is known by its client_id and its client_secret together. Set \
                 {missing}, or leave out {given} to use the credentials of the provider."
            ),
        )
        .at(path(given))
        .into()
    }

    async fn read(&self, _: &Context, config: AccessTokenModel) -> Outcome<AccessTokenModel> {
        let auth0 = match self.auth0.client() {
            Ok(auth0) => auth0,
            Err(not_ready) => return Outcome::failed(Diagnostic::not_configured(&not_ready)),
        };
        let secret = config.client_secret.known().map(|secret| SecretString::from(secret.as_str()));
        let application = config.client_id.known().map(String::as_str).zip(secret.as_ref());
        let operation = Operation::default();
        let audience = config.audience.known().map(String::as_str);
        let outcome = match auth0.access_token(audience, application, &operation).await {
            Ok(token) => Outcome::state(filled(config, token)),
            Err(err) => {
                let api = audience.unwrap_or("the Management API");
                let summary = format!("Unable to get an access token for {api}");
                Outcome::failed(Diagnostic::error(summary, err.explained()))
            }
        };
        let delay = operation.delay();
        outcome.with_all(
            delay.map(|delay| Diagnostic::warning("The access token was long in coming", delay)),
        )
    }
}

fn client_secret() -> Attribute {
    string().optional().sensitive().description("Secret of that application.")
}

fn filled(config: AccessTokenModel, token: AccessToken) -> AccessTokenModel {
    let scopes = |scopes: Vec<String>| scopes.into_iter().map(Value::Known).collect();
    AccessTokenModel {
        audience: Value::Known(token.audience),
        access_token: Value::Known(token.token.expose_secret().to_owned()),
        expires_at: token.expires_at.and_then(|at| at.format(&Rfc3339).ok()).into(),
        scopes: token.scopes.map(scopes).into(),
        ..config
    }
}
