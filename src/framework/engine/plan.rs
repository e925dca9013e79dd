//! Planning one change.

use super::{AnyResource, secrets};
use crate::framework::diagnostics::Diagnostics;
use crate::framework::path::Path;
use crate::framework::plan;
use crate::framework::private::Private;
use crate::framework::resource::Planned;
use crate::framework::value::Raw;

/// What core asks a plan for.
pub struct PlanRequest {
    /// What is stored; null for a create.
    pub prior_state: Raw,
    /// What core would plan by itself; null for a destroy.
    pub proposed_new_state: Raw,
    /// What is configured; null for a destroy.
    pub config: Raw,
    /// What is kept beside the state.
    pub prior_private: Private,
}

/// A plan.
pub struct PlanAnswer {
    /// What will be stored, unknown where apply decides; null for a destroy.
    pub planned_state: Raw,
    /// Attributes whose change replaces the object.
    pub requires_replace: Vec<Path>,
    /// What is handed to apply.
    pub planned_private: Private,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Plans a create, an update or a destroy of `resource`. Nothing is asked of the network, and the
/// same request has the same planned state: core asks again during apply. What is said beside it
/// may depend on what else was planned.
pub fn plan(resource: &dyn AnyResource, request: PlanRequest) -> PlanAnswer {
    let PlanRequest { prior_state, proposed_new_state, config, prior_private } = request;
    if proposed_new_state.is_null() {
        return PlanAnswer {
            planned_state: Raw::Null,
            requires_replace: Vec::new(),
            planned_private: prior_private.without_plan_notes(),
            diagnostics: resource.plan_destroy(&prior_state),
        };
    }
    let block = &resource.schema().block;
    let (state, requires_replace) = plan::plan(block, &config, &prior_state, proposed_new_state);
    let planned = Planned {
        state,
        requires_replace,
        private: prior_private.clone().without_plan_notes(),
        diagnostics: Diagnostics::new(),
    };
    let mut planned = resource.plan(&config, &prior_state, &prior_private, planned);
    planned.requires_replace.sort();
    planned.requires_replace.dedup();
    PlanAnswer {
        planned_state: plan::conform(block, planned.state),
        requires_replace: planned.requires_replace,
        planned_private: planned.private,
        diagnostics: secrets::point_beside(block, &config, planned.diagnostics),
    }
}
