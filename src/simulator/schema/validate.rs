//! Validation: every fault of a value, each in the words of Auth0's validator.

use super::super::errors::ApiError;
use super::{List, Property, Schema, Text};
use hyper::StatusCode;
use serde_json::{Map, Value};

/// Where a value stood in the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    Payload,
    Path,
    Query,
}

/// One fault: what is wrong, and at which property unless it is the root.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    what: String,
    property: Option<String>,
}

/// Every fault of `value`. Nothing is coerced: `"1"` is not an integer.
pub(crate) fn validate(schema: &Schema, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    check(schema, value, &At::Root, &mut faults);
    faults
}

/// The 400 that names all `faults`, or nothing when there are none.
pub(crate) fn refuse_faults(place: Place, faults: &[Fault]) -> Result<(), ApiError> {
    if faults.is_empty() {
        return Ok(());
    }
    let (name, code) = match place {
        Place::Payload => ("Payload", "invalid_body"),
        Place::Path => ("Path", "invalid_uri"),
        Place::Query => ("Query", "invalid_query_string"),
    };
    let sentences: Vec<String> = faults
        .iter()
        .map(|Fault { what, property }| match property {
            Some(property) => format!("{name} validation error: '{what}' on property {property}."),
            None => format!("{name} validation error: '{what}'."),
        })
        .collect();
    Err(ApiError::new(StatusCode::BAD_REQUEST, sentences.join(" (also) ")).code(code))
}

/// The way from the root to a value; written out only for a fault.
enum At<'a> {
    Root,
    Property(&'a At<'a>, &'a Property),
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    fn path(&self) -> String {
        match self {
            At::Root => String::new(),
            At::Property(At::Root, property) => property.name.to_owned(),
            At::Property(parent, property) => format!("{}.{}", parent.path(), property.name),
            At::Item(parent, index) => format!("{}[{index}]", parent.path()),
        }
    }

    fn fault(&self, what: String) -> Fault {
        let description = match self {
            At::Property(_, property) => property.description,
            _ => None,
        };
        let property = match (self, description) {
            (At::Root, _) => None,
            (_, Some(description)) => Some(format!("{} ({description})", self.path())),
            (_, None) => Some(self.path()),
        };
        Fault { what, property }
    }
}

fn check(schema: &Schema, value: &Value, at: &At<'_>, faults: &mut Vec<Fault>) {
    match (schema, value) {
        (Schema::AnyObject, Value::Object(_)) | (Schema::Boolean, Value::Bool(_)) => {}
        (Schema::Integer { minimum, maximum }, value) if type_of(value) == "integer" => {
            check_integer(*minimum, *maximum, value, at, faults);
        }
        (Schema::Text(text), Value::String(value)) => check_text(text, value, at, faults),
        (Schema::List(list), Value::Array(items)) => check_list(list, items, at, faults),
        (Schema::Object(properties), Value::Object(members)) => {
            check_object(properties, members, at, faults);
        }
        (Schema::OneOf(schemas), value) => {
            let matches = schemas.iter().filter(|schema| validate(schema, value).is_empty());
            match matches.count() {
                1 => {}
                0 => faults.push(at.fault("Data does not match any schemas from 'oneOf'".into())),
                _ => faults.push(
                    at.fault("Data is valid against more than one schema from 'oneOf'".into()),
                ),
            }
        }
        (schema, value) => faults.push(at.fault(format!(
            "Expected type {} but found type {}",
            expected_type(schema),
            type_of(value)
        ))),
    }
}

fn check_integer(minimum: i64, maximum: i64, value: &Value, at: &At<'_>, faults: &mut Vec<Fault>) {
    // An integer beyond 64 bits is beyond every range here, too.
    let number = value.as_f64().unwrap_or(f64::INFINITY);
    if number < minimum as f64 {
        faults.push(at.fault(format!("Value {value} is less than minimum {minimum}")));
    }
    if number > maximum as f64 {
        faults.push(at.fault(format!("Value {value} is greater than maximum {maximum}")));
    }
}

fn check_text(text: &Text, value: &str, at: &At<'_>, faults: &mut Vec<Fault>) {
    let length = value.chars().count();
    if let Some(minimum) = text.minimum.filter(|minimum| length < *minimum) {
        faults.push(at.fault(format!("String is too short ({length} chars), minimum {minimum}")));
    }
    if let Some(maximum) = text.maximum.filter(|maximum| length > *maximum) {
        faults.push(at.fault(format!("String is too long ({length} chars), maximum {maximum}")));
    }
    if let Some(pattern) = text.pattern.filter(|pattern| !(pattern.matches)(value)) {
        let source = pattern.source;
        faults.push(at.fault(format!("String does not match pattern {source}: {value}")));
    }
    if let Some(format) = text.format.filter(|format| !(format.matches)(value)) {
        let name = format.name;
        faults.push(at.fault(format!("Object didn't pass validation for format {name}: {value}")));
    }
    if text.values.is_some_and(|values| !values.contains(&value)) {
        faults.push(at.fault(format!("No enum match for: {value}")));
    }
}

fn check_list(list: &List, items: &[Value], at: &At<'_>, faults: &mut Vec<Fault>) {
    let length = items.len();
    if let Some(minimum) = list.minimum.filter(|minimum| length < *minimum) {
        faults.push(at.fault(format!("Array is too short ({length}), minimum {minimum}")));
    }
    if let Some(maximum) = list.maximum.filter(|maximum| length > *maximum) {
        faults.push(at.fault(format!("Array is too long ({length}), maximum {maximum}")));
    }
    if let Some((first, second)) = list.unique.then(|| repetition(items)).flatten() {
        faults.push(at.fault(format!("Array items are not unique (indexes {first} and {second})")));
    }
    for (index, item) in items.iter().enumerate() {
        check(&list.items, item, &At::Item(at, index), faults);
    }
}

/// The first item that stands again later, with both indexes.
fn repetition(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen = std::collections::HashMap::with_capacity(items.len());
    items
        .iter()
        .enumerate()
        .find_map(|(index, item)| Some((seen.insert(item.to_string(), index)?, index)))
}

fn check_object(
    properties: &[Property],
    members: &Map<String, Value>,
    at: &At<'_>,
    faults: &mut Vec<Fault>,
) {
    for property in properties {
        if property.required && !members.contains_key(property.name) {
            faults.push(at.fault(format!("Missing required property: {}", property.name)));
        }
    }
    for name in members.keys() {
        if !properties.iter().any(|property| property.name == name) {
            faults.push(at.fault(format!("Additional properties not allowed: {name}")));
        }
    }
    for property in properties {
        if let Some(value) = members.get(property.name) {
            check(&property.schema, value, &At::Property(at, property), faults);
        }
    }
}

fn expected_type(schema: &Schema) -> &'static str {
    match schema {
        Schema::AnyObject | Schema::Object(_) => "object",
        Schema::Boolean => "boolean",
        Schema::Integer { .. } => "integer",
        Schema::Text(_) => "string",
        Schema::List(_) => "array",
        Schema::OneOf(_) => unreachable!("a union has no type of its own"),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        // JavaScript has one kind of number: 1.0 is an integer.
        Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use serde_json::{Value, json};

    fn message(schema: &Schema, value: &Value) -> String {
        match refuse_faults(Place::Payload, &validate(schema, value)) {
            Ok(()) => String::new(),
            Err(refusal) => {
                serde_json::to_value(&refusal).unwrap()["message"].as_str().unwrap().to_owned()
            }
        }
    }

    fn sample() -> Schema {
        object([
            required("name", text().at_least(1).at_most(3)).describe("Name of it"),
            optional("code", text().pattern("^a", |value| value.starts_with('a'))),
            optional("id", text().format("sample-id", |value| value == "id")),
            optional("status", one_of_values(&["on", "off"])),
            optional("count", integer(1..=100)),
            optional("flag", Schema::Boolean),
            optional("extra", Schema::AnyObject),
            optional(
                "items",
                list(object([required("type", text())])).at_least(1).at_most(2).unique(true),
            ),
            optional(
                "either",
                Schema::OneOf(vec![
                    object([required("a", text())]),
                    object([required("b", text())]),
                ]),
            ),
        ])
    }

    #[test]
    fn a_valid_value_has_no_fault() {
        let full = json!({"name": "äöü", "code": "a", "id": "id", "status": "on", "count": 1.0,
            "flag": true, "extra": {"any": 1}, "items": [{"type": "x"}, {"type": "y"}],
            "either": {"b": ""}});
        assert_eq!(message(&sample(), &full), "");
        assert_eq!(message(&sample(), &json!({"name": "x"})), "");
    }

    #[test]
    fn every_fault_is_said_in_the_words_of_the_validator() {
        for (value, want) in [
            (json!([]), "'Expected type object but found type array'."),
            (json!(null), "'Expected type object but found type null'."),
            (json!({}), "'Missing required property: name'."),
            (json!({"name": "x", "nom": 1}), "'Additional properties not allowed: nom'."),
            (
                json!({"name": ""}),
                "'String is too short (0 chars), minimum 1' on property name (Name of it).",
            ),
            (
                json!({"name": "äöüß"}),
                "'String is too long (4 chars), maximum 3' on property name (Name of it).",
            ),
            (
                json!({"name": 5}),
                "'Expected type string but found type integer' on property name (Name of it).",
            ),
            (
                json!({"name": null}),
                "'Expected type string but found type null' on property name (Name of it).",
            ),
            (
                json!({"name": "x", "code": "b"}),
                "'String does not match pattern ^a: b' on property code.",
            ),
            (
                json!({"name": "x", "id": "di"}),
                "'Object didn't pass validation for format sample-id: di' on property id.",
            ),
            (json!({"name": "x", "status": "ON"}), "'No enum match for: ON' on property status."),
            (
                json!({"name": "x", "count": 0}),
                "'Value 0 is less than minimum 1' on property count.",
            ),
            (
                json!({"name": "x", "count": 101}),
                "'Value 101 is greater than maximum 100' on property count.",
            ),
            (
                json!({"name": "x", "count": 1.5}),
                "'Expected type integer but found type number' on property count.",
            ),
            (
                json!({"name": "x", "count": "1"}),
                "'Expected type integer but found type string' on property count.",
            ),
            (
                json!({"name": "x", "flag": "true"}),
                "'Expected type boolean but found type string' on property flag.",
            ),
            (
                json!({"name": "x", "items": []}),
                "'Array is too short (0), minimum 1' on property items.",
            ),
            (
                json!({"name": "x", "items": [{"type": "a"}, {"type": "b"}, {"type": "c"}]}),
                "'Array is too long (3), maximum 2' on property items.",
            ),
            (
                json!({"name": "x", "items": [{"type": "a"}, {"type": "a"}]}),
                "'Array items are not unique (indexes 0 and 1)' on property items.",
            ),
            (
                json!({"name": "x", "items": [{"type": "a"}, {"type": 2}]}),
                "'Expected type string but found type integer' on property items[1].type.",
            ),
            (
                json!({"name": "x", "items": ["a"]}),
                "'Expected type object but found type string' on property items[0].",
            ),
            (
                json!({"name": "x", "either": {"a": 1}}),
                "'Data does not match any schemas from 'oneOf'' on property either.",
            ),
            (
                json!({"name": "x", "either": {"a": "", "b": ""}}),
                "'Data does not match any schemas from 'oneOf'' on property either.",
            ),
        ] {
            let want = format!("Payload validation error: {want}");
            assert_eq!(message(&sample(), &value), want, "{value}");
        }
    }

    #[test]
    fn several_faults_are_joined() {
        assert_eq!(
            message(&sample(), &json!({"nom": 1, "status": 2})),
            "Payload validation error: 'Missing required property: name'. (also) \
             Payload validation error: 'Additional properties not allowed: nom'. (also) \
             Payload validation error: 'Expected type string but found type integer' on property \
             status."
        );
    }

    #[test]
    fn the_place_decides_the_word_and_the_code() {
        let faults = validate(&sample(), &json!({}));
        for (place, want) in [
            (Place::Payload, ("Payload validation error", "invalid_body")),
            (Place::Path, ("Path validation error", "invalid_uri")),
            (Place::Query, ("Query validation error", "invalid_query_string")),
        ] {
            let refusal = serde_json::to_value(refuse_faults(place, &faults).unwrap_err()).unwrap();
            let (start, code) = want;
            assert!(refusal["message"].as_str().unwrap().starts_with(start), "{refusal}");
            assert_eq!(refusal["errorCode"], code);
        }
    }
}
