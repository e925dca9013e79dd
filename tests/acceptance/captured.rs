//! Everything that real cores ask in a life of event streams, and what they are answered, compared with
//! files that people read in review: `tests/protocol/captured/` has a folder for each core, and in it a
//! file for each RPC.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::event_stream::official_state::{CREATED, tenant_of};
use crate::event_stream::{action, eventbridge, eventbridge_body, with_authorization};
use crate::support::PROGRAM;
use crate::support::golden::assert_golden;
use crate::support::recorder::{Call, Recorder};
use crate::support::terraform::{Acceptance, version};

/// The cores that have a folder. Another version is recorded as well, and compared with nothing.
const CAPTURED: [&str; 3] = ["terraform-1.11", "terraform-1.15", "opentofu-1.12"];

const STEPS: [&str; 9] = [
    "create",
    "nothing to do",
    "new secret, replacement",
    "import",
    "import by identity",
    "test event",
    "query",
    "destroy",
    "move from the official provider",
];

/// What differs from run to run, and what stands for it.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(acc: &Acceptance) -> Self {
        Self(vec![
            (acc.auth0.domain().to_owned(), "(domain)".to_owned()),
            (acc.auth0.client_id().to_owned(), "(client id)".to_owned()),
            (acc.auth0.client_secret().to_owned(), "(client secret)".to_owned()),
            (ca_file(acc), "(CA file)".to_owned()),
        ])
    }

    /// Takes in the streams that are there now.
    fn look(&mut self, acc: &Acceptance) {
        for stream in acc.auth0.event_streams() {
            let first = format!("(id of {})", stream.name);
            if self.0.iter().any(|(id, _)| *id == stream.id) {
                continue;
            }
            let is_taken = self.0.iter().any(|(_, placeholder)| *placeholder == first);
            let next = format!("(new id of {})", stream.name);
            self.0.push((stream.id, if is_taken { next } else { first }));
        }
    }

    /// Times, ids, tokens and the like, in the order of what is more special.
    fn replaced(&self, value: &Json) -> Json {
        match value {
            Json::Array(elements) => {
                elements.iter().map(|element| self.replaced(element)).collect()
            }
            Json::Object(members) => {
                let member = |(name, value): (&String, &Json)| {
                    let value = match (name.as_str(), value) {
                        (
                            "created_at" | "updated_at" | "sent_at" | "expires_at",
                            Json::String(text),
                        ) if !text.starts_with('(') => "(time)".into(),
                        ("access_token", Json::String(text)) if !text.starts_with('(') => {
                            "(token)".into()
                        }
                        ("aws_partner_event_source", Json::String(text))
                            if !text.starts_with('(') =>
                        {
                            "(source)".into()
                        }
                        ("terraform_version", _) => "(version)".into(),
                        _ => self.replaced(value),
                    };
                    (name.clone(), value)
                };
                Json::Object(members.iter().map(member).collect())
            }
            Json::String(text) => {
                let mut text = text.clone();
                for (from, to) in &self.0 {
                    text = text.replace(from, to);
                }
                if let Some(at) = text.find("evt_") {
                    text.replace_range(at..at + "evt_".len() + 22, "(id of the event)");
                }
                text.into()
            }
            other => other.clone(),
        }
    }
}

/// The calls of a run by RPC, each pair once.
#[derive(Default)]
struct Pages(BTreeMap<String, Vec<Json>>);

impl Pages {
    fn add(&mut self, step: &str, names: &Names, calls: Vec<Call>) {
        for Call { rpc, request, answer } in calls {
            // The schemas have a file of their own.
            let answer = match rpc.as_str() {
                "GetProviderSchema" => "(the schemas)".into(),
                _ => names.replaced(&answer),
            };
            let page = self.0.entry(rpc).or_default();
            let request = names.replaced(&request);
            let is_known = |known: &Json| known["request"] == request && known["answer"] == answer;
            if !page.iter().any(is_known) {
                page.push(json!({"step": step, "request": request, "answer": answer}));
            }
        }
    }
}

fn streams(secret: &str, region: &str, action_id: &str) -> String {
    let webhook = with_authorization(
        "orders",
        "https://hooks.example.com/auth0",
        &format!(
            "method = \"bearer\"\n token_wo = \"captured${{substr(ephemeral.auth0_access_token.it.access_token, 0, 0)}}\"\n token_wo_version = {secret}"
        ),
    );
    let bus = without_output(&eventbridge("audit", region), "bus");
    webhook + &bus + &without_output(&action("forward", action_id), "act")
}

const READERS: &str = r#"
ephemeral "auth0_access_token" "it" {}

data "auth0_event_types" "users" {
  pattern = "user.*"
}

output "pattern" {
  value = provider::auth0::event_types("user.c*")
}
"#;

const TEST_EVENT: &str = r#"
action "auth0_event_stream_test" "it" {
  config {
    event_stream_id = auth0_event_stream.bus.id
    event_type      = "user.created"
    wait            = "0s"
  }
}
"#;

const QUERY: &str = r#"
list "auth0_event_stream" "all" {
  provider         = auth0
  include_resource = true

  config {
    destination_type = "eventbridge"
  }
}
"#;

#[test]
fn what_a_core_asks_and_is_answered_is_what_was_captured() {
    let recorder = Recorder::start(PROGRAM);
    let mut acc = Acceptance::start();
    acc.set("TF_REATTACH_PROVIDERS", &recorder.reattach());
    let action_id = "6f0d1c1e-6c0b-4b0e-9a52-3f1d6f5b7a10";
    acc.auth0.create_deployed_action(Some(action_id), "forward");
    let (program, minor) = version();
    let (mut pages, mut names) = (Pages::default(), Names::of(&acc));
    let step = |pages: &mut Pages, acc: &Acceptance, names: &mut Names, step: usize, hcl: &str| {
        acc.configure(&format!("{}{hcl}", provider(acc)));
        acc.run(&["plan", "-input=false", "-parallelism=1", "-out=plan.bin"]).ok();
        acc.run(&["apply", "-input=false", "-parallelism=1", "plan.bin"]).ok();
        names.look(acc);
        pages.add(STEPS[step], names, recorder.calls());
    };
    let first = streams("1", "eu-west-1", action_id) + READERS;
    step(&mut pages, &acc, &mut names, 0, &first);
    step(&mut pages, &acc, &mut names, 1, &first);
    let mut hcl = streams("2", "eu-central-1", action_id) + READERS;
    step(&mut pages, &acc, &mut names, 2, &hcl);
    hcl += &imported(&acc, "by_id", |id| format!("id = {id:?}"));
    step(&mut pages, &acc, &mut names, 3, &hcl);
    if minor >= 12 {
        hcl += &imported(&acc, "by_identity", |id| format!("identity = {{ id = {id:?} }}"));
        step(&mut pages, &acc, &mut names, 4, &hcl);
    }
    if program == "terraform" && minor >= 14 {
        let invoke = "-invoke=action.auth0_event_stream_test.it";
        acc.configure(&format!("{}{hcl}{TEST_EVENT}", provider(&acc)));
        acc.run(&["apply", "-input=false", "-auto-approve", invoke]).ok();
        pages.add(STEPS[5], &names, recorder.calls());
        std::fs::write(acc.folder().join("all.tfquery.hcl"), QUERY).unwrap();
        acc.run(&["query", "-generate-config-out=generated.tf"]).ok();
        std::fs::remove_file(acc.folder().join("generated.tf")).unwrap();
        pages.add(STEPS[6], &names, recorder.calls());
    }
    acc.run(&["destroy", "-input=false", "-auto-approve", "-parallelism=1"]).ok();
    pages.add(STEPS[7], &names, recorder.calls());

    let (mut acc, state) = (Acceptance::start(), official_bus());
    acc.set("TF_REATTACH_PROVIDERS", &recorder.reattach());
    tenant_of(&acc, &state);
    acc.put_state(&state);
    let mut names = Names::of(&acc);
    step(&mut pages, &acc, &mut names, 8, &moved(&state));

    let core = format!("{program}-1.{minor}");
    if !CAPTURED.contains(&core.as_str()) {
        // Nothing to compare with; that it went well is what counts.
        return;
    }
    for (rpc, mut page) in pages.0 {
        // Core goes through what does not depend on each other in any order.
        page.sort_by_cached_key(|call| (step_of(call), call["request"].to_string()));
        let text = serde_json::to_string_pretty(&page).unwrap() + "\n";
        assert_golden(&format!("tests/protocol/captured/{core}/{rpc}.json"), &text);
    }
}

/// A stream that is in the tenant, its configuration, and the block that imports it by `by`.
fn imported(acc: &Acceptance, name: &str, by: impl Fn(&str) -> String) -> String {
    let stream = acc.auth0.create_event_stream(&eventbridge_body(name));
    let by = by(&stream.unwrap().id);
    let hcl = without_output(&eventbridge(name, "eu-west-1"), name);
    format!("import {{\n  to = auth0_event_stream.{name}\n  {by}\n}}\n{hcl}")
}

/// A resource under another address.
fn without_output(hcl: &str, name: &str) -> String {
    hcl.split("output ").next().unwrap().replace("\"it\"", &format!("{name:?}"))
}

/// The state of the official provider with its stream to EventBridge alone.
fn official_bus() -> String {
    let mut state: Json = serde_json::from_str(CREATED).unwrap();
    state["resources"].as_array_mut().unwrap().retain(|resource| resource["name"] == "bus");
    state.to_string()
}

/// That stream at another address, and under our provider.
fn moved(state: &str) -> String {
    let state: Json = serde_json::from_str(state).unwrap();
    let attributes = &state["resources"][0]["instances"][0]["attributes"];
    let hcl = eventbridge(attributes["name"].as_str().unwrap(), "eu-west-1");
    let subscriptions = attributes["subscriptions"].to_string();
    let hcl = without_output(&hcl, "moved").replace("[\"user.created\"]", &subscriptions);
    format!("moved {{\n  from = auth0_event_stream.bus\n  to = auth0_event_stream.moved\n}}\n{hcl}")
}

/// Where a call stands in the life that is captured.
fn step_of(call: &Json) -> usize {
    STEPS.iter().position(|step| call["step"] == *step).expect("a step")
}

fn provider(acc: &Acceptance) -> String {
    std::fs::write(ca_file(acc), acc.auth0.ca_pem()).unwrap();
    format!(
        "provider \"auth0\" {{\n  domain = {:?}\n  client_id = {:?}\n  client_secret = {:?}\n  \
         ca_cert_file = {:?}\n}}\n",
        acc.auth0.domain(),
        acc.auth0.client_id(),
        acc.auth0.client_secret(),
        ca_file(acc),
    )
}

fn ca_file(acc: &Acceptance) -> String {
    acc.folder().join("captured-ca.pem").to_str().unwrap().to_owned()
}
