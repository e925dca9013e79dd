//! `debug`: a provider that outlives the runs of core, so that a debugger can stay attached to it.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;

use super::service;
use crate::plugin;

/// Serve for a debugger until Ctrl-C, to every terraform and tofu that is told how to connect.
///
/// Prints the value of TF_REATTACH_PROVIDERS that tells them. There is no TLS: the socket is open to
/// your own user alone (to a group, where PLUGIN_UNIX_SOCKET_GROUP names one; on Windows to every
/// user of the machine).
#[derive(Args)]
pub(super) struct Arguments {
    /// Source address of the provider in the configuration: [HOST/]NAMESPACE/TYPE.
    #[arg(value_parser = source_address)]
    source_address: String,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let announce = |value: &str| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(announcement(value).as_bytes())?;
        stdout.flush()
    };
    let served =
        plugin::serve_reattach(super::options(), &arguments.source_address, announce, service);
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("Error: {err}");
            ExitCode::FAILURE
        }
    }
}

/// How to tell core, in the words of two shells.
fn announcement(value: &str) -> String {
    let (bash, powershell) = (value.replace('\'', r"'\''"), value.replace('\'', "''"));
    format!(
        "\
The provider is running until Ctrl-C. Set one variable where terraform or tofu runs:

bash, zsh:
    export TF_REATTACH_PROVIDERS='{bash}'

PowerShell:
    $env:TF_REATTACH_PROVIDERS='{powershell}'
"
    )
}

/// Two or three parts. Core adds its own default host to two.
fn source_address(text: &str) -> Result<String, String> {
    let parts: Vec<_> = text.split('/').collect();
    let is_part = |part: &&str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))
    };
    if (2..=3).contains(&parts.len()) && parts.iter().all(is_part) {
        Ok(text.to_owned())
    } else {
        Err("it has the form [HOST/]NAMESPACE/TYPE".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_address_has_two_or_three_parts() {
        for (text, valid) in [
            ("registry.terraform.io/acme/auth0", true),
            ("localhost:8080/acme/auth0", true),
            ("acme/auth0", true),
            ("auth0", false),
            ("a/b/c/d", false),
            ("acme//auth0", false),
            ("acme/auth0'", false),
        ] {
            assert_eq!(source_address(text).is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn the_value_is_quoted_for_each_shell() {
        let text = announcement(r#"{"a":"it's"}"#);
        assert!(text.contains(r#"export TF_REATTACH_PROVIDERS='{"a":"it'\''s"}'"#), "{text}");
        assert!(text.contains(r#"$env:TF_REATTACH_PROVIDERS='{"a":"it''s"}'"#), "{text}");
    }
}
