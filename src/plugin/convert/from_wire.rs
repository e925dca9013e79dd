//! What core sends.

use bytes::Bytes;

use crate::framework::Diagnostic;
use crate::framework::value::{Raw, Type, decode_json, decode_msgpack};
use crate::wire::tfplugin6::{DynamicValue, RawState};

/// A value of type `ty`. One that is absent is null.
pub(crate) fn value(value: Option<DynamicValue>, ty: &Type) -> Result<Raw, Diagnostic> {
    let decoded = match &value {
        Some(value) if !value.msgpack.is_empty() => decode_msgpack(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => decode_json(&value.json, ty),
        _ => return Ok(Raw::Null),
    };
    decoded.map_err(|err| {
        Diagnostic::error(
            "Unreadable value",
            format!(
                "The program that runs this provider sent a value that does not fit the schema: \
                 {err}. Please report this with the versions of both."
            ),
        )
        .at(err.path())
    })
}

/// The JSON of stored state.
pub(crate) fn state(state: Option<RawState>) -> Result<Bytes, Diagnostic> {
    match state {
        Some(state) if !state.json.is_empty() => Ok(state.json),
        Some(state) if !state.flatmap.is_empty() => Err(Diagnostic::error(
            "State of Terraform 0.11 or older",
            "This provider has never written state in that form, and cannot read it. Remove the \
             resource from the state and import it again.",
        )),
        _ => Err(Diagnostic::error(
            "Empty state",
            "The program that runs this provider sent no state to upgrade. Please report this with \
             the versions of both.",
        )),
    }
}
