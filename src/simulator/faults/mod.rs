//! Faults on order: what goes wrong between a client and Auth0, for the requests that match. Some
//! befall the next requests, some befall each with a probability, drawn from a seed.

mod effect;

pub(crate) use effect::Departure;
pub use effect::Effect;

use super::token;
use fastrand::Rng;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// An effect, and the requests it befalls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// Only requests with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path starts so. Without it: the Management API, never the token endpoint.
    #[serde(default)]
    pub path: Option<String>,
    /// Matching requests that are let through first.
    #[serde(default)]
    pub skip: u32,
    /// With which probability a matching request is befallen then. Without it: each is.
    #[serde(default, deserialize_with = "probability")]
    pub probability: Option<f64>,
    /// Requests that are befallen. Without it: one, or with a probability as many as there are.
    #[serde(default)]
    pub times: Option<u32>,
}

fn probability<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let probability = Option::<f64>::deserialize(deserializer)?;
    match probability {
        Some(wrong) if !(0.0..=1.0).contains(&wrong) => {
            Err(D::Error::custom(format!("expected a probability from 0 to 1, not {wrong}")))
        }
        _ => Ok(probability),
    }
}

impl Fault {
    /// Befalls the next request to the Management API.
    pub fn next(effect: Effect) -> Self {
        Self { effect, method: None, path: None, skip: 0, probability: None, times: Some(1) }
    }

    /// Befalls each request to the Management API with this probability, from 0 to 1, without end.
    pub fn randomly(effect: Effect, probability: f64) -> Self {
        Self { probability: Some(probability), times: None, ..Self::next(effect) }
    }

    /// Only requests with this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only requests whose path starts so.
    pub fn path(mut self, prefix: &str) -> Self {
        self.path = Some(prefix.to_owned());
        self
    }

    /// Lets the first matching requests through.
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Befalls so many requests.
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let path_matches = match &self.path {
            Some(prefix) => path.starts_with(prefix.as_str()),
            None => path != token::PATH,
        };
        path_matches && self.method.as_deref().is_none_or(|wanted| wanted == method)
    }
}

/// The faults still to come, in the order they were asked for.
#[derive(Debug)]
pub(crate) struct Faults {
    pending: Vec<Pending>,
    /// Gives each fault a generator of its own, so that what befalls the requests of one does not
    /// depend on the requests of another.
    seeds: Rng,
}

#[derive(Debug)]
struct Pending {
    fault: Fault,
    draws: Rng,
}

impl Default for Faults {
    /// With seed 0: who asks for no seed gets the same faults in every run, too.
    fn default() -> Self {
        Self { pending: Vec::new(), seeds: Rng::with_seed(0) }
    }
}

impl Faults {
    pub(crate) fn add(&mut self, mut fault: Fault) {
        if fault.probability.is_none() {
            fault.times.get_or_insert(1);
        }
        if fault.times != Some(0) {
            self.pending.push(Pending { fault, draws: self.seeds.fork() });
        }
    }

    /// Draws anew, for the faults that are pending and for those to come.
    pub(crate) fn seed(&mut self, seed: u64) {
        self.seeds = Rng::with_seed(seed);
        for pending in &mut self.pending {
            pending.draws = self.seeds.fork();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(crate) fn pending(&self) -> Vec<Fault> {
        self.pending.iter().map(|pending| pending.fault.clone()).collect()
    }

    /// The effect for this request. A fault that lets requests through leaves it to the next.
    pub(crate) fn next(&mut self, method: &str, path: &str) -> Option<Effect> {
        let befalling =
            self.pending.iter_mut().position(|pending| pending.befalls(method, path))?;
        let fault = &mut self.pending[befalling].fault;
        let effect = fault.effect.clone();
        if let Some(times) = &mut fault.times {
            *times -= 1;
            if *times == 0 {
                self.pending.remove(befalling);
            }
        }
        Some(effect)
    }
}

impl Pending {
    fn befalls(&mut self, method: &str, path: &str) -> bool {
        if !self.fault.matches(method, path) {
            return false;
        }
        if self.fault.skip > 0 {
            self.fault.skip -= 1;
            return false;
        }
        self.fault.probability.is_none_or(|probability| self.draws.f64() < probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const STREAMS: &str = "/api/v2/event-streams";

    #[test]
    fn a_fault_befalls_the_requests_it_names_and_no_other() {
        let mut faults = Faults::default();
        faults.add(
            Fault::next(Effect::Cut)
                .method("PATCH")
                .path("/api/v2/event-streams/")
                .skip(1)
                .times(2),
        );
        let path = "/api/v2/event-streams/est_1";
        for (method, path, want) in [
            ("GET", path, None),
            ("PATCH", "/api/v2/actions/actions/1", None),
            ("PATCH", path, None),
            ("PATCH", path, Some(Effect::Cut)),
            ("PATCH", path, Some(Effect::Cut)),
            ("PATCH", path, None),
        ] {
            assert_eq!(faults.next(method, path), want, "{method} {path}");
        }
        assert!(faults.pending().is_empty());
    }

    /// Which of the next requests are befallen.
    fn befallen(faults: &mut Faults, requests: usize) -> Vec<usize> {
        (0..requests).filter(|_| faults.next("GET", STREAMS).is_some()).collect()
    }

    #[test]
    fn the_same_seed_befalls_the_same_requests() {
        let play = |seed| {
            let mut faults = Faults::default();
            faults.seed(seed);
            faults.add(Fault::randomly(Effect::Cut, 0.2));
            befallen(&mut faults, 1000)
        };
        assert_eq!(play(42), play(42));
        assert_ne!(play(42), play(43));
        let share = play(42).len();
        assert!((150..250).contains(&share), "{share} of 1000 at 0.2");
    }

    #[test]
    fn a_seed_holds_for_faults_asked_for_before_and_after() {
        let mut faults = Faults::default();
        faults.add(Fault::randomly(Effect::Cut, 0.5));
        befallen(&mut faults, 7);
        faults.seed(42);
        let before = befallen(&mut faults, 100);
        faults.clear();
        faults.seed(42);
        faults.add(Fault::randomly(Effect::Cut, 0.5));
        assert_eq!(before, befallen(&mut faults, 100));
    }

    /// Another fault, or a request that only that one matches, moves no draw.
    #[test]
    fn every_random_fault_draws_for_itself() {
        let play = |others| {
            let mut faults = Faults::default();
            faults.add(Fault::randomly(Effect::Cut, 0.3).method("GET"));
            faults.add(Fault::randomly(Effect::Slow(1), 0.3).method("POST"));
            let mut cut = Vec::new();
            for request in 0..100 {
                for _ in 0..others {
                    faults.next("POST", STREAMS);
                }
                cut.extend(faults.next("GET", STREAMS).map(|_| request));
            }
            cut
        };
        assert_eq!(play(0), play(3));
    }

    #[test]
    fn a_random_fault_ends_after_its_times_and_else_never() {
        for (fault, want) in [
            (Fault::randomly(Effect::Cut, 1.0), 50),
            (Fault::randomly(Effect::Cut, 1.0).skip(10), 40),
            (Fault::randomly(Effect::Cut, 1.0).times(3), 3),
            (Fault::randomly(Effect::Cut, 0.0), 0),
        ] {
            let mut faults = Faults::default();
            faults.add(fault.clone());
            assert_eq!(befallen(&mut faults, 50).len(), want, "{fault:?}");
        }
    }

    #[test]
    fn a_fault_is_shown_as_it_can_be_asked_for_again() {
        let mut faults = Faults::default();
        for (asked, shown) in [
            (r#"{"effect":"cut"}"#, json!({"effect": "cut", "skip": 0, "times": 1})),
            (
                r#"{"effect":{"slow":5},"probability":0.2}"#,
                json!({"effect": {"slow": 5}, "skip": 0, "probability": 0.2}),
            ),
        ] {
            faults.clear();
            faults.add(serde_json::from_str(asked).unwrap());
            let pending = faults.pending();
            let mut value = serde_json::to_value(&pending[0]).unwrap();
            value.as_object_mut().unwrap().retain(|_, member| !member.is_null());
            assert_eq!(value, shown);
            assert_eq!(serde_json::from_value::<Fault>(value).unwrap(), pending[0]);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (fault, want) in [
            (r#"{"effect":"cut","probability":1.5}"#, "from 0 to 1"),
            (r#"{"effect":"cut","probability":-0.1}"#, "from 0 to 1"),
            (r#"{"effect":{"status":99}}"#, "from 200 to 599"),
            (r#"{"effect":{"html":600}}"#, "from 200 to 599"),
            (r#"{"effect":"explode"}"#, "unknown variant `explode`"),
            (r#"{"effect":"cut","often":true}"#, "unknown field `often`"),
            (r#"{"method":"GET"}"#, "missing field `effect`"),
        ] {
            let refusal = serde_json::from_str::<Fault>(fault).unwrap_err().to_string();
            assert!(refusal.contains(want), "{fault}: {refusal}");
        }
    }

    #[test]
    fn the_token_endpoint_is_spared_unless_named() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Effect::Status(500)));
        assert_eq!(faults.next("POST", "/oauth/token"), None);
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Status(500)));
        faults.add(Fault::next(Effect::Status(503)).path("/oauth/token"));
        assert_eq!(faults.next("GET", STREAMS), None);
        assert_eq!(faults.next("POST", "/oauth/token"), Some(Effect::Status(503)));
    }

    #[test]
    fn a_fault_that_lets_through_leaves_the_request_to_the_next() {
        let mut faults = Faults::default();
        faults.add(Fault::next(Effect::Cut).skip(1));
        faults.add(Fault::next(Effect::Html(520)));
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Html(520)));
        assert_eq!(faults.next("GET", STREAMS), Some(Effect::Cut));
    }
}
