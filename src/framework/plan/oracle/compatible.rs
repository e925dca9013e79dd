//! Which values may follow a plan: the state after an apply, and the second plan of the same change.
//! Anything else is "Provider produced inconsistent result after apply", or "inconsistent final
//! plan".

use super::framework::path::Path;
use super::framework::schema::Block;
use super::framework::value::{Data, Raw, Value};
use super::{Held, member};

/// The rules that `new` breaks as what became of `planned`.
pub fn apply_faults(block: &Block, planned: &Raw, new: &Raw) -> Vec<String> {
    let mut faults = Faults(vec![]);
    faults.block(&Path::root(), block, planned, new);
    faults.0
}

struct Faults(Vec<String>);

impl Faults {
    fn say(&mut self, path: &Path, what: &str) {
        self.0.push(format!("{path}: {what}"));
    }

    fn block(&mut self, path: &Path, block: &Block, planned: &Raw, new: &Raw) {
        if planned.is_null() != new.is_null() {
            return self.say(path, "was absent, but now present, or reverse");
        }
        for name in block.attributes.keys() {
            self.value(&path.attribute(name), member(planned, name), member(new, name));
        }
        for (name, nested) in &block.blocks {
            let path = path.attribute(name);
            let (planned, new) = (member(planned, name), member(new, name));
            let held = Held::from(nested.nesting);
            match (planned, new) {
                (Value::Unknown, _) => {} // became any number of blocks
                (Value::Known(Data::Set(planned)), Value::Known(Data::Set(new))) => {
                    self.set(&path, planned, new, &|planned, new| {
                        apply_faults(&nested.block, planned, new).is_empty()
                    });
                }
                _ if held.objects(planned) != held.objects(new) => {
                    self.say(&path, "other blocks than planned");
                }
                _ => {
                    for which in held.objects(planned) {
                        let (planned, new) = (which.of(planned), which.of(new));
                        self.block(&which.below(&path), &nested.block, planned, new);
                    }
                }
            }
        }
    }

    fn value(&mut self, path: &Path, planned: &Raw, new: &Raw) {
        let (planned, new) = match (planned, new) {
            (Value::Unknown, _) | (Value::Null, Value::Null) => return,
            (Value::Known(planned), Value::Known(new)) => (planned, new),
            _ => return self.say(path, "was null or known, but now is not"),
        };
        match (planned, new) {
            (Data::List(planned), Data::List(new)) if planned.len() == new.len() => {
                for (i, (planned, new)) in planned.iter().zip(new).enumerate() {
                    self.value(&path.index(i), planned, new);
                }
            }
            (Data::Map(planned), Data::Map(new)) if planned.keys().eq(new.keys()) => {
                for (key, planned) in planned {
                    self.value(&path.key(key), planned, &new[key]);
                }
            }
            (Data::Set(planned), Data::Set(new)) => {
                self.set(path, planned, new, &|planned, new| {
                    let mut faults = Faults(vec![]);
                    faults.value(path, planned, new);
                    faults.0.is_empty()
                })
            }
            (Data::Dynamic(planned), Data::Dynamic(new)) if planned.ty == new.ty => {
                self.value(path, &planned.value, &new.value);
            }
            (planned, new) if planned == new => {}
            _ => self.say(path, "has another value than planned"),
        }
    }

    /// Each element must match one of the other side. Some may have become equal.
    fn set(
        &mut self,
        path: &Path,
        planned: &[Raw],
        new: &[Raw],
        matches: &dyn Fn(&Raw, &Raw) -> bool,
    ) {
        let all_planned = planned.iter().all(|p| new.iter().any(|n| matches(p, n)));
        let all_new = new.iter().all(|n| planned.iter().any(|p| matches(p, n)));
        if !all_planned || !all_new || new.len() > planned.len() {
            self.say(path, "has other elements than planned");
        }
    }
}
