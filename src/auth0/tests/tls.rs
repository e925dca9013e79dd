use std::sync::OnceLock;

use super::server::{Options, connect_proxy, refusing_proxy};
use super::*;
use crate::auth0::proxy::Env;

async fn error(settings: Settings) -> (String, String) {
    let err = within(settings, limits()).event_streams().get(ID).await.unwrap_err();
    (err.to_string(), err.advice().unwrap_or_default())
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_ends_the_call_before_anything_is_sent() {
    let (server, other) = (Server::start(good()).await, Server::start(good()).await);
    for ca_cert_file in [None, Some(other.ca_cert_file())] {
        let (text, advice) = error(Settings { ca_cert_file, ..settings(&server) }).await;
        let url = format!("POST https://127.0.0.1:{}/oauth/token got no answer", server.port);
        assert!(text.contains(&url), "{text}");
        assert!(text.contains("from an authority that is not trusted"), "{text}");
        assert!(advice.contains("`ca_cert_file`"), "{advice}");
    }
    assert_eq!((server.connections(), server.seen().len()), (2, 0));
}

#[tokio::test]
async fn a_certificate_for_another_name_or_of_the_past_is_not_accepted() {
    for (options, words, cure) in [
        (Options { name: "auth0.test", ..Options::default() }, "for another name", "`domain`"),
        (
            Options { expired: true, ..Options::default() },
            "is not valid at this time (valid until Wed, 01 Jan 2020 00:00:00 GMT; here it is ",
            "clock",
        ),
    ] {
        let server = Server::start_with(options, good()).await;
        let (text, advice) = error(settings(&server)).await;
        assert!(text.contains(words), "{text}");
        assert!(advice.contains(cure), "{advice}");
        assert_eq!((server.connections(), server.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_ca_cert_file_that_cannot_be_used_is_named_with_the_reason() {
    let server = Server::start(good()).await;
    let folder = tempfile::tempdir().unwrap();
    let no_authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (name, content, words) in [
        ("missing.pem", None, "cannot be read: No such file"),
        ("empty.pem", Some(""), "holds no certificate"),
        ("der.crt", Some("\u{30}\u{1}"), "holds no certificate"),
        (
            "key.pem",
            Some("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            "holds no certificate",
        ),
        (
            "broken.pem",
            Some("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            "is not valid PEM",
        ),
        ("nonsense.pem", Some(no_authority), "cannot be used as an authority"),
    ] {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let (text, _) =
            error(Settings { ca_cert_file: Some(file.clone()), ..settings(&server) }).await;
        assert!(text.contains(words) && text.contains(file.to_str().unwrap()), "{text}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_folder_is_no_ca_cert_file() {
    let server = Server::start(good()).await;
    let folder = tempfile::tempdir().unwrap();
    let ca_cert_file = Some(folder.path().to_owned());
    let (text, _) = error(Settings { ca_cert_file, ..settings(&server) }).await;
    assert!(text.contains("cannot be read"), "{text}");
}

/// The environment belongs to the whole process, so the client runs in another one.
#[cfg(unix)]
#[tokio::test]
async fn the_authorities_of_ssl_cert_file_and_ssl_cert_dir_are_trusted() {
    let server = Server::start(good()).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(server.ca_cert_file(), folder.path().join("ca.pem")).unwrap();
    for (variable, value, want) in [
        ("SSL_CERT_FILE", server.ca_cert_file(), true),
        ("SSL_CERT_DIR", folder.path().to_owned(), true),
        ("NEITHER", folder.path().to_owned(), false),
    ] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "auth0::tests::tls::in_another_environment", "--ignored"]);
        child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").env(variable, value);
        child.env("TEST_DOMAIN", format!("127.0.0.1:{}", server.port));
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert_eq!(output.status.success(), want, "{variable}");
    }
    assert_eq!(server.count("GET"), 2);
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn in_another_environment() {
    let domain = std::env::var("TEST_DOMAIN").expect("set by the test above").parse().unwrap();
    let settings =
        Settings { domain, ca_cert_file: None, ..settings(&Server::start(good()).await) };
    within(settings, limits()).event_streams().get(ID).await.unwrap();
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_used_for_every_other_machine() {
    static PROXY: OnceLock<u16> = OnceLock::new();
    let options = Options { name: "acme.auth0.test", ..Options::default() };
    let server = Server::start_with(options, good()).await;
    let (proxy, asked) = connect_proxy(server.port).await;
    PROXY.set(proxy).unwrap();
    let env = |name: &str| {
        let proxy = PROXY.get().expect("set above");
        (name == "https_proxy").then(|| format!("http://u:pr0xy-pw@127.0.0.1:{proxy}"))
    };
    let settings = Settings { domain: "acme.auth0.test".parse().unwrap(), ..settings(&server) };
    let auth0 = Auth0::within(settings, limits(), env);
    auth0.event_streams().get(ID).await.unwrap();
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
    let err = Auth0::within(settings, limits(), env).event_streams().get(ID).await.unwrap_err();
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
        let err = Auth0::within(settings, limits(), env).event_streams().get(ID).await.unwrap_err();
        assert!(!format!("{err:?} {err}").contains("pr0xy"), "{err:?}");
        assert!(err.to_string().contains("the proxy made no connection"), "{err}");
        assert!(err.advice().unwrap().contains("HTTPS_PROXY"), "{err}");
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_a_mistake_and_not_repeated() {
    let server = Server::start(good()).await;
    let domain = "acme.eu.auth0.invalid".parse().unwrap();
    let (text, advice) = error(Settings { domain, ..settings(&server) }).await;
    assert!(
        text.contains("POST https://acme.eu.auth0.invalid/oauth/token got no answer"),
        "{text}"
    );
    // A machine without a resolver cannot tell, and tries again.
    let known = text.contains("the host does not exist") && !text.contains("attempts");
    assert!(known || text.contains("could not be resolved"), "{text}");
    assert!(advice.contains("Check `domain`"), "{advice}");
}
