//! From what was planned and what the API answered to what is stored.

use super::conform::conform;
use super::walk::{each, visit};
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
    let answer = conform(block, answer);
    // Blocks are configured, so a planned one that is unknown was decided during apply, and counts
    // as answered.
    let planned = fill_unknown_containers(planned.clone(), &answer);
    let state = each(block, &Raw::Null, &answer, planned, &mut |place, planned| {
        let answered = place.prior;
        if place.in_set {
            return planned;
        }
        if !planned.is_wholly_known() {
            return answered.clone();
        }
        if !place.attribute.is_same(&planned, answered) && !place.attribute.write_only {
            diagnostics.push(differs(
                object,
                place.path,
                place.attribute.sensitive,
                &planned,
                answered,
            ));
        }
        planned
    });
    let mut state = state;
    visit(block, &Raw::Null, &Raw::Null, &state.clone(), &mut |place, value| {
        if !value.is_wholly_known() {
            diagnostics.push(still_unknown(object, place.path));
        }
    });
    if !state.is_wholly_known() {
        state = known_or_null(state);
    }
    (state, diagnostics)
}

fn fill_unknown_containers(planned: Raw, answer: &Raw) -> Raw {
    match planned {
        Value::Known(Data::Map(members)) => Value::Known(Data::Map(
            members
                .into_iter()
                .map(|(name, value)| {
                    let value = match value {
                        Value::Unknown => answer.member(&name).clone(),
                        value => value,
                    };
                    (name, value)
                })
                .collect(),
        )),
        planned => planned,
    }
}

fn differs(
    object: &str,
    path: &Path,
    sensitive: bool,
    planned: &Raw,
    answered: &Raw,
) -> Diagnostic {
    let values = match (sensitive, show(planned), show(answered)) {
        (false, Some(planned), Some(answered)) => {
            format!("The plan says {planned}, the answer shows {answered}.")
        }
        _ => "The answer shows another value than the plan.".to_owned(),
    };
    Diagnostic::warning(
        format!("{object}: {path} is not as planned"),
        format!(
            "{values} Someone may have changed it since this run refreshed the state. The state \
             keeps what was planned; the next plan reads it again and shows the difference."
        ),
    )
    .at(path.clone())
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

fn known_or_null(value: Raw) -> Raw {
    match value {
        Value::Unknown => Value::Null,
        Value::Known(Data::List(elements)) => {
            Value::Known(Data::List(elements.into_iter().map(known_or_null).collect()))
        }
        Value::Known(Data::Set(elements)) => {
            Value::Known(Data::set(elements.into_iter().map(known_or_null).collect()))
        }
        Value::Known(Data::Map(members)) => Value::Known(Data::Map(
            members.into_iter().map(|(name, value)| (name, known_or_null(value))).collect(),
        )),
        value => value,
    }
}
