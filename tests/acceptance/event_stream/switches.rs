//! Where nobody knows what Auth0 does, the simulator has a switch. We are safe in every position: no
//! secret is lost, no state is wrong, or a clear error comes before anything is sent.

use terraform_provider_auth0::simulator::switches::Switches;
use terraform_provider_auth0::simulator::{Effect, Fault};

use crate::support::terraform::Acceptance;

/// A webhook with a write-only token, a stream to EventBridge and one to an action.
fn streams(
    suffix: &str,
    endpoint: &str,
    version: u32,
    subscriptions: &str,
    action: &str,
) -> String {
    format!(
        r#"
resource "auth0_event_stream" "hook" {{
  name             = "hook{suffix}"
  destination_type = "webhook"
  subscriptions    = {subscriptions}
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
  subscriptions    = {subscriptions}
  eventbridge_configuration {{
    aws_account_id = "123456789012"
    aws_region     = "eu-west-1"
  }}
}}
resource "auth0_event_stream" "run" {{
  name             = "run{suffix}"
  destination_type = "action"
  subscriptions    = {subscriptions}
  action_configuration {{
    action_id = {action:?}
  }}
}}
"#
    )
}

/// Create, no-op, rename, other endpoint, other secret, other subscriptions, destroy.
fn drive(switches: Switches) {
    let acc = Acceptance::start();
    acc.auth0.change_settings(|settings| settings.switches = switches);
    let action = acc.auth0.create_deployed_action(None, "forward").id;
    let two = r#"["user.updated", "user.created", "user.updated"]"#;
    let secret = || {
        let stream = acc.auth0.event_streams().into_iter().find(|s| s.secret().is_some());
        stream.and_then(|stream| stream.secret().map(str::to_owned))
    };
    // One refusal with a 429 on the way, in whichever form this position has.
    acc.auth0.add_fault(Fault::next(Effect::TooManyRequests { retry_after: None, reset_in_s: 0 }));
    acc.apply(&streams("", "https://a.test", 1, two, &action));
    assert_eq!(secret().as_deref(), Some("token-1"));
    acc.apply(&streams("-2", "https://a.test", 1, two, &action));
    assert_eq!(secret().as_deref(), Some("token-1"), "a rename keeps the secret");
    acc.apply(&streams("-2", "https://b.test", 1, two, &action));
    assert_eq!(secret().as_deref(), Some("token-1"), "another endpoint keeps the secret");
    acc.apply(&streams("-2", "https://b.test", 2, two, &action));
    assert_eq!(secret().as_deref(), Some("token-2"));
    acc.apply(&streams("-2", "https://b.test", 2, r#"["group.created"]"#, &action));
    acc.destroy();
}

#[test]
fn every_position_of_every_switch_is_safe() {
    let all = Switches::each();
    assert!(all.len() > 2 * 11, "every switch has two positions or more");
    // Each drive is a row of programs that mostly wait for each other.
    let next = std::sync::Mutex::new(all.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, switches)) = { next.lock().unwrap().next() } {
                    eprintln!("{name}");
                    drive(switches);
                }
            });
        }
    });
}

/// Two streams of one name, or a name in another case: told before anything is made twice.
#[test]
fn a_name_that_another_stream_has_is_an_error_or_two_streams_but_never_a_lost_one() {
    use terraform_provider_auth0::simulator::switches::{CompareNames, PatchToUsedName};
    for (compare_names, patch_to_used_name) in [
        (CompareNames::Exactly, PatchToUsedName::Conflict),
        (CompareNames::WithoutCase, PatchToUsedName::Conflict),
        (CompareNames::Exactly, PatchToUsedName::Accept),
    ] {
        let acc = Acceptance::start();
        acc.auth0.change_settings(|settings| {
            settings.switches.compare_names = compare_names;
            settings.switches.patch_to_used_name = patch_to_used_name;
        });
        let other = super::eventbridge("Other", "eu-west-1")
            .split("\noutput")
            .next()
            .unwrap()
            .replace("\"it\"", "\"other\"");
        let with = |name: &str| super::eventbridge(name, "eu-west-1") + &other;
        acc.apply(&with("audit"));
        let taken = if compare_names == CompareNames::Exactly { "Other" } else { "other" };
        acc.configure(&with(taken));
        acc.plan().run.assert_code(&[2]);
        let run = acc.apply_plan();
        if patch_to_used_name == PatchToUsedName::Accept {
            run.assert_code(&[0]);
            acc.assert_settled();
        } else {
            run.assert_code(&[1]);
            assert!(run.errors()[0].detail.contains("409"), "{:?}", run.errors());
            assert_eq!(acc.stored("it")["name"], "audit", "the state is what the tenant has");
        }
        assert_eq!(acc.auth0.event_streams().len(), 2);
    }
}
