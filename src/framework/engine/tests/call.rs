//! Functions: which arguments reach them.

use super::*;
use crate::framework::function::{Arguments, FunctionError, Parameter, Signature};

/// Joins its arguments.
struct Join;

impl Function for Join {
    fn name(&self) -> &'static str {
        "join"
    }

    fn signature(&self) -> Signature {
        let parameter = |name| Parameter { name, ty: Type::String, description: "Text." };
        Signature {
            parameters: vec![parameter("first")],
            variadic: Some(parameter("rest")),
            returns: Type::String,
            summary: "Joins.",
            description: "Joins.",
        }
    }

    fn call(&self, arguments: &Arguments) -> Result<Raw, FunctionError> {
        Ok(Raw::string(arguments.texts()?.join("+")))
    }
}

#[test]
fn arguments_come_in_order_and_what_core_never_sends_is_an_error_at_its_place() {
    let number = Value::Known(Data::Number(Number::from(1_i64)));
    for (arguments, want) in [
        (vec![Raw::string("a")], Ok(Raw::string("a"))),
        (vec![Raw::string("a"), Raw::string("b")], Ok(Raw::string("a+b"))),
        (vec![], Err(None)),
        (vec![Raw::string("a"), Value::Null], Err(Some(1))),
        (vec![Value::Unknown], Err(Some(0))),
        (vec![number], Err(Some(0))),
    ] {
        assert_eq!(call(&Join, arguments).map_err(|error| error.argument), want);
    }
}
