//! What core and plugin tell each other before the first connection: core through the environment,
//! the plugin through one line on stdout.

use std::{ffi::OsString, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::{listener::Address, serve::ServeError};

/// Tells a plugin that core started it. It guards against a start by mistake, not against an attack.
const MAGIC_COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");
/// Version of go-plugin's own protocol.
const CORE_PROTOCOL: u8 = 1;
/// Version of the protocol between core and a provider.
pub(super) const PROVIDER_PROTOCOL: u8 = 6;

/// What core asked for when it started this process.
#[derive(Debug)]
pub(super) struct Invitation {
    /// The one certificate whose owner may connect. `None` is plaintext, which core asks for when it
    /// runs with `TF_DISABLE_PLUGIN_TLS`.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
    /// Whether core wants to hear if the broker can multiplex.
    pub(super) multiplex_asked: bool,
    /// Whether core named our version among its own.
    pub(super) version_offered: bool,
    pub(super) place: SocketPlace,
}

/// Where a Unix socket may go, and who may open it.
#[derive(Debug, Clone)]
#[cfg_attr(not(unix), allow(dead_code, reason = "there are no Unix sockets"))]
pub(super) struct SocketPlace {
    /// Demanded by `PLUGIN_UNIX_SOCKET_DIR`: this folder or none.
    pub(super) demanded: Option<PathBuf>,
    pub(super) temporary: PathBuf,
    /// Name or number of a group that may connect too, from `PLUGIN_UNIX_SOCKET_GROUP`.
    pub(super) group: Option<String>,
}

impl SocketPlace {
    pub(super) fn from_env(env: &impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name| env(name).filter(|value| !value.is_empty());
        Self {
            demanded: set("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            temporary: std::env::temp_dir(),
            group: set("PLUGIN_UNIX_SOCKET_GROUP")
                .map(|group| group.to_string_lossy().into_owned()),
        }
    }
}

impl Invitation {
    /// Reads the invitation from the environment. Without core's cookie there is none.
    pub(super) fn from_env(env: impl Fn(&str) -> Option<OsString>) -> Result<Self, ServeError> {
        let (name, value) = MAGIC_COOKIE;
        if env(name).is_none_or(|cookie| cookie != value) {
            return Err(ServeError::NotStartedByCore);
        }
        let text =
            |name| env(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default();
        let certificate = text("PLUGIN_CLIENT_CERT");
        let client_certificate = match certificate.as_str() {
            "" => None,
            pem => Some(CertificateDer::from_pem_slice(pem.as_bytes())?),
        };
        Ok(Self {
            client_certificate,
            multiplex_asked: !text("PLUGIN_MULTIPLEX_GRPC").is_empty(),
            version_offered: text("PLUGIN_PROTOCOL_VERSIONS")
                .split(',')
                .any(|version| version.trim() == PROVIDER_PROTOCOL.to_string()),
            place: SocketPlace::from_env(&env),
        })
    }

    /// The line that tells core where and how to connect, with its newline.
    ///
    /// It announces version 6 whatever core offered: the sides agree or core says why not.
    pub(super) fn answer(
        &self,
        address: &Address,
        certificate: Option<&CertificateDer<'_>>,
    ) -> String {
        let Address { network, text } = address;
        // Padding would make core fail for two certificates in three.
        let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        // Core asks with a variable whether we multiplex; a field nobody asked for could irritate it.
        let multiplexing = if self.multiplex_asked { "|false" } else { "" };
        format!(
            "{CORE_PROTOCOL}|{PROVIDER_PROTOCOL}|{network}|{text}|grpc|{certificate}{multiplexing}\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: (&str, &str) = (
        "TF_PLUGIN_MAGIC_COOKIE",
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    );

    fn invitation(variables: &[(&str, &str)]) -> Result<Invitation, ServeError> {
        Invitation::from_env(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
        })
    }

    fn unix(path: &str) -> Address {
        Address { network: "unix", text: path.to_owned() }
    }

    #[test]
    fn only_the_exact_cookie_is_an_invitation() {
        for cookie in [None, Some(""), Some("d602"), Some(&*format!("{} ", COOKIE.1))] {
            let variables: Vec<_> = cookie.iter().map(|value| (COOKIE.0, *value)).collect();
            let refused = invitation(&variables);
            assert!(matches!(refused, Err(ServeError::NotStartedByCore)), "{cookie:?}");
        }
        assert!(invitation(&[COOKIE]).is_ok());
    }

    #[test]
    fn a_certificate_that_is_none_is_refused_and_never_taken_for_plaintext() {
        for pem in ["nonsense", "-----BEGIN CERTIFICATE-----\n-----END", " "] {
            let refused = invitation(&[COOKIE, ("PLUGIN_CLIENT_CERT", pem)]);
            assert!(matches!(refused, Err(ServeError::ClientCertificate(_))), "{pem:?}");
        }
        for variables in [&[COOKIE][..], &[COOKIE, ("PLUGIN_CLIENT_CERT", "")]] {
            assert_eq!(invitation(variables).unwrap().client_certificate, None);
        }
    }

    #[test]
    fn finds_its_version_in_any_order() {
        for (offer, offered) in
            [("5,6", true), ("6,5", true), ("6", true), ("5", false), ("", false), ("16", false)]
        {
            let invitation = invitation(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", offer)]).unwrap();
            assert_eq!(invitation.version_offered, offered, "{offer:?}");
        }
    }

    #[test]
    fn answers_in_one_line() {
        let der = CertificateDer::from(vec![0xfb; 61]);
        for (case, variables, certificate, want) in [
            ("plaintext", &[COOKIE][..], None, "1|6|unix|/tmp/p/socket|grpc|\n".to_owned()),
            ("TLS", &[COOKIE], Some(&der), {
                // 61 bytes are 20 groups of three and one byte, which padding would follow.
                format!("1|6|unix|/tmp/p/socket|grpc|{}+w\n", "+/v7".repeat(20))
            }),
            (
                "asked for multiplexing",
                &[COOKIE, ("PLUGIN_MULTIPLEX_GRPC", "true")],
                None,
                "1|6|unix|/tmp/p/socket|grpc||false\n".to_owned(),
            ),
        ] {
            let answer = invitation(variables).unwrap();
            assert_eq!(answer.answer(&unix("/tmp/p/socket"), certificate), want, "{case}");
        }
    }
}
