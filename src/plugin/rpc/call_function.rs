//! `CallFunction`: in a process that need not be configured.

use super::Answer;
use crate::framework::Diagnostic;
use crate::framework::engine::{Engine, call};
use crate::framework::function::FunctionError;
use crate::framework::value::Raw;
use crate::plugin::convert::{from_wire, to_wire};
use crate::wire::tfplugin6::call_function::{Request, Response};

impl Answer for Response {
    fn failed(diagnostic: Diagnostic) -> Self {
        let Diagnostic { summary, detail, .. } = diagnostic;
        Self::error(FunctionError::new(format!("{summary}: {}", unended(&detail))))
    }
}

impl Response {
    fn error(error: FunctionError) -> Self {
        Self { result: None, error: Some(to_wire::function_error(&error)) }
    }
}

/// Core sets the last full stop.
fn unended(text: &str) -> &str {
    text.strip_suffix('.').unwrap_or(text)
}

pub(super) fn handle(engine: &Engine, request: Request) -> Response {
    respond(engine, request).unwrap_or_else(Response::error)
}

fn respond(engine: &Engine, request: Request) -> Result<Response, FunctionError> {
    let Some(function) = engine.function(&request.name) else {
        return Err(FunctionError::new(format!(
            "this provider has no function {:?}; a newer version of it may have one",
            request.name
        )));
    };
    let signature = function.signature();
    let argument = |(index, value)| -> Result<Raw, FunctionError> {
        let Some(parameter) = signature.parameter(index) else {
            return Err(FunctionError::of(index, "it is one argument too many"));
        };
        from_wire::value(Some(value), &parameter.ty)
            .map_err(|unreadable| FunctionError::of(index, unended(&unreadable.detail)))
    };
    let arguments = request.arguments.into_iter().enumerate().map(argument);
    let result = call(function, arguments.collect::<Result<_, _>>()?)?;
    let result = to_wire::value(&result, &signature.returns)
        .map_err(|unwritable| FunctionError::new(unended(&unwritable.detail)))?;
    Ok(Response { result: Some(result), error: None })
}
