//! From what was planned and what the API answered to what is stored.

use super::conform::conform;
use super::fill::{fill, known_or_null};
use super::walk::{each, visit_blocks};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::path::Path;
use crate::framework::schema::Block;
use crate::framework::value::{Data, Raw, Value};

/// The state after an apply: what was planned, with what was unknown filled from `answer`.
///
/// Core refuses a state that differs from the plan. A value that the API shows otherwise may have
/// been changed by someone else since the refresh: it is a warning, and the next refresh shows it.
/// Errors name values that are still unknown; they are stored as null.
pub fn settle(block: &Block, planned: &Raw, answer: Raw, object: &str) -> (Raw, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    // A core that leaves a write-only value in a plan must not make us store it.
    let (planned, answer) = (&conform(block, planned.clone()), conform(block, answer));
    let state = each(block, &Raw::Null, &answer, planned.clone(), &mut |place, planned| {
        let (attribute, answered) = (place.attribute, place.prior);
        if place.is_container(&planned) {
            if !place.in_set
                && let Some(how) = other_elements(&planned, answered, "elements")
            {
                diagnostics.push(differs(object, place.path, &how));
            }
            return planned;
        }
        let settled = if place.in_set { planned } else { fill(planned, answered) };
        if !settled.is_wholly_known() {
            diagnostics.push(still_unknown(object, place.path));
        } else if !place.in_set && !attribute.is_same(&settled, answered) {
            let how = other_value(attribute.sensitive, &settled, answered);
            diagnostics.push(differs(object, place.path, &how));
        }
        settled
    });
    visit_blocks(block, &answer, planned, &mut |blocks, planned| {
        if let Some(how) = other_elements(planned, blocks.prior, "blocks") {
            diagnostics.push(differs(object, blocks.path, &how));
        }
    });
    if state.is_wholly_known() {
        (state, diagnostics)
    } else {
        (conform(block, known_or_null(state)), diagnostics)
    }
}

fn differs(object: &str, path: &Path, how: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{object}: {path} is not as planned"),
        format!(
            "{how} Someone may have changed it since this run refreshed the state. The state keeps \
             what was planned; the next plan reads it again and shows the difference."
        ),
    )
    .at(path.clone())
}

fn other_value(sensitive: bool, planned: &Raw, answered: &Raw) -> String {
    match (sensitive, show(planned), show(answered)) {
        (false, Some(planned), Some(answered)) => {
            format!("The plan says {planned}, the answer shows {answered}.")
        }
        _ => "The answer shows another value than the plan.".to_owned(),
    }
}

/// Says so when the answer has not the same elements as the plan. Those that both have are compared
/// one by one; those of a set only together, because they cannot be matched.
fn other_elements(planned: &Raw, answered: &Raw, what: &str) -> Option<String> {
    let how = match (planned, answered) {
        (Value::Unknown, _) => return None,
        (Value::Known(Data::List(planned)), Value::Known(Data::List(answered))) => {
            (planned.len() != answered.len()).then_some("another number of")?
        }
        (Value::Known(Data::Map(planned)), Value::Known(Data::Map(answered))) => {
            (!planned.keys().eq(answered.keys())).then_some("other")?
        }
        _ => (planned != answered).then_some("other")?,
    };
    Some(format!("The answer shows {how} {what} than the plan."))
}

/// A short value in words, for a message.
fn show(value: &Raw) -> Option<String> {
    match value {
        Value::Null => Some("nothing".to_owned()),
        Value::Unknown => None,
        Value::Known(Data::String(text)) => Some(format!("{text:?}")),
        Value::Known(Data::Bool(value)) => Some(value.to_string()),
        Value::Known(Data::Number(number)) => Some(number.to_string()),
        Value::Known(Data::List(elements) | Data::Set(elements)) => {
            let elements: Option<Vec<_>> = elements.iter().map(show).collect();
            Some(format!("[{}]", elements?.join(", ")))
        }
        Value::Known(Data::Map(_) | Data::Dynamic(_)) => None,
    }
}

fn still_unknown(object: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("{object}: {path} is still unknown after apply"),
        "The provider has not decided this value, which is a fault of the provider. It is stored \
         as null; please report this.",
    )
    .at(path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::diagnostics::Severity;
    use crate::framework::schema::{
        BlockNesting, NestedBlock, Nesting, dynamic, nested, number, string,
    };
    use crate::framework::value::{Type, Typed};

    fn paths(diagnostics: &Diagnostics) -> Vec<(Severity, String)> {
        diagnostics.iter().map(|d| (d.severity, d.path.to_string())).collect()
    }

    /// A known value beside an unknown one is no unknown value.
    #[test]
    fn what_is_planned_inside_a_nested_attribute_stays() {
        let object =
            |limit: &str, used| Raw::map_of([("limit", Raw::string(limit)), ("used", used)]);
        let list = |object| Value::Known(Data::List(vec![object]));
        let map = |object| Raw::map_of([("k", object)]);
        for (nesting, hold) in [
            (Nesting::Single, (|object| object) as fn(Raw) -> Raw),
            (Nesting::List, list),
            (Nesting::Map, map),
        ] {
            let inner = [("limit", string().optional()), ("used", string().computed())];
            let block = Block::new([("quota", nested(nesting, inner).optional())]);
            let state = |object| Raw::map_of([("quota", hold(object))]);
            let planned = state(object("9", Value::Unknown));
            let (settled, said) =
                settle(&block, &planned, state(object("7", Raw::string("1"))), "It");
            assert_eq!(settled, state(object("9", Raw::string("1"))));
            assert_eq!(said.iter().count(), 1);
            let warning = said.iter().next().unwrap();
            assert!(warning.path.to_string().ends_with("limit"), "{}", warning.path);
        }
    }

    /// What is unknown deep inside is null in the state, never unknown and never a null block.
    #[test]
    fn nothing_unknown_is_stored() {
        let inner = Block::default().block(
            "inner",
            NestedBlock::new(BlockNesting::List, Block::new([("key", string().optional())])),
        );
        let block = Block::new([("any", dynamic().computed())])
            .block("outer", NestedBlock::new(BlockNesting::List, inner));
        let state = |any, inner| {
            let outer = Value::Known(Data::List(vec![Raw::map_of([("inner", inner)])]));
            let any = Value::Known(Data::Dynamic(Box::new(Typed { ty: Type::String, value: any })));
            Raw::map_of([("any", any), ("outer", outer)])
        };
        let unknown = state(Value::Unknown, Value::Unknown);
        let (settled, said) = settle(&block, &unknown, unknown.clone(), "It");
        assert_eq!(settled, state(Value::Null, Value::Known(Data::List(vec![]))));
        assert_eq!(paths(&said), [(Severity::Error, "any".to_owned())]);
    }

    #[test]
    fn elements_that_the_plan_lacks_are_named_and_not_stored() {
        let inner = || [("key", string().optional())];
        let block = Block::new([
            ("list", nested(Nesting::List, inner()).optional()),
            ("map", nested(Nesting::Map, inner()).optional()),
            ("set", nested(Nesting::Set, inner()).optional()),
            ("size", number().optional()),
        ])
        .block("block", NestedBlock::new(BlockNesting::Set, Block::new(inner())));
        let object = |key: &str| Raw::map_of([("key", Raw::string(key))]);
        let state = |keys: &[&str]| {
            let objects = || keys.iter().map(|key| object(key)).collect::<Vec<_>>();
            Raw::map_of([
                ("list", Value::Known(Data::List(objects()))),
                ("map", Raw::map_of(keys.iter().map(|key| (*key, object(key))))),
                ("set", Value::Known(Data::set(objects()))),
                ("size", Value::Null),
                ("block", Value::Known(Data::set(objects()))),
            ])
        };
        let (settled, said) = settle(&block, &state(&["a"]), state(&["a", "b"]), "It");
        assert_eq!(settled, state(&["a"]));
        let warned = |path: &str| (Severity::Warning, path.to_owned());
        assert_eq!(paths(&said), ["list", "map", "set", "block"].map(warned));
    }
}
