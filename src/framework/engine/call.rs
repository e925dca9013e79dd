//! Calling one function.

use crate::framework::function::{Arguments, Function, FunctionError};
use crate::framework::value::Raw;

/// The result of `function` for `values`, which are of the types of its parameters. Core answers by
/// itself where an argument is null or not known yet; from any other caller that is an error.
pub fn call(function: &dyn Function, values: Vec<Raw>) -> Result<Raw, FunctionError> {
    let signature = function.signature();
    let least = signature.parameters.len();
    if values.len() < least || (signature.variadic.is_none() && values.len() > least) {
        let given = values.len();
        return Err(FunctionError::new(format!("it takes {least} arguments, and got {given}")));
    }
    for (index, value) in values.iter().enumerate() {
        if value.is_null() {
            return Err(FunctionError::of(index, "it must not be null"));
        }
        if !value.is_wholly_known() {
            return Err(FunctionError::of(index, "it is not known yet"));
        }
    }
    function.call(&Arguments::new(values))
}
