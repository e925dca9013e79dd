//! Which plans core takes. Anything else is "Provider produced invalid plan".

use std::collections::BTreeMap;

use super::framework::path::Path;
use super::framework::schema::{Attribute, AttributeKind, Block, BlockNesting};
use super::framework::value::{Raw, Value};
use super::{Held, length, member};

/// The rules that `planned` breaks as the plan of the change from `prior` to `config`.
pub fn plan_faults(block: &Block, prior: &Raw, config: &Raw, planned: &Raw) -> Vec<String> {
    let mut faults = Faults(vec![]);
    faults.block(&Path::root(), block, &Change { prior, config, planned });
    faults.0
}

struct Change<'a> {
    prior: &'a Raw,
    config: &'a Raw,
    planned: &'a Raw,
}

impl Change<'_> {
    fn each(&self, part: impl Fn(&Raw) -> &Raw) -> Change<'_> {
        let Change { prior, config, planned } = *self;
        Change { prior: part(prior), config: part(config), planned: part(planned) }
    }
}

struct Faults(Vec<String>);

impl Faults {
    fn say(&mut self, path: &Path, what: &str) {
        self.0.push(format!("{path}: {what}"));
    }

    fn block(&mut self, path: &Path, block: &Block, change: &Change<'_>) {
        if change.planned.is_null() != change.config.is_null() {
            return self.say(path, "planned for absence where config wants existence, or reverse");
        }
        self.attributes(path, &block.attributes, change);
        for (name, nested) in &block.blocks {
            let path = path.attribute(name);
            let change = change.each(|object| member(object, name));
            let Change { config, planned, .. } = change;
            match planned {
                Value::Null if nested.nesting != BlockNesting::Single => {
                    self.say(&path, "absent blocks are empty, not null");
                }
                planned if planned == config => {}
                _ if config.is_unknown() => self.say(&path, "planned for an unknown dynamic block"),
                Value::Unknown => self.say(&path, "planned unknown for a block"),
                _ => self.objects(
                    nested.nesting.into(),
                    &path,
                    &change,
                    &mut |faults, path, change| {
                        if change.planned.is_unknown() {
                            return faults.say(path, "a block must not be unknown itself");
                        }
                        faults.block(path, &nested.block, change);
                    },
                ),
            }
        }
    }

    fn attributes(
        &mut self,
        path: &Path,
        attributes: &BTreeMap<&'static str, Attribute>,
        change: &Change<'_>,
    ) {
        if change.planned.is_unknown() && change.config.is_unknown() {
            return; // an element that is not known yet
        }
        for (name, attribute) in attributes {
            let path = path.attribute(name);
            self.attribute(&path, attribute, &change.each(|object| member(object, name)));
        }
    }

    fn attribute(&mut self, path: &Path, attribute: &Attribute, change: &Change<'_>) {
        let Change { prior, config, planned } = *change;
        let keeps_prior = planned == prior && !prior.is_null() && !config.is_null();
        let decided_by_provider = attribute.computed && (!attribute.optional || config.is_null());
        match &attribute.kind {
            _ if attribute.write_only => {
                if !planned.is_null() {
                    self.say(path, "planned value for a write-only attribute");
                }
            }
            _ if planned == config || keeps_prior || decided_by_provider => {}
            _ if config.is_null() => self.say(path, "planned value for a non-computed attribute"),
            AttributeKind::Plain(_) => {
                self.say(path, "planned value matches neither config nor prior")
            }
            AttributeKind::Nested(..) if planned.is_null() => self.say(path, "planned for absence"),
            AttributeKind::Nested(..) if planned.is_unknown() => {
                self.say(path, "planned unknown for a configured value");
            }
            AttributeKind::Nested(nesting, inner) => {
                self.objects((*nesting).into(), path, change, &mut |faults, path, change| {
                    faults.attributes(path, inner, change);
                });
            }
        }
    }

    fn objects(
        &mut self,
        held: Held,
        path: &Path,
        change: &Change<'_>,
        inner: &mut dyn FnMut(&mut Self, &Path, &Change<'_>),
    ) {
        let Change { config, planned, .. } = *change;
        let counts = |value: &Raw| value.is_wholly_known().then(|| length(value));
        let other_count = counts(config).is_some_and(|n| counts(planned).is_some_and(|m| n != m));
        if held.objects(config) != held.objects(planned) || held == Held::Set && other_count {
            return self.say(path, "other elements in plan than in config");
        }
        for which in held.objects(planned) {
            inner(self, &which.below(path), &change.each(|container| which.of(container)));
        }
    }
}
