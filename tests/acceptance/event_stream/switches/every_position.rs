//! The same life of three streams in every position of every switch.

use std::sync::Mutex;

use terraform_provider_auth0::simulator::switches::{RetryAfter, Switches};
use terraform_provider_auth0::simulator::{Destination, RateLimit};

use super::sent::assert_safe;
use super::{put, turned};
use crate::support::terraform::Acceptance;

/// A webhook with a write-only token, a stream to EventBridge and one to an action.
struct Streams {
    suffix: &'static str,
    endpoint: &'static str,
    version: u32,
    subscriptions: &'static [&'static str],
    action: String,
}

impl Streams {
    fn hcl(&self) -> String {
        let Self { suffix, endpoint, version, subscriptions, action } = self;
        format!(
            r#"
locals {{
  subscriptions = {subscriptions:?}
}}
resource "auth0_event_stream" "hook" {{
  name             = "hook{suffix}"
  destination_type = "webhook"
  subscriptions    = local.subscriptions
  webhook_configuration {{
    webhook_endpoint = {endpoint:?}
    webhook_authorization {{
      method           = "bearer"
      token_wo         = "token-{version}"
      token_wo_version = {version}
    }}
  }}
}}
resource "auth0_event_stream" "bus" {{
  name             = "bus{suffix}"
  destination_type = "eventbridge"
  subscriptions    = local.subscriptions
  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }}
}}
resource "auth0_event_stream" "run" {{
  name             = "run{suffix}"
  destination_type = "action"
  subscriptions    = local.subscriptions
  action_configuration {{
    action_id = {action:?}
  }}
}}
"#
        )
    }

    /// Applies them, after which there is nothing to do and the tenant holds what is configured.
    fn apply(&self, acc: &Acceptance, position: &str) {
        assert_eq!(put(acc, &self.hcl()).warnings(), [], "{position}");
        let streams = acc.auth0.event_streams();
        assert_eq!(streams.len(), 3, "{position}");
        for stream in streams {
            let kind = match &stream.destination {
                Destination::Webhook { endpoint, .. } => {
                    assert_eq!(endpoint, self.endpoint, "{position}");
                    let secret = format!("token-{}", self.version);
                    assert_eq!(stream.secret(), Some(secret.as_str()), "{position}");
                    "hook"
                }
                Destination::EventBridge { .. } => "bus",
                Destination::Action { action_id } => {
                    assert_eq!(*action_id, self.action, "{position}");
                    "run"
                }
            };
            assert_eq!(stream.name, format!("{kind}{}", self.suffix), "{position}");
            // In any order, and each once: nobody knows what Auth0 makes of repetitions.
            let (mut has, mut wants) = (stream.subscriptions, self.subscriptions.to_vec());
            has.sort();
            wants.sort_unstable();
            wants.dedup();
            assert_eq!(has, wants, "{position}");
        }
    }
}

/// Create, rename, other endpoint, other secret, other subscriptions, each with a no-op; destroy.
fn drive(position: &str, switches: Switches) {
    let acc = turned(|turned| *turned = switches);
    let is_limited = switches.retry_after == RetryAfter::Present;
    if is_limited {
        let bucket = RateLimit { burst: 1, per_second: 2.0 };
        acc.auth0.change_settings(|settings| settings.rate_limit = Some(bucket));
    }
    let mut streams = Streams {
        suffix: "",
        endpoint: "https://a.test",
        version: 1,
        subscriptions: &["user.updated", "user.created", "user.updated"],
        action: acc.auth0.create_deployed_action(None, "forward").id,
    };
    streams.apply(&acc, position);
    streams.suffix = "-2";
    streams.apply(&acc, position);
    streams.endpoint = "https://b.test";
    streams.apply(&acc, position);
    streams.version = 2;
    streams.apply(&acc, position);
    streams.subscriptions = &["group.created"];
    streams.apply(&acc, position);
    acc.assert_settled();
    acc.destroy();

    assert_safe(&acc);
    let requests = acc.auth0.requests();
    let answered = |method: &str, status| {
        let all = requests.iter().filter(|r| r.method == method && r.path != "/oauth/token");
        all.filter(|r| r.status == Some(status)).count()
    };
    // Three names, an endpoint, a secret, and three times subscriptions.
    let writes = [answered("POST", 201), answered("PATCH", 200), answered("DELETE", 204)];
    assert_eq!(writes, [3, 8, 3], "{position}");
    let limited = requests.iter().filter(|r| r.status == Some(429)).count();
    assert_eq!(limited > 0, is_limited, "{position}: {limited} refusals by the rate limit");
    let refused = requests.iter().find(|r| r.status.is_none_or(|s| s >= 400 && s != 429));
    assert!(refused.is_none(), "{position}: {refused:?}");
}

/// All defaults, and then every other position, each alone among defaults.
fn positions() -> Vec<(String, Switches)> {
    let mut all = Switches::each();
    // The default position of each switch is the same tenant.
    all.retain(|(_, switches)| *switches != Switches::default());
    for name in Switches::NAMES {
        let other = format!("{name}: ");
        assert!(all.iter().any(|(position, _)| position.starts_with(&other)), "{name}");
    }
    all.push(("defaults".to_owned(), Switches::default()));
    // The one that waits for its rate limit is begun first.
    all.sort_by_key(|(_, switches)| switches.retry_after != RetryAfter::Present);
    all
}

#[test]
fn every_position_of_every_switch_is_safe() {
    // Each drive is a row of programs that mostly wait for each other.
    let next = Mutex::new(positions().into_iter());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((position, switches)) = { next.lock().unwrap().next() } {
                    eprintln!("{position}");
                    drive(&position, switches);
                }
            });
        }
    });
}
