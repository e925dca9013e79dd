//! Everything that neither plans nor applies.

use super::*;

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
    assert_eq!(paths, ["name", "", "kind"]);
    assert!(!found.iter().any(|d| d.detail.contains("canary")));
}

/// Core has no path for an element of a set, and refuses one that goes on.
#[test]
fn a_fault_inside_a_set_is_shown_at_the_set() {
    let never = Validator::text("never fits", |_| Some(Diagnostic::error("No", "Never.")));
    let key = || [("key", string().required().validate(never.clone()))];
    let inner = nested(Nesting::List, key()).optional();
    let block = Block::new([("tags", nested(Nesting::Set, [("inner", inner)]).optional())])
        .block("rule", NestedBlock::new(BlockNesting::Set, Block::new(key())));
    let element = || Raw::map_of([("key", Raw::string("k"))]);
    let list = Value::Known(Data::List(vec![element(), element()]));
    let config = Raw::map_of([
        ("tags", Value::Known(Data::set(vec![Raw::map_of([("inner", list)])]))),
        ("rule", Value::Known(Data::set(vec![element()]))),
    ]);
    let found = super::super::validate::by_schema(&block, &config);
    let paths: Vec<_> = found.iter().map(|d| d.path.to_string()).collect();
    assert_eq!(paths, ["tags", "tags", "rule"]);
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

#[tokio::test]
async fn an_import_has_empty_blocks_whatever_names_the_object() {
    for by in [
        Import::Id("top_1".to_owned()),
        Import::Identity(Raw::map_of([("id", Raw::string("top_1"))])),
    ] {
        let state = import(topics().as_ref(), &Context::default(), by).await.unwrap();
        let want = Topic { id: "top_1".into(), rule: Value::Known(vec![]), ..Topic::default() };
        assert_eq!(Topic::from_raw(state).unwrap(), want);
    }
}

#[tokio::test]
async fn an_identity_without_its_attribute_names_nothing() {
    for identity in [Raw::Null, Raw::map_of([("id", Raw::Null)])] {
        let by = Import::Identity(identity);
        let faults = import(topics().as_ref(), &Context::default(), by).await.err().unwrap();
        let fault = faults.into_iter().next().unwrap();
        assert_eq!(fault.summary, "Incomplete identity");
        assert!(fault.detail.contains("{ id = \"...\" }"), "{}", fault.detail);
    }
}

#[test]
fn a_state_without_a_known_id_has_no_identity() {
    let state = |id| IntoRaw::into_raw(Topic { id, ..Topic::default() });
    let topics = topics();
    let identity = |id: Value<String>| identity_of(topics.as_ref(), &state(id));
    assert_eq!(identity("top_1".into()), Some(Raw::map_of([("id", Raw::string("top_1"))])));
    assert_eq!(identity(Value::Unknown), None);
    assert_eq!(identity(Value::Null), None);
    assert_eq!(identity_of(topics.as_ref(), &Raw::Null), None);
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

#[test]
fn problems_of_all_schemas_and_models_are_found_at_once() {
    assert_eq!(Engine::new(Toys).problems(), Vec::<String>::new());

    struct Broken;
    impl crate::framework::provider::Provider for Broken {
        type Model = Nothing;

        fn schema(&self) -> Schema {
            Schema::new(Block::new([("alias", string().optional().description("Anything."))]))
        }

        fn configure(&self, _: Nothing, _: crate::framework::provider::Client) -> Diagnostics {
            Diagnostics::new()
        }

        fn resources(&self) -> Vec<Arc<dyn AnyResource>> {
            vec![]
        }
    }
    let problems = Engine::new(Broken).problems();
    assert_eq!(problems[..2], ["alias is a reserved name", "in the model, anything is missing"]);
}
