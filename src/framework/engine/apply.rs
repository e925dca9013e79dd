//! Applying one planned change.

use super::{AnyResource, validate};
use crate::framework::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::framework::plan;
use crate::framework::private::Private;
use crate::framework::resource::Context;
use crate::framework::schema::Schema;
use crate::framework::value::Raw;

/// A planned change, as core hands it over.
pub struct Apply {
    /// What is stored; null for a create.
    pub prior_state: Raw,
    /// What was planned; null for a delete.
    pub planned_state: Raw,
    /// What is configured, write-only values included; null for a delete.
    pub config: Raw,
    /// What the plan handed over.
    pub planned_private: Private,
}

/// What core stores after an apply, also beside an error.
pub struct Applied {
    /// The object as it is known to be; null when there is none.
    pub new_state: Raw,
    /// What is kept beside it.
    pub private: Private,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl Apply {
    /// Creates, updates or deletes. The answer always holds the best known state: an object that
    /// exists is never forgotten because of an error.
    pub async fn run(&self, resource: &dyn AnyResource, context: &Context) -> Applied {
        if self.planned_state.is_null() {
            let diagnostics = resource.delete(context, self.prior_state.clone()).await;
            let failed = diagnostics.has_errors();
            let new_state = if failed { self.prior_state.clone() } else { Raw::Null };
            return self.answer(new_state, diagnostics);
        }
        let faults = self.faults(resource);
        if faults.has_errors() {
            return self.answer(self.prior_state.clone(), faults);
        }
        let (planned, config) = (self.planned_state.clone(), self.config.clone());
        let outcome = if self.prior_state.is_null() {
            resource.create(context, planned, config).await
        } else {
            resource.update(context, self.prior_state.clone(), planned, config).await
        };
        let mut diagnostics = outcome.diagnostics;
        let new_state = match outcome.state {
            Some(state) => {
                context.remember_raw(state.clone()); // for the case that what follows panics
                let (state, more) = self.settle(resource, state);
                diagnostics.append(more);
                state
            }
            None if diagnostics.has_errors() => self.best_known(resource.schema(), context),
            None => self.prior_state.clone(),
        };
        self.answer(new_state, diagnostics)
    }

    /// The answer when [`run`](Self::run) ended in a panic: what it had remembered, or what was
    /// stored before. Nothing of the resource runs, so that it cannot panic once more.
    pub fn salvage(&self, schema: &Schema, context: &Context, error: Diagnostic) -> Applied {
        self.answer(self.best_known(schema, context), error.into())
    }

    /// What can be written of `known`, a state that cannot be written as it is: what was planned,
    /// filled from it as far as it fits the schema.
    pub fn recover(&self, schema: &Schema, known: &Raw) -> Raw {
        if self.planned_state.is_null() {
            return self.prior_state.clone();
        }
        plan::recover(&schema.block, &self.planned_state, known)
    }

    /// The state beside an error: what was remembered, or what was stored before.
    fn best_known(&self, schema: &Schema, context: &Context) -> Raw {
        match context.remembered() {
            Some(known) => self.recover(schema, &known),
            None => self.prior_state.clone(),
        }
    }

    /// What was unknown when the plan was validated is known now. Warnings were shown by the plan.
    fn faults(&self, resource: &dyn AnyResource) -> Diagnostics {
        validate(resource, &self.config, true)
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .collect()
    }

    fn settle(&self, resource: &dyn AnyResource, state: Raw) -> (Raw, Diagnostics) {
        let object = resource.describe(&self.planned_state);
        plan::settle(&resource.schema().block, &self.planned_state, state, &object)
    }

    fn answer(&self, new_state: Raw, diagnostics: Diagnostics) -> Applied {
        let private = self.planned_private.clone().without_plan_notes();
        Applied { new_state, private, diagnostics }
    }
}
