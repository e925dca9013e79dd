//! The block `timeouts`, alike for every resource that has one.

use std::time::Duration;

use super::Diagnostic;
use super::schema::{Attribute, Block, BlockNesting, NestedBlock, Validator, string};
use super::value::Value;
use crate::model;

model! {
    /// How long the operations on one object may take.
    pub struct Timeouts {
        pub create: Value<String>,
        pub read: Value<String>,
        pub update: Value<String>,
        pub delete: Value<String>,
    }
}

impl Timeouts {
    /// The block, to be added as `timeouts`.
    pub fn block() -> NestedBlock {
        let block = Block::new([
            ("create", limit("Time limit for creating, such as `5m`.")),
            ("read", limit("Time limit for reading.")),
            ("update", limit("Time limit for updating.")),
            ("delete", limit("Time limit for deleting.")),
        ])
        .description("Time limits of single operations. A change of them alone sends nothing.");
        NestedBlock::new(BlockNesting::Single, block)
    }

    /// The limit that one of `timeouts` sets, where it sets one.
    pub fn limit(
        timeouts: &Value<Self>,
        operation: impl Fn(&Self) -> &Value<String>,
    ) -> Option<Duration> {
        humantime::parse_duration(operation(timeouts.known()?).known()?).ok()
    }
}

fn limit(description: &'static str) -> Attribute {
    string()
        .optional()
        .validate(Validator::text("must be a duration such as `90s` or `1h30m`", |text| {
            let fault = match humantime::parse_duration(text) {
                Ok(limit) if limit < Duration::from_secs(1) => {
                    "It is shorter than a second.".to_owned()
                }
                Ok(_) => return None,
                Err(err) => {
                    format!("{text:?} is not a duration ({err}). Write it like 90s, 5m or 1h30m.")
                }
            };
            Some(Diagnostic::error("Invalid time limit", fault))
        }))
        .description(description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::Path;
    use crate::framework::value::Data;

    #[test]
    fn a_limit_is_a_duration_as_terraform_writes_it() {
        let faults = |text: &str| {
            let attribute = limit("Time limit.");
            attribute.validators[0].check(&Data::String(text.to_owned()), &Path::root())
        };
        for text in ["90s", "5m", "1h30m", "2h"] {
            assert!(faults(text).is_empty(), "{text}");
        }
        for text in ["", "5", "soon", "-5m", "10ms"] {
            assert!(faults(text).has_errors(), "{text}");
        }
    }

    #[test]
    fn what_is_not_set_has_no_limit() {
        let of = |timeouts: &Value<Timeouts>| Timeouts::limit(timeouts, |t| &t.create);
        assert_eq!(of(&Value::Null), None);
        assert_eq!(of(&Value::Known(Timeouts::default())), None);
        let five = Timeouts { create: "5m".into(), ..Default::default() };
        assert_eq!(of(&Value::Known(five)), Some(Duration::from_secs(300)));
    }
}
