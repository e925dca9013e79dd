//! What the calls of event streams must look like.

use super::super::api::Shape;
use super::super::ids;
use super::super::schema::{
    Property, Schema, Text, integer, list as array, object, one_of_values, optional, required, text,
};
use super::super::switches::{
    CreateIncomplete, EmptySecret, PatchActionDestination, PatchEmptySubscriptions,
    PatchEndpointAlone, PatchWithoutSecret, RepeatedEventType, Switches, UnknownEventType,
};

/// Every event type that Auth0's SDKs know.
pub(crate) const EVENT_TYPES: &[&str] = &[
    "user.created",
    "user.updated",
    "user.deleted",
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organization.member.added",
    "organization.member.deleted",
    "organization.member.role.assigned",
    "organization.member.role.deleted",
    "organization.connection.added",
    "organization.connection.updated",
    "organization.connection.removed",
    "group.created",
    "group.updated",
    "group.deleted",
    "group.member.added",
    "group.member.deleted",
    "group.role.assigned",
    "group.role.deleted",
    "organization.group.role.assigned",
    "organization.group.role.deleted",
    "connection.created",
    "connection.updated",
    "connection.deleted",
];

const AWS_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

pub(super) fn list(_: &Switches) -> Shape {
    Shape::new().query(object([optional("from", text()), optional("take", integer(1..=100))]))
}

/// A call that names an event stream in its path, and nothing else.
pub(crate) fn by_id(_: &Switches) -> Shape {
    Shape::new().path(object([id()]))
}

/// The path parameter of an event stream.
pub(crate) fn id() -> Property {
    required("id", text().format("event-stream-id", ids::is_event_stream))
        .describe("Unique identifier for the event stream")
}

pub(super) fn create(switches: &Switches) -> Shape {
    let complete = switches.create_incomplete == CreateIncomplete::Refuse;
    let webhook = webhook(vec![
        required("webhook_endpoint", endpoint()),
        required("webhook_authorization", authorization(switches, true)),
    ]);
    let eventbridge = destination(
        &["eventbridge"],
        vec![
            required("aws_account_id", text().pattern(r"^\d{12}$", is_twelve_digits)),
            required("aws_region", one_of_values(AWS_REGIONS)),
        ],
    );
    Shape::new().body(object([
        name().required_if(complete),
        status(),
        subscriptions(switches, true).required_if(complete),
        required("destination", Schema::OneOf(vec![webhook, eventbridge, action()])),
    ]))
}

pub(super) fn update(switches: &Switches) -> Shape {
    let with_secret = switches.patch_without_secret == PatchWithoutSecret::Refuse;
    let with_authorization = switches.patch_endpoint_alone == PatchEndpointAlone::Refuse;
    let mut destinations = vec![webhook(vec![
        required("webhook_endpoint", endpoint()),
        required("webhook_authorization", authorization(switches, with_secret))
            .required_if(with_authorization),
    ])];
    // EventBridge is not in the patch schema at all.
    if switches.patch_action_destination == PatchActionDestination::Accept {
        destinations.push(action());
    }
    let not_empty = switches.patch_empty_subscriptions == PatchEmptySubscriptions::Refuse;
    Shape::new().path(object([id()])).body(object([
        name(),
        status(),
        subscriptions(switches, not_empty),
        optional("destination", Schema::OneOf(destinations)),
    ]))
}

fn name() -> Property {
    optional("name", text().at_least(1).at_most(128)).describe("Name of the event stream")
}

fn status() -> Property {
    optional("status", one_of_values(&["enabled", "disabled"]))
}

fn subscriptions(switches: &Switches, not_empty: bool) -> Property {
    let event_type = match switches.unknown_event_type {
        UnknownEventType::Refuse => one_of_values(EVENT_TYPES),
        UnknownEventType::Accept => text(),
    };
    let items = array(object([required("event_type", event_type)]))
        .unique(switches.repeated_event_type == RepeatedEventType::Refuse);
    let items = if not_empty { items.at_least(1) } else { items };
    optional("subscriptions", items).describe("List of event types subscribed to in this stream")
}

fn destination(kind: &'static [&'static str; 1], configuration: Vec<Property>) -> Schema {
    let configuration = object(configuration);
    object([required("type", one_of_values(kind)), required("configuration", configuration)])
}

fn webhook(configuration: Vec<Property>) -> Schema {
    destination(&["webhook"], configuration)
}

fn action() -> Schema {
    destination(&["action"], vec![required("action_id", text())])
}

fn endpoint() -> Text {
    text().pattern("^https://.*", |endpoint| endpoint.starts_with("https://"))
}

/// One of three closed shapes: a member of another method is an unknown property.
fn authorization(switches: &Switches, with_secret: bool) -> Schema {
    let secret = |name| {
        let secret = match switches.empty_secret {
            EmptySecret::Refuse => text().at_least(1),
            EmptySecret::Accept => text(),
        };
        required(name, secret).required_if(with_secret)
    };
    let username = text().at_most(128).pattern("^[^:]+$", is_username);
    let header_key = text().at_least(1).pattern(r"^[a-zA-Z0-9!#$%&'*+.^_`|~-]+$", is_header_name);
    Schema::OneOf(vec![
        object([
            required("method", one_of_values(&["basic"])),
            required("username", username),
            secret("password"),
        ]),
        object([required("method", one_of_values(&["bearer"])), secret("token")]),
        object([
            required("method", one_of_values(&["custom_header"])),
            required("header_key", header_key),
            secret("header_value"),
        ]),
    ])
}

fn is_twelve_digits(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_username(text: &str) -> bool {
    !text.is_empty() && !text.contains(':')
}

fn is_header_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}
