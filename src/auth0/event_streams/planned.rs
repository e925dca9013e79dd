//! What one plan does to event streams, as far as its resources can only clash together.

use std::collections::HashMap;

/// The event streams of the state and those that are created, as they are planned one by one.
#[derive(Default)]
pub struct Planned {
    objects: HashMap<String, Object>,
    creations: Vec<Creation>,
}

/// What goes well only by chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// One is created under the name of another one, which has this id.
    Name {
        id: String,
        is_deleted: bool,
        /// Whether the new one may equal the other, as far as the plan knows.
        may_be_equal: bool,
    },
    /// One is kept and deleted.
    Id,
}

struct Object {
    name: String,
    content: Option<String>,
    is_kept: bool,
    is_deleted: bool,
}

struct Creation {
    name: String,
    content: Option<String>,
    /// The id of the object in whose place it comes.
    replaces: Option<String>,
}

impl Planned {
    /// Notes a creation. `content` is all of it that Auth0 shows, None where that is not known yet.
    pub fn creates(
        &mut self,
        name: &str,
        content: Option<String>,
        replaces: Option<&str>,
    ) -> Option<Clash> {
        let creation =
            Creation { name: name.to_lowercase(), content, replaces: replaces.map(str::to_owned) };
        if let Some(object) = replaces.and_then(|id| self.objects.get_mut(id)) {
            (object.is_kept, object.is_deleted) = (false, true);
        }
        let clash = self.objects.iter().find_map(|(id, object)| clash(&creation, id, object));
        // Core may plan it more than once.
        self.creations.retain(|known| known.name != creation.name);
        self.creations.push(creation);
        clash
    }

    /// Notes an object that stays, changed or not.
    pub fn keeps(&mut self, id: &str, name: &str, content: Option<String>) -> Option<Clash> {
        self.notes(id, name, content, |object| object.is_kept = true)
    }

    /// Notes an object that is deleted, or replaced.
    pub fn deletes(&mut self, id: &str, name: &str, content: Option<String>) -> Option<Clash> {
        self.notes(id, name, content, |object| object.is_deleted = true)
    }

    /// Forgets a creation that has been carried out: what is planned from now on comes after it.
    pub(super) fn created(&mut self, name: &str) {
        let name = name.to_lowercase();
        self.creations.retain(|creation| creation.name != name);
    }

    /// Forgets an object that is gone.
    pub(super) fn deleted(&mut self, id: &str) {
        self.objects.remove(id);
    }

    fn notes(
        &mut self,
        id: &str,
        name: &str,
        content: Option<String>,
        note: fn(&mut Object),
    ) -> Option<Clash> {
        let object = self.objects.entry(id.to_owned()).or_insert_with(|| Object {
            name: name.to_lowercase(),
            content,
            is_kept: false,
            is_deleted: false,
        });
        note(object);
        if object.is_kept && object.is_deleted {
            return Some(Clash::Id);
        }
        self.creations.iter().find_map(|creation| clash(creation, id, object))
    }
}

fn clash(creation: &Creation, id: &str, object: &Object) -> Option<Clash> {
    let is_own = creation.replaces.as_deref() == Some(id);
    (creation.name == object.name && !is_own).then(|| Clash::Name {
        id: id.to_owned(),
        is_deleted: object.is_deleted,
        may_be_equal: match (&creation.content, &object.content) {
            (Some(new), Some(old)) => new == old,
            _ => true,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(content: &str) -> Option<String> {
        Some(content.to_owned())
    }

    fn name(is_deleted: bool, may_be_equal: bool) -> Option<Clash> {
        Some(Clash::Name { id: "est_1".to_owned(), is_deleted, may_be_equal })
    }

    #[test]
    fn a_name_clashes_in_either_order_and_whatever_its_case() {
        for (content, may_be_equal) in [(some("a"), true), (some("b"), false), (None, true)] {
            let mut planned = Planned::default();
            assert_eq!(planned.creates("Orders", content.clone(), None), None);
            assert_eq!(planned.deletes("est_1", "orders", some("a")), name(true, may_be_equal));
            let mut planned = Planned::default();
            assert_eq!(planned.keeps("est_1", "orders", some("a")), None);
            assert_eq!(planned.creates("orders", content, None), name(false, may_be_equal));
        }
        let mut planned = Planned::default();
        assert_eq!(planned.keeps("est_1", "orders", None), None);
        assert_eq!(planned.creates("audit", None, None), None);
    }

    #[test]
    fn a_replacement_does_not_clash_with_what_it_replaces() {
        for first in [Planned::keeps, Planned::deletes] {
            let mut planned = Planned::default();
            assert_eq!(first(&mut planned, "est_1", "orders", None), None);
            assert_eq!(planned.creates("orders", None, Some("est_1")), None);
            assert_eq!(planned.keeps("est_1", "orders", None), Some(Clash::Id), "another object");
        }
    }

    #[test]
    fn one_that_is_kept_and_deleted_clashes() {
        let mut planned = Planned::default();
        assert_eq!(planned.deletes("est_1", "orders", None), None);
        assert_eq!(planned.keeps("est_1", "orders", None), Some(Clash::Id));
    }

    #[test]
    fn what_is_done_clashes_with_nothing() {
        let mut planned = Planned::default();
        assert_eq!(planned.creates("orders", None, None), None);
        planned.created("orders");
        assert_eq!(planned.deletes("est_1", "orders", None), None);
        planned.deleted("est_1");
        assert_eq!(planned.creates("orders", None, None), None);
    }
}
