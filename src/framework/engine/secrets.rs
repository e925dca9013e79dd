//! Tells the ways out of this process what must not leave by them.

use crate::framework::plan::each;
use crate::framework::schema::Block;
use crate::framework::value::{Data, Raw, Value};
use crate::redact;

/// Registers every known value of a sensitive or write-only attribute.
pub(super) fn register(block: &Block, value: &Raw) {
    each(block, &Raw::Null, &Raw::Null, value.clone(), &mut |place, value| {
        if place.attribute.is_secret() {
            register_all(&value);
        }
        value
    });
}

fn register_all(value: &Raw) {
    match value {
        Value::Null | Value::Unknown => {}
        Value::Known(Data::String(secret)) => redact::register(secret),
        Value::Known(Data::List(elements) | Data::Set(elements)) => {
            elements.iter().for_each(register_all);
        }
        Value::Known(Data::Map(members)) => members.values().for_each(register_all),
        Value::Known(Data::Dynamic(typed)) => register_all(&typed.value),
        Value::Known(Data::Bool(_) | Data::Number(_)) => {}
    }
}
