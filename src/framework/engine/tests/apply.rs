//! Applies, and what is left of those that fail.

use super::*;

fn apply_of(prior: Option<&Topic>, planned: Option<&Topic>, config: &Topic) -> Apply {
    let raw = |topic: Option<&Topic>| topic.map_or(Raw::Null, |topic| topic.clone().into_raw());
    Apply {
        prior_state: raw(prior),
        planned_state: raw(planned),
        config: config.clone().into_raw(),
        planned_private: Private::from_bytes(br#"{"plan":{"first":"half"}}"#),
    }
}

fn created_plan() -> Topic {
    planned_topic(&plan_of(&config(), None))
}

fn summaries(diagnostics: &Diagnostics) -> Vec<(Severity, String)> {
    diagnostics.iter().map(|d| (d.severity, d.summary.clone())).collect()
}

#[tokio::test]
async fn an_answer_fills_what_was_unknown() {
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(stored())).as_ref(), &Context::default()).await;
    assert_eq!(Topic::from_raw(applied.new_state).unwrap(), stored());
    assert!(applied.diagnostics.is_empty());
    assert_eq!(applied.private.to_bytes(), b"{}");
}

#[tokio::test]
async fn planned_values_win_over_the_answer_with_a_warning() {
    let answer = Topic { kind: "slow".into(), name: "ORDERS".into(), ..stored() };
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(answer)).as_ref(), &Context::default()).await;
    assert_eq!(Topic::from_raw(applied.new_state).unwrap(), stored());
    let warning = (Severity::Warning, r#"Topic "Orders": kind is not as planned"#.to_owned());
    assert_eq!(summaries(&applied.diagnostics), [warning]);
    let detail = &applied.diagnostics.iter().next().unwrap().detail;
    assert!(detail.contains(r#"The plan says "fast", the answer shows "slow"."#), "{detail}");
}

/// What is known of a nested attribute in the plan stays when something else in it is unknown.
#[tokio::test]
async fn planned_values_win_inside_a_nested_attribute_too() {
    let quota = Quota { limit: number_of(7), used: number_of(1) };
    let answer = Topic { quota: Value::Known(quota), ..stored() };
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(answer)).as_ref(), &Context::default()).await;
    assert_eq!(Topic::from_raw(applied.new_state).unwrap(), stored());
    let warning =
        (Severity::Warning, r#"Topic "Orders": quota.limit is not as planned"#.to_owned());
    assert_eq!(summaries(&applied.diagnostics), [warning]);
}

#[tokio::test]
async fn another_number_of_blocks_in_the_answer_is_a_warning() {
    let rule = stored().rule.into_known().unwrap().remove(0);
    let answer = Topic { rule: Value::Known(vec![rule.clone(), rule]), ..stored() };
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(answer)).as_ref(), &Context::default()).await;
    assert_eq!(Topic::from_raw(applied.new_state).unwrap(), stored());
    let warning = (Severity::Warning, r#"Topic "Orders": rule is not as planned"#.to_owned());
    assert_eq!(summaries(&applied.diagnostics), [warning]);
    let detail = &applied.diagnostics.iter().next().unwrap().detail;
    assert!(detail.starts_with("The answer shows another number of blocks"), "{detail}");
}

#[tokio::test]
async fn a_write_only_value_in_an_answer_is_dropped() {
    let answer = Topic { secret: "canary".into(), ..stored() };
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(answer)).as_ref(), &Context::default()).await;
    assert_eq!(Topic::from_raw(applied.new_state).unwrap().secret, Value::Null);
}

#[tokio::test]
async fn a_value_that_stays_unknown_is_an_error_and_the_object_is_kept() {
    let answer = Topic { etag: Value::Unknown, ..stored() };
    let apply = apply_of(None, Some(&created_plan()), &config());
    let applied = apply.run(that(Behaviour::Answer(answer)).as_ref(), &Context::default()).await;
    assert!(applied.diagnostics.has_errors());
    let state = Topic::from_raw(applied.new_state).unwrap();
    assert_eq!(state, Topic { etag: Value::Null, ..stored() });
}

/// A topic of which a create had learned no more than the id.
fn half_made() -> Topic {
    let mut topic = Topic { id: "top_1".into(), etag: Value::Null, ..stored() };
    topic.quota = Value::Known(Quota { limit: number_of(9), used: Value::Null });
    topic.rule = config().rule;
    topic
}

#[tokio::test]
async fn an_error_never_loses_an_object() {
    let changed = Topic { name: "other".into(), ..stored() };
    let planned = Topic { etag: Value::Unknown, ..changed.clone() };
    for (case, prior, planned, behaviour, want) in [
        ("create, nothing made", None, Some(created_plan()), Behaviour::Fail(None), None),
        (
            "create, half made",
            None,
            Some(created_plan()),
            Behaviour::Fail(Some(stored())),
            Some(stored()),
        ),
        (
            "create, remembered before it failed",
            None,
            Some(created_plan()),
            Behaviour::RememberAndFail(Topic { id: "top_1".into(), ..created_plan() }),
            Some(half_made()),
        ),
        ("update", Some(stored()), Some(planned.clone()), Behaviour::Fail(None), Some(stored())),
        (
            "update, remembered before it failed",
            Some(stored()),
            Some(planned),
            Behaviour::RememberAndFail(Topic { etag: "v2".into(), ..changed.clone() }),
            Some(Topic { etag: "v2".into(), ..changed }),
        ),
        ("delete", Some(stored()), None, Behaviour::Fail(None), Some(stored())),
    ] {
        let apply = apply_of(prior.as_ref(), planned.as_ref(), &config());
        let applied = apply.run(that(behaviour).as_ref(), &Context::default()).await;
        let messages: Vec<_> = applied.diagnostics.iter().map(|d| d.summary.as_str()).collect();
        assert_eq!(messages, ["It failed"], "{case}");
        let state = (!applied.new_state.is_null()).then(|| Topic::from_raw(applied.new_state));
        assert_eq!(state.transpose().unwrap(), want, "{case}");
    }
}

#[tokio::test]
async fn a_deleted_object_is_null() {
    let apply = apply_of(Some(&stored()), None, &config());
    let applied = apply.run(topics().as_ref(), &Context::default()).await;
    assert!(applied.new_state.is_null() && applied.diagnostics.is_empty());
}

#[tokio::test]
async fn what_was_unknown_in_the_plan_is_checked_before_anything_is_done() {
    for bad in [
        Topic { kind: "bad".into(), ..config() },
        Topic { name: "much too long".into(), ..config() },
    ] {
        let planned = Topic { name: bad.name.clone(), kind: bad.kind.clone(), ..created_plan() };
        let apply = apply_of(None, Some(&planned), &bad);
        let panics = that(Behaviour::Panic(None));
        let applied = apply.run(panics.as_ref(), &Context::default()).await;
        assert!(applied.diagnostics.has_errors() && applied.new_state.is_null());
    }
}

/// What `plugin` does when a handler has panicked.
async fn salvaged(behaviour: Behaviour, prior: Option<&Topic>, planned: Option<&Topic>) -> Applied {
    let context = Context::default();
    let (resource, apply) = (that(behaviour), apply_of(prior, planned, &config()));
    let run = std::panic::AssertUnwindSafe(apply.run(resource.as_ref(), &context));
    assert!(futures_catch(run).await.is_err(), "it panics");
    apply.salvage(resource.schema(), &context, Diagnostic::error("Panic", "Caught."))
}

async fn futures_catch<F: Future>(future: F) -> Result<F::Output, ()> {
    let mut future = Box::pin(future);
    std::future::poll_fn(|cx| {
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => std::task::Poll::Ready(Err(())),
        }
    })
    .await
}

#[tokio::test]
async fn a_panic_never_loses_an_object() {
    let partly = Topic { id: "top_1".into(), ..created_plan() };
    let made = salvaged(Behaviour::Panic(Some(partly)), None, Some(&created_plan())).await;
    assert_eq!(Topic::from_raw(made.new_state).unwrap(), half_made());

    let after = salvaged(Behaviour::PanicAfter(stored()), None, Some(&created_plan())).await;
    assert_eq!(Topic::from_raw(after.new_state).unwrap(), stored());

    let nothing = salvaged(Behaviour::Panic(None), None, Some(&created_plan())).await;
    assert!(nothing.new_state.is_null());

    let kept = salvaged(Behaviour::Panic(None), Some(&stored()), None).await;
    assert_eq!(Topic::from_raw(kept.new_state).unwrap(), stored());
}
