//! What a provider block and the environment say of the way to Auth0.

use super::tests::{configured, everything, settings};
use super::*;
use crate::framework::Diagnostic;

const NO_KEY: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

fn faults(config: ProviderModel, environment: Environment) -> Vec<Diagnostic> {
    configured(config, environment).0.into_iter().collect()
}

#[test]
fn every_fault_is_told_at_its_attribute_and_no_value_is_shown() {
    let faults = faults(
        ProviderModel {
            proxy_url: "ftp://u:canary@p.test".into(),
            ca_cert_file: "/no/file".into(),
            ca_cert_pem: "canary".into(),
            client_certificate: NO_KEY.into(),
            client_key: "canary".into(),
            ..Default::default()
        },
        everything,
    );
    let told: Vec<_> = faults.iter().map(|d| (d.summary.as_str(), d.path.to_string())).collect();
    let want = ["proxy_url", "ca_cert_file", "ca_cert_pem", "client_key"];
    let want = want.map(|name| (format!("Invalid {name}"), name.to_owned()));
    let want: Vec<_> =
        want.iter().map(|(summary, path)| (summary.as_str(), path.clone())).collect();
    assert_eq!(told, want);
    for fault in faults {
        assert!(!fault.detail.contains("canary"), "{}", fault.detail);
    }
}

#[test]
fn a_fault_of_the_environment_names_the_variable() {
    let environment: Environment = |name| match name {
        "AUTH0_PROXY_URL" => Some("ftp://u:canary@p.test".to_owned()),
        "AUTH0_CLIENT_CERTIFICATE" => Some(NO_KEY.to_owned()),
        name => everything(name),
    };
    let faults = faults(ProviderModel::default(), environment);
    let [proxy, key] = &faults[..] else { panic!("{}", faults.len()) };
    assert_eq!(
        (proxy.summary.as_str(), proxy.path.to_string()),
        ("Invalid proxy_url", "proxy_url".to_owned())
    );
    assert!(proxy.detail.contains("environment variable AUTH0_PROXY_URL"), "{}", proxy.detail);
    assert!(!proxy.detail.contains("canary"), "{}", proxy.detail);
    assert_eq!(
        (key.summary.as_str(), key.path.to_string()),
        ("Missing client_key", "client_key".to_owned())
    );
    for words in ["by the environment variable AUTH0_CLIENT_CERTIFICATE", "AUTH0_CLIENT_KEY"] {
        assert!(key.detail.contains(words), "{}", key.detail);
    }
}

#[test]
fn a_key_without_its_certificate_is_refused_unless_the_certificate_is_not_known_yet() {
    let key = ProviderModel { client_key: "key".into(), ..Default::default() };
    let [fault] = &faults(key.clone(), everything)[..] else { panic!() };
    assert_eq!(fault.summary, "Missing client_certificate");
    let unknown = ProviderModel { client_certificate: Value::Unknown, ..key };
    assert!(faults(unknown, everything).is_empty());
}

#[test]
fn the_block_goes_before_the_environment() {
    let environment: Environment = |name| match name {
        "AUTH0_PROXY_URL" => Some("http://env.test:1".to_owned()),
        name => everything(name),
    };
    let of_environment = settings(ProviderModel::default(), environment).network.proxy;
    assert!(format!("{of_environment:?}").contains("AUTH0_PROXY_URL"));
    let block = ProviderModel { proxy_url: "http://block.test:1".into(), ..Default::default() };
    let of_block = settings(block, environment).network.proxy;
    assert!(format!("{of_block:?}").contains("`proxy_url`"));
}
