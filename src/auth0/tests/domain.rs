//! Slips in the domain, and what is said about them.

use super::*;

async fn error(settings: Settings) -> (String, String) {
    let err = within(settings, limits())
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    (err.to_string(), err.advice().unwrap_or_default())
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_a_mistake_and_not_repeated() {
    let server = Server::start(good()).await;
    for (domain, likely) in [
        ("acme.eu.auth0.invalid", "is acme.eu.auth0.invalid spelled as in the Dashboard?"),
        ("acme-invalid", "is acme-invalid.us.auth0.com or acme-invalid.eu.auth0.com meant?"),
        ("acme.eu.auth0.cim", "Is acme.eu.auth0.com meant?"),
    ] {
        let parsed = domain.parse().unwrap();
        let (text, advice) = error(Settings { domain: parsed, ..settings(&server) }).await;
        let url = format!("POST https://{domain}/oauth/token got no answer");
        assert!(text.contains(&url), "{text}");
        // A machine without a resolver cannot tell, and tries again.
        let known = text.contains("the host does not exist") && !text.contains("attempts");
        assert!(known || text.contains("could not be resolved"), "{text}");
        assert!(advice.contains("Check `domain`"), "{advice}");
        assert!(!known || advice.contains(likely), "{advice}");
    }
}

/// Whatever answers at a name that is no tenant's: the URL, what it said, and a likely cause.
#[tokio::test]
async fn what_is_not_a_tenant_is_named_with_its_url() {
    const PAGE: &str = "<!DOCTYPE html><html><head><title>Welcome</title></head></html>";
    const UNKNOWN: &str = r#"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#;
    for (status, body, words) in [
        (200, PAGE, "200 OK with an HTML page"),
        (200, r#"{"hello":"world"}"#, "200 OK, but not as expected: the JSON lacks a member"),
        (404, PAGE, "404 Not Found with an HTML page titled \"Welcome\""),
        (404, "", "404 Not Found with an empty body"),
        (404, r#"{"error":"not_found"}"#, "404 Not Found: not_found"),
        (404, UNKNOWN, "404 Not Found: Not Found"),
    ] {
        let server = Server::start(move |_| json(status, body)).await;
        let (text, advice) = error(settings(&server)).await;
        let url =
            format!("POST https://127.0.0.1:{}/oauth/token was answered {words}", server.port);
        assert!(text.contains(&url), "{text}");
        assert!(advice.contains("does not answer as an Auth0 tenant"), "{advice}");
    }
}
