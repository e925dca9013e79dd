use std::sync::OnceLock;

use rcgen::{BasicConstraints, IsCa};

use super::certificates::{Authority, Issued, Validity};
use super::server::{Options, blunt_server};
use super::*;
use crate::auth0::proxy::Env;
use crate::auth0::{Authorities, ClientCertificate, Unfit};

async fn error(settings: Settings) -> (String, String) {
    let err = within(settings, limits())
        .event_streams(&Operation::default())
        .get_alone(ID)
        .await
        .unwrap_err();
    (err.to_string(), err.advice().unwrap_or_default())
}

fn issuing(issue: fn(&Authority) -> Issued) -> Options {
    Options { issue: Some(issue), ..Options::default() }
}

/// With the host, what is said of its certificate, and what to do about it.
#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_told_with_the_reason_before_anything_is_sent() {
    for (options, words, cure) in [
        (
            issuing(|root| root.issue("127.0.0.1", Validity::Past)),
            "its certificate has expired (valid until Wed, 01 Jan 2020 00:00:00 GMT; here it is ",
            "needs a new certificate",
        ),
        (
            issuing(|root| root.issue("127.0.0.1", Validity::Future)),
            "its certificate is not valid yet (valid from Fri, 01 Jan 2100 00:00:00 GMT; here ",
            "the clock of this machine, which is probably late",
        ),
        (
            issuing(|root| root.issue("auth0.test", Validity::Now)),
            "its certificate is for another name (it names auth0.test)",
            "Check `domain`",
        ),
        (
            issuing(|_| Issued::by_itself("127.0.0.1", IsCa::NoCa)),
            "its certificate is signed by itself, and not trusted (it names itself \"127.0.0.1\")",
            "set `ca_cert_file` to a PEM file with that certificate",
        ),
        (
            issuing(|_| Issued::by_itself("127.0.0.1", IsCa::Ca(BasicConstraints::Unconstrained))),
            "its certificate was not accepted (it is for an authority, and no server may use it as its \
             own)",
            "needs another certificate",
        ),
        (
            issuing(|_| {
                let other = Authority::new("Other Root");
                other.issue("127.0.0.1", Validity::Now).with(&other)
            }),
            "its certificate is from an authority that is not trusted (the authority is \"Other Root\")",
            "set `ca_cert_file`",
        ),
        (
            issuing(|_| Authority::new("Test Root").issue("127.0.0.1", Validity::Now)),
            "from an authority that is not trusted (it has the name of a trusted one, and another key)",
            "set `ca_cert_file`",
        ),
        (
            issuing(|root| root.intermediate("Issuing CA").issue("127.0.0.1", Validity::Now)),
            "its certificate chain breaks off: an intermediate was not sent, or the authority is not \
             trusted (the issuer that is missing is \"Issuing CA\")",
            "the server leaves out a part of its chain",
        ),
        (
            // The one in between is there, and the one above it is not.
            issuing(|root| {
                let middle = root.intermediate("Policy CA").intermediate("Issuing CA");
                middle.issue("127.0.0.1", Validity::Now).with(&middle)
            }),
            "its certificate chain breaks off: an intermediate was not sent, or the authority is not \
             trusted (the issuer that is missing is \"Policy CA\")",
            "it must send the certificates of all intermediates",
        ),
    ] {
        let server = Server::start_with(options, good()).await;
        let (text, advice) = error(settings(&server)).await;
        let url = format!("POST https://127.0.0.1:{}/oauth/token got no answer: ", server.port);
        assert!(text.contains(&url) && text.contains(words), "{words}\n{text}");
        assert!(!text.contains("attempts"), "{text}");
        assert!(advice.contains(cure) && advice.contains("Nothing was sent."), "{cure}\n{advice}");
        assert_eq!((server.connections(), server.seen().len()), (1, 0));
    }
}

/// The cures that the advice names: the whole chain, or the intermediate as an authority.
#[tokio::test]
async fn a_missing_intermediate_is_cured_by_sending_it_or_by_trusting_it() {
    let whole = issuing(|root| {
        let middle = root.intermediate("Issuing CA");
        middle.issue("127.0.0.1", Validity::Now).with(&middle)
    });
    let server = Server::start_with(whole, good()).await;
    client(&server).event_streams(&Operation::default()).get_alone(ID).await.unwrap();

    static PEM: OnceLock<String> = OnceLock::new();
    let lacking = issuing(|root| {
        let middle = root.intermediate("Issuing CA");
        PEM.set(middle.pem()).unwrap();
        middle.issue("127.0.0.1", Validity::Now)
    });
    let server = Server::start_with(lacking, good()).await;
    let mut network = Network::default();
    network.authorities.add_pem(PEM.get().unwrap()).unwrap();
    let auth0 = within(Settings { network, ..settings(&server) }, limits());
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_signed_by_itself_is_cured_by_trusting_it() {
    static PEM: OnceLock<String> = OnceLock::new();
    let options = issuing(|_| {
        let issued = Issued::by_itself("127.0.0.1", IsCa::NoCa);
        PEM.set(issued.certificate_pem()).unwrap();
        issued
    });
    let server = Server::start_with(options, good()).await;
    let mut network = Network::default();
    network.authorities.add_pem(PEM.get().unwrap()).unwrap();
    let auth0 = within(Settings { network, ..settings(&server) }, limits());
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
}

#[tokio::test]
async fn what_speaks_old_tls_or_none_is_told_apart() {
    // A server whose newest version is TLS 1.1 ends the handshake so (RFC 5246, E.1).
    const OLD: &[u8] = &[0x15, 3, 2, 0, 2, 2, 70];
    const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n";
    for (says, words, cure) in [
        (OLD, "the server does not speak TLS 1.2 or later", "TLS 1.2 and 1.3 only"),
        (PLAIN, "what answered does not speak TLS", "plain HTTP may be served there"),
    ] {
        let (port, connections) = blunt_server(says).await;
        let domain = Domain::parse(&format!("127.0.0.1:{port}")).unwrap();
        let server = Server::start(good()).await;
        let (text, advice) = error(Settings { domain, ..settings(&server) }).await;
        let url = format!("POST https://127.0.0.1:{port}/oauth/token got no answer: {words}");
        assert!(text.contains(&url), "{text}");
        assert!(advice.contains(cure), "{advice}");
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}

/// Both versions of TLS: by 1.3 the server refuses after the client has sent its first request.
#[tokio::test]
async fn a_server_that_asks_for_a_client_certificate_gets_it() {
    const TLS12: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];
    const TLS13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];
    for tls in [TLS12, TLS13] {
        let clients = Authority::new("Clients");
        let right = clients.issue("terraform", Validity::Now);
        let (certificate, key) = (right.certificate_pem(), right.key.serialize_pem());
        let wrong = Authority::new("Others").issue("terraform", Validity::Now);
        let options = Options { tls, clients: Some(clients), ..Options::default() };
        let server = Server::start_with(options, good()).await;
        let with = |client_certificate| {
            let network = Network { client_certificate, ..server.network() };
            let credentials = Credentials::ApiToken("t".into());
            within(Settings { network, credentials, ..settings(&server) }, limits())
        };

        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &key).unwrap();
        for key in [key.as_str(), file.path().to_str().unwrap()] {
            let shown = ClientCertificate::read(&certificate, key).unwrap();
            let auth0 = with(Some(shown));
            auth0.event_streams(&Operation::default()).post(&orders(), None).await.unwrap();
        }
        assert_eq!(server.count("POST"), 2);

        let wrong = ClientCertificate::read(&wrong.certificate_pem(), &wrong.key.serialize_pem());
        for shown in [None, Some(wrong.unwrap())] {
            let before = server.connections();
            let auth0 = with(shown);
            let err =
                auth0.event_streams(&Operation::default()).post(&orders(), None).await.unwrap_err();
            assert!(err.outcome_unknown().is_none(), "{err}");
            assert!(err.to_string().contains("a client certificate is needed"), "{err}");
            let advice = err.advice().unwrap();
            assert!(advice.contains("`client_certificate` and `client_key`"), "{advice}");
            assert_eq!(server.connections(), before + 1);
        }
        assert_eq!(server.count("POST"), 2);
    }
}

#[test]
fn a_client_certificate_that_cannot_be_used_names_its_half_and_repeats_nothing() {
    let authority = Authority::new("Clients");
    let (one, two) = (authority.issue("one", Validity::Now), authority.issue("two", Validity::Now));
    let (certificate, key) = (one.certificate_pem(), one.key.serialize_pem());
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    let nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    for (certificate, key, of_key, words) in [
        (
            certificate.as_str(),
            two.key.serialize_pem().as_str(),
            true,
            "not the key of `client_cert",
        ),
        (&certificate, &certificate, true, "the PEM holds no private key"),
        (&certificate, encrypted, true, "the key is encrypted"),
        (&certificate, nonsense, true, "no RSA, P-256, P-384 or Ed25519 key"),
        (&certificate, "canary-no-such-file", true, "no file whose path it is can be read"),
        (&key, &key, false, "the PEM holds no certificate"),
        ("canary-no-such-file", &key, false, "no file whose path it is can be read"),
    ] {
        let unfit = ClientCertificate::read(certificate, key).unwrap_err();
        let (half, why) = match &unfit {
            Unfit::Certificate(why) => (false, why),
            Unfit::Key(why) => (true, why),
        };
        assert_eq!(half, of_key, "{why}");
        assert!(why.contains(words) && !why.contains("canary"), "{why}");
    }
    let folded = key.replace('\n', "\\n");
    assert!(ClientCertificate::read(&certificate, &folded).is_ok());
    assert!(crate::redact::redact(&key).contains("(sensitive value)"));
}

#[tokio::test]
async fn a_host_may_be_an_address_of_ipv6() {
    let options = Options { address: std::net::Ipv6Addr::LOCALHOST.into(), ..Options::default() };
    let server = Server::start_with(options, good()).await;
    let domain = Domain::parse(&format!("[::1]:{}", server.port)).unwrap();
    let auth0 = within(Settings { domain, ..settings(&server) }, limits());
    auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
    let audience = format!(r#""audience":"https://[::1]:{}/api/v2/""#, server.port);
    assert!(server.seen()[0].body.contains(&audience), "{}", server.seen()[0].body);
}

#[test]
fn authorities_that_cannot_be_used_are_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let no_authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for (name, content, words) in [
        ("missing.pem", None, "cannot be read: No such file"),
        ("empty.pem", Some(""), "holds no certificate"),
        ("der.crt", Some("\u{30}\u{1}"), "holds no certificate"),
        ("key.pem", Some(key), "holds no certificate"),
        ("broken.pem", Some(broken), "is not valid PEM"),
        ("nonsense.pem", Some(no_authority), "cannot be used as an authority"),
    ] {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let why = Authorities::default().add_file(&file).unwrap_err();
        assert!(why.contains(words) && why.contains(file.to_str().unwrap()), "{why}");
    }
    let why = Authorities::default().add_file(folder.path()).unwrap_err();
    assert!(why.contains("cannot be read"), "{why}");
    for (text, words) in [
        ("/etc/ca.pem", "the path of a file goes to `ca_cert_file`"),
        (key, "holds no certificate"),
        (broken, "is not valid PEM"),
        (no_authority, "cannot be used as an authority"),
    ] {
        let why = Authorities::default().add_pem(text).unwrap_err();
        assert!(why.contains("`ca_cert_pem`") && why.contains(words), "{why}");
    }
}

/// A file and a text add up, and a text may have lost its line breaks on the way.
#[tokio::test]
async fn authorities_of_a_file_and_of_a_text_are_both_trusted() {
    let (one, two) = (Server::start(good()).await, Server::start(good()).await);
    let text = std::fs::read_to_string(two.ca_cert_file()).unwrap();
    for text in [text.clone(), text.replace('\n', "\\n"), text.replace('\n', "\n    ")] {
        let mut network = one.network();
        network.authorities.add_pem(&text).unwrap();
        for server in [&one, &two] {
            let settings = Settings { network: network.clone(), ..settings(server) };
            let auth0 = within(settings, limits());
            auth0.event_streams(&Operation::default()).get_alone(ID).await.unwrap();
        }
    }
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
        let settings = Settings { network: other.network(), ..settings(&server) };
        let read = Auth0::within(settings, limits(), env)
            .event_streams(&Operation::default())
            .get_alone(ID)
            .await;
        assert_eq!(read.is_ok(), want, "{case}: {:?}", read.err());
    }
}

/// Only the person who set the variable can tell that the file is not where it should be.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[tokio::test]
async fn a_variable_that_gives_no_authority_is_named() {
    let (server, other) = (Server::start(good()).await, Server::start(good()).await);
    let cases: [(Env, &str); 3] = [
        (
            |name| (name == "SSL_CERT_FILE").then(|| "/no/ca.pem".into()),
            "SSL_CERT_FILE is \"/no/ca.pem\"",
        ),
        (
            |name| (name == "SSL_CERT_DIR").then(|| "/no:/nor".into()),
            "SSL_CERT_DIR is \"/no:/nor\"",
        ),
        (|_| None, ""),
    ];
    for (env, named) in cases {
        let settings = Settings { network: other.network(), ..settings(&server) };
        let auth0 = Auth0::within(settings, limits(), env);
        let operation = Operation::default();
        let err = auth0.event_streams(&operation).get_alone(ID).await.unwrap_err();
        let advice = err.advice().unwrap();
        assert!(advice.contains(named), "{advice}");
        assert_eq!(advice.contains("SSL_CERT"), !named.is_empty(), "{advice}");
        assert!(advice.contains("`ca_cert_file`"), "{advice}");
    }
}

/// An empty variable is not set, so what the platform trusts stays trusted.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn an_empty_variable_leaves_the_platforms_authorities() {
    let domain = Domain::parse("acme.eu.auth0.com").unwrap();
    let with =
        |env: Env| crate::auth0::tls::client_config(&Network::default(), &domain, env).is_ok();
    let usual = with(|_| None);
    assert_eq!(with(|name| name.starts_with("SSL_CERT").then(String::new)), usual);
    assert!(!with(|name| match name {
        "SSL_CERT_FILE" => Some("/none.pem".to_owned()),
        "SSL_CERT_DIR" => Some("/none".to_owned()),
        _ => None,
    }));
}
