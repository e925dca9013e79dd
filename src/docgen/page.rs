//! The frame of a page: front matter, title, example and import.

use super::schema::{render_schema, type_name};
use crate::framework::function::{Parameter, Signature};
use crate::framework::schema::Schema;

/// What a resource's page shows beside its schema.
pub(super) struct ResourceExamples {
    pub(super) usage: &'static str,
    /// What the schema does not tell, in Markdown; may be empty.
    pub(super) notes: &'static str,
    /// An import block and a command; None for what cannot be imported.
    pub(super) import: Option<(&'static str, &'static str)>,
}

/// The page of the provider.
pub(super) fn index(name: &str, schema: &Schema, usage: &str) -> String {
    format!(
        "{front}# {name} Provider\n\n{description}\n\n## Example Usage\n\n{usage}\n{schema}",
        front = front_matter(&format!("{name} Provider"), schema.block.description),
        description = schema.block.description,
        usage = fenced("terraform", usage),
        schema = render_schema(&schema.block),
    )
}

/// The page of a resource.
pub(super) fn resource(
    name: &str,
    type_name: &str,
    schema: &Schema,
    examples: &ResourceExamples,
) -> String {
    let import = match &examples.import {
        Some((block, command)) => format!(
            "\n## Import\n\nIn a configuration, with an import block:\n\n{block}\n\
             On the command line:\n\n{command}",
            block = fenced("terraform", block),
            command = fenced("shell", command),
        ),
        None => String::new(),
    };
    format!(
        "{front}# {type_name} (Resource)\n\n{description}\n\n## Example Usage\n\n{usage}\n{notes}{schema}{import}",
        front = front_matter(&format!("{type_name} Resource - {name}"), schema.block.description),
        description = schema.block.description,
        usage = fenced("terraform", examples.usage),
        notes = match examples.notes {
            "" => String::new(),
            notes => format!("{notes}\n\n"),
        },
        schema = render_schema(&schema.block),
    )
}

/// The page of a data source, or of another `kind` of block that is read.
pub(super) fn data_source(
    name: &str,
    kind: &str,
    type_name: &str,
    schema: &Schema,
    usage: &str,
) -> String {
    format!(
        "{front}# {type_name} ({kind})\n\n{description}\n\n## Example Usage\n\n{usage}\n{schema}",
        front = front_matter(&format!("{type_name} {kind} - {name}"), schema.block.description),
        description = schema.block.description,
        usage = fenced("terraform", usage),
        schema = render_schema(&schema.block),
    )
}

/// The page of a function.
pub(super) fn function(name: &str, function: &str, signature: &Signature, usage: &str) -> String {
    let parameter =
        |p: &Parameter, dots: &str| format!("{} {}{dots}", p.name, type_name(&p.ty).to_lowercase());
    let parameters: Vec<_> = signature
        .parameters
        .iter()
        .map(|p| parameter(p, ""))
        .chain(signature.variadic.iter().map(|p| parameter(p, "...")))
        .collect();
    let call = format!(
        "{function}({}) {}",
        parameters.join(", "),
        type_name(&signature.returns).to_lowercase()
    );
    let argument = |(i, p): (usize, &Parameter)| {
        let variadic = if i < signature.parameters.len() { "" } else { "Variadic, " };
        format!("{}. `{}` ({variadic}{}) {}\n", i + 1, p.name, type_name(&p.ty), p.description)
    };
    let arguments: String = signature.all_parameters().enumerate().map(argument).collect();
    format!(
        "{front}# function: {function}\n\n{description}\n\n## Example Usage\n\n{usage}\n\
         ## Signature\n\n{call}\n## Arguments\n\n{arguments}",
        front = front_matter(&format!("{function} function - {name}"), signature.summary),
        description = signature.description,
        usage = fenced("terraform", usage),
        call = fenced("text", &call),
    )
}

fn front_matter(title: &str, description: &str) -> String {
    format!(
        "---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {description}\n---\n\n"
    )
}

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{text}\n```\n")
}
