//! What of a change follows from the schema alone: defaults, values that become unknown, spellings
//! that stay, and attributes that replace the object. A resource adds what only it can know.

mod conform;
mod propose;
mod settle;
mod walk;

pub use conform::conform;
pub use propose::{keep_spelling, mark_unknown, propose, requires_replace};
pub use settle::settle;
pub use walk::{Place, each};
