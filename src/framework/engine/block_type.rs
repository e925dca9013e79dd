//! What types of blocks have in common, whatever core does with the blocks.

use super::misfit;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::outcome::Outcome;
use crate::framework::schema::Schema;
use crate::framework::value::{FromRaw, IntoRaw, Raw};

/// A type of blocks that a configuration can hold, with untyped values: a resource or a data source.
pub trait BlockType: Send + Sync {
    /// The type's name in configurations.
    fn type_name(&self) -> &'static str;

    /// The schema, built once.
    fn schema(&self) -> &Schema;

    /// Every rule that the schema breaks, and every difference between it and the model. A test
    /// runs this.
    fn problems(&self) -> Vec<String>;

    /// Faults that need more than one attribute to see.
    fn validate(&self, config: &Raw) -> Diagnostics;
}

/// `value` as its model.
pub(super) fn typed<M: FromRaw>(value: Raw) -> Result<M, Diagnostic> {
    M::from_raw(value).map_err(|err| misfit(&err))
}

/// `outcome` without its model.
pub(super) fn untyped<M: IntoRaw>(outcome: Outcome<M>) -> Outcome<Raw> {
    let Outcome { state, diagnostics, awaits_provider } = outcome;
    Outcome { state: state.map(M::into_raw), diagnostics, awaits_provider }
}
