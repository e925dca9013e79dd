//! `eventbridge_pattern(event_type, more_event_types...)`

use super::event_type;
use crate::framework::function::{Arguments, Function, FunctionError, Parameter, Signature};
use crate::framework::value::{Raw, Type};

/// The function `eventbridge_pattern`.
pub struct EventbridgePattern;

impl Function for EventbridgePattern {
    fn name(&self) -> &'static str {
        "eventbridge_pattern"
    }

    /// The first parameter is one of its own, so that core refuses a call without any type: a pattern
    /// of no types would match nothing.
    fn signature(&self) -> Signature {
        let parameter = |name, description| Parameter { name, ty: Type::String, description };
        Signature {
            parameters: vec![parameter("event_type", "A type of events, such as `user.created`.")],
            variadic: Some(parameter("more_event_types", "More types of events.")),
            returns: Type::String,
            summary: "The pattern of an EventBridge rule that matches events of these types.",
            description: "Makes the event pattern of a rule on the event bus of an event stream, as \
                          JSON, for `event_pattern` of `aws_cloudwatch_event_rule`. It matches \
                          events whose `source` begins with `aws.partner/auth0.com/`, as every \
                          partner event source of Auth0 does, and whose `detail.type` is one of the \
                          types: Auth0 puts the whole CloudEvent into the `detail` of the event. \
                          Several types are best given as `event_types(\"user.*\")...`.",
        }
    }

    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError> {
        let mut names: Vec<&str> = Vec::new();
        for (index, name) in arguments.texts()?.into_iter().enumerate() {
            let name = event_type(index, name)?.name;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // Known names need no escapes. Keys are in the order of jsonencode().
        let names = names.join("\",\"");
        Ok(Raw::string(format!(
            r#"{{"detail":{{"type":["{names}"]}},"source":[{{"prefix":"aws.partner/auth0.com/"}}]}}"#
        )))
    }
}
