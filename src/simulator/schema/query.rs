//! Query strings as objects. They have only text, so this is the one place where a number is read
//! out of a string.

use super::Schema;
use serde_json::{Map, Value};
use url::form_urlencoded;

/// The parameters of a query string. One that is repeated becomes an array, and so a fault.
pub(crate) fn read_query(schema: &Schema, query: Option<&str>) -> Value {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let value = read(schema, &name, &value);
        match members.get_mut(&*name) {
            None => {
                members.insert(name.into_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(members)
}

fn read(schema: &Schema, name: &str, value: &str) -> Value {
    let Schema::Object(properties) = schema else { return value.into() };
    let expected = properties.iter().find(|property| property.name == name);
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match expected.map(|property| &property.schema) {
        Some(Schema::Integer { .. }) if is_number => {
            value.parse::<i64>().map_or_else(|_| f64::MAX.into(), Value::from)
        }
        Some(Schema::Boolean) if value == "true" => true.into(),
        Some(Schema::Boolean) if value == "false" => false.into(),
        _ => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{integer, object, optional, text};
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_are_read_as_their_schema_has_them() {
        let schema = object([
            optional("take", integer(1..=100)),
            optional("from", text()),
            optional("deployed", Schema::Boolean),
        ]);
        for (query, want) in [
            (None, json!({})),
            (Some(""), json!({})),
            (Some("take=50&from=5"), json!({"take": 50, "from": "5"})),
            (Some("take=-1"), json!({"take": -1})),
            (Some("take="), json!({"take": ""})),
            (Some("take=1.5"), json!({"take": "1.5"})),
            (Some("take=1&take=2&take=3"), json!({"take": [1, 2, 3]})),
            (Some("deployed=true"), json!({"deployed": true})),
            (Some("deployed=1"), json!({"deployed": "1"})),
            (Some("page=0"), json!({"page": "0"})),
            (Some("from=a%2Bb+c"), json!({"from": "a+b c"})),
        ] {
            assert_eq!(read_query(&schema, query), want, "{query:?}");
        }
    }
}
