//! Tells the ways out of this process what must not leave by them.

use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::path::Step;
use crate::framework::plan::each;
use crate::framework::schema::{Attribute, Block};
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

/// Lets messages about a secret that `config` sets point at the block that it stands in: core prints the
/// source line that a message points at, and the secret may stand there in clear.
pub(super) fn point_beside(block: &Block, config: &Raw, diagnostics: Diagnostics) -> Diagnostics {
    diagnostics
        .into_iter()
        .map(|Diagnostic { severity, summary, mut detail, path }| {
            let (shown, hidden) = path.steps().split_at(beside(block, config, path.steps()));
            // The text has to name what the path does not.
            if let [Step::Attribute(name), ..] = hidden
                && ![&summary, &detail].iter().any(|text| text.contains(name.as_str()))
            {
                detail = format!("{name}: {detail}");
            }
            Diagnostic { severity, summary, detail, path: shown.iter().cloned().collect() }
        })
        .collect()
}

/// How many of the steps lead to a place that may be shown.
fn beside(mut block: &Block, mut value: &Raw, steps: &[Step]) -> usize {
    for (at, step) in steps.iter().enumerate() {
        value = match step {
            Step::Attribute(name) | Step::Key(name) => value.member(name),
            Step::Index(index) => value.element(*index),
        };
        let Step::Attribute(name) = step else { continue };
        if let Some(nested) = block.blocks.get(name.as_str()) {
            block = &nested.block;
        } else {
            let attribute = block.attributes.get(name.as_str());
            let is_given = !value.is_null() && *value != Raw::string("");
            let hidden = is_given && attribute.is_some_and(Attribute::is_secret);
            return if hidden { at } else { steps.len() };
        }
    }
    steps.len()
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
