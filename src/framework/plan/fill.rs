//! Values for what was not known when a change was planned.

use super::conform::conform;
use super::walk::each;
use crate::framework::schema::Block;
use crate::framework::value::{Data, Raw, Typed, Value, encode_msgpack};

/// `planned`, with what is unknown in it taken from the same place of `known`. What is known in it
/// stays, but elements of a set cannot be matched: one that is not wholly known is replaced.
pub(super) fn fill(planned: Raw, known: &Raw) -> Raw {
    let data = match planned {
        Value::Null => return Value::Null,
        Value::Unknown => return known.clone(),
        Value::Known(data) => data,
    };
    Value::Known(match data {
        Data::String(_) | Data::Bool(_) | Data::Number(_) => data,
        Data::List(elements) => {
            let element = |(i, element)| fill(element, known.element(i));
            Data::List(elements.into_iter().enumerate().map(element).collect())
        }
        Data::Set(elements) => match known {
            _ if elements.iter().all(Raw::is_wholly_known) => Data::Set(elements),
            Value::Known(Data::Set(known)) => Data::Set(known.clone()),
            _ => Data::set(elements.into_iter().map(known_or_null).collect()),
        },
        Data::Map(members) => {
            let member = |(name, value): (String, Raw)| {
                let value = fill(value, known.member(&name));
                (name, value)
            };
            Data::Map(members.into_iter().map(member).collect())
        }
        Data::Dynamic(typed) => {
            let Typed { ty, value } = *typed;
            let value = match known {
                Value::Known(Data::Dynamic(known)) if known.ty == ty => fill(value, &known.value),
                _ => known_or_null(value),
            };
            Data::Dynamic(Box::new(Typed { ty, value }))
        }
    })
}

/// `value`, with null for what is unknown in it.
pub(super) fn known_or_null(value: Raw) -> Raw {
    fill(value, &Value::Null)
}

/// What was planned, with what was unknown taken from `known` where that can be written, and null
/// where nothing is known.
///
/// The last resort for an object that must not be lost: it runs nothing of a resource, and its
/// result can be written whatever `known` holds.
pub fn recover(block: &Block, planned: &Raw, known: &Raw) -> Raw {
    let known = conform(block, known.clone());
    let state = each(block, &Raw::Null, &known, planned.clone(), &mut |place, planned| {
        if place.in_set || place.is_container(&planned) {
            return planned;
        }
        let filled = fill(planned, place.prior);
        let can_be_written = encode_msgpack(&filled, &place.attribute.ty()).is_ok();
        if can_be_written { filled } else { Value::Null }
    });
    conform(block, known_or_null(state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::{dynamic, string};

    /// A value that cannot be written costs itself, not the object: its id is still known.
    #[test]
    fn what_cannot_be_written_is_left_out() {
        let block = Block::new([
            ("id", string().computed()),
            ("any", dynamic().computed()),
            ("name", string().required()),
        ]);
        let planned = Raw::map_of([
            ("id", Value::Unknown),
            ("any", Value::Unknown),
            ("name", Raw::string("n")),
        ]);
        let known = Raw::map_of([("id", Raw::string("i")), ("any", Raw::string("untyped"))]);
        let want = Raw::map_of([
            ("id", Raw::string("i")),
            ("any", Value::Null),
            ("name", Raw::string("n")),
        ]);
        assert_eq!(recover(&block, &planned, &known), want);
    }
}
