//! Between the wire and the framework. A change of the protocol stops here.

pub(super) mod from_wire;
pub(super) mod to_wire;

#[cfg(test)]
mod tests;
