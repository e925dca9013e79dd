//! One change of one object, with all that core and the API say to it.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;

use super::created;
use super::random::Random;
use crate::framework::plan::conform;
use crate::framework::schema::{Attribute, AttributeKind, Block};
use crate::framework::value::{Raw, Value};

/// One change of one object.
pub(super) struct Case {
    pub(super) block: Block,
    pub(super) prior: Raw,
    pub(super) config: Raw,
    /// The configuration as it is during apply, when everything is known.
    pub(super) resolved: Raw,
    /// What the API answers then.
    pub(super) answer: Raw,
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    proptest::collection::vec(any::<u8>(), 0..500).prop_map(|bytes| Case::new(&bytes))
}

impl Case {
    fn new(bytes: &[u8]) -> Self {
        let mut random = Random::new(bytes);
        let block = random.block(2, true);
        let prior = match random.below(3) {
            0 => Value::Null,
            1 => conform(&block, random.state(&block)),
            _ => created(&block, &random.config(&block), random.state(&block)),
        };
        let resolved = random.clone().config(&block);
        random.unknown = true;
        let config = random.config(&block);
        let answer = random.state(&block);
        Self { block, prior, config, resolved, answer }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, prior, config, resolved, answer } = self;
        writeln!(f, "schema:{}", Shape(&block.attributes, Some(block)))?;
        writeln!(
            f,
            "prior: {prior:?}\nconfig: {config:?}\nresolved: {resolved:?}\nanswer: {answer:?}"
        )
    }
}

/// A schema in few words.
struct Shape<'a>(&'a BTreeMap<&'static str, Attribute>, Option<&'a Block>);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(" {")?;
        for (name, a) in self.0 {
            write!(f, " {name}:")?;
            for (flag, word) in [
                (a.required, "required"),
                (a.optional, "optional"),
                (a.computed, "computed"),
                (a.stable, "stable"),
                (a.write_only, "write_only"),
                (a.requires_replace, "replaces"),
                (a.same_when.is_some(), "alike"),
            ] {
                f.write_str(if flag { " " } else { "" })?;
                f.write_str(if flag { word } else { "" })?;
            }
            if let Some(default) = &a.default {
                write!(f, " default={default:?}")?;
            }
            match &a.kind {
                AttributeKind::Plain(ty) => write!(f, " {ty:?};")?,
                AttributeKind::Nested(nesting, inner) => {
                    write!(f, " {nesting:?}{};", Shape(inner, None))?;
                }
            }
        }
        for (name, nested) in self.1.iter().flat_map(|block| &block.blocks) {
            let inner = Shape(&nested.block.attributes, Some(&nested.block));
            write!(f, " {name}: block {:?}{inner};", nested.nesting)?;
        }
        f.write_str(" }")
    }
}
