use super::answer::EventStream;
use crate::auth0::catalog::matches;

/// Which event streams are looked for: those that pass every filter that is set. Auth0 has no filters
/// of its own.
#[derive(Debug, Clone, Default)]
pub struct EventStreamFilter {
    /// Kind of destination: `webhook`, `eventbridge` or `action`.
    pub destination_type: Option<String>,
    /// `enabled` or `disabled`.
    pub status: Option<String>,
    /// Spelling of the name, in which `*` stands for any characters.
    pub name_pattern: Option<String>,
    /// Spelling of a type of events that the stream delivers, with `*` as well.
    pub subscribed_to: Option<String>,
}

impl EventStreamFilter {
    /// Whether a stream passes.
    pub fn passes(&self, stream: &EventStream) -> bool {
        let passes = |filter: &Option<String>, test: &dyn Fn(&str) -> bool| {
            filter.as_deref().is_none_or(test)
        };
        passes(&self.destination_type, &|wanted| stream.destination.destination_type() == wanted)
            && passes(&self.status, &|wanted| stream.status == wanted)
            && passes(&self.name_pattern, &|pattern| matches(pattern, &stream.name))
            && passes(&self.subscribed_to, &|pattern| {
                stream.subscriptions.iter().any(|s| matches(pattern, &s.event_type))
            })
    }
}
