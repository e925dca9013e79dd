//! Refusals in the two shapes of Auth0: that of the Management API and that of the token endpoint.

use super::answer::Answer;
use hyper::StatusCode;
use serde::Serialize;

/// A refusal by the Management API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ApiError {
    #[serde(rename = "statusCode")]
    status: u16,
    error: &'static str,
    message: String,
    #[serde(rename = "errorCode", skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Attributes>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Attributes {
    error: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            error: reason(status),
            message: message.into(),
            code: None,
            attributes: None,
        }
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// 400 of a rule beyond the schema.
    pub(crate) fn invalid_body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message).code("invalid_body")
    }

    pub(crate) fn bad_authentication_header() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad HTTP authentication header format").code("Bearer")
    }

    pub(crate) fn missing_authentication() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Missing authentication")
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Invalid token")
    }

    pub(crate) fn expired_token() -> Self {
        Self::token_fault("Expired token received for JSON Web Token validation")
    }

    pub(crate) fn invalid_signature() -> Self {
        Self::token_fault("Invalid signature received for JSON Web Token validation")
    }

    fn token_fault(message: &str) -> Self {
        let attributes = Some(Attributes { error: message.to_owned() });
        Self { attributes, ..Self::new(StatusCode::UNAUTHORIZED, message) }
    }

    pub(crate) fn insufficient_scope(expected: &[&str]) -> Self {
        let message = format!("Insufficient scope, expected any of: {}", expected.join(","));
        Self::new(StatusCode::FORBIDDEN, message).code("insufficient_scope")
    }

    pub(crate) fn too_many_entities() -> Self {
        let message = "You reached the limit of entities of this type for this tenant.";
        Self::new(StatusCode::FORBIDDEN, message).code("too_many_entities")
    }

    pub(crate) fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(crate) fn too_many_requests() -> Self {
        let message = "Global limit has been reached";
        Self::new(StatusCode::TOO_MANY_REQUESTS, message).code("too_many_requests")
    }

    pub(crate) fn internal(status: StatusCode) -> Self {
        Self::new(status, "An internal server error occurred")
    }

    /// What it says to people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn answer(&self) -> Answer {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        Answer::json(status, self)
    }
}

/// Auth0 names 413 as the HTTP of 1999 did; everything else is the usual phrase.
fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        _ => status.canonical_reason().unwrap_or("Unknown"),
    }
}

/// A refusal by the token endpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TokenError {
    #[serde(skip)]
    status: u16,
    error: &'static str,
    error_description: String,
}

impl TokenError {
    pub(crate) fn new(
        status: StatusCode,
        error: &'static str,
        description: impl Into<String>,
    ) -> Self {
        Self { status: status.as_u16(), error, error_description: description.into() }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::invalid_request(format!("Missing required parameter: {parameter}"))
    }

    /// Wrong client id or secret.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized")
    }

    /// Wrong way to authenticate.
    pub(crate) fn invalid_client() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed")
    }

    pub(crate) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "access_denied", description)
    }

    /// The body of a 429 by this endpoint is not documented: the Management API's words.
    pub(crate) fn too_many_requests() -> Self {
        let description = "Global limit has been reached";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", description)
    }

    pub(crate) fn server_error(status: StatusCode) -> Self {
        Self::new(status, "server_error", "An internal server error occurred")
    }

    pub(crate) fn answer(&self) -> Answer {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        Answer::json(status, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_its_members_in_the_order_of_auth0() {
        for (refusal, want) in [
            (
                ApiError::no_such_route(),
                r#"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#,
            ),
            (
                ApiError::insufficient_scope(&["read:clients", "read:client_keys"]),
                r#"{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: read:clients,read:client_keys","errorCode":"insufficient_scope"}"#,
            ),
            (
                ApiError::expired_token(),
                r#"{"statusCode":401,"error":"Unauthorized","message":"Expired token received for JSON Web Token validation","attributes":{"error":"Expired token received for JSON Web Token validation"}}"#,
            ),
            (
                ApiError::too_many_requests(),
                r#"{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}"#,
            ),
        ] {
            assert_eq!(refusal.answer().body, want);
        }
    }

    #[test]
    fn the_token_endpoint_has_its_own_shape() {
        let answer = TokenError::missing("grant_type").answer();
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            r#"{"error":"invalid_request","error_description":"Missing required parameter: grant_type"}"#
        );
    }
}
