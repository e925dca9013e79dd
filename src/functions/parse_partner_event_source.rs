//! `parse_partner_event_source(name)`

use crate::framework::function::{Arguments, Function, FunctionError, Parameter, Signature};
use crate::framework::value::{Raw, Type};

/// The function `parse_partner_event_source`.
pub struct ParsePartnerEventSource;

const PARTNER: &str = "auth0.com";
/// What AWS calls the event name: the same for every event stream.
const EVENT_NAME: &str = "auth0.events";

impl Function for ParsePartnerEventSource {
    fn name(&self) -> &'static str {
        "parse_partner_event_source"
    }

    fn signature(&self) -> Signature {
        let members = ["event_name", "event_namespace", "id", "partner", "tenant"];
        Signature {
            parameters: vec![Parameter {
                name: "name",
                ty: Type::String,
                description: "Name of a partner event source of an event stream, such as the \
                              `aws_partner_event_source` of `auth0_event_stream`.",
            }],
            variadic: None,
            returns: Type::object(members.map(|name| (name, Type::String))),
            summary: "The parts of the name of a partner event source.",
            description: "Takes the name of a partner event source of an event stream apart: \
                          `aws.partner/auth0.com/{tenant}-{id}/auth0.events`. The result is an object with \
                          `partner` (`auth0.com`), `event_namespace` (`{tenant}-{id}`) and \
                          `event_name` (`auth0.events`), as AWS calls these parts, and with the \
                          two parts of the namespace: `tenant`, the name of the tenant or its \
                          domain, and `id`, a UUID. Any other name is an error.",
        }
    }

    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError> {
        let name = arguments.text(0)?;
        let (namespace, tenant, id) =
            parts(name).map_err(|why| FunctionError::of(0, format!("{name:?} {why}")))?;
        let members = [
            ("event_name", EVENT_NAME),
            ("event_namespace", namespace),
            ("id", id),
            ("partner", PARTNER),
            ("tenant", tenant),
        ];
        Ok(Raw::map_of(members.map(|(name, text)| (name, Raw::string(text)))))
    }
}

/// The namespace, and the tenant and the id in it; or what is wrong with the name.
fn parts(name: &str) -> Result<(&str, &str, &str), &'static str> {
    const UUID: usize = 36;
    const SHAPE: &str = "is not the name of a partner event source of an event stream, which is \
                         spelled aws.partner/auth0.com/{tenant}-{id}/auth0.events";
    let (namespace, event_name) = name
        .strip_prefix("aws.partner/auth0.com/")
        .and_then(|rest| rest.split_once('/'))
        .ok_or(SHAPE)?;
    match event_name {
        EVENT_NAME => {}
        "auth0.logs" => {
            return Err("is the partner event source of a log stream, not of an event stream");
        }
        _ => return Err(SHAPE),
    }
    let at = namespace.len().checked_sub(UUID).ok_or(SHAPE)?;
    let (tenant, id) = namespace.split_at_checked(at).ok_or(SHAPE)?;
    match tenant.strip_suffix('-') {
        Some(tenant) if !tenant.is_empty() && is_uuid(id) => Ok((namespace, tenant, id)),
        _ => Err(SHAPE),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_source_of_an_event_stream_is_taken_apart() {
        let id = "0f2b1b0a-54a3-4a4e-8a4c-1d2f6a9b0c3e";
        for tenant in ["acme-dev", "acme-dev.eu.auth0.com"] {
            let name = format!("aws.partner/auth0.com/{tenant}-{id}/auth0.events");
            assert_eq!(parts(&name), Ok((format!("{tenant}-{id}").as_str(), tenant, id)));
        }
        for name in [
            String::new(),
            "aws.partner/auth0.com/".to_owned(),
            format!("aws.partner/zendesk.com/acme-{id}/auth0.events"),
            format!("aws.partner/auth0.com/acme-{id}"),
            format!("aws.partner/auth0.com/acme-{id}/auth0.logs"),
            format!("aws.partner/auth0.com/acme-{id}/auth0.events/more"),
            format!("aws.partner/auth0.com/{id}/auth0.events"),
            format!("aws.partner/auth0.com/-{id}/auth0.events"),
            format!("aws.partner/auth0.com/acme{id}/auth0.events"),
            "aws.partner/auth0.com/acme-0f2b1b0a/auth0.events".to_owned(),
            format!("aws.partner/auth0.com/ü{}/auth0.events", &id[1..]),
        ] {
            assert!(parts(&name).is_err(), "{name}");
        }
    }
}
