//! The event streams of the tenant, by age, id and name.

use super::super::switches::CompareNames;
use super::model::EventStream;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Every event stream. Lists go by age: the number that a stream got at its creation.
#[derive(Clone, Default)]
pub(crate) struct EventStreams {
    by_age: BTreeMap<u64, Arc<EventStream>>,
    ages: HashMap<String, u64>,
    /// Ages by name in lower case: names may repeat, by a switch or by case.
    names: HashMap<String, BTreeSet<u64>>,
    newest: u64,
}

impl EventStreams {
    pub(crate) fn len(&self) -> usize {
        self.by_age.len()
    }

    /// From the oldest to the newest.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &EventStream> {
        self.by_age.values().map(AsRef::as_ref)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&EventStream> {
        self.by_age.get(self.ages.get(id)?).map(AsRef::as_ref)
    }

    pub(crate) fn add(&mut self, stream: EventStream) {
        self.newest += 1;
        self.ages.insert(stream.id.clone(), self.newest);
        self.name(&stream.name, self.newest);
        self.by_age.insert(self.newest, Arc::new(stream));
    }

    /// Replaces the stream with the same id.
    pub(crate) fn replace(&mut self, stream: EventStream) {
        let Some(&age) = self.ages.get(&stream.id) else { return };
        self.name(&stream.name, age);
        if let Some(old) = self.by_age.insert(age, Arc::new(stream)) {
            self.unname(&old.name, age);
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<EventStream>> {
        let age = self.ages.remove(id)?;
        let stream = self.by_age.remove(&age)?;
        self.unname(&stream.name, age);
        Some(stream)
    }

    /// Whether another stream than `id` has this name. Streams without a name share nothing.
    pub(crate) fn has_named(&self, name: &str, compare: CompareNames, id: Option<&str>) -> bool {
        let ages = self.names.get(&name.to_lowercase()).into_iter().flatten();
        ages.filter_map(|age| self.by_age.get(age)).any(|stream| {
            let same = compare == CompareNames::WithoutCase || stream.name == name;
            same && !name.is_empty() && Some(stream.id.as_str()) != id
        })
    }

    /// At most `take` streams that are younger than `age`, and the age to go on from, if any are left.
    pub(crate) fn page(&self, age: u64, take: usize) -> (Vec<&EventStream>, Option<u64>) {
        let mut younger = self.by_age.range(age.saturating_add(1)..);
        let page: Vec<_> = younger.by_ref().take(take).collect();
        let last = page.last().map(|(age, _)| **age).filter(|_| younger.next().is_some());
        (page.into_iter().map(|(_, stream)| stream.as_ref()).collect(), last)
    }

    fn name(&mut self, name: &str, age: u64) {
        self.names.entry(name.to_lowercase()).or_default().insert(age);
    }

    /// The stream of this age had the name. It may have it still, in another case.
    fn unname(&mut self, name: &str, age: u64) {
        let key = name.to_lowercase();
        if self.by_age.get(&age).is_some_and(|stream| stream.name.to_lowercase() == key) {
            return;
        }
        if let Some(ages) = self.names.get_mut(&key) {
            ages.remove(&age);
            if ages.is_empty() {
                self.names.remove(&key);
            }
        }
    }
}
