//! The functions of the provider: a file for each. They are pure, and know neither the configuration
//! of the provider nor the network.

mod event_types;
mod eventbridge_pattern;
mod example_event;
mod parse_partner_event_source;

pub use event_types::EventTypes;
pub use eventbridge_pattern::EventbridgePattern;
pub use example_event::ExampleEvent;
pub use parse_partner_event_source::ParsePartnerEventSource;

use crate::auth0::catalog::{self, EventType};
use crate::framework::function::FunctionError;

/// The type of events that argument `index` names.
fn event_type(index: usize, name: &str) -> Result<&'static EventType, FunctionError> {
    EventType::find(name).ok_or_else(|| FunctionError::of(index, unknown(name)))
}

/// What to say of a name or a pattern that no known type of events has.
fn unknown(name: &str) -> String {
    if name.is_empty() {
        return "it is empty; name an event type, such as \"user.created\"".to_owned();
    }
    let near: Vec<_> =
        catalog::near(name, EventType::names()).iter().map(|near| format!("{near:?}")).collect();
    let near = match &near[..] {
        [] => "event_types() lists all that are known".to_owned(),
        [one] => format!("the nearest is {one}"),
        several => format!("the nearest are {}", several.join(", ")),
    };
    format!("this provider knows no event type {name:?}; {near}")
}
