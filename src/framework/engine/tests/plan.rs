//! Plans.

use super::*;

#[test]
fn the_schema_of_the_tests_is_a_good_one() {
    assert_eq!(topics().problems(), Vec::<String>::new());
}

#[test]
fn a_create_knows_what_is_configured_and_the_defaults() {
    let answer = plan_of(&config(), None);
    let want = Topic {
        id: Value::Unknown,
        etag: Value::Unknown,
        size: number_of(3),
        secret: Value::Null,
        quota: Value::Known(Quota { limit: number_of(9), used: Value::Unknown }),
        rule: Value::Known(vec![Rule {
            key: "k".into(),
            region: "eu".into(),
            source: Value::Unknown,
        }]),
        ..config()
    };
    assert_eq!(planned_topic(&answer), want);
    assert_eq!(answer.requires_replace, Vec::<Path>::new());
}

#[test]
fn nothing_becomes_unknown_when_nothing_changes() {
    let answer = plan_of(&config(), Some(&stored()));
    assert_eq!(planned_topic(&answer), stored());
}

#[test]
fn another_spelling_is_no_change() {
    let answer = plan_of(&Topic { name: "ORDERS".into(), ..config() }, Some(&stored()));
    assert_eq!(planned_topic(&answer), stored());
}

#[test]
fn a_change_makes_unknown_only_what_it_may_move() {
    let config = Topic { name: "other".into(), ..config() };
    let answer = plan_of(&config, Some(&stored()));
    let want = Topic {
        name: "other".into(),
        etag: Value::Unknown,
        quota: Value::Known(Quota { limit: number_of(9), used: Value::Unknown }),
        ..stored()
    };
    assert_eq!(planned_topic(&answer), want);
    assert_eq!(answer.requires_replace, Vec::<Path>::new());
}

#[test]
fn a_default_comes_back_when_the_configured_value_goes() {
    let prior = Topic { size: number_of(7), ..stored() };
    let answer = plan_of(&config(), Some(&prior));
    assert_eq!(planned_topic(&answer).size, number_of(3));
}

#[test]
fn replacement_is_asked_for_by_path() {
    let mut config = config();
    config.kind = "slow".into();
    config.rule =
        Value::Known(vec![Rule { key: "k".into(), region: Value::Unknown, source: Value::Null }]);
    let answer = plan_of(&config, Some(&stored()));
    let want = vec![path("kind"), path("rule").index(0).attribute("region")];
    assert_eq!(answer.requires_replace, want);
}

/// What the provider decides later is no reason: it would replace the object on every update.
#[test]
fn a_computed_value_that_is_not_configured_never_replaces() {
    let unset = Topic { tier: Value::Null, name: "other".into(), ..config() };
    let answer = plan_of(&unset, Some(&stored()));
    assert_eq!(planned_topic(&answer).tier, Value::Unknown);
    assert_eq!(answer.requires_replace, Vec::<Path>::new());

    let unknown = Topic { tier: Value::Unknown, ..config() };
    assert_eq!(plan_of(&unknown, Some(&stored())).requires_replace, [path("tier")]);
}

/// What the schema alone says is known before.
#[test]
fn a_resource_adds_the_path_of_what_it_plans_itself() {
    let config = Topic { tier: Value::Null, size: number_of(1000), ..config() };
    let answer = plan_of(&config, Some(&stored()));
    assert_eq!(planned_topic(&answer).tier, "large".into());
    assert_eq!(answer.requires_replace, [path("tier")]);
}

/// Core refuses a replacement that turns up during apply only. At the path of the blocks it finds
/// blocks before and unknown ones after, which counts as different.
#[test]
fn blocks_that_are_not_known_yet_replace_where_one_of_their_attributes_may() {
    let config = Topic { rule: Value::Unknown, ..config() };
    assert_eq!(plan_of(&config, Some(&stored())).requires_replace, [path("rule")]);

    let none = Topic { rule: Value::Known(vec![]), ..stored() };
    for prior in [Some(&none), None] {
        assert_eq!(plan_of(&config, prior).requires_replace, Vec::<Path>::new());
    }
}

/// The same for a nested attribute.
#[test]
fn a_nested_attribute_that_is_not_known_yet_replaces_where_one_of_its_attributes_may() {
    let place = |zone: &str| Value::Known(Place { zone: zone.into() });
    let unknown = Topic { place: Value::Unknown, ..config() };
    for (prior, want) in [(place("a"), vec![path("place")]), (Value::Null, vec![])] {
        let answer = plan_of(&unknown, Some(&Topic { place: prior, ..stored() }));
        assert_eq!(answer.requires_replace, want);
    }
    let other = Topic { place: place("b"), ..config() };
    let answer = plan_of(&other, Some(&Topic { place: place("a"), ..stored() }));
    assert_eq!(answer.requires_replace, [path("place").attribute("zone")]);
}

#[test]
fn a_block_that_comes_or_goes_is_planned_as_configured() {
    let rule = |key: &str| Rule { key: key.into(), region: Value::Null, source: Value::Null };
    let config = Topic { rule: Value::Known(vec![rule("k"), rule("l")]), ..config() };
    let prior = Topic {
        rule: Value::Known(vec![Rule { source: "src_1".into(), ..rule("k") }]),
        ..stored()
    };
    let planned = planned_topic(&plan_of(&config, Some(&prior)));
    let rules = planned.rule.known().unwrap();
    assert_eq!(rules[0].source, "src_1".into());
    assert_eq!(rules[1].source, Value::Unknown);

    let none = Topic { rule: Value::Known(vec![]), ..config };
    assert_eq!(planned_topic(&plan_of(&none, Some(&prior))).rule, Value::Known(vec![]));
}

#[test]
fn blocks_that_are_not_known_yet_stay_unknown() {
    let config = Topic { rule: Value::Unknown, ..config() };
    assert_eq!(planned_topic(&plan_of(&config, Some(&stored()))).rule, Value::Unknown);
}

#[test]
fn the_second_half_of_a_replacement_sees_the_notes_of_the_first() {
    let first = plan_of(&config(), Some(&stored()));
    let second = plan_with(&config(), None, first.planned_private);
    assert_eq!(second.diagnostics.iter().next().unwrap().summary, "Second half");
    assert_eq!(second.planned_private.to_bytes(), b"{}");
}

#[test]
fn a_destroy_is_planned_as_null() {
    let request = PlanRequest {
        prior_state: stored().into_raw(),
        proposed_new_state: Raw::Null,
        config: Raw::Null,
        prior_private: Private::default(),
    };
    assert!(plan(topics().as_ref(), request).planned_state.is_null());
}

#[test]
fn the_same_request_has_the_same_plan() {
    let config = Topic { name: "other".into(), kind: Value::Unknown, ..config() };
    let (a, b) = (plan_of(&config, Some(&stored())), plan_of(&config, Some(&stored())));
    assert_eq!(a.planned_state, b.planned_state);
    assert_eq!(a.requires_replace, b.requires_replace);
    assert_eq!(a.planned_private, b.planned_private);
}
