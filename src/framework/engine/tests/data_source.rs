//! Data sources: what core gets, and when a read is put off.

use super::*;
use crate::framework::data_source::DataSource;

model! {
    struct Search { pub query: Value<String>, pub found: Value<Vec<Value<String>>> }
}

/// Finds what it is asked for, or waits for the provider.
struct Searches {
    is_ready: bool,
}

#[async_trait]
impl DataSource for Searches {
    type Model = Search;
    const TYPE_NAME: &'static str = "toy_search";

    fn schema(&self) -> Schema {
        Schema::new(Block::new([
            ("query", string().required().description("Query.")),
            ("found", crate::framework::schema::set(Type::String).computed().description("Found.")),
        ]))
    }

    fn validate(&self, config: &Search) -> Diagnostics {
        let is_empty = config.query.known().is_some_and(String::is_empty);
        is_empty
            .then(|| Diagnostic::error("Empty", "Empty.").at(path("query")))
            .into_iter()
            .collect()
    }

    async fn read(&self, _: &Context, config: Search) -> Outcome<Search> {
        if !self.is_ready {
            return Outcome::awaiting_provider(Diagnostic::error("Not configured", "Later."));
        }
        let found = ["b", "a", "b"].map(Value::from).to_vec();
        Outcome::state(Search { found: Value::Known(found), ..config })
    }
}

fn config(query: Value<String>) -> Raw {
    Search { query, found: Value::Null }.into_raw()
}

async fn read(is_ready: bool, deferral_allowed: bool) -> DataSourceAnswer {
    let source = data_source(Searches { is_ready });
    read_data_source(source.as_ref(), &Context::default(), config("q".into()), deferral_allowed)
        .await
}

#[test]
fn a_configuration_is_validated_like_that_of_a_resource() {
    let source = data_source(Searches { is_ready: true });
    assert_eq!(source.problems(), Vec::<String>::new());
    for (query, faults) in [("".into(), 1), ("q".into(), 0), (Value::Unknown, 0)] {
        assert_eq!(validate(source.as_ref(), &config(query), true).iter().count(), faults);
    }
}

#[tokio::test]
async fn what_was_read_has_the_form_that_core_demands() {
    for deferral_allowed in [false, true] {
        let answer = read(true, deferral_allowed).await;
        let found = Value::Known(Data::set(vec![Raw::string("a"), Raw::string("b")]));
        assert_eq!(*answer.state.member("found"), found);
        assert!(!answer.deferred && answer.diagnostics.is_empty());
    }
}

#[tokio::test]
async fn a_read_that_awaits_the_provider_is_put_off_or_an_error() {
    let put_off = read(false, true).await;
    assert!(put_off.deferred && put_off.diagnostics.is_empty());
    assert_eq!(put_off.state.member("query"), &Raw::string("q"));
    assert!(put_off.state.member("found").is_unknown());

    let refused = read(false, false).await;
    assert!(!refused.deferred && refused.diagnostics.has_errors());
    assert!(refused.state.is_null());
}
