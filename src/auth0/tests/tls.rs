use std::sync::OnceLock;

use super::server::{Options, connect_proxy, refusing_proxy};
use super::*;
use crate::auth0::proxy::Env;

async fn error(settings: Settings) -> (String, String) {
    let err = within(settings, limits())
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    (err.to_string(), err.advice().unwrap_or_default())
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_ends_the_call_before_anything_is_sent() {
    let (server, other) = (Server::start(good()).await, Server::start(good()).await);
    let ca_cert_file = Some(other.ca_cert_file());
    let (text, advice) = error(Settings { ca_cert_file, ..settings(&server) }).await;
    let url = format!("POST https://127.0.0.1:{}/oauth/token got no answer", server.port);
    assert!(text.contains(&url), "{text}");
    assert!(text.contains("from an authority that is not trusted"), "{text}");
    assert!(advice.contains("`ca_cert_file`"), "{advice}");
    assert_eq!((server.connections(), server.seen().len()), (1, 0));
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

/// Each variable takes the place of its own half of the platform's authorities, as for Go programs.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[tokio::test]
async fn the_authorities_of_ssl_cert_file_and_ssl_cert_dir_are_trusted() {
    static FILE: OnceLock<String> = OnceLock::new();
    static FOLDER: OnceLock<String> = OnceLock::new();
    let (server, other) = (Server::start(good()).await, Server::start(good()).await);
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(server.ca_cert_file(), folder.path().join("ca.pem")).unwrap();
    FOLDER.set(folder.path().to_str().unwrap().to_owned()).unwrap();
    FILE.set(server.ca_cert_file().to_str().unwrap().to_owned()).unwrap();
    let cases: [(&str, Env, bool); 6] = [
        ("neither", |_| None, false),
        ("the file", |name| (name == "SSL_CERT_FILE").then(|| FILE.get().unwrap().clone()), true),
        (
            "the folder",
            |name| (name == "SSL_CERT_DIR").then(|| FOLDER.get().unwrap().clone()),
            true,
        ),
        (
            "the second folder",
            |name| (name == "SSL_CERT_DIR").then(|| format!("/none:{}", FOLDER.get().unwrap())),
            true,
        ),
        (
            "a file that is not there, and the folder",
            |name| match name {
                "SSL_CERT_FILE" => Some("/none.pem".to_owned()),
                "SSL_CERT_DIR" => FOLDER.get().cloned(),
                _ => None,
            },
            true,
        ),
        ("empty ones", |name| name.starts_with("SSL_CERT").then(String::new), false),
    ];
    for (case, env, want) in cases {
        // Another authority beside them, so that a machine without any can run this too.
        let settings = Settings { ca_cert_file: Some(other.ca_cert_file()), ..settings(&server) };
        let read = Auth0::within(settings, limits(), env)
            .event_streams(&Operation::default())
            .get_alone(ID)
            .await;
        assert_eq!(read.is_ok(), want, "{case}: {:?}", read.err());
    }
}

/// An empty variable is not set, so what the platform trusts stays trusted.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn an_empty_variable_leaves_the_platforms_authorities() {
    let with = |env: Env| crate::auth0::tls::client_config(None, env).is_ok();
    let usual = with(|_| None);
    assert_eq!(with(|name| name.starts_with("SSL_CERT").then(String::new)), usual);
    assert!(!with(|name| match name {
        "SSL_CERT_FILE" => Some("/none.pem".to_owned()),
        "SSL_CERT_DIR" => Some("/none".to_owned()),
        _ => None,
    }));
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
