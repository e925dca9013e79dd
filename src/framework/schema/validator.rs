//! Rules for the known value of one attribute.

use std::sync::Arc;

use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::path::Path;
use crate::framework::value::Data;

type Check = dyn Fn(&Data, &Path) -> Diagnostics + Send + Sync;

/// A rule for a known value, and the words in which the documentation states it.
#[derive(Clone)]
pub struct Validator {
    rule: String,
    check: Arc<Check>,
}

impl Validator {
    /// A rule that finds faults itself. `rule` completes the sentence "The value …" in Markdown.
    pub fn new(
        rule: impl Into<String>,
        check: impl Fn(&Data, &Path) -> Diagnostics + Send + Sync + 'static,
    ) -> Self {
        Self { rule: rule.into(), check: Arc::new(check) }
    }

    /// A rule for text: `faults` answers what is wrong with it, as diagnostics without a path.
    pub fn text<F: IntoIterator<Item = Diagnostic>>(
        rule: impl Into<String>,
        faults: impl Fn(&str) -> F + Send + Sync + 'static,
    ) -> Self {
        Self::new(rule, move |data, path| match data {
            Data::String(text) => {
                faults(text).into_iter().map(|fault| fault.at(path.clone())).collect()
            }
            _ => Diagnostics::new(),
        })
    }

    /// Text that is one of `allowed`.
    pub fn one_of(what: &'static str, allowed: &'static [&'static str]) -> Self {
        let list = |quote: &str| {
            allowed
                .iter()
                .map(|name| format!("{quote}{name}{quote}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let words = list("\"");
        Self::text(format!("must be one of {}", list("`")), move |text| {
            (!allowed.contains(&text)).then(|| {
                Diagnostic::error(
                    format!("Invalid {what} {text:?}"),
                    format!("It must be one of {words}."),
                )
            })
        })
    }

    /// The rule in words: "must be one of `a`, `b`".
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The faults of `data`, which stands at `path`.
    pub fn check(&self, data: &Data, path: &Path) -> Diagnostics {
        (self.check)(data, path)
    }
}
