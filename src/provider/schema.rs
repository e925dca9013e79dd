//! The schema of the provider block: the attributes of the official provider, and our own.

use super::configure::invalid_domain;
use crate::auth0::Domain;
use crate::framework::schema::{Attribute, Block, Schema, Validator, boolean, string};

/// The schema of the provider block.
pub fn schema() -> Schema {
    let block = Block::new([
        ("domain", domain()),
        (
            "audience",
            string().optional().description(
                "Identifier of the Management API, `https://{domain}/api/v2/` by default. Needed \
                 with a custom domain: it always names the tenant's own domain. Environment \
                 variable: `AUTH0_AUDIENCE`.",
            ),
        ),
        (
            "client_id",
            string().optional().description(
                "Id of a machine-to-machine application that may use the Management API. \
                 Environment variable: `AUTH0_CLIENT_ID`.",
            ),
        ),
        (
            "client_secret",
            string().optional().sensitive().description(
                "Secret of that application. Environment variable: `AUTH0_CLIENT_SECRET`.",
            ),
        ),
        (
            "api_token",
            string().optional().sensitive().description(
                "A token for the Management API, in place of `client_id` and `client_secret`. It is \
                 not renewed. Environment variable: `AUTH0_API_TOKEN`.",
            ),
        ),
        (
            "debug",
            boolean().optional().description(
                "Logs each request to Auth0 and its answer, without bodies and headers, where \
                 `TF_LOG` is `DEBUG`. Environment variable: `AUTH0_DEBUG`.",
            ),
        ),
        (
            "ca_cert_file",
            string().optional().description(
                "Path of a file with certificates (PEM) of authorities to trust besides those of \
                 the system. Environment variable: `AUTH0_CA_CERT_FILE`.",
            ),
        ),
    ])
    .description("Manages how identity events leave an Auth0 tenant.");
    Schema::new(block)
}

fn domain() -> Attribute {
    string()
        .optional()
        .validate(Validator::text("must be a host name, with a port where needed", |text| {
            // An empty text stands for "not set", and leaves the word to the environment.
            let fault = text.parse::<Domain>().err().filter(|_| !text.is_empty())?;
            Some(invalid_domain(&fault))
        }))
        .description(
            "Domain of the tenant, such as `acme.eu.auth0.com`, or its custom domain. Environment \
             variable: `AUTH0_DOMAIN`.",
        )
}
