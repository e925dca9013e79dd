//! `GetFunctions`: the signatures, as in the schema.

use std::collections::HashMap;

use crate::framework::engine::Engine;
use crate::framework::function::Function;
use crate::plugin::convert::to_wire;
use crate::wire::tfplugin6 as wire;
use wire::get_functions::Response;

pub(super) fn handle(engine: &Engine) -> Response {
    Response { functions: functions(engine), ..Default::default() }
}

pub(super) fn functions(engine: &Engine) -> HashMap<String, wire::Function> {
    let function = |f: &dyn Function| (f.name().to_owned(), to_wire::function(&f.signature()));
    engine.functions().map(function).collect()
}
