//! The way to Auth0 that a provider block and the environment describe.

use std::path::Path;

use super::configure::{Given, invalid, is_configured};
use super::{ProviderModel, path};
use crate::auth0::{ClientCertificate, Network, Proxy, Unfit};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics};

const PROXY: (&str, &str) = ("proxy_url", "AUTH0_PROXY_URL");
const CA_FILE: (&str, &str) = ("ca_cert_file", "AUTH0_CA_CERT_FILE");
const CA_PEM: (&str, &str) = ("ca_cert_pem", "AUTH0_CA_CERT_PEM");
const CERTIFICATE: (&str, &str) = ("client_certificate", "AUTH0_CLIENT_CERTIFICATE");
const KEY: (&str, &str) = ("client_key", "AUTH0_CLIENT_KEY");

/// What is given of the way to Auth0, read and checked, or every fault in it.
pub(super) fn network(given: &mut Given, config: &ProviderModel) -> Result<Network, Diagnostics> {
    let mut faults = Diagnostics::new();
    let mut network = Network::default();
    let mut text =
        |configured, (name, variable): (&'static str, _)| given.text(configured, name, variable);
    let proxy = text(&config.proxy_url, PROXY);
    let file = text(&config.ca_cert_file, CA_FILE);
    let pem = text(&config.ca_cert_pem, CA_PEM);
    let certificate = text(&config.client_certificate, CERTIFICATE);
    let key = text(&config.client_key, KEY);

    let mut check = |fault: Option<String>, configured, (name, variable)| {
        if let Some(why) = fault {
            faults.push(invalid(name, &why, configured, variable));
        }
    };
    if let Some(proxy) = proxy {
        let named = if is_configured(&config.proxy_url) { "`proxy_url`" } else { PROXY.1 };
        match Proxy::read(&proxy, named) {
            Ok(proxy) => network.proxy = Some(proxy),
            Err(why) => check(Some(format!("it is {why}")), &config.proxy_url, PROXY),
        }
    }
    let authorities = &mut network.authorities;
    let fault = file.and_then(|file| authorities.add_file(Path::new(&file)).err());
    check(fault, &config.ca_cert_file, CA_FILE);
    let fault = pem.and_then(|pem| authorities.add_pem(&pem).err());
    check(fault, &config.ca_cert_pem, CA_PEM);
    match (certificate, key) {
        (Some(certificate), Some(key)) => match ClientCertificate::read(&certificate, &key) {
            Ok(certificate) => network.client_certificate = Some(certificate),
            Err(Unfit::Certificate(why)) => {
                check(Some(why), &config.client_certificate, CERTIFICATE);
            }
            Err(Unfit::Key(why)) => check(Some(why), &config.client_key, KEY),
        },
        (Some(_), None) if !config.client_key.is_unknown() => {
            faults.push(missing(KEY, CERTIFICATE, &config.client_certificate));
        }
        (None, Some(_)) if !config.client_certificate.is_unknown() => {
            faults.push(missing(CERTIFICATE, KEY, &config.client_key));
        }
        _ => {}
    }
    if faults.has_errors() { Err(faults) } else { Ok(network) }
}

/// One half of a client certificate without the other.
fn missing(
    (name, variable): (&str, &str),
    (other, its_variable): (&str, &str),
    configured: &Value<String>,
) -> Diagnostic {
    let by = match is_configured(configured) {
        true => String::new(),
        false => format!(" by the environment variable {its_variable}"),
    };
    let detail = format!(
        "{other} is set{by}, but {name} is not, and a client certificate needs both. Set {name} in \
         the provider block, or the environment variable {variable}."
    );
    Diagnostic::error(format!("Missing {name}"), detail).at(path(name))
}
