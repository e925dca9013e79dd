//! What of a change follows from the schema alone: defaults, values that become unknown, spellings
//! that stay, and attributes that replace the object. A resource adds what only it can know.

mod conform;
mod fill;
mod propose;
mod settle;
mod walk;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::framework; // as the oracle calls it, which other crates include too

pub use conform::conform;
pub use fill::recover;
pub use propose::{keep_spelling, plan};
pub use settle::settle;
pub use walk::{Place, each};
