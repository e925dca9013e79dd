//! `event_types(patterns...)`

use super::unknown;
use crate::auth0::catalog::{self, EventType};
use crate::framework::function::{Arguments, Function, FunctionError, Parameter, Signature};
use crate::framework::value::{Data, Raw, Type, Value};

/// The function `event_types`.
pub struct EventTypes;

impl Function for EventTypes {
    fn name(&self) -> &'static str {
        "event_types"
    }

    fn signature(&self) -> Signature {
        Signature {
            parameters: Vec::new(),
            variadic: Some(Parameter {
                name: "patterns",
                ty: Type::String,
                description: "Names of event types, in which `*` stands for any characters, dots \
                              included: `user.*`, `*.deleted`. Without any, all types are listed.",
            }),
            returns: Type::list(Type::String),
            summary: "The types of events that an event stream can subscribe to.",
            description: "Lists the types of events that fit one of the patterns, by name and each \
                          once: those that this version of the provider knows. A pattern that fits \
                          none is an error.",
        }
    }

    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError> {
        let patterns = arguments.texts()?;
        for (index, pattern) in patterns.iter().enumerate() {
            if !EventType::names().any(|name| catalog::matches(pattern, name)) {
                return Err(FunctionError::of(index, unknown(pattern)));
            }
        }
        let fits = |name: &&str| {
            patterns.is_empty() || patterns.iter().any(|pattern| catalog::matches(pattern, name))
        };
        let names = EventType::names().filter(fits).map(Raw::string);
        Ok(Value::Known(Data::List(names.collect())))
    }
}
