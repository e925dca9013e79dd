//! What core gets.

use crate::framework::engine::{AnyResource, identity_of, identity_type};
use crate::framework::function::{FunctionError, Parameter, Signature};
use crate::framework::schema::{Attribute, AttributeKind, Block, BlockNesting, Nesting, Schema};
use crate::framework::value::{Raw, Type, encode_msgpack};
use crate::framework::{Diagnostic, Diagnostics, Path, Severity, Step};
use crate::redact::redact;
use crate::wire::tfplugin6 as wire;
use wire::attribute_path::step::Selector;
use wire::schema::nested_block::NestingMode as BlockMode;
use wire::schema::object::NestingMode as ObjectMode;

/// A value of type `ty`.
pub(crate) fn value(value: &Raw, ty: &Type) -> Result<wire::DynamicValue, Diagnostic> {
    match encode_msgpack(value, ty) {
        Ok(msgpack) => Ok(wire::DynamicValue { msgpack: msgpack.into(), ..Default::default() }),
        Err(err) => Err(Diagnostic::error(
            "Invalid answer of the provider",
            format!(
                "The provider made a value that does not fit its schema: {err}. Please report this."
            ),
        )
        .at(err.path())),
    }
}

/// The identity within `state`, where there is one.
pub(crate) fn identity(
    resource: &dyn AnyResource,
    state: &Raw,
) -> Result<Option<wire::ResourceIdentityData>, Diagnostic> {
    let (Some(name), Some(identity)) = (resource.identity(), identity_of(resource, state)) else {
        return Ok(None);
    };
    let identity_data = Some(value(&identity, &identity_type(name))?);
    Ok(Some(wire::ResourceIdentityData { identity_data }))
}

/// Messages in their order.
pub(crate) fn diagnostics(diagnostics: impl Into<Diagnostics>) -> Vec<wire::Diagnostic> {
    diagnostics.into().into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> wire::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    let attribute = (!diagnostic.path.steps().is_empty()).then(|| path(&diagnostic.path));
    wire::Diagnostic {
        severity: severity.into(),
        summary: redact(&diagnostic.summary).into_owned(),
        detail: redact(&diagnostic.detail).into_owned(),
        attribute,
    }
}

/// A path, step by step.
pub(crate) fn path(path: &Path) -> wire::AttributePath {
    let step = |step: &Step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Index(index) => {
                Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX))
            }
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
        };
        wire::attribute_path::Step { selector: Some(selector) }
    };
    wire::AttributePath { steps: path.steps().iter().map(step).collect() }
}

/// The signature of a function.
pub(crate) fn function(signature: &Signature) -> wire::Function {
    wire::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(wire::function::Return { r#type: signature.returns.to_json().into() }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn parameter(parameter: &Parameter) -> wire::function::Parameter {
    wire::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: parameter.ty.to_json().into(),
        description: parameter.description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        ..Default::default()
    }
}

/// Why a function has no result.
pub(crate) fn function_error(error: &FunctionError) -> wire::FunctionError {
    wire::FunctionError {
        text: redact(&error.text).into_owned(),
        function_argument: error.argument.and_then(|index| i64::try_from(index).ok()),
    }
}

/// A schema.
pub(crate) fn schema(schema: &Schema) -> wire::Schema {
    wire::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(block: &Block) -> wire::schema::Block {
    let attributes = block.attributes.iter().map(|(name, a)| attribute(name, a)).collect();
    let block_types = block
        .blocks
        .iter()
        .map(|(name, nested)| {
            let nesting = match nested.nesting {
                BlockNesting::Single => BlockMode::Single,
                BlockNesting::Group => BlockMode::Group,
                BlockNesting::List => BlockMode::List,
                BlockNesting::Set => BlockMode::Set,
                BlockNesting::Map => BlockMode::Map,
            };
            wire::schema::NestedBlock {
                type_name: (*name).to_owned(),
                block: Some(self::block(&nested.block)),
                nesting: nesting.into(),
                min_items: nested.min_items,
                max_items: nested.max_items,
            }
        })
        .collect();
    wire::schema::Block {
        attributes,
        block_types,
        description: block.description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: block.deprecated.is_some(),
        deprecation_message: block.deprecated.unwrap_or_default().to_owned(),
        ..Default::default()
    }
}

fn attribute(name: &str, attribute: &Attribute) -> wire::schema::Attribute {
    let (ty, nested_type) = match &attribute.kind {
        AttributeKind::Plain(ty) => (ty.to_json(), None),
        AttributeKind::Nested(nesting, attributes) => {
            let nesting = match nesting {
                Nesting::Single => ObjectMode::Single,
                Nesting::List => ObjectMode::List,
                Nesting::Set => ObjectMode::Set,
                Nesting::Map => ObjectMode::Map,
            };
            let attributes = attributes.iter().map(|(name, a)| self::attribute(name, a)).collect();
            let object =
                wire::schema::Object { attributes, nesting: nesting.into(), ..Default::default() };
            (Vec::new(), Some(object))
        }
    };
    wire::schema::Attribute {
        name: name.to_owned(),
        r#type: ty.into(),
        nested_type,
        description: attribute.description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        deprecated: attribute.deprecated.is_some(),
        deprecation_message: attribute.deprecated.unwrap_or_default().to_owned(),
    }
}
