//! From the provider block and the environment to a client.

use super::schema::{is_rate, is_share};
use super::{Environment, ProviderModel, VERSION, login, network, path};
use crate::auth0::{Allowance, Credentials, Domain, DomainError, Network, NotReady, Settings};
use crate::framework::provider::Client;
use crate::framework::value::{Number, Value};
use crate::framework::{Diagnostic, Diagnostics, capitalized};

/// What a provider block sets for the client, or why that is not known yet. What the block leaves
/// out is taken from the environment. Nothing is asked of the network.
pub fn settings(
    config: &ProviderModel,
    client: Client,
    environment: Environment,
) -> Result<Result<Settings, NotReady>, Diagnostics> {
    let mut settings = Given { environment, unknown: Vec::new() };
    let mut faults = Diagnostics::new();
    let domain = settings.text(&config.domain, "domain", "AUTH0_DOMAIN");
    let audience = settings.text(&config.audience, "audience", "AUTH0_AUDIENCE");
    let network = network::network(&mut settings, config).unwrap_or_else(|found| {
        faults.append(found);
        Network::default()
    });
    let credentials = login::credentials(&mut settings, config).unwrap_or_else(|fault| {
        if settings.are_dynamic(config) {
            return Some(unusable(fault));
        }
        faults.push(fault);
        None
    });
    let domain = match domain {
        Some(text) => text.parse::<Domain>().map(Some).unwrap_or_else(|err| {
            let fault = invalid_domain(&err).at(path("domain"));
            faults.push(from_where(fault, &config.domain, "AUTH0_DOMAIN"));
            None
        }),
        None if settings.unknown.contains(&"domain") => None,
        None => {
            faults.push(missing_domain());
            None
        }
    };
    let mut number = |configured: &Value<Number>, name, variable, fits| {
        settings.number(configured, name, variable, fits).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        })
    };
    let allowance = Allowance {
        max_requests_per_second: number(
            &config.max_requests_per_second,
            "max_requests_per_second",
            "AUTH0_MAX_REQUESTS_PER_SECOND",
            is_rate,
        ),
        rate_limit_reserve: number(
            &config.rate_limit_reserve,
            "rate_limit_reserve",
            "AUTH0_RATE_LIMIT_RESERVE",
            is_share,
        )
        .unwrap_or_default(),
    };
    if faults.has_errors() {
        return Err(faults);
    }
    let (Some(domain), Some(credentials), true) =
        (domain, credentials, settings.unknown.is_empty())
    else {
        return Ok(Err(NotReady::Unknown(settings.unknown)));
    };
    Ok(Ok(Settings {
        domain,
        audience,
        credentials,
        network,
        allowance,
        adopt_existing: settings.flag(&config.adopt_existing, "AUTH0_ADOPT_EXISTING"),
        debug: settings.flag(&config.debug, "AUTH0_DEBUG"),
        user_agent: user_agent(&client.version),
        stop: client.stop,
    }))
}

/// What is given, in the block or in the environment.
pub(super) struct Given {
    environment: Environment,
    /// Attributes that are needed and not known yet.
    pub(super) unknown: Vec<&'static str>,
}

impl Given {
    /// The text of an attribute; an empty one counts as not set.
    pub(super) fn text(
        &mut self,
        configured: &Value<String>,
        name: &'static str,
        variable: &str,
    ) -> Option<String> {
        match configured {
            Value::Unknown => {
                self.unknown.push(name);
                None
            }
            Value::Known(text) if !text.is_empty() => Some(text.clone()),
            Value::Known(_) | Value::Null => {
                (self.environment)(variable).filter(|text| !text.is_empty())
            }
        }
    }

    /// A number; what the block gives has been validated. One that is not known yet is not waited
    /// for: it changes the pace alone.
    fn number(
        &self,
        configured: &Value<Number>,
        name: &str,
        variable: &str,
        fits: fn(f64) -> bool,
    ) -> Result<Option<f64>, Diagnostic> {
        if let Some(number) = configured.known() {
            return Ok(Some(number.to_f64()));
        }
        let Some(text) = (self.environment)(variable).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.trim().parse().ok().filter(|number| fits(*number)) {
            Some(number) => Ok(Some(number)),
            None => Err(Diagnostic::error(
                format!("Invalid {name}"),
                format!(
                    "The environment variable {variable} is {text:?}, which is no value for it."
                ),
            )
            .at(path(name))),
        }
    }

    pub(super) fn flag(&self, configured: &Value<bool>, variable: &str) -> bool {
        configured.known().copied().unwrap_or_else(|| {
            let text = (self.environment)(variable).unwrap_or_default();
            ["1", "true", "on"].contains(&text.to_lowercase().as_str())
        })
    }

    /// Whether credentials are judged only when a call needs them; so while that is not known.
    fn are_dynamic(&self, config: &ProviderModel) -> bool {
        let configured = &config.dynamic_credentials;
        configured.is_unknown() || self.flag(configured, "AUTH0_DYNAMIC_CREDENTIALS")
    }

    /// A variable of the environment; an empty one counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|text| !text.is_empty())
    }
}

/// Credentials that fail the first call which needs them.
fn unusable(fault: Diagnostic) -> Credentials {
    let mut summary = fault.summary.chars();
    let first = summary.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    Credentials::Unusable { why: first + summary.as_str(), advice: fault.detail }
}

/// Whether the block gives a text; an empty one counts as not set.
pub(super) fn is_configured(value: &Value<String>) -> bool {
    value.is_unknown() || value.known().is_some_and(|text| !text.is_empty())
}

/// A fault of a value that the block does not give names the variable that does.
pub(super) fn from_where(
    fault: Diagnostic,
    configured: &Value<String>,
    variable: &str,
) -> Diagnostic {
    if is_configured(configured) {
        return fault;
    }
    let detail = format!("{} It comes from the environment variable {variable}.", fault.detail);
    Diagnostic { detail, ..fault }
}

/// A value that cannot be used; `why` repeats nothing of it that may be secret.
pub(super) fn invalid(
    name: &str,
    why: &str,
    configured: &Value<String>,
    variable: &str,
) -> Diagnostic {
    let detail = format!("{}.", capitalized(why));
    let fault = Diagnostic::error(format!("Invalid {name}"), detail).at(path(name));
    from_where(fault, configured, variable)
}

/// What is wrong with a domain, wherever it was given.
pub fn invalid_domain(err: &DomainError) -> Diagnostic {
    Diagnostic::error("Invalid domain", format!("{}.", capitalized(&err.to_string())))
}

fn missing_domain() -> Diagnostic {
    Diagnostic::error(
        "Missing domain",
        "The domain of the Auth0 tenant is not set. Set domain in the provider block, or the \
         environment variable AUTH0_DOMAIN, for instance to acme.eu.auth0.com.",
    )
    .at(path("domain"))
}

/// Names provider, version and core, so that Auth0's logs tell who called.
fn user_agent(core: &str) -> String {
    // Header values take visible ASCII only, and core says what it likes.
    let core: String = core.chars().filter(char::is_ascii_graphic).take(64).collect();
    format!("terraform-provider-auth0/{VERSION} Terraform/{core}")
}
