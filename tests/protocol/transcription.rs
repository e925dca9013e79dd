//! Names and numbers of the protocol, as compiled, in a form that can be held against the protocol's
//! own description line by line.

use std::fmt::Write;

use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

use crate::support::golden::assert_golden;

#[test]
fn names_and_numbers_are_those_of_the_protocol() {
    let files =
        FileDescriptorSet::decode(include_bytes!(concat!(env!("OUT_DIR"), "/wire.fds")).as_slice())
            .unwrap();
    for (file, golden) in [
        ("tfplugin6.proto", "tests/protocol/golden/tfplugin6.txt"),
        ("go_plugin.proto", "tests/protocol/golden/go_plugin.txt"),
        ("grpc_health.proto", "tests/protocol/golden/grpc_health.txt"),
    ] {
        let file = files.file.iter().find(|f| f.name() == file).unwrap();
        assert_golden(golden, &rendered(file));
    }
}

/// `service`, `message` and `enum` paragraphs in alphabetical order; a field is `number name: type`.
fn rendered(file: &FileDescriptorProto) -> String {
    let package = format!(".{}.", file.package());
    let mut paragraphs = Vec::new();
    for service in &file.service {
        let mut text = format!("service {}\n", service.name());
        for method in &service.method {
            let side = |name: &str, streaming| {
                let name = name.strip_prefix(&package).unwrap_or(name.trim_start_matches('.'));
                if streaming { format!("stream {name}") } else { name.to_owned() }
            };
            let request = side(method.input_type(), method.client_streaming());
            let response = side(method.output_type(), method.server_streaming());
            writeln!(text, "  {}: {request} -> {response}", method.name()).unwrap();
        }
        paragraphs.push(text);
    }
    for message in &file.message_type {
        messages(message, "", &package, &mut paragraphs);
    }
    for message in &file.enum_type {
        paragraphs.push(enumeration(message, ""));
    }
    paragraphs.sort();
    format!("package {}\n\n{}", file.package(), paragraphs.join("\n"))
}

fn messages(message: &DescriptorProto, outer: &str, package: &str, out: &mut Vec<String>) {
    let name = format!("{outer}{}", message.name());
    let mut text = format!("message {name}\n");
    for field in &message.field {
        writeln!(text, "  {} {}", field.number(), described(message, field, package)).unwrap();
    }
    // A message that only holds others is no line of the protocol.
    if !message.field.is_empty() || message.nested_type.is_empty() {
        out.push(text);
    }
    let inside = format!("{name}.");
    for nested in message.nested_type.iter().filter(|nested| !is_map_entry(nested)) {
        messages(nested, &inside, package, out);
    }
    for nested in &message.enum_type {
        out.push(enumeration(nested, &inside));
    }
}

fn enumeration(values: &EnumDescriptorProto, outer: &str) -> String {
    let mut text = format!("enum {outer}{}\n", values.name());
    for value in &values.value {
        writeln!(text, "  {} {}", value.number(), value.name()).unwrap();
    }
    text
}

fn described(message: &DescriptorProto, field: &FieldDescriptorProto, package: &str) -> String {
    let name = field.name();
    let entry = message
        .nested_type
        .iter()
        .find(|nested| is_map_entry(nested) && field.type_name().ends_with(nested.name()));
    let ty = match entry {
        Some(entry) => format!(
            "map<{},{}>",
            type_name(&entry.field[0], package),
            type_name(&entry.field[1], package)
        ),
        None => type_name(field, package),
    };
    if field.proto3_optional() {
        format!("{name}: opt {ty}")
    } else if let Some(index) = field.oneof_index {
        format!("{name}: {ty} (oneof {})", message.oneof_decl[index as usize].name())
    } else if field.label() == Label::Repeated && entry.is_none() {
        format!("{name}: rep {ty}")
    } else {
        format!("{name}: {ty}")
    }
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}

fn type_name(field: &FieldDescriptorProto, package: &str) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => {
            let name = field.type_name();
            name.strip_prefix(package).unwrap_or(name.trim_start_matches('.')).to_owned()
        }
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}
