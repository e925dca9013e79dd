//! What a simulator is started with, and what can be changed while it runs. One definition feeds
//! the flags of the binary, their help, the handle and the control door.

use super::rate_limit::RateLimit;
use super::script::Script;
use super::switches::Switches;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Every scope that the calls of the simulator ask for.
const ALL_SCOPES: &str = "read:event_streams,create:event_streams,update:event_streams,\
                          delete:event_streams,read:event_deliveries,update:event_deliveries,\
                          read:actions,create:actions,update:actions,delete:actions";

/// How a client proves at the token endpoint who it is. It must use the way it is registered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ClientAuthentication {
    /// id and secret in the body
    #[default]
    ClientSecretPost,
    /// id and secret in the `Authorization` header
    ClientSecretBasic,
    /// a JWT that a key of the client has signed
    #[value(alias = "private_key_jwt")]
    PrivateKeyJwt,
}

/// The algorithm that the key of a client is registered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SigningAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256
    #[default]
    #[value(name = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384
    #[value(name = "RS384")]
    Rs384,
    /// RSASSA-PSS with SHA-256
    #[value(name = "PS256")]
    Ps256,
}

/// What a simulator is started with.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Name of the tenant, in every name that Auth0 makes of it
    #[arg(long, value_name = "NAME", default_value = "acme-dev", value_parser = tenant_name)]
    pub tenant: String,

    /// A custom domain of the tenant, a name without a port; the certificate is good for it
    #[arg(long = "custom-domain", value_name = "NAME", value_parser = host_name)]
    pub custom_domains: Vec<String>,

    /// Way of authentication that the client is registered for
    #[arg(long, value_enum, default_value_t, value_name = "METHOD")]
    pub client_authentication: ClientAuthentication,

    /// Public key (PEM) that the client has registered for private-key-jwt [default: a built-in
    /// one, whose private key is written to client_key.pem]
    #[arg(long, value_name = "FILE")]
    pub client_public_key: Option<PathBuf>,

    /// Algorithm that this key is registered for
    #[arg(long, value_enum, default_value_t, value_name = "ALG")]
    pub client_signing_alg: SigningAlg,

    /// Opens the control door, on ADDRESS of this machine or on a free port
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true,
          default_missing_value = "127.0.0.1:0", value_parser = loopback)]
    pub control: Option<SocketAddr>,

    /// Script of what goes wrong: settings and faults in JSON, see docs/guides/simulator.md
    #[arg(long, value_name = "FILE", value_parser = script)]
    pub faults: Option<Script>,

    /// Prints a line for each request on stderr.
    #[arg(skip)]
    pub print_requests: bool,

    /// What can be changed later.
    #[command(flatten)]
    pub settings: Settings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tenant: "acme-dev".to_owned(),
            custom_domains: Vec::new(),
            client_authentication: ClientAuthentication::default(),
            client_public_key: None,
            client_signing_alg: SigningAlg::default(),
            control: None,
            faults: None,
            print_requests: false,
            settings: Settings::default(),
        }
    }
}

/// What can be changed while a simulator runs.
#[derive(Clone, Debug, PartialEq, clap::Args, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Rate limit of the Management API, such as 10/2, or that of a plan of Auth0: free,
    /// enterprise-production, enterprise-other, private-cloud-20 to private-cloud-5000 [default: none]
    #[arg(long, value_name = "BURST/PER_SECOND|PLAN")]
    pub rate_limit: Option<RateLimit>,

    /// Rate limit of the token endpoint [default: none]
    #[arg(long, value_name = "BURST/PER_SECOND")]
    pub token_rate_limit: Option<RateLimit>,

    /// Milliseconds that every answer takes longer
    #[arg(long = "latency", value_name = "MS", default_value_t = 0)]
    pub latency_ms: u64,

    /// Milliseconds after which a write shows in GET and list
    #[arg(long = "stale-reads", value_name = "MS", default_value_t = 0)]
    pub stale_reads_ms: u64,

    /// Milliseconds after which a test event is listed as failed [default: they do not fail]
    #[arg(long = "test-events-fail-after", value_name = "MS")]
    pub test_events_fail_after_ms: Option<u64>,

    /// Seconds that an access token lives
    #[arg(long = "token-lifetime", value_name = "SECONDS", default_value_t = 86_400)]
    pub token_lifetime_s: u32,

    /// Scopes of the client grant
    #[arg(long, value_name = "SCOPE,...", value_delimiter = ',', default_value = ALL_SCOPES)]
    pub scopes: Vec<String>,

    /// Another API of the tenant, by its identifier, with the scopes that the client is granted for
    /// it; more than one by several flags
    #[arg(long = "api", value_name = "IDENTIFIER=SCOPE,...")]
    pub apis: Vec<Api>,

    /// The client has no grant for the Management API
    #[arg(long)]
    pub without_client_grant: bool,

    /// The client may not use the grant type `client_credentials`
    #[arg(long)]
    pub without_grant_type: bool,

    /// Number of event streams at which the tenant is full [default: none]
    #[arg(long, value_name = "COUNT")]
    pub max_event_streams: Option<usize>,

    /// The position of every switch.
    #[command(flatten)]
    pub switches: Switches,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rate_limit: None,
            token_rate_limit: None,
            latency_ms: 0,
            stale_reads_ms: 0,
            test_events_fail_after_ms: None,
            token_lifetime_s: 86_400,
            scopes: ALL_SCOPES.split(',').map(str::to_owned).collect(),
            apis: Vec::new(),
            without_client_grant: false,
            without_grant_type: false,
            max_event_streams: None,
            switches: Switches::default(),
        }
    }
}

/// An API of the tenant beside the Management API.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// What a token is asked for with.
    pub identifier: String,
    /// Scopes of the client's grant.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl std::str::FromStr for Api {
    type Err = String;

    /// Reads `IDENTIFIER` or `IDENTIFIER=SCOPE,SCOPE`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (identifier, scopes) = text.split_once('=').unwrap_or((text, ""));
        if identifier.is_empty() {
            return Err("an API has an identifier, such as https://hooks.example.com/".to_owned());
        }
        let scopes = scopes.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned);
        Ok(Self { identifier: identifier.to_owned(), scopes: scopes.collect() })
    }
}

/// Names of partner event sources hold letters, digits and hyphens, and the tenant is part of them.
fn tenant_name(name: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !name.is_empty() && name.bytes().all(fits) {
        Ok(name.to_owned())
    } else {
        Err("a tenant's name holds letters, digits and hyphens only".to_owned())
    }
}

fn host_name(name: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if !name.is_empty() && name.bytes().all(fits) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("a host name holds letters, digits, hyphens and dots only".to_owned())
    }
}

fn script(file: &str) -> Result<Script, String> {
    Script::read_file(file.as_ref())
}

/// The control door reads secrets, so it opens to this machine alone.
fn loopback(address: &str) -> Result<SocketAddr, String> {
    match address.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("the control door opens on loopback only".to_owned()),
        Err(_) => Err("expected an address such as 127.0.0.1:9000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::switches::PatchWithoutSecret;
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        options: Options,
    }

    fn parse(flags: &[&str]) -> Result<Options, clap::Error> {
        Command::try_parse_from(["test"].iter().chain(flags)).map(|command| command.options)
    }

    #[test]
    fn no_flags_are_the_defaults() {
        let options = parse(&[]).unwrap();
        assert_eq!(options.settings, Settings::default());
        assert_eq!(options.settings.scopes.len(), 10);
        assert_eq!(options.tenant, Options::default().tenant);
        assert_eq!(options.control, None);
    }

    #[test]
    fn every_switch_is_a_flag() {
        for name in Switches::NAMES {
            let flag = format!("--{}", name.replace('_', "-"));
            let refusal = parse(&[&flag, "no-position"]).unwrap_err();
            assert!(refusal.to_string().contains("possible values"), "{flag}: {refusal}");
        }
        let options = parse(&["--patch-without-secret", "keep"]).unwrap();
        assert_eq!(options.settings.switches.patch_without_secret, PatchWithoutSecret::Keep);
    }

    #[test]
    fn a_client_is_registered_for_a_key_by_flags() {
        for name in ["private-key-jwt", "private_key_jwt"] {
            let flags = ["--client-authentication", name, "--client-signing-alg", "PS256"];
            let options = parse(&flags).unwrap();
            assert_eq!(options.client_authentication, ClientAuthentication::PrivateKeyJwt);
            assert_eq!(options.client_signing_alg, SigningAlg::Ps256);
        }
        assert!(parse(&["--client-signing-alg", "RS512"]).is_err());
        let options = parse(&["--client-public-key", "key.pem"]).unwrap();
        assert_eq!(options.client_public_key.unwrap().to_str(), Some("key.pem"));
    }

    #[test]
    fn the_control_door_opens_on_loopback_only() {
        assert!(parse(&["--control"]).unwrap().control.unwrap().ip().is_loopback());
        assert_eq!(parse(&["--control=127.0.0.1:9000"]).unwrap().control.unwrap().port(), 9000);
        assert!(parse(&["--control=0.0.0.0:9000"]).is_err());
    }

    #[test]
    fn custom_domains_are_host_names_as_many_as_there_are() {
        let options = parse(&["--custom-domain", "ID.acme.com", "--custom-domain", "id.acme.org"]);
        assert_eq!(options.unwrap().custom_domains, ["id.acme.com", "id.acme.org"]);
        assert!(parse(&["--custom-domain", "https://id.acme.com"]).is_err());
    }

    #[test]
    fn a_tenant_has_a_name_that_aws_takes() {
        assert!(parse(&["--tenant", "acme-dev-2"]).is_ok());
        for wrong in ["", "acme.dev", "acme_dev", "acme:8080"] {
            assert!(parse(&["--tenant", wrong]).is_err(), "{wrong}");
        }
    }
}
