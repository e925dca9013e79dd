//! The way to Auth0, with a real core: through a real proxy, by IPv6, to a custom domain.

use std::fs;
use std::net::TcpListener;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use terraform_provider_auth0::simulator::{Options, Simulator};

use super::event_stream::eventbridge;
use crate::support::forward_proxy::ForwardProxy;
use crate::support::terraform::{Acceptance, Run};

/// A custom domain that no resolver knows but the proxy's (RFC 6761 keeps `.test` free).
const CUSTOM: &str = "login.acme.test";
const LOGIN: &str = "terraform:pr0xy-canary";

/// A tenant that is reached at its custom domain, and the domain with its port.
fn behind_a_proxy() -> (Acceptance, String) {
    let options = Options { custom_domains: vec![CUSTOM.to_owned()], ..Options::default() };
    let mut acc = Acceptance::with(options);
    let own = acc.auth0.domain().to_owned();
    let (_, port) = own.rsplit_once(':').unwrap();
    let domain = format!("{CUSTOM}:{port}");
    acc.set("AUTH0_DOMAIN", &domain);
    acc.set("AUTH0_AUDIENCE", &format!("https://{own}/api/v2/"));
    acc.set("TF_LOG", "TRACE");
    (acc, domain)
}

#[track_caller]
fn assert_shows_no_password(run: &Run) {
    let printed = run.printed();
    let header = BASE64_STANDARD.encode(LOGIN);
    for secret in ["pr0xy-canary", "wr0ng-canary", header.trim_end_matches('=')] {
        assert!(!printed.contains(secret), "{secret} is shown:\n{printed}");
    }
}

#[test]
fn every_request_goes_through_the_proxy_that_a_variable_or_the_block_names() {
    let proxy = ForwardProxy::start(LOGIN);
    for name in ["HTTPS_PROXY", "https_proxy", "AUTH0_PROXY_URL", "the block"] {
        let (mut acc, domain) = behind_a_proxy();
        let mut hcl = eventbridge("audit", "eu-west-1");
        if name == "the block" {
            // Its proxy goes before this one, where nothing listens.
            acc.set("HTTPS_PROXY", "http://127.0.0.1:9");
            acc.set("TF_VAR_proxy_url", &proxy.url(LOGIN));
            hcl += "variable \"proxy_url\" {\n  sensitive = true\n}\n\
                    provider \"auth0\" {\n  proxy_url = var.proxy_url\n}\n";
        } else {
            acc.set(name, &proxy.url(LOGIN));
        }
        acc.configure(&hcl);
        let plan = acc.plan();
        plan.run.assert_code(&[2]);
        let apply = acc.apply_plan().ok();
        acc.assert_settled();
        assert_eq!(acc.auth0.event_streams().len(), 1, "{name}");
        let destroy = acc.destroy();
        proxy.assert_logs(&format!("CONNECT {domain} - "));
        for run in [&plan.run, &apply, &destroy] {
            assert_shows_no_password(run);
        }
    }
}

#[test]
fn a_wrong_password_for_the_proxy_is_told_with_what_named_it_and_never_shown() {
    let proxy = ForwardProxy::start(LOGIN);
    for (name, named) in [("HTTPS_PROXY", "HTTPS_PROXY"), ("AUTH0_PROXY_URL", "AUTH0_PROXY_URL")] {
        let (mut acc, domain) = behind_a_proxy();
        acc.set(name, &proxy.url("terraform:wr0ng-canary"));
        acc.configure(&eventbridge("audit", "eu-west-1"));
        acc.plan().run.assert_code(&[2]);
        let run = acc.apply_plan();
        run.assert_code(&[1]);
        let [error] = &run.errors()[..] else { panic!("{}", run.printed()) };
        let url = format!("POST https://{domain}/oauth/token got no answer");
        assert!(error.detail.contains(&url), "{error:?}");
        assert!(error.detail.contains("asks for a user name and password"), "{error:?}");
        let advice = format!("The proxy refused those in {named}.");
        assert!(error.detail.contains(&advice), "{error:?}");
        assert_shows_no_password(&run);
        assert_eq!(acc.auth0.connections(), 0);
    }
    proxy.assert_logs("ProxyAuthenticationFailed");
}

/// With the name alone the tenant is not found, so the test above has gone through the proxy.
#[test]
fn what_no_proxy_names_is_reached_without_the_proxy() {
    let proxy = ForwardProxy::start(LOGIN);
    let (mut acc, _) = behind_a_proxy();
    acc.set("AUTH0_PROXY_URL", &proxy.url(LOGIN));
    acc.set("NO_PROXY", CUSTOM);
    acc.configure(&eventbridge("audit", "eu-west-1"));
    acc.plan().run.assert_code(&[2]);
    let run = acc.apply_plan();
    run.assert_code(&[1]);
    assert!(run.printed().contains("Check `domain`"), "{}", run.printed());
    assert!(!proxy.log().contains("CONNECT"), "{}", proxy.log());
}

#[test]
fn this_machine_is_reached_without_the_proxy() {
    let mut acc = Acceptance::start();
    acc.set("AUTH0_PROXY_URL", "http://127.0.0.1:9");
    acc.set("HTTPS_PROXY", "http://127.0.0.1:9");
    acc.apply(&eventbridge("audit", "eu-west-1"));
}

#[test]
fn a_tenant_at_an_address_of_ipv6_is_reached() {
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let acc = Acceptance::at(Simulator::start_on(listener, Options::default()).unwrap());
    assert!(acc.auth0.domain().starts_with("[::1]:"), "{}", acc.auth0.domain());
    acc.apply(&eventbridge("audit", "eu-west-1"));
    acc.destroy();
}

/// The default names an API that the tenant has not, and the advice is what makes it work.
#[test]
fn a_custom_domain_needs_the_audience_of_the_tenant() {
    let mut acc = Acceptance::start();
    let own = acc.auth0.domain().to_owned();
    acc.set("AUTH0_DOMAIN", &own.replace("127.0.0.1", "localhost"));
    acc.configure(&eventbridge("audit", "eu-west-1"));
    let error = acc.error_of_apply();
    assert!(error.detail.contains("is a custom domain, set `audience`"), "{error:?}");
    let audience = format!("provider \"auth0\" {{\n  audience = \"https://{own}/api/v2/\"\n}}\n");
    acc.apply(&(audience + &eventbridge("audit", "eu-west-1")));
}

#[test]
fn authorities_may_be_given_as_a_text() {
    let mut acc = Acceptance::start();
    acc.unset("AUTH0_CA_CERT_FILE");
    fs::write(acc.folder().join("own.pem"), acc.auth0.ca_pem()).unwrap();
    let block = "provider \"auth0\" {\n  ca_cert_pem = file(\"own.pem\")\n}\n".to_owned();
    acc.apply(&(block + &eventbridge("audit", "eu-west-1")));
    acc.set("AUTH0_CA_CERT_PEM", &acc.auth0.ca_pem().replace('\n', "\\n"));
    acc.apply(&eventbridge("audit", "eu-west-1"));
}
