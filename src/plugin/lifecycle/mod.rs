//! How long this process lives, and what it settles before it ends.

mod end;
mod handle;

pub(super) use end::{End, Limits};
pub use handle::{Lifecycle, StartedBy};
