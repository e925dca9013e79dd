//! Scripts of what goes wrong, for `--faults FILE` and the control door: a seed, settings, the
//! clock, and faults.

use super::auth0::{Auth0, State};
use super::clock::{Clock, ClockChange};
use super::faults::Fault;
use super::options::Settings;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;
use std::str::FromStr;

/// What goes wrong, in one document. Whatever is left out stays as it is; faults are replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script(Document<Map<String, Value>>);

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Document<S> {
    seed: u64,
    settings: S,
    clock: Option<ClockChange>,
    faults: Vec<Fault>,
}

impl Script {
    /// Reads a script. The error says what is wrong, in which line and column.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        // Read as settings only for an error with a place: settings cannot say which were given.
        let checked = serde_json::from_slice::<Document<Settings>>(json);
        checked.and_then(|_| serde_json::from_slice(json)).map(Self).map_err(|err| err.to_string())
    }

    /// Reads the script in a file.
    pub fn read_file(file: &Path) -> Result<Self, String> {
        let json = std::fs::read(file).map_err(|err| err.to_string())?;
        Self::read(&json)
    }
}

impl FromStr for Script {
    type Err = String;

    fn from_str(json: &str) -> Result<Self, String> {
        Self::read(json.as_bytes())
    }
}

impl Auth0 {
    /// Starts a script: its faults take the place of those still to come, drawn from its seed, and
    /// what it says of settings and clock holds from now on.
    pub fn play(&self, script: Script) {
        let Script(Document { seed, settings, clock, faults }) = script;
        self.change_settings(|present| {
            *present = changed(present, settings).expect("each member was read as settings");
        });
        let State { clock: present, faults: pending, .. } = &mut *self.state();
        if let Some(change) = clock {
            // From the real clock, so that a script means the same each time it is played.
            *present = Clock::default();
            present.change(change);
        }
        pending.clear();
        pending.seed(seed);
        for fault in faults {
            pending.add(fault);
        }
    }
}

/// Settings with the members that were sent, and with those of their switches.
pub(crate) fn changed(present: &Settings, sent: Map<String, Value>) -> Result<Settings, String> {
    let mut merged = serde_json::to_value(present).expect("settings are plain");
    for (name, value) in sent {
        match (name.as_str(), value) {
            ("switches", Value::Object(switches)) => {
                for (name, position) in switches {
                    merged["switches"][name] = position;
                }
            }
            ("switches", _) => return Err("switches is an object".to_owned()),
            (_, value) => merged[name] = value,
        }
    }
    serde_json::from_value(merged).map_err(|err| err.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::faults::Effect;
    use super::super::rate_limit::RateLimit;
    use super::super::switches::PatchWithoutSecret;
    use super::super::testing::{Tenant, eventbridge};
    use super::*;

    #[test]
    fn a_script_changes_what_it_names_and_replaces_the_faults() {
        let tenant = Tenant::with(|settings| settings.latency_ms = 5);
        tenant.auth0.add_fault(Fault::next(Effect::Cut));
        tenant.auth0.play(
            r#"{
                "settings": {
                    "rate_limit": "free",
                    "switches": {"patch_without_secret": "keep"}
                },
                "clock": {"freeze": "2026-03-02T09:15:27Z"},
                "faults": [{"effect": {"status": 503}, "method": "POST"}]
            }"#
            .parse()
            .unwrap(),
        );
        let settings = tenant.auth0.settings();
        assert_eq!(settings.latency_ms, 5);
        assert_eq!(settings.rate_limit, Some(RateLimit { burst: 2, per_second: 2.0 }));
        assert_eq!(settings.switches.patch_without_secret, PatchWithoutSecret::Keep);
        assert_eq!(tenant.auth0.now().unix_timestamp(), 1_772_442_927);
        assert_eq!(tenant.auth0.faults(), [Fault::next(Effect::Status(503)).method("POST")]);
        tenant.auth0.play(Script::default());
        assert_eq!(tenant.auth0.settings(), settings);
        assert_eq!(tenant.auth0.faults(), []);
    }

    #[test]
    fn the_clock_of_a_script_starts_from_the_real_one() {
        let tenant = Tenant::new();
        let script: Script = r#"{"clock": {"advance_s": -3600}}"#.parse().unwrap();
        for _ in 0..2 {
            tenant.auth0.play(script.clone());
            let behind = time::OffsetDateTime::now_utc() - tenant.auth0.now();
            assert!((3590..3610).contains(&behind.whole_seconds()), "{behind}");
        }
    }

    #[test]
    fn the_same_script_befalls_the_same_requests() {
        let play = |seed: u64| {
            let script = format!(
                r#"{{"seed": {seed}, "faults": [{{"effect": {{"status": 503}}, "probability": 0.3}}]}}"#
            );
            let tenant = Tenant::new();
            tenant.auth0.play(script.parse().unwrap());
            (0..100).map(|_| tenant.get("event-streams").status).collect::<Vec<_>>()
        };
        assert_eq!(play(42), play(42));
        assert_ne!(play(42), play(43));
    }

    #[test]
    fn reads_are_stale_for_a_while_after_the_write_that_is_befallen() {
        let tenant = Tenant::new();
        tenant.auth0.play(
            r#"{"faults": [{"effect": {"stale_reads": 300}, "method": "POST"}]}"#.parse().unwrap(),
        );
        let id = tenant.create(&eventbridge("a"));
        let path = format!("event-streams/{id}");
        assert_eq!(tenant.get(&path).status, 404);
        // Writes see what is there, and other writes show no sooner.
        assert_eq!(tenant.post("event-streams", &eventbridge("a")).status, 409);
        let other = tenant.create(&eventbridge("b"));
        assert_eq!(tenant.get(&format!("event-streams/{other}")).status, 404);
        std::thread::sleep(std::time::Duration::from_millis(350));
        assert_eq!(tenant.get(&path).status, 200);
    }

    #[test]
    fn an_error_says_what_is_wrong_and_where() {
        for (script, want) in [
            (
                "{\n  \"sead\": 1\n}",
                "unknown field `sead`, expected one of `seed`, `settings`, `clock`, `faults` at line 2 column 8",
            ),
            (
                "{\"faults\": [\n  {\"effect\": \"explode\"}\n]}",
                "unknown variant `explode`, expected one of `too_many_requests`",
            ),
            (
                "{\"faults\": [\n  {\"effect\": \"cut\", \"probability\": 2}\n]}",
                "expected a probability from 0 to 1, not 2 at line 2 column 37",
            ),
            (
                "{\"settings\": {\n\"latency\": 1}}",
                "unknown field `latency`, expected one of `rate_limit`",
            ),
            (
                "{\"settings\": {\n\"rate_limit\": \"gold\"}}",
                "expected BURST/PER_SECOND, such as 10/2, or a plan: free, enterprise-production",
            ),
            (
                "{\"settings\": {\n\"switches\": {\"patch_without_secret\": \"never\"}}}",
                "unknown variant `never`",
            ),
            (
                "{\"clock\": {\n\"set\": \"yesterday\"}}",
                "expected an RFC 3339 time, such as 2026-03-02T09:15:27Z at line 2",
            ),
            (
                "{\"clock\": {\n\"ahead_s\": 1}}",
                "unknown variant `ahead_s`, expected one of `set`, `freeze`, `advance_s` at line 2",
            ),
            ("{\n", "EOF while parsing an object at line 2 column 0"),
        ] {
            let refusal = script.parse::<Script>().unwrap_err();
            assert!(refusal.contains(want), "{script}: {refusal}");
            assert!(refusal.contains("at line 2 column "), "{script}: {refusal}");
        }
    }
}
