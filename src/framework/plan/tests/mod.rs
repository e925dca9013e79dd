//! Random changes of objects of random schemas, each judged by the rules of core.

mod case;
mod random;

use proptest::prelude::*;

use self::case::{Case, case};
use super::oracle::{apply_faults, can_follow, plan_faults, proposed};
use super::{conform, each, keep_spelling, plan, recover, settle};
use crate::framework::path::Path;
use crate::framework::schema::{Block, Schema};
use crate::framework::value::{Raw, Value, encode_msgpack};

const NONE: Vec<String> = Vec::new();

/// As the engine does it for a resource that adds nothing.
fn planned(block: &Block, prior: &Raw, config: &Raw) -> (Raw, Vec<Path>) {
    let (state, replaced) = plan(block, config, prior, proposed(block, prior, config));
    (conform(block, state), replaced)
}

/// What a create leaves behind.
fn created(block: &Block, config: &Raw, answer: Raw) -> Raw {
    let (planned, _) = planned(block, &Value::Null, config);
    settle(block, &planned, answer, "It").0
}

fn is_writable(block: &Block, value: &Raw) -> bool {
    encode_msgpack(value, &block.ty()).is_ok() && *value == conform(block, value.clone())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4 * ProptestConfig::default().cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn core_takes_every_step_of_a_change(case in case()) {
        let Case { block, prior, config, resolved, answer } = &case;
        prop_assert_eq!(Schema::new(block.clone()).problems(), NONE);

        let (first, replaced) = planned(block, prior, config);
        prop_assert_eq!(plan_faults(block, prior, config, &first), NONE);
        prop_assert!(is_writable(block, &first));
        for path in &replaced {
            let is_somewhere = can_follow(path, prior) || can_follow(path, &first);
            prop_assert!(!prior.is_null() && is_somewhere, "{path}");
        }

        // During apply core asks again, by then for a configuration that is wholly known.
        let (second, replaced_then) = planned(block, prior, resolved);
        prop_assert_eq!(plan_faults(block, prior, resolved, &second), NONE);
        prop_assert_eq!(apply_faults(block, &first, &second), NONE);
        prop_assert!(first != *prior || second == *prior, "a change appeared");
        let appeared = replaced_then.iter().find(|path| can_follow(path, prior));
        prop_assert!(!replaced.is_empty() || appeared.is_none(), "{appeared:?} replaces");

        let (state, _) = settle(block, &second, answer.clone(), "It");
        let recovered = recover(block, &second, answer);
        for state in [&state, &recovered] {
            prop_assert_eq!(apply_faults(block, &second, state), NONE);
            prop_assert!(state.is_wholly_known() && is_writable(block, state));
        }

        prop_assert_eq!(&keep_spelling(block, &state, state.clone()), &state);
        prop_assert_eq!(planned(block, &state, resolved), (state, vec![]), "the plan after it");
    }

    #[test]
    fn every_place_has_a_path_that_core_can_follow(case in case()) {
        let Case { block, config, .. } = &case;
        each(block, config, &Raw::Null, config.clone(), &mut |place, value| {
            assert!(can_follow(place.path, config), "{}", place.path);
            value
        });
    }
}
