//! `POST /oauth/token`.

use super::super::answer::Answer;
use super::super::auth0::{Site, State};
use super::super::errors::TokenError;
use super::jwt::Claims;
use super::parameters::Parameters;
use bytes::Bytes;
use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};
use serde::Serialize;
use std::collections::HashSet;
use std::time::Instant;

/// A token is nothing for a cache.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The members of an answer, in the order of Auth0.
#[derive(Serialize)]
struct Issued {
    access_token: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    expires_in: u32,
    token_type: &'static str,
}

/// Answers a token request that came in through `issuer`: the tenant's domain or a custom one.
pub(crate) fn answer(
    state: &mut State,
    site: &Site,
    issuer: &str,
    request: &Request<Bytes>,
) -> Answer {
    let (limit, now) = (state.settings.token_rate_limit, Instant::now());
    if !state.token_bucket.take(limit, now) {
        let refusal = TokenError::too_many_requests().answer();
        let standing = state.token_bucket.standing(limit, now);
        return standing.retry_after(refusal, state.settings.switches.retry_after);
    }
    match issue(state, site, issuer, request) {
        Ok(issued) => Answer::ok(&issued).with("cache-control", NO_STORE),
        Err(refusal) => refusal.answer(),
    }
}

fn issue(
    state: &mut State,
    site: &Site,
    issuer: &str,
    request: &Request<Bytes>,
) -> Result<Issued, TokenError> {
    let parameters = Parameters::read(request)?;
    let grant_type = parameters.require("grant_type")?;
    if grant_type != "client_credentials" {
        let description = format!("Unsupported grant type: {grant_type}");
        let status = StatusCode::BAD_REQUEST;
        return Err(TokenError::new(status, "unsupported_grant_type", description));
    }
    let place = (issuer, state.clock.now().unix_timestamp());
    site.client.authenticate(request.headers(), &parameters, place, &mut state.assertions)?;
    if state.settings.without_grant_type {
        let description = "Grant type 'client_credentials' not allowed for the client.";
        return Err(TokenError::new(StatusCode::FORBIDDEN, "unauthorized_client", description));
    }
    let audience = parameters.require("audience")?;
    if let Some(api) = state.settings.apis.iter().find(|api| api.identifier == audience) {
        let scope = granted(&api.scopes, parameters.get("scope"))?;
        return Ok(sign(state, site, issuer, (audience, scope)));
    }
    if audience != site.audience {
        let description = format!("Service not enabled within domain: {audience}");
        return Err(TokenError::forbidden(description));
    }
    if parameters.get("organization").is_some() {
        // Documented as not for the Management API; the text is not known.
        let description = "Organizations cannot be used with the Management API";
        return Err(TokenError::invalid_request(description));
    }
    if state.settings.without_client_grant {
        return Err(TokenError::forbidden(format!(
            "Client is not authorized to access \"{audience}\". You need to create a \
             \"client-grant\" associated to this API. See: \
             https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"
        )));
    }
    let scope = granted(&state.settings.scopes, parameters.get("scope"))?;
    Ok(sign(state, site, issuer, (&site.audience, scope)))
}

/// All scopes of the grant, or those asked for, which must be among them.
fn granted(grant: &[String], asked: Option<&str>) -> Result<String, TokenError> {
    let Some(asked) = asked else { return Ok(grant.join(" ")) };
    let grant: HashSet<&str> = grant.iter().map(String::as_str).collect();
    let beyond: Vec<_> = asked.split_whitespace().filter(|scope| !grant.contains(scope)).collect();
    if beyond.is_empty() {
        return Ok(asked.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let description = format!("Client has not been granted scopes: {}", beyond.join(", "));
    Err(TokenError::forbidden(description))
}

/// A token of the client with all scopes of its grant, without a request.
pub(crate) fn ready_made(state: &mut State, site: &Site) -> String {
    let scope = state.settings.scopes.join(" ");
    let issuer = format!("https://{}/", site.domain);
    sign(state, site, &issuer, (&site.audience, scope)).access_token
}

/// A token for an API with what it allows there.
fn sign(state: &mut State, site: &Site, issuer: &str, (audience, scope): (&str, String)) -> Issued {
    let (now, lifetime) = (state.clock.now().unix_timestamp(), state.settings.token_lifetime_s);
    let claims = Claims {
        iss: issuer.to_owned(),
        sub: format!("{}@clients", site.client.id),
        aud: audience.to_owned(),
        iat: now,
        exp: now + i64::from(lifetime),
        scope: scope.clone(),
        gty: "client-credentials".to_owned(),
        azp: site.client.id.clone(),
    };
    let access_token = state.tokens.issue(&site.key, claims);
    Issued { access_token, scope, expires_in: lifetime, token_type: "Bearer" }
}
