//! What to do where no answer came: each cause on the way to Auth0 has a cure of its own.

use super::advice::{Facts, later, with_likely_mistake};
use super::cause::{Cause, CauseKind};
use super::proxy::Proxy;
use super::tls;

const GO_NO_FURTHER: &str = "If not, do not go on: somebody may be listening.";

pub(super) fn no_answer(cause: &Cause, facts: &Facts) -> String {
    let domain = &facts.domain;
    let proxy = facts.proxy.as_ref();
    match cause.kind {
        CauseKind::NoSuchHost => with_likely_mistake(
            format!("Check `domain`: is {domain} spelled as in the Dashboard?"),
            facts,
        ),
        CauseKind::Unresolved => with_likely_mistake(
            format!("Check `domain` ({domain}), and that this machine can resolve names."),
            facts,
        ),
        CauseKind::Refused | CauseKind::ConnectTimeout if domain.is_loopback() => {
            format!("Check `domain` ({domain}): nothing listens there on this machine.")
        }
        CauseKind::Refused | CauseKind::ConnectTimeout => format!(
            "Check `domain` ({domain}), and that this machine may reach it: a firewall may be in \
             the way, or a proxy needed, which `proxy_url` or HTTPS_PROXY names."
        ),
        CauseKind::Proxy => with_likely_mistake(
            format!(
                "Check the proxy that {} names, whether it may reach {domain}, and whether \
                 NO_PROXY should name {domain}.",
                named(proxy)
            ),
            facts,
        ),
        CauseKind::NoSuchProxy => {
            format!("Check {}: the host that it names as a proxy does not exist.", named(proxy))
        }
        CauseKind::ProxyLogin => proxy_login(proxy),
        CauseKind::SelfSigned | CauseKind::UnknownAuthority => {
            let yours = match cause.is_of_proxy() {
                true => format!("that is the proxy of yours that {} names", named(proxy)),
                false => format!("a proxy or a test server of yours answers for {domain}"),
            };
            let own = trust(match cause.kind {
                CauseKind::SelfSigned => "that certificate",
                _ => "the certificate of that authority",
            });
            let advice = format!("Nothing was sent. If {yours}, {own}. {GO_NO_FURTHER}");
            with_variable(advice, facts)
        }
        CauseKind::MissingIssuer => {
            let server = match cause.is_of_proxy() {
                true => "the proxy",
                false => "the server",
            };
            let advice = format!(
                "Nothing was sent. If that issuer is an intermediate authority, {server} leaves \
                 out a part of its chain: it must send the certificates of all intermediates with \
                 its own. If it is the authority of a proxy or a test server of yours, or until \
                 the chain is whole, {}. If it is neither, do not go on: somebody may be listening.",
                trust("the certificate of that issuer")
            );
            with_variable(advice, facts)
        }
        CauseKind::WrongName if cause.is_of_proxy() => format!(
            "Nothing was sent. Check the host in {}: it must be one that the certificate names.",
            named(proxy)
        ),
        CauseKind::WrongName => with_likely_mistake(
            format!(
                "Nothing was sent. Check `domain` ({domain}): it must be a name that the \
                 certificate has. A custom domain has its certificate only once Auth0 has verified \
                 it."
            ),
            facts,
        ),
        CauseKind::Expired => {
            let server = if cause.is_of_proxy() { "proxy" } else { "server" };
            format!(
                "Nothing was sent. Check the clock of this machine; if it is right, the {server} \
                 needs a new certificate."
            )
        }
        CauseKind::NotYetValid => {
            "Nothing was sent. Check the clock of this machine, which is probably late; if it is \
             right, the certificate must not be used yet."
                .to_owned()
        }
        CauseKind::ClientCertificate => format!(
            "Set `client_certificate` and `client_key` to a certificate, and its key, that {domain} \
             accepts. If they are set, that one was refused: check that it has not expired, and that \
             its chain leads to the authority that the server asks for."
        ),
        CauseKind::OldTls => format!(
            "The provider speaks TLS 1.2 and 1.3 only, and so does Auth0. Check `domain` ({domain}), \
             and whether something between this machine and Auth0 takes part in TLS."
        ),
        CauseKind::NoTls if proxy.is_some_and(Proxy::is_https) => format!(
            "Nothing was sent. The proxy that {} names is spoken to by TLS because its address \
             begins with https://. Most proxies want http:// there, also for requests by https.",
            named(proxy)
        ),
        CauseKind::NoTls => format!(
            "Nothing was sent. Check `domain` ({domain}), its port above all: plain HTTP may be \
             served there, and Auth0 is reached by https only."
        ),
        CauseKind::BadCertificate if cause.is_of_proxy() => {
            "Nothing was sent. The proxy needs another certificate.".to_owned()
        }
        CauseKind::BadCertificate => format!(
            "Nothing was sent. Check `domain` ({domain}). If it is right, what answers for it needs \
             another certificate."
        ),
        CauseKind::Tls => format!(
            "Check `domain` ({domain}), and whether something between this machine and Auth0 takes \
             part in TLS."
        ),
        CauseKind::AnswerTimeout | CauseKind::Cut | CauseKind::TooLong => later(),
    }
}

/// `advice`, and the variable of the environment that leaves the system's authorities out.
fn with_variable(advice: String, facts: &Facts) -> String {
    match tls::names_nothing(facts.env) {
        Some(why) => format!("{why} {advice}"),
        None => advice,
    }
}

/// How to trust what a certificate stands for.
fn trust(what: &str) -> String {
    format!("set `ca_cert_file` to a PEM file with {what}, or `ca_cert_pem` to the PEM itself")
}

fn named(proxy: Option<&Proxy>) -> &'static str {
    proxy.map_or("HTTPS_PROXY", Proxy::named)
}

fn proxy_login(proxy: Option<&Proxy>) -> String {
    let named = named(proxy);
    match proxy.is_some_and(Proxy::has_login) {
        true => format!(
            "The proxy refused those in {named}. Check them; a character such as @ : / or # is \
             written as %40 %3A %2F or %23 there."
        ),
        false => format!("Put them into {named}, as http://USER:PASSWORD@HOST:PORT."),
    }
}
