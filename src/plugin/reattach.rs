//! The value of `TF_REATTACH_PROVIDERS`, by which core connects to a process that a person started.

use serde_json::json;

use super::{handshake::PROVIDER_PROTOCOL, listener::Address};

/// How core reaches this process.
pub(super) struct Reattach<'a> {
    address: &'a Address,
    pid: u32,
}

impl<'a> Reattach<'a> {
    pub(super) fn new(address: &'a Address) -> Self {
        Self { address, pid: std::process::id() }
    }

    /// The JSON text for a provider's full source address.
    pub(super) fn for_provider(&self, source_address: &str) -> String {
        let Address { network, text } = self.address;
        json!({
            source_address: {
                "Protocol": "grpc",
                "ProtocolVersion": PROVIDER_PROTOCOL,
                "Pid": self.pid,
                // Core shall not end this process. Terraform 1.11 panics on `false`.
                "Test": true,
                "Addr": { "Network": network, "String": text },
            }
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_members_that_core_reads() {
        let address = Address { network: "unix", text: "/tmp/p/socket".to_owned() };
        let reattach = Reattach { address: &address, pid: 7 };
        assert_eq!(
            reattach.for_provider("registry.example.com/acme/auth0"),
            r#"{"registry.example.com/acme/auth0":{"Addr":{"Network":"unix","String":"/tmp/p/socket"},"Pid":7,"Protocol":"grpc","ProtocolVersion":6,"Test":true}}"#
        );
    }
}
