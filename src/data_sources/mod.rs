//! What there is to be found: a folder or a file for each data source. None fills an attribute that is
//! made for a secret.

pub mod event_stream;
pub mod event_streams;
pub mod event_types;

#[cfg(test)]
mod tests;

use crate::auth0::{Auth0, ClientSlot, Error, NotReady, Operation};
use crate::framework::value::Model;
use crate::framework::{Diagnostic, Outcome, capitalized};

/// The client, or what a read without one ends with.
fn client<M: Model>(auth0: &ClientSlot) -> Result<Auth0, Outcome<M>> {
    auth0.client().map_err(|not_ready| {
        let error = Diagnostic::not_configured(&not_ready);
        match not_ready {
            NotReady::Unknown(_) => Outcome::awaiting_provider(error),
            NotReady::NotConfigured => Outcome::failed(error),
        }
    })
}

/// Auth0 did not answer as asked.
fn failed(what: &str, err: &Error) -> Diagnostic {
    Diagnostic::error(format!("Unable to read {what}"), err.explained())
}

/// A read that spent more than a few seconds waiting.
fn delayed(what: &str, operation: &Operation) -> Option<Diagnostic> {
    let summary = format!("Reading {what} had to wait");
    operation.delay().map(|delay| Diagnostic::warning(summary, delay))
}

/// Names for a sentence: `"a", "b" and "c"`.
fn quoted(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The near names as a sentence; what else to say where there are none.
fn nearest(near: &[&str], otherwise: &str) -> String {
    match near {
        [] => otherwise.to_owned(),
        [one] => format!("The nearest name is {one:?}."),
        several => capitalized(&format!("the nearest names are {}.", quoted(several))),
    }
}
