//! The schema of the provider block: the attributes of the official provider, and our own.

use super::configure::invalid_domain;
use crate::auth0::Domain;
use crate::framework::schema::{
    Attribute, Block, Schema, Validator, boolean, list, number, string,
};
use crate::framework::value::{Data, Type};
use crate::framework::{Diagnostic, Diagnostics};

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
        ("client_assertion_private_key", client_assertion_private_key()),
        (
            "client_assertion_signing_alg",
            string().optional().description(
                "Algorithm that the key is registered for: `RS256`, `RS384` or `PS256`. Needed with \
                 `client_assertion_private_key`. Environment variable: \
                 `AUTH0_CLIENT_ASSERTION_SIGNING_ALG`.",
            ),
        ),
        (
            "client_assertion",
            string().optional().sensitive().description(
                "A JWT that somebody else has signed for that application, in place of \
                 `client_secret`. Auth0 takes it once, so it is good for one run of one command. \
                 Environment variable: `AUTH0_CLIENT_ASSERTION`.",
            ),
        ),
        ("client_assertion_command", client_assertion_command()),
        (
            "api_token",
            string().optional().sensitive().description(
                "A token for the Management API, in place of `client_id` and `client_secret`. It is \
                 not renewed. Environment variable: `AUTH0_API_TOKEN`.",
            ),
        ),
        (
            "cli_login",
            boolean().optional().description(
                "Uses the token that the Auth0 CLI keeps for the tenant after `auth0 login`, in the \
                 keyring of the system or else in `~/.config/auth0/config.json`. Environment \
                 variable: `AUTH0_CLI_LOGIN`.",
            ),
        ),
        (
            "dynamic_credentials",
            boolean().optional().description(
                "Judges the credentials only when a call needs them, for credentials that come into \
                 being during the run. Environment variable: `AUTH0_DYNAMIC_CREDENTIALS`.",
            ),
        ),
        (
            "custom_domain_header",
            string()
                .optional()
                .deprecated("It has no effect with event streams. Remove it from this block.")
                .description(
                    "Taken for the sake of the official provider, and of no effect: Auth0 reads the \
                     header `Auth0-Custom-Domain` in calls that send e-mails or make tickets, and \
                     none of them concerns event streams. Environment variable: \
                     `AUTH0_CUSTOM_DOMAIN_HEADER`.",
                ),
        ),
        (
            "debug",
            boolean().optional().description(
                "Logs the bodies of requests to Auth0 and of its answers, without the secrets in \
                 them, where `TF_LOG` is `DEBUG`. Each request has a line there in any case. \
                 Environment variable: `AUTH0_DEBUG`.",
            ),
        ),
        ("proxy_url", proxy_url()),
        (
            "ca_cert_file",
            string().optional().description(
                "Path of a file with certificates (PEM) of authorities to trust besides those of \
                 the system. Environment variable: `AUTH0_CA_CERT_FILE`.",
            ),
        ),
        (
            "ca_cert_pem",
            string().optional().description(
                "Certificates (PEM) of authorities to trust besides those of the system and of \
                 `ca_cert_file`. Environment variable: `AUTH0_CA_CERT_PEM`.",
            ),
        ),
        (
            "client_certificate",
            string().optional().description(
                "Certificate that is shown to a server or proxy which asks for one, with its \
                 intermediates behind it: PEM, or the path of a file with it. Needs `client_key`. \
                 Environment variable: `AUTH0_CLIENT_CERTIFICATE`.",
            ),
        ),
        (
            "client_key",
            string().optional().sensitive().description(
                "Private key of `client_certificate`: PEM, or the path of a file with it. It is not \
                 the key of the application, which is `client_assertion_private_key`. Environment \
                 variable: `AUTH0_CLIENT_KEY`.",
            ),
        ),
        (
            "adopt_existing",
            boolean().optional().description(
                "Takes over an event stream that is there already and equals a new one in all that \
                 Auth0 shows, in place of an error. An earlier run that was killed may have left it. \
                 Its secret is sent once. Environment variable: `AUTH0_ADOPT_EXISTING`.",
            ),
        ),
        (
            "max_requests_per_second",
            number()
                .optional()
                .validate(number_rule("must be more than 0", is_rate))
                .description(
                    "Requests to the Management API that this provider sends in a second at most. By \
                     default it keeps to the tenant's rate limit, which it learns from the answers. \
                     Environment variable: `AUTH0_MAX_REQUESTS_PER_SECOND`.",
                ),
        ),
        (
            "rate_limit_reserve",
            number()
                .optional()
                .validate(number_rule("must be at least 0 and less than 1", is_share))
                .description(
                    "Share of the tenant's rate limit that is left to others, such as 0.3. \
                     Environment variable: `AUTH0_RATE_LIMIT_RESERVE`.",
                ),
        ),
    ])
    .description("Manages how identity events leave an Auth0 tenant.");
    Schema::new(block)
}

/// Whether a number is a rate, in requests a second.
pub fn is_rate(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}

/// Whether a number is a share that leaves something.
pub fn is_share(number: f64) -> bool {
    (0.0..1.0).contains(&number)
}

fn number_rule(rule: &'static str, fits: fn(f64) -> bool) -> Validator {
    Validator::new(rule, move |data, path| match data {
        Data::Number(number) if !fits(number.to_f64()) => {
            let detail = format!("It {rule}, and is {number}.");
            Diagnostic::error(format!("Invalid {path}"), detail).at(path.clone()).into()
        }
        _ => Diagnostics::new(),
    })
}

fn client_assertion_private_key() -> Attribute {
    string().optional().sensitive().description(
        "Private key of that application, in place of `client_secret`: PEM, or the path of a file \
         with it. The application must use the method Private Key JWT and list the public key. \
         Environment variable: `AUTH0_CLIENT_ASSERTION_PRIVATE_KEY`.",
    )
}

fn client_assertion_command() -> Attribute {
    list(Type::String).optional().description(
        "A program and its arguments, in place of `client_secret`. It prints a JWT that is signed \
         for that application, so that the key can stay in a vault. It is run for each token, \
         without a shell, with `AUTH0_DOMAIN` and `AUTH0_CLIENT_ID` in its environment, and killed \
         after 30 seconds. Environment variable: `AUTH0_CLIENT_ASSERTION_COMMAND`, as an array of \
         JSON.",
    )
}

fn proxy_url() -> Attribute {
    string().optional().sensitive().description(
        "Proxy on the way to Auth0, such as `http://user:password@proxy.acme.com:3128`, or with \
         `https://` or `socks5://`. It takes the place of the environment variable `HTTPS_PROXY`. \
         What `NO_PROXY` names and what runs on this machine is reached without it. Environment \
         variable: `AUTH0_PROXY_URL`.",
    )
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
