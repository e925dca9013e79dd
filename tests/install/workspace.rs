//! A configuration of event streams alone, and the ways in which core is told where to install from.

use std::fs;
use std::path::Path;

use crate::support::terraform::{Acceptance, Run};

/// The address of this provider, and that of the official one, which many modules name.
pub const OWN: &str = "auth0-eventing/auth0";
pub const OFFICIAL: &str = "auth0/auth0";

/// A tenant, and a module that asks for `address` and has nothing but an event stream.
pub fn module(address: &str) -> Acceptance {
    let acc = Acceptance::start();
    acc.write(&format!(
        "terraform {{
  required_providers {{
    auth0 = {{
      source  = \"{address}\"
      version = \"~> 1.0\"
    }}
  }}
}}

resource \"auth0_event_stream\" \"audit\" {{
  name             = \"audit\"
  destination_type = \"eventbridge\"
  subscriptions    = [\"user.created\"]

  eventbridge_configuration {{
    aws_account_id = \"123456789012\"
    aws_region     = \"eu-west-1\"
  }}
}}
"
    ));
    acc
}

/// Makes `method` all that core knows to install from.
pub fn install_from(acc: &mut Acceptance, method: &str) {
    let file = acc.folder().with_file_name("install.tfrc");
    fs::write(&file, format!("provider_installation {{\n  {method}\n}}\n")).unwrap();
    acc.set("TF_CLI_CONFIG_FILE", file.to_str().unwrap());
}

pub fn filesystem_mirror(folder: &Path) -> String {
    format!("filesystem_mirror {{\n    path = {folder:?}\n  }}")
}

#[track_caller]
pub fn init(acc: &Acceptance) -> Run {
    acc.run(&["init", "-input=false", "-no-color"])
}

/// The installed provider plans.
#[track_caller]
pub fn assert_plans(acc: &Acceptance) {
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    assert_eq!(plan.actions("audit"), "create");
}

/// The installed provider plans, and applies what it has planned.
#[track_caller]
pub fn assert_works(acc: &Acceptance) {
    assert_plans(acc);
    acc.apply_plan().ok();
    acc.assert_settled();
    acc.destroy();
}

pub fn lock_file(acc: &Acceptance) -> String {
    fs::read_to_string(acc.folder().join(".terraform.lock.hcl")).unwrap()
}

/// What was printed, in one line, so that it does not matter where core breaks lines.
pub fn words(run: &Run) -> String {
    run.printed().replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
