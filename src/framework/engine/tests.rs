//! The engine, driven as core drives it, with a resource that shows every rule once.

use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::framework::diagnostics::Severity;
use crate::framework::outcome::Outcome;
use crate::framework::path::{Path, path};
use crate::framework::private::Private;
use crate::framework::resource::{Change, Context, Planned, Resource};
use crate::framework::schema::{
    Block, BlockNesting, NestedBlock, Nesting, Schema, Validator, list, nested, number, string,
};
use crate::framework::value::{Data, IntoRaw, Number, Raw, Type, Value};
use crate::model;

model! {
    struct Topic {
        pub id: Value<String>,
        pub name: Value<String>,
        pub kind: Value<String>,
        pub etag: Value<String>,
        pub size: Value<Number>,
        pub labels: Value<Vec<Value<String>>>,
        pub secret: Value<String>,
        pub quota: Value<Quota>,
        pub rule: Value<Vec<Rule>>,
    }
}
model! {
    struct Quota { pub limit: Value<Number>, pub used: Value<Number> }
}
model! {
    struct Rule { pub key: Value<String>, pub region: Value<String>, pub source: Value<String> }
}

/// What the resource shall do when it is asked to.
enum Behaviour {
    Answer(Topic),
    Gone,
    Fail(Option<Topic>),
    Panic(Option<Topic>),
}

struct Topics(Behaviour);

impl Topics {
    fn act(&self, context: &Context) -> Outcome<Topic> {
        let error = || Diagnostic::error("It failed", "On purpose.");
        match &self.0 {
            Behaviour::Answer(topic) => Outcome::state(topic.clone()),
            Behaviour::Gone => Outcome::gone(),
            Behaviour::Fail(Some(topic)) => Outcome::state(topic.clone()).with(error()),
            Behaviour::Fail(None) => Outcome::failed(error()),
            Behaviour::Panic(topic) => {
                if let Some(topic) = topic {
                    context.remember(topic);
                }
                panic!("canary")
            }
        }
    }
}

fn same_without_case(old: &Raw, new: &Raw) -> bool {
    match (old, new) {
        (Value::Known(Data::String(old)), Value::Known(Data::String(new))) => {
            old.eq_ignore_ascii_case(new)
        }
        _ => false,
    }
}

#[async_trait]
impl Resource for Topics {
    type Model = Topic;
    const TYPE_NAME: &'static str = "toy_topic";

    fn schema(&self) -> Schema {
        let rule = Block::new([
            ("key", string().required().description("Key.")),
            ("region", string().optional().requires_replace().description("Region.")),
            ("source", string().computed().stable().description("Source.")),
        ]);
        let quota = nested(
            Nesting::Single,
            [
                ("limit", number().optional().description("Limit.")),
                ("used", number().computed().description("Used.")),
            ],
        );
        let short = Validator::text("must be short", |text| {
            (text.len() > 8).then(|| Diagnostic::error("Too long", "At most 8 bytes."))
        });
        Schema::new(
            Block::new([
                ("id", string().computed().stable().description("Id.")),
                (
                    "name",
                    string()
                        .required()
                        .same_when(same_without_case)
                        .validate(short)
                        .description("Name."),
                ),
                ("kind", string().optional().requires_replace().description("Kind.")),
                ("etag", string().computed().description("Etag.")),
                (
                    "size",
                    number()
                        .optional()
                        .computed()
                        .default(Value::Known(Data::Number(Number::from(3_i64))))
                        .description("Size."),
                ),
                ("labels", list(Type::String).optional().description("Labels.")),
                ("secret", string().optional().write_only().description("Secret.")),
                ("quota", quota.optional().description("Quota.")),
            ])
            .block("rule", NestedBlock::new(BlockNesting::List, rule)),
        )
    }

    fn describe(&self, model: &Topic) -> String {
        format!("Topic {:?}", model.name.known().map_or("?", String::as_str))
    }

    fn validate(&self, config: &Topic) -> Diagnostics {
        if config.kind == "bad".into() {
            Diagnostic::error("Bad kind", "It is bad.").at(path("kind")).into()
        } else {
            Diagnostics::new()
        }
    }

    fn plan(&self, change: &Change<'_, Topic>, planned: &mut Planned<Topic>) {
        if change.prior.is_some() {
            planned.private.note_for_plan("first", "half");
        } else if change.private.plan_note("first").is_some() {
            planned.diagnostics.push(Diagnostic::error("Second half", "Noticed."));
        }
    }

    async fn create(&self, context: &Context, _: Topic, _: Topic) -> Outcome<Topic> {
        self.act(context)
    }

    async fn read(&self, context: &Context, _: Topic) -> Outcome<Topic> {
        self.act(context)
    }

    async fn update(&self, context: &Context, _: Topic, _: Topic, _: Topic) -> Outcome<Topic> {
        self.act(context)
    }

    async fn delete(&self, context: &Context, _: Topic) -> Diagnostics {
        self.act(context).diagnostics
    }

    fn import(&self, id: &str) -> Result<Topic, Diagnostics> {
        Ok(Topic { id: id.into(), ..Topic::default() })
    }
}

fn topics() -> Arc<dyn AnyResource> {
    resource(Topics(Behaviour::Gone))
}

fn that(behaviour: Behaviour) -> Arc<dyn AnyResource> {
    resource(Topics(behaviour))
}

fn number_of(value: i64) -> Value<Number> {
    Value::Known(Number::from(value))
}

/// As configured: what the provider decides is null.
fn config() -> Topic {
    Topic {
        name: "Orders".into(),
        kind: "fast".into(),
        labels: Value::Known(vec!["a".into()]),
        secret: "canary".into(),
        quota: Value::Known(Quota { limit: number_of(9), used: Value::Null }),
        rule: Value::Known(vec![Rule {
            key: "k".into(),
            region: "eu".into(),
            source: Value::Null,
        }]),
        ..Topic::default()
    }
}

/// As stored after it was made from [`config`].
fn stored() -> Topic {
    Topic {
        id: "top_1".into(),
        etag: "v1".into(),
        size: number_of(3),
        secret: Value::Null,
        quota: Value::Known(Quota { limit: number_of(9), used: number_of(1) }),
        rule: Value::Known(vec![Rule {
            key: "k".into(),
            region: "eu".into(),
            source: "src_1".into(),
        }]),
        ..config()
    }
}

/// What core proposes: the configuration, and prior values where a computed one is not configured.
fn proposed(config: &Topic, prior: Option<&Topic>) -> Topic {
    let Some(prior) = prior else { return config.clone() };
    let mut proposed = config.clone();
    proposed.id = prior.id.clone();
    proposed.etag = prior.etag.clone();
    if config.size.is_null() {
        proposed.size = prior.size.clone();
    }
    if let (Value::Known(quota), Value::Known(prior)) = (&mut proposed.quota, &prior.quota) {
        quota.used = prior.used.clone();
    }
    if let (Value::Known(rules), Value::Known(prior)) = (&mut proposed.rule, &prior.rule) {
        for (rule, prior) in rules.iter_mut().zip(prior) {
            rule.source = prior.source.clone();
        }
    }
    proposed
}

fn plan_of(config: &Topic, prior: Option<&Topic>) -> PlanAnswer {
    plan_with(config, prior, Private::default())
}

fn plan_with(config: &Topic, prior: Option<&Topic>, prior_private: Private) -> PlanAnswer {
    let request = PlanRequest {
        prior_state: prior.map_or(Raw::Null, |prior| prior.clone().into_raw()),
        proposed_new_state: proposed(config, prior).into_raw(),
        config: config.clone().into_raw(),
        prior_private,
    };
    plan(topics().as_ref(), request)
}

fn planned_topic(answer: &PlanAnswer) -> Topic {
    Topic::from_raw(answer.planned_state.clone()).unwrap()
}

#[test]
fn the_schema_of_the_tests_is_a_good_one() {
    assert_eq!(topics().schema().problems(), Vec::<String>::new());
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
        ("update", Some(stored()), Some(planned), Behaviour::Fail(None), Some(stored())),
        ("delete", Some(stored()), None, Behaviour::Fail(None), Some(stored())),
    ] {
        let apply = apply_of(prior.as_ref(), planned.as_ref(), &config());
        let applied = apply.run(that(behaviour).as_ref(), &Context::default()).await;
        assert!(applied.diagnostics.has_errors(), "{case}");
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
    apply.salvage(resource.as_ref(), &context, Diagnostic::error("Panic", "Caught."))
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
    let state = Topic::from_raw(made.new_state).unwrap();
    assert_eq!((state.id, state.name, state.etag), ("top_1".into(), "Orders".into(), Value::Null));

    let nothing = salvaged(Behaviour::Panic(None), None, Some(&created_plan())).await;
    assert!(nothing.new_state.is_null());

    let kept = salvaged(Behaviour::Panic(None), Some(&stored()), None).await;
    assert_eq!(Topic::from_raw(kept.new_state).unwrap(), stored());
}

#[tokio::test]
async fn a_refresh_keeps_the_spelling_of_what_means_the_same() {
    let answer = Topic { name: "ORDERS".into(), etag: "v2".into(), ..stored() };
    let resource = that(Behaviour::Answer(answer));
    let read = read(resource.as_ref(), &Context::default(), stored().into_raw()).await;
    let want = Topic { etag: "v2".into(), ..stored() };
    assert_eq!(Topic::from_raw(read.new_state).unwrap(), want);
}

#[tokio::test]
async fn an_object_is_gone_only_when_nothing_failed() {
    let context = Context::default();
    let gone = read(that(Behaviour::Gone).as_ref(), &context, stored().into_raw()).await;
    assert!(gone.new_state.is_null());
    let failed = read(that(Behaviour::Fail(None)).as_ref(), &context, stored().into_raw()).await;
    assert_eq!(Topic::from_raw(failed.new_state).unwrap(), stored());
}

#[test]
fn every_fault_is_reported_at_once_with_its_path() {
    let config = Topic { name: "much too long".into(), kind: "bad".into(), ..config() };
    let found = validate(topics().as_ref(), &config.into_raw(), false);
    let paths: Vec<_> = found.iter().map(|d| d.path.to_string()).collect();
    assert_eq!(paths, ["name", "secret", "kind"]);
    assert!(!found.iter().any(|d| d.detail.contains("canary")));
}

#[test]
fn unknown_values_are_not_judged() {
    let config = Topic { name: Value::Unknown, kind: Value::Unknown, ..config() };
    assert!(validate(topics().as_ref(), &config.into_raw(), true).is_empty());
}

#[test]
fn stored_state_is_read_by_the_schema() {
    let json = br#"{"id": "top_1", "name": "Orders", "size": 3, "secret": "canary", "gone": 1,
        "rule": [{"key": "k"}]}"#;
    let state = Topic::from_raw(upgrade(topics().as_ref(), json).unwrap()).unwrap();
    let want = Topic {
        id: "top_1".into(),
        name: "Orders".into(),
        size: number_of(3),
        rule: Value::Known(vec![Rule { key: "k".into(), ..Rule::default() }]),
        ..Topic::default()
    };
    assert_eq!(state, want);

    let err = upgrade(topics().as_ref(), br#"{"rule": [{"key": []}]}"#).unwrap_err();
    assert_eq!(err.path.to_string(), "rule[0].key");
}

#[test]
fn an_import_has_empty_blocks() {
    let state = import(topics().as_ref(), "top_1").unwrap();
    let want = Topic { id: "top_1".into(), rule: Value::Known(vec![]), ..Topic::default() };
    assert_eq!(Topic::from_raw(state).unwrap(), want);
}

struct Toys;

impl crate::framework::provider::Provider for Toys {
    type Model = Nothing;

    fn schema(&self) -> Schema {
        Schema::new(Block::new([("anything", string().optional().description("Anything."))]))
    }

    fn configure(&self, _: Nothing, _: crate::framework::provider::Client) -> Diagnostics {
        Diagnostics::new()
    }

    fn resources(&self) -> Vec<Arc<dyn AnyResource>> {
        vec![topics()]
    }
}

model! {
    struct Nothing { pub anything: Value<String> }
}

#[test]
fn an_unknown_type_is_a_diagnostic() {
    let engine = Engine::new(Toys);
    assert!(engine.resource("toy_topic").is_ok());
    let err = engine.resource("toy_other").err().unwrap();
    assert_eq!(err.summary, r#"Unknown resource type "toy_other""#);
    assert!(engine.validate_provider(&Nothing::default().into_raw()).is_empty());
}
