//! Proxies that are scripted. A real one is in the acceptance tests.

use std::sync::OnceLock;

use rcgen::IsCa;

use super::certificates::{Authority, Issued, Validity};
use super::server::{Options, connect_proxy, refusing_proxy};
use super::*;
use crate::auth0::Proxy;
use crate::auth0::proxy::Env;

fn for_acme() -> Options {
    let issue: fn(&Authority) -> Issued = |root| root.issue("acme.auth0.test", Validity::Now);
    Options { issue: Some(issue), ..Options::default() }
}

/// The tenant `acme.auth0.test` by way of what `proxy_url` names.
fn by_way_of(proxy_url: &str, network: Network, server: &Server) -> Auth0 {
    let proxy = Some(Proxy::read(proxy_url, "`proxy_url`").unwrap());
    let network = Network { proxy, ..network };
    let domain = "acme.auth0.test".parse().unwrap();
    within(Settings { domain, network, ..settings(server) }, limits())
}

async fn error(auth0: Auth0) -> (String, String) {
    let err = auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap_err();
    (err.to_string(), err.advice().unwrap_or_default())
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_used_for_every_other_machine() {
    static PROXY: OnceLock<u16> = OnceLock::new();
    let options = for_acme();
    let server = Server::start_with(options, good()).await;
    let (proxy, asked) = connect_proxy(server.port).await;
    PROXY.set(proxy).unwrap();
    let env = |name: &str| {
        let proxy = PROXY.get().expect("set above");
        (name == "https_proxy").then(|| format!("http://u:pr0xy-pw@127.0.0.1:{proxy}"))
    };
    let settings = Settings { domain: "acme.auth0.test".parse().unwrap(), ..settings(&server) };
    let auth0 = Auth0::within(settings, limits(), env);
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["CONNECT acme.auth0.test:443"]);
    assert!(server.seen().iter().all(|seen| seen.http2));
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_asked_once() {
    static PROXY: OnceLock<u16> = OnceLock::new();
    let proxy = refusing_proxy().await;
    PROXY.set(proxy.0).unwrap();
    let env = |name: &str| {
        (name == "HTTPS_PROXY").then(|| format!("127.0.0.1:{}", PROXY.get().expect("set above")))
    };
    let server = Server::start(good()).await;
    let settings = Settings { domain: "acme.auth0.test".parse().unwrap(), ..settings(&server) };
    let err = Auth0::within(settings, limits(), env)
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    assert!(err.to_string().contains("the proxy asks for a user name and password"), "{err}");
    assert!(err.advice().unwrap().contains("USER:PASSWORD"), "{err}");
    assert_eq!(proxy.1.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_apart_and_its_password_is_not_shown() {
    let server = Server::start(good()).await;
    let refuses: Env = |name| (name == "HTTPS_PROXY").then(|| "u:pr0xy-pw@127.0.0.1:9".to_owned());
    let unknown: Env = |name| (name == "HTTPS_PROXY").then(|| "u:pr0xy-pw@p.invalid".to_owned());
    let socks: Env =
        |name| (name == "HTTPS_PROXY").then(|| "socks5://u:pr0xy-pw@[::1]:9".to_owned());
    for env in [refuses, unknown, socks] {
        let settings = Settings { domain: "acme.auth0.test".parse().unwrap(), ..settings(&server) };
        let err = Auth0::within(settings, limits(), env)
            .event_streams(&Operation::default())
            .get_alone(ID)
            .await
            .unwrap_err();
        assert!(!format!("{err:?} {err}").contains("pr0xy"), "{err:?}");
        // A machine without a resolver cannot tell that there is no such name, and tries again.
        let unknown = err.to_string().contains("the host of the proxy does not exist");
        assert!(unknown || err.to_string().contains("the proxy made no connection"), "{err}");
        assert_eq!(unknown, !err.to_string().contains("attempts"), "{err}");
        assert!(err.advice().unwrap().contains("HTTPS_PROXY"), "{err}");
    }
}

#[tokio::test]
async fn what_configured_the_proxy_is_what_the_advice_names() {
    let server = Server::start(good()).await;
    let (refusing, _) = refusing_proxy().await;
    for (login, words) in [
        ("", "Put them into `proxy_url`"),
        ("user:pr0xy-canary@", "The proxy refused those in `proxy_url`"),
    ] {
        let url = format!("http://{login}127.0.0.1:{refusing}");
        let (text, advice) = error(by_way_of(&url, server.network(), &server)).await;
        assert!(text.contains("the proxy asks for a user name and password"), "{text}");
        assert!(advice.contains(words), "{advice}");
        assert!(!text.contains("canary") && !advice.contains("canary"), "{text} {advice}");
    }
    let (text, advice) = error(by_way_of("127.0.0.1:9", server.network(), &server)).await;
    assert!(text.contains("the proxy made no connection"), "{text}");
    assert!(advice.contains("Check the proxy that `proxy_url` names"), "{advice}");
}

/// The certificate may be the proxy's own, and so may the fault.
#[tokio::test]
async fn the_certificate_of_a_proxy_is_told_from_that_of_the_tenant() {
    let server = Server::start_with(for_acme(), good()).await;
    let unknown = Server::start_with(
        Options {
            issue: Some(|_| Issued::by_itself("127.0.0.1", IsCa::NoCa)),
            ..Options::default()
        },
        good(),
    )
    .await;
    let url = format!("https://127.0.0.1:{}", unknown.port);
    let (text, advice) = error(by_way_of(&url, server.network(), &server)).await;
    assert!(text.contains("the proxy's certificate is signed by itself"), "{text}");
    assert!(advice.contains("If that is the proxy of yours that `proxy_url` names"), "{advice}");

    let (plain, _) = refusing_proxy().await;
    let url = format!("https://127.0.0.1:{plain}");
    let (text, advice) = error(by_way_of(&url, server.network(), &server)).await;
    assert!(text.contains("what answered does not speak TLS"), "{text}");
    assert!(advice.contains("Most proxies want http:// there"), "{advice}");
}
