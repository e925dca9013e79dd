//! Reading one data source.

use super::AnyDataSource;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::plan::{conform, plan};
use crate::framework::resource::Context;
use crate::framework::value::Raw;

/// What core gets of a data source.
pub struct DataSourceAnswer {
    /// What was read; null beside an error.
    pub state: Raw,
    /// Nothing was read, because the provider's configuration is not known yet: what was to be read
    /// is unknown in `state`, and core asks again in a later plan.
    pub deferred: bool,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Reads what `config` asks for. What cannot be read before the provider's configuration is known is
/// put off where core allows that, and is an error where it does not.
pub async fn read_data_source(
    source: &dyn AnyDataSource,
    context: &Context,
    config: Raw,
    deferral_allowed: bool,
) -> DataSourceAnswer {
    let block = &source.schema().block;
    let outcome = source.read(context, config.clone()).await;
    if outcome.awaits_provider && deferral_allowed {
        let (state, _) = plan(block, &config, &Raw::Null, config.clone());
        return DataSourceAnswer { state, deferred: true, diagnostics: Diagnostics::new() };
    }
    let state = outcome.state.map_or(Raw::Null, |state| conform(block, state));
    DataSourceAnswer { state, deferred: false, diagnostics: outcome.diagnostics }
}
