//! The attributes of a schema, grouped as the registries show them.

use std::fmt::Write;

use crate::framework::schema::{
    Attribute, AttributeKind, Block, BlockNesting, NestedBlock, Nesting,
};
use crate::framework::value::{Data, Raw, Type, Value};

const WRITES: &str = "a String takes every write";

/// The section `Schema`: the attributes and blocks at the top, then a section for each nested one.
pub(super) fn render_schema(block: &Block) -> String {
    let mut text = String::from("## Schema\n");
    render_block(&mut text, "", block);
    text
}

/// One line of a group, and what is nested below it.
struct Entry<'a> {
    name: &'static str,
    line: String,
    nested: Option<(String, Nested<'a>)>,
}

enum Nested<'a> {
    Block(&'a Block),
    Attributes(Vec<(&'static str, &'a Attribute)>),
}

fn render_block(text: &mut String, path: &str, block: &Block) {
    let attributes: Vec<_> = block.attributes.iter().map(|(name, a)| (*name, a)).collect();
    render_fields(
        text,
        path,
        &attributes,
        block.blocks.iter().map(|(name, b)| (*name, b)).collect(),
    );
}

fn render_fields(
    text: &mut String,
    path: &str,
    attributes: &[(&'static str, &Attribute)],
    blocks: Vec<(&'static str, &NestedBlock)>,
) {
    let mut groups: [(&str, Vec<Entry<'_>>); 3] =
        [("Required", vec![]), ("Optional", vec![]), ("Read-Only", vec![])];
    for &(name, attribute) in attributes {
        let group = match attribute {
            a if a.required => 0,
            a if a.is_read_only() => 2,
            _ => 1,
        };
        groups[group].1.push(attribute_entry(path, name, attribute));
    }
    for (name, block) in blocks {
        groups[usize::from(block.min_items == 0)].1.push(block_entry(path, name, block));
    }
    let mut nested = Vec::new();
    for (title, mut entries) in groups {
        if entries.is_empty() {
            continue;
        }
        entries.sort_by_key(|entry| entry.name);
        let heading = if path.is_empty() { "###".to_owned() } else { String::new() };
        match heading.is_empty() {
            false => write!(text, "\n{heading} {title}\n\n").expect(WRITES),
            true => write!(text, "\n{title}:\n\n").expect(WRITES),
        }
        for entry in entries {
            writeln!(text, "{}", entry.line).expect(WRITES);
            nested.extend(entry.nested);
        }
    }
    for (path, fields) in nested {
        let anchor = format!("nestedblock--{}", path.replace('.', "--"));
        write!(text, "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n").expect(WRITES);
        match fields {
            Nested::Block(block) => render_block(text, &path, block),
            Nested::Attributes(attributes) => render_fields(text, &path, &attributes, vec![]),
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn see(path: &str) -> String {
    format!(" (see [below for nested schema](#nestedblock--{}))", path.replace('.', "--"))
}

fn attribute_entry<'a>(path: &str, name: &'static str, attribute: &'a Attribute) -> Entry<'a> {
    let mut facts = vec![match &attribute.kind {
        AttributeKind::Plain(ty) => type_name(ty),
        AttributeKind::Nested(nesting, _) => match nesting {
            Nesting::Single => "Attributes".to_owned(),
            Nesting::List => "Attributes List".to_owned(),
            Nesting::Set => "Attributes Set".to_owned(),
            Nesting::Map => "Attributes Map".to_owned(),
        },
    }];
    for (flag, word) in [
        (attribute.sensitive, "Sensitive"),
        (
            attribute.write_only,
            "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)",
        ),
        (attribute.deprecated.is_some(), "Deprecated"),
    ] {
        if flag {
            facts.push(word.to_owned());
        }
    }
    let mut line = format!("- `{name}` ({}) {}", facts.join(", "), attribute.description);
    for validator in &attribute.validators {
        write!(line, " It {}.", validator.rule()).expect(WRITES);
    }
    if let Some(default) = attribute.default.as_ref().and_then(expression) {
        write!(line, " Defaults to `{default}`.").expect(WRITES);
    }
    if attribute.requires_replace {
        line.push_str(" Changing it replaces the resource.");
    }
    if let Some(message) = attribute.deprecated {
        write!(line, " Deprecated: {message}").expect(WRITES);
    }
    let nested = match &attribute.kind {
        AttributeKind::Plain(_) => None,
        AttributeKind::Nested(_, attributes) => {
            let path = below(path, name);
            line.push_str(&see(&path));
            let attributes = attributes.iter().map(|(name, a)| (*name, a)).collect();
            Some((path, Nested::Attributes(attributes)))
        }
    };
    Entry { name, line, nested }
}

fn block_entry<'a>(path: &str, name: &'static str, nested: &'a NestedBlock) -> Entry<'a> {
    let nesting = match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => "Block",
        BlockNesting::List => "Block List",
        BlockNesting::Set => "Block Set",
        BlockNesting::Map => "Block Map",
    };
    let limits = match (nested.min_items, nested.max_items) {
        (0, 0) => String::new(),
        (min, 0) => format!(", Min: {min}"),
        (0, max) => format!(", Max: {max}"),
        (min, max) => format!(", Min: {min}, Max: {max}"),
    };
    let path = below(path, name);
    let description = nested.block.description;
    let line = format!("- `{name}` ({nesting}{limits}) {description}{}", see(&path));
    Entry { name, line, nested: Some((path, Nested::Block(&nested.block))) }
}

/// A type as the registries call it.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}

/// A known value as HCL writes it; none for null, which says no more than that nothing is set.
fn expression(value: &Raw) -> Option<String> {
    let Value::Known(data) = value else { return None };
    let element = |value| expression(value).unwrap_or_else(|| "null".to_owned());
    Some(match data {
        Data::String(text) => format!("{text:?}"),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.to_string(),
        Data::List(elements) | Data::Set(elements) => {
            format!("[{}]", elements.iter().map(element).collect::<Vec<_>>().join(", "))
        }
        Data::Map(members) if members.is_empty() => "{}".to_owned(),
        Data::Map(members) => {
            let member = |(name, value)| format!("{name} = {}", element(value));
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Data::Dynamic(typed) => element(&typed.value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::{list, number, object, string};
    use crate::framework::value::Number;

    #[test]
    fn a_default_is_shown_as_hcl_writes_it() {
        let number_of = |value: i64| Value::Known(Data::Number(Number::from(value)));
        let texts = Value::Known(Data::List(vec![Raw::string("a"), Value::Null]));
        let one = Raw::map_of([("on", Value::Known(Data::Bool(true))), ("size", number_of(2))]);
        for (attribute, default, want) in [
            (string(), Raw::string("a \"b\""), r#" Defaults to `"a \"b\""`."#),
            (number(), number_of(3), " Defaults to `3`."),
            (list(Type::String), texts, r#" Defaults to `["a", null]`."#),
            (object([]), one, " Defaults to `{ on = true, size = 2 }`."),
            (string(), Value::Null, ""),
        ] {
            let attribute = attribute.optional().computed().description("Text.").default(default);
            let block = Block::new([("a", attribute)]);
            let text = render_schema(&block);
            assert!(text.ends_with(&format!("Text.{want}\n")), "{text}");
        }
    }
}
