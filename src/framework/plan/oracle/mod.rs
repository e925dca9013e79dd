//! What core demands of a provider's answers, written down once more from the contract and apart
//! from the code that it judges: what core proposes, which plans it takes, which states after an
//! apply, and which paths. The fuzz targets include this module by its path.

mod compatible;
mod plan_valid;
mod proposed;

// By this name, so that the module works in another crate too.
use super::framework;

pub use compatible::apply_faults;
pub use plan_valid::plan_faults;
pub use proposed::proposed;

use framework::path::{Path, Step};
use framework::schema::{BlockNesting, Nesting};
use framework::value::{Data, Raw, Value};

/// How nested objects are held, by an attribute or a block.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    One,
    List,
    Set,
    Map,
}

impl From<Nesting> for Held {
    fn from(nesting: Nesting) -> Self {
        match nesting {
            Nesting::Single => Self::One,
            Nesting::List => Self::List,
            Nesting::Set => Self::Set,
            Nesting::Map => Self::Map,
        }
    }
}

impl From<BlockNesting> for Held {
    fn from(nesting: BlockNesting) -> Self {
        match nesting {
            BlockNesting::Single | BlockNesting::Group => Self::One,
            BlockNesting::List => Self::List,
            BlockNesting::Set => Self::Set,
            BlockNesting::Map => Self::Map,
        }
    }
}

/// Which of the nested objects. Those of a set have nothing to be told apart by.
#[derive(Clone, PartialEq)]
enum Which {
    It,
    Index(usize),
    Key(String),
}

impl Held {
    fn objects(self, container: &Raw) -> Vec<Which> {
        match (self, container) {
            (Self::One, _) => vec![Which::It],
            (Self::List, Value::Known(Data::List(elements))) => {
                (0..elements.len()).map(Which::Index).collect()
            }
            (Self::Map, Value::Known(Data::Map(members))) => {
                members.keys().cloned().map(Which::Key).collect()
            }
            _ => vec![],
        }
    }
}

impl Which {
    fn of<'a>(&self, container: &'a Raw) -> &'a Raw {
        match self {
            Self::It => container,
            Self::Index(index) => container.element(*index),
            Self::Key(key) => container.member(key),
        }
    }

    fn below(&self, path: &Path) -> Path {
        match self {
            Self::It => path.clone(),
            Self::Index(index) => path.index(*index),
            Self::Key(key) => path.key(key),
        }
    }
}

/// The attribute or block `name` of an object; of one that is not known, nothing is known.
fn member<'a>(object: &'a Raw, name: &str) -> &'a Raw {
    if object.is_unknown() { object } else { object.member(name) }
}

fn length(container: &Raw) -> usize {
    container.elements().map_or(0, <[Raw]>::len)
}

/// Whether core finds something in `value` at `path`. It cannot address elements of sets.
pub fn can_follow(path: &Path, value: &Raw) -> bool {
    let mut here = value;
    for step in path.steps() {
        let next = match (step, here) {
            (_, Value::Unknown) => return true,
            (Step::Index(index), Value::Known(Data::List(elements))) => elements.get(*index),
            (Step::Attribute(key) | Step::Key(key), Value::Known(Data::Map(members))) => {
                members.get(key)
            }
            _ => None,
        };
        let Some(next) = next else { return false };
        here = next;
    }
    true
}
