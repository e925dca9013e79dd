//! `proposed_new_state`: what is configured, and prior values where nothing is.

use std::collections::BTreeMap;

use super::framework::schema::{Attribute, AttributeKind, Block};
use super::framework::value::{Data, Raw, Value};
use super::{Held, member};

/// What core proposes for the change from `prior` to `config`.
pub fn proposed(block: &Block, prior: &Raw, config: &Raw) -> Raw {
    if config.is_null() {
        return Value::Null;
    }
    let attributes = members(&block.attributes, prior, config);
    let blocks = block.blocks.iter().map(|(name, nested)| {
        let (prior, config) = (member(prior, name), member(config, name));
        let propose = |prior: &Raw, config: &Raw| proposed(&nested.block, prior, config);
        (*name, objects(nested.nesting.into(), prior, config, &propose))
    });
    Raw::map_of(attributes.into_iter().chain(blocks))
}

fn members(
    attributes: &BTreeMap<&'static str, Attribute>,
    prior: &Raw,
    config: &Raw,
) -> Vec<(&'static str, Raw)> {
    let propose = |(name, attribute): (&&'static str, &Attribute)| {
        (*name, proposed_value(attribute, member(prior, name), member(config, name)))
    };
    attributes.iter().map(propose).collect()
}

fn proposed_value(attribute: &Attribute, prior: &Raw, config: &Raw) -> Raw {
    match &attribute.kind {
        _ if attribute.computed && config.is_null() => {
            let was_configured = attribute.optional && holds_configured(attribute, prior);
            if was_configured { Value::Null } else { prior.clone() }
        }
        AttributeKind::Plain(_) => config.clone(),
        AttributeKind::Nested(nesting, inner) => {
            objects((*nesting).into(), prior, config, &|prior, config| match config {
                Value::Null => Value::Null,
                config => Raw::map_of(members(inner, prior, config)),
            })
        }
    }
}

/// Whether something in a prior value must have come from a configuration.
fn holds_configured(attribute: &Attribute, prior: &Raw) -> bool {
    let AttributeKind::Nested(nesting, inner) = &attribute.kind else { return false };
    let elements = match (Held::from(*nesting), prior) {
        (Held::Set, prior) => prior.elements().unwrap_or_default().iter().collect(),
        (held, prior) => {
            held.objects(prior).iter().map(|which| which.of(prior)).collect::<Vec<_>>()
        }
    };
    elements.into_iter().any(|object| {
        inner.iter().any(|(name, attribute)| {
            let value = object.member(name);
            !value.is_null() && (!attribute.computed || holds_configured(attribute, value))
        })
    })
}

/// Pairs the configured objects with the prior ones. Nothing in a configured set is computed, so
/// nothing of the prior ones is of use there.
fn objects(held: Held, prior: &Raw, config: &Raw, propose: &dyn Fn(&Raw, &Raw) -> Raw) -> Raw {
    match config {
        Value::Known(Data::List(elements)) if held == Held::List => {
            let element = |(i, config)| match prior.elements().and_then(|prior| prior.get(i)) {
                Some(prior) => propose(prior, config),
                None => config.clone(),
            };
            Value::Known(Data::List(elements.iter().enumerate().map(element).collect()))
        }
        Value::Known(Data::Map(members)) if held == Held::Map => {
            let member = |(key, config): (&String, &Raw)| {
                let proposed = match prior.members().and_then(|prior| prior.get(key)) {
                    Some(prior) => propose(prior, config),
                    None => config.clone(),
                };
                (key.clone(), proposed)
            };
            Value::Known(Data::Map(members.iter().map(member).collect()))
        }
        Value::Known(Data::Set(elements)) => {
            let elements = elements.iter().map(|config| propose(&Value::Null, config));
            Value::Known(Data::set(elements.collect()))
        }
        Value::Known(_) => propose(prior, config),
        Value::Null | Value::Unknown => config.clone(),
    }
}
