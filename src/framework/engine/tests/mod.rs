//! The engine, driven as core drives it, with a resource that shows every rule once.

mod apply;
mod call;
mod data_source;
mod plan;
mod state;

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
        pub tier: Value<String>,
        pub place: Value<Place>,
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
    struct Place { pub zone: Value<String> }
}
model! {
    struct Rule { pub key: Value<String>, pub region: Value<String>, pub source: Value<String> }
}

/// What the resource shall do when it is asked to.
enum Behaviour {
    Answer(Topic),
    Gone,
    Fail(Option<Topic>),
    /// Fails after it has remembered this.
    RememberAndFail(Topic),
    Panic(Option<Topic>),
    /// Answers this, and panics when it shall name or compare it.
    PanicAfter(Topic),
}

struct Topics(Behaviour);

impl Topics {
    fn act(&self, context: &Context) -> Outcome<Topic> {
        let error = || Diagnostic::error("It failed", "On purpose.");
        match &self.0 {
            Behaviour::Answer(topic) | Behaviour::PanicAfter(topic) => {
                Outcome::state(topic.clone())
            }
            Behaviour::Gone => Outcome::gone(),
            Behaviour::Fail(Some(topic)) => Outcome::state(topic.clone()).with(error()),
            Behaviour::Fail(None) => Outcome::failed(error()),
            Behaviour::RememberAndFail(topic) => {
                context.remember(topic);
                Outcome::failed(error())
            }
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
    const IDENTITY: Option<&'static str> = Some("id");

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
        let zone = string().optional().requires_replace().description("Zone.");
        let place = nested(Nesting::Single, [("zone", zone)]);
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
                ("tier", string().optional().computed().requires_replace().description("Tier.")),
                ("place", place.optional().description("Place.")),
                ("labels", list(Type::String).optional().description("Labels.")),
                ("secret", string().optional().write_only().description("Secret.")),
                ("quota", quota.optional().description("Quota.")),
            ])
            .block("rule", NestedBlock::new(BlockNesting::List, rule)),
        )
    }

    fn describe(&self, model: &Topic) -> String {
        assert!(!matches!(self.0, Behaviour::PanicAfter(_)), "canary");
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
        if change.config.tier.is_null() && change.config.size == number_of(1000) {
            planned.state.tier = "large".into();
            if change.prior.is_some_and(|prior| prior.tier != planned.state.tier) {
                planned.requires_replace.push(path("tier"));
            }
        }
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

    async fn import(&self, _: &Context, id: &str) -> Result<Topic, Diagnostics> {
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
        tier: "small".into(),
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
