//! A panic costs one RPC, not the process, and none of its text gets out: it may quote a secret.

use std::{
    cell::Cell,
    future::poll_fn,
    panic::{AssertUnwindSafe, Location, catch_unwind, set_hook},
    pin::pin,
    task::Poll,
};

/// A handler panicked. All that may be told of it is where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("panic at {location}")]
pub struct Panicked {
    /// File, line and column in the source.
    pub location: String,
}

impl Panicked {
    pub(super) fn somewhere() -> Self {
        Self { location: "an unknown place".to_owned() }
    }
}

thread_local! {
    /// Where this thread panicked last, on the way from the hook to whoever catches the panic.
    static LAST: Cell<Option<Panicked>> = const { Cell::new(None) };
}

/// Logs where a panic happened, instead of what it says. For the whole process.
pub(super) fn install_hook() {
    set_hook(Box::new(|info| {
        let panicked = info
            .location()
            .map_or_else(Panicked::somewhere, |at| Panicked { location: described(at) });
        log::error!("{panicked}");
        LAST.set(Some(panicked));
    }));
}

/// Runs a future up to its end or its panic. What it shares with others must bear to be left half
/// done, as it must for a future that is dropped.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(_) => Poll::Ready(Err(LAST.take().unwrap_or_else(Panicked::somewhere))),
    })
    .await
}

fn described(at: &Location<'_>) -> String {
    format!("{}:{}:{}", from_its_package(at.file()), at.line(), at.column())
}

/// The path from the folder of its package on: what is before names the machine of the build.
fn from_its_package(file: &str) -> &str {
    let is_separator = |c| c == '/' || c == '\\';
    let Some(src) = file.rfind("/src/").or_else(|| file.rfind("\\src\\")) else { return file };
    let package = file[..src].rfind(is_separator).map_or(0, |separator| separator + 1);
    &file[package..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_names_no_machine() {
        for (file, want) in [
            ("src/plugin/panics.rs", "src/plugin/panics.rs"),
            ("/home/ann/registry/hyper-1.2.3/src/lib.rs", "hyper-1.2.3/src/lib.rs"),
            ("/rustc/0123abc/library/core/src/option.rs", "core/src/option.rs"),
            ("C:\\ann\\hyper-1.2.3\\src\\lib.rs", "hyper-1.2.3\\src\\lib.rs"),
            ("tests/a.rs", "tests/a.rs"),
        ] {
            assert_eq!(from_its_package(file), want);
        }
    }

    #[tokio::test]
    async fn what_does_not_panic_is_untouched() {
        assert_eq!(caught(async { 1 }).await, Ok(1));
    }
}
