//! The parameters of a token request: a form or JSON.

use super::super::auth0::media_type;
use super::super::errors::TokenError;
use bytes::Bytes;
use hyper::Request;
use serde_json::Value;
use std::collections::HashMap;
use url::form_urlencoded;

/// Parameters by name. Those that the endpoint does not know are ignored, as OAuth wants it.
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    pub(super) fn read(request: &Request<Bytes>) -> Result<Self, TokenError> {
        match media_type(request).as_deref() {
            Some("application/json") => Self::json(request.body()),
            Some("application/x-www-form-urlencoded") => Self::form(request.body()),
            _ => Err(TokenError::invalid_request("Unsupported content type")),
        }
    }

    fn json(body: &[u8]) -> Result<Self, TokenError> {
        let members: HashMap<String, Value> = serde_json::from_slice(body)
            .map_err(|_| TokenError::invalid_request("Invalid JSON in the request body"))?;
        let text = |(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(TokenError::invalid_request(format!("Invalid parameter: {name}"))),
        };
        members.into_iter().map(text).collect::<Result<_, _>>().map(Self)
    }

    fn form(body: &[u8]) -> Result<Self, TokenError> {
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if parameters.insert(name.to_string(), value.into_owned()).is_some() {
                return Err(TokenError::invalid_request(format!("Repeated parameter: {name}")));
            }
        }
        Ok(Self(parameters))
    }

    /// A parameter; one without a value counts as left out.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn require(&self, name: &str) -> Result<&str, TokenError> {
        self.get(name).ok_or_else(|| TokenError::missing(name))
    }
}
