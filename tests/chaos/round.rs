//! One round: forty streams are created, then get new secrets, then half of them are deleted and the
//! rest is replaced, while everything goes wrong.

use std::thread;
use std::time::Duration;

use fastrand::Rng;
use nix::sys::signal::Signal;
use serde_json::Value as Json;
use terraform_provider_auth0::simulator::{Effect, Fault};

use crate::support::terraform::{Acceptance, Run};

const STREAMS: usize = 40;
/// More runs than it ever takes; each may be killed.
const RUNS: usize = 12;
/// The first of them are interfered with.
const DISTURBED: usize = 4;

/// What a round went through.
#[derive(Default)]
struct Told {
    runs: usize,
    signals: Vec<&'static str>,
}

/// Runs the round of `seed` and tells what it went through. Panics where something is lost.
pub fn run(seed: u64) -> String {
    let mut rng = with_seed(seed, 0, 0);
    let mut acc = Acceptance::start();
    acc.set("AUTH0_ADOPT_EXISTING", "true");
    let stale = rng.choice([0, 0, 500, 3000]).unwrap();
    acc.auth0.change_settings(|settings| {
        settings.latency_ms = 20;
        settings.stale_reads_ms = stale;
    });
    let mut told = Told::default();
    let phases = [(1, 1, STREAMS), (1, 2, STREAMS), (1, 2, STREAMS / 2), (2, 2, STREAMS / 2)];
    for (phase, (generation, version, streams)) in (1..).zip(phases) {
        acc.configure(&configuration(generation, version, streams));
        order_faults(&acc, &mut with_seed(seed, phase, 0));
        let ran = (1..=RUNS).any(|run| {
            told.runs += 1;
            // Of its own: how many runs a phase takes is a matter of time.
            let mut rng = with_seed(seed, phase, run);
            let ended = disturbed_apply(&acc, &mut rng, run <= DISTURBED, &mut told);
            ended.code == Some(0)
        });
        assert!(ran, "no run out of {RUNS} succeeded");
        acc.auth0.clear_faults();
        thread::sleep(Duration::from_millis(stale));
        assert_nothing_is_lost(&acc, version, streams);
    }
    format!("{} runs, stale reads {stale} ms, signals: {}", told.runs, told.signals.join(", "))
}

/// Chance for one run of one phase.
fn with_seed(seed: u64, phase: usize, run: usize) -> Rng {
    Rng::with_seed(seed.wrapping_mul(1_000_003) + (phase * 100 + run) as u64)
}

fn configuration(generation: usize, version: usize, streams: usize) -> String {
    format!(
        r#"
resource "terraform_data" "generation" {{
  input = {generation}
}}

resource "auth0_event_stream" "many" {{
  count            = {streams}
  name             = "stream-${{count.index}}"
  destination_type = "webhook"
  subscriptions    = ["user.created", "user.updated"]

  webhook_configuration {{
    webhook_endpoint = "https://hooks.example.com/${{count.index}}"

    webhook_authorization {{
      method           = "bearer"
      token_wo         = "secret-{version}-${{count.index}}"
      token_wo_version = {version}
    }}
  }}

  lifecycle {{
    replace_triggered_by = [terraform_data.generation]
  }}
}}
"#
    )
}

/// A dozen faults, each for one request of a phase; of those that cost the settling time, one.
fn order_faults(acc: &Acceptance, rng: &mut Rng) {
    let status = |rng: &mut Rng| rng.choice([500, 502, 503, 504]).unwrap();
    let costly = match rng.u8(0..3) {
        0 => Effect::Cut,
        1 => Effect::Status(status(rng)),
        _ => Effect::Html(status(rng)),
    };
    acc.auth0.add_fault(Fault::next(costly).method("POST").skip(rng.u32(0..20)));
    for _ in 0..12 {
        let any = |rng: &mut Rng| rng.choice(["GET", "PATCH", "DELETE"]).unwrap();
        let (effect, method) = match rng.u8(0..9) {
            0 | 1 => (Effect::ExecuteThenCut, "POST"),
            2 => (Effect::TruncatedJson, rng.choice(["GET", "POST", "PATCH"]).unwrap()),
            3 => (Effect::Slow(rng.u64(200..2000)), rng.choice(["POST", "PATCH"]).unwrap()),
            4 => (Effect::ExecuteThenCut, rng.choice(["PATCH", "DELETE"]).unwrap()),
            5 => (Effect::Cut, any(rng)),
            6 => (Effect::Status(status(rng)), any(rng)),
            7 => (Effect::Html(status(rng)), any(rng)),
            _ => {
                let limited = Effect::TooManyRequests { retry_after: None, reset_in_s: 1 };
                (limited, rng.choice(["GET", "POST", "PATCH", "DELETE"]).unwrap())
            }
        };
        acc.auth0.add_fault(Fault::next(effect).method(method).skip(rng.u32(0..30)));
    }
}

/// An apply that is, perhaps, signalled at some moment.
fn disturbed_apply(acc: &Acceptance, rng: &mut Rng, disturb: bool, told: &mut Told) -> Run {
    let mut running = acc.begin(&["apply", "-json", "-input=false", "-auto-approve"]);
    if disturb {
        thread::sleep(Duration::from_millis(rng.u64(300..4000)));
        let what = match rng.u8(0..7) {
            0 => {
                running.signal_plugins(Signal::SIGKILL);
                "KILL to the plugin"
            }
            1 => {
                running.signal_plugins(Signal::SIGTERM);
                "TERM to the plugin"
            }
            2 => {
                running.try_signal_all(Signal::SIGTERM);
                "TERM to all"
            }
            3 => {
                running.try_kill_core();
                "KILL to core"
            }
            4 => {
                running.try_signal_all(Signal::SIGINT);
                "INT to all"
            }
            5 => {
                running.try_signal_core(Signal::SIGTERM);
                "TERM to core"
            }
            _ => "none",
        };
        told.signals.push(what);
    }
    let ended = running.ended();
    running.assert_plugin_ends();
    ended
}

/// The tenant holds exactly the configured streams, each with its secret; all are in the state; and
/// nothing is left to do.
fn assert_nothing_is_lost(acc: &Acceptance, version: usize, count: usize) {
    let streams = acc.auth0.event_streams();
    for index in 0..count {
        let name = format!("stream-{index}");
        let mut named = streams.iter().filter(|stream| stream.name == name);
        let stream = named.next().unwrap_or_else(|| panic!("{name} is not in the tenant"));
        assert!(named.next().is_none(), "{name} is in the tenant twice");
        let secret = format!("secret-{version}-{index}");
        assert_eq!(stream.secret(), Some(secret.as_str()), "{name}");
    }
    assert_eq!(streams.len(), count, "more than what is configured");
    let state = acc.state();
    let resources = state["resources"].as_array().unwrap();
    let of_ours = |resource: &&Json| resource["type"] == "auth0_event_stream";
    let instances = resources.iter().find(of_ours).unwrap()["instances"].as_array().unwrap();
    let mut stored: Vec<&str> = instances.iter().filter_map(id).collect();
    let mut there: Vec<&str> = streams.iter().map(|stream| stream.id.as_str()).collect();
    stored.sort_unstable();
    there.sort_unstable();
    assert_eq!(stored, there, "the state knows others than the tenant has");
    acc.plan().assert_empty();
}

fn id(instance: &Json) -> Option<&str> {
    instance["attributes"]["id"].as_str()
}
