//! `terraform-provider-auth0 generate`, and what the real program makes of its files.

use std::fs;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::support::terraform::{Acceptance, Plan, Run};

const FILES: [&str; 3] = ["event_streams.tf", "variables.tf", "versions.tf"];

fn create(acc: &Acceptance, name: &str, destination: Json) -> String {
    let body = json!({
        "name": name,
        "status": "enabled",
        "subscriptions": [{"event_type": "user.updated"}, {"event_type": "user.created"}],
        "destination": destination,
    });
    // Times are told in milliseconds, and they are what the order is by.
    std::thread::sleep(Duration::from_millis(2));
    acc.auth0.create_event_stream(&body).unwrap().id
}

fn eventbridge() -> Json {
    json!({"type": "eventbridge", "configuration": {
        "aws_account_id": "012345678901", "aws_region": "eu-west-1",
    }})
}

fn webhook(authorization: Json) -> Json {
    json!({"type": "webhook", "configuration": {
        "webhook_endpoint": "https://hooks.example.com/auth0?a=%7B&b=${c}",
        "webhook_authorization": authorization,
    }})
}

fn bearer() -> Json {
    webhook(json!({"method": "bearer", "token": "made-by-hand"}))
}

/// Generates into the folder of the workspace.
fn generate(acc: &Acceptance, more: &[&str]) -> Run {
    acc.by_hand(&[&["generate", "--out", "."], more].concat())
}

/// The files as they are; empty where there is none.
fn files(acc: &Acceptance) -> [String; 3] {
    FILES.map(|name| fs::read_to_string(acc.folder().join(name)).unwrap_or_default())
}

/// Proves that a plan imports so many streams, and does nothing else.
#[track_caller]
fn imports_alone(plan: &Plan, count: usize) {
    plan.run.assert_code(&[2]);
    assert!(plan.run.messages().is_empty(), "{:?}", plan.run.messages());
    let changes = plan.json["resource_changes"].as_array().unwrap();
    assert_eq!(changes.len(), count);
    for change in changes {
        assert_eq!(change["change"]["actions"], json!(["no-op"]), "{change}");
        assert!(change["change"]["importing"].is_object(), "{change}");
    }
}

/// Lines of `new` that `old` has not, and the other way round.
fn difference(old: &str, new: &str) -> Vec<String> {
    let lines = |sign, of: &str, than: &str| {
        let other: Vec<_> = than.lines().map(str::to_owned).collect();
        let lines = of.lines().filter(|line| !other.contains(&(*line).to_owned()));
        lines.map(|line| format!("{sign}{}", line.trim())).collect::<Vec<_>>()
    };
    [lines('-', old, new), lines('+', new, old)].concat()
}

#[test]
fn every_kind_of_stream_and_every_name_is_imported_and_nothing_changes() {
    let acc = Acceptance::start();
    let action = acc.auth0.create_deployed_action(None, "forward").id;
    create(&acc, "action", json!({"type": "action", "configuration": {"action_id": action}}));
    create(&acc, "eventbridge", eventbridge());
    create(&acc, "bearer", bearer());
    let basic = json!({"method": "basic", "username": "ho\\ok \"x\"", "password": "p"});
    create(&acc, "basic", webhook(basic));
    let header = json!({"method": "custom_header", "header_key": "X-Hook", "header_value": "v"});
    create(&acc, "header", webhook(header));
    let names = [
        "crm-sync",
        "CRM Sync",
        "2fa",
        "null",
        "for",
        "count",
        "\"quoted\" \\ 'it'",
        "line\nfeed\r\ttab",
        "${var.x} %{ if } $${y} %%{z} $$$${ $ {",
        "Größe 注文 🎉",
        "e\u{301}",
        "\u{202e}turned \u{1b}[31m",
        "\u{feff}bom",
        "***",
        " # // /*",
        "<<EOT",
    ];
    for name in names {
        create(&acc, name, bearer());
    }
    acc.auth0.forget_requests();
    let run = generate(&acc, &[]).ok();
    assert_eq!(acc.requests(), [1, 0, 1, 0, 0]);
    let domain = acc.auth0.domain();
    assert!(
        run.stdout.starts_with(&format!("21 event streams of {domain} in .:\n")),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
    acc.run(&["fmt", "-check", "-diff"]).ok();
    imports_alone(&acc.plan(), 21);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert!(acc.bodies("PATCH").is_empty());
    // A file that a program shows must not turn what a person reads.
    let [event_streams, ..] = files(&acc);
    assert!(!event_streams.contains(['\u{202e}', '\u{1b}', '\u{feff}']));
}

#[test]
fn a_hundred_and_thirty_streams_cost_two_requests() {
    let acc = Acceptance::start();
    for index in 0..130 {
        create(&acc, &format!("stream {index}"), eventbridge());
    }
    acc.auth0.forget_requests();
    generate(&acc, &[]).ok();
    assert_eq!(acc.requests(), [1, 0, 2, 0, 0]);
    imports_alone(&acc.plan(), 130);
}

#[test]
fn a_second_run_replaces_nothing_unless_it_is_told_to() {
    let acc = Acceptance::start();
    create(&acc, "crm-sync", bearer());
    generate(&acc, &[]).ok();
    let before = files(&acc);
    acc.auth0.forget_requests();
    let again = generate(&acc, &[]);
    again.assert_code(&[1]);
    assert!(again.stderr.starts_with("Error: There are files already\n\n"), "{}", again.stderr);
    for name in FILES {
        assert!(again.stderr.contains(name), "{}", again.stderr);
    }
    assert!(again.stderr.contains("--overwrite") && again.stdout.is_empty());
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
    let over = generate(&acc, &["--overwrite"]).ok();
    assert_eq!(over.stdout.matches("unchanged").count(), 3, "{}", over.stdout);
    assert_eq!(files(&acc), before);
    let left: Vec<_> = acc.files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(left.len(), FILES.len(), "{left:?}");
    // Whatever does not say that it was generated belongs to somebody.
    fs::write(acc.folder().join("variables.tf"), "variable \"mine\" {}\n").unwrap();
    let refused = generate(&acc, &["--overwrite"]);
    refused.assert_code(&[1]);
    assert!(refused.stderr.contains("variables.tf") && !refused.stderr.contains("versions.tf"));
    assert_eq!(files(&acc)[1], "variable \"mine\" {}\n");
}

/// The difference shows what has changed, and applying it deletes nothing that the tenant has.
#[test]
fn a_change_of_the_tenant_is_a_difference_of_a_few_lines() {
    let acc = Acceptance::start();
    let renamed = create(&acc, "crm-sync", bearer());
    let disabled = create(&acc, "audit", eventbridge());
    let deleted = create(&acc, "old", eventbridge());
    generate(&acc, &[]).ok();
    imports_alone(&acc.plan(), 3);
    acc.apply_plan().ok();
    let [before, variables, versions] = files(&acc);

    acc.auth0.patch_event_stream(&renamed, &json!({"name": "crm"})).unwrap();
    acc.auth0.patch_event_stream(&disabled, &json!({"status": "disabled"})).unwrap();
    acc.auth0.delete_event_stream(&deleted);
    let new = create(&acc, "crm sync", eventbridge());
    // A filter chooses what is added, and drops nothing.
    let run = generate(&acc, &["--overwrite", "--name-pattern", "crm*"]).ok();
    assert!(run.stdout.contains("event_streams.tf  changed"), "{}", run.stdout);
    let [after, ..] = files(&acc);
    let short = new.trim_start_matches("est_")[..8].to_lowercase();
    assert_eq!(
        difference(&before, &after),
        [
            "-name             = \"crm-sync\"".to_owned(),
            "-to = auth0_event_stream.old".to_owned(),
            format!("-id = \"{deleted}\""),
            "-resource \"auth0_event_stream\" \"old\" {".to_owned(),
            "-name             = \"old\"".to_owned(),
            "+name             = \"crm\"".to_owned(),
            "+status           = \"disabled\"".to_owned(),
            format!("+to = auth0_event_stream.crm_sync_{short}"),
            format!("+id = \"{new}\""),
            format!("+resource \"auth0_event_stream\" \"crm_sync_{short}\" {{"),
            "+name             = \"crm sync\"".to_owned(),
        ]
    );
    let [_, variables_now, versions_now] = files(&acc);
    assert_eq!(difference(&variables, &variables_now).len(), 2);
    assert_eq!(versions, versions_now);
    let plan = acc.plan();
    plan.run.assert_code(&[2]);
    for change in plan.json["resource_changes"].as_array().unwrap() {
        assert_eq!(change["change"]["actions"], json!(["no-op"]), "{change}");
    }
    acc.apply_plan().ok();
    acc.assert_settled();
}

#[test]
fn a_secret_that_its_variables_give_is_sent_once_and_stored_nowhere() {
    let mut acc = Acceptance::start();
    let id = create(&acc, "crm-sync", bearer());
    generate(&acc, &[]).ok();
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    // Either alone is told with the line of the other one.
    acc.set("TF_VAR_crm_sync_token", "s3cr3t-canary");
    let errors = acc.plan().run.errors();
    assert_eq!(errors[0].summary, "Missing token_wo_version");
    assert!(errors[0].code.contains("var.crm_sync_token_version"), "{}", errors[0].code);
    acc.unset("TF_VAR_crm_sync_token");
    acc.set("TF_VAR_crm_sync_token_version", "1");
    let errors = acc.plan().run.errors();
    assert_eq!(errors[0].summary, "Missing token_wo");

    acc.set("TF_VAR_crm_sync_token", "s3cr3t-canary");
    assert_eq!(acc.plan().actions("crm_sync"), "update");
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.bodies("PATCH").len(), 1);
    assert_eq!(acc.auth0.event_stream(&id).unwrap().secret(), Some("s3cr3t-canary"));
    for (path, contents) in acc.files() {
        let text = String::from_utf8_lossy(&contents);
        assert!(!text.contains("canary") && !text.contains("made-by-hand"), "{}", path.display());
    }
    // What is generated again is the same.
    assert!(generate(&acc, &["--overwrite"]).ok().stdout.matches("unchanged").count() == 3);
}

#[test]
fn filters_choose() {
    let acc = Acceptance::start();
    create(&acc, "crm-sync", bearer());
    let audit = create(&acc, "audit", eventbridge());
    acc.auth0.patch_event_stream(&audit, &json!({"status": "disabled"})).unwrap();
    for (number, (filters, want)) in [
        (&["--destination-type", "webhook"][..], &["crm-sync"][..]),
        (&["--status", "disabled"], &["audit"]),
        (&["--name-pattern", "*-sync"], &["crm-sync"]),
        (&["--subscribed-to", "user.*"], &["crm-sync", "audit"]),
        (&["--subscribed-to", "user.*", "--status", "disabled"], &["audit"]),
        (&["--name-pattern", "nothing"], &[]),
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("new/{number}");
        let run = acc.by_hand(&[&["generate", "--out", &out], filters].concat()).ok();
        let text = fs::read_to_string(acc.folder().join(out).join(FILES[0])).unwrap();
        assert_eq!(text.matches("import {").count(), want.len(), "{filters:?}");
        assert!(want.iter().all(|name| text.contains(&format!("= \"{name}\""))), "{filters:?}");
        assert_eq!(run.stderr, "");
    }
    let misspelled = generate(&acc, &["--subscribed-to", "user.create"]).ok();
    assert!(misspelled.stderr.contains("Warning: Unknown event type \"user.create\""));
}

#[test]
fn what_cannot_be_managed_is_left_out_and_told() {
    let acc = Acceptance::start();
    let id = create(&acc, "nameless", eventbridge());
    create(&acc, "audit", eventbridge());
    acc.auth0.change_event_stream(&id, |stream| stream.name = String::new());
    let run = generate(&acc, &[]).ok();
    let told =
        format!("Left out: event stream {id} \"\", since its configuration would be refused.");
    assert!(run.stderr.starts_with(&format!("Warning: {told}")), "{}", run.stderr);
    assert!(files(&acc)[0].contains(&format!("\n# {told}")), "{}", files(&acc)[0]);
    acc.run(&["fmt", "-check", "-diff"]).ok();
    imports_alone(&acc.plan(), 1);
}

#[test]
fn wrong_arguments_are_told_before_anything_is_asked() {
    let acc = Acceptance::start();
    for (arguments, told) in [
        (&["generate"][..], "--out <DIR>"),
        (&["generate", "--out", ".", "--status", "off"], "possible values: enabled, disabled"),
        (&["generate", "--out", ".", "--destination-type", "kafka"], "possible values: action"),
        (&["generate", "--out", ".", "--force"], "--force"),
    ] {
        let run = acc.by_hand(arguments);
        run.assert_code(&[2]);
        assert!(run.stderr.contains(told) && run.stdout.is_empty(), "{}", run.printed());
    }
    assert_eq!(acc.requests(), [0, 0, 0, 0, 0]);
}

#[test]
fn what_fails_is_told_with_what_to_do_and_writes_nothing() {
    let mut acc = Acceptance::start();
    create(&acc, "crm-sync", bearer());
    fs::write(acc.folder().join("file"), "").unwrap();
    let unwritable = acc.by_hand(&["generate", "--out", "file/in"]);
    unwritable.assert_code(&[1]);
    assert!(unwritable.stderr.starts_with("Error: Unable to "), "{}", unwritable.stderr);
    assert!(unwritable.stderr.contains("file/in"), "{}", unwritable.stderr);

    let right = acc.auth0.client_secret().to_owned();
    acc.set("AUTH0_CLIENT_SECRET", "wrong-s3cr3t-canary");
    let refused = generate(&acc, &[]);
    refused.assert_code(&[1]);
    let told = "Error: Unable to list the event streams of the tenant\n\n";
    assert!(refused.stderr.starts_with(told), "{}", refused.stderr);
    assert!(!refused.printed().contains("canary"), "{}", refused.printed());
    acc.set("AUTH0_CLIENT_SECRET", &right);

    acc.auth0.change_settings(|settings| settings.scopes.clear());
    let forbidden = generate(&acc, &[]);
    assert!(
        forbidden.stderr.contains("Grant the scope read:event_streams"),
        "{}",
        forbidden.stderr
    );
    acc.unset("AUTH0_DOMAIN");
    let homeless = generate(&acc, &[]);
    assert!(homeless.stderr.starts_with("Error: Missing domain\n\n"), "{}", homeless.stderr);
    for run in [&forbidden, &homeless] {
        run.assert_code(&[1]);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(files(&acc), ["", "", ""]);
}

/// A process that it starts inherits the limit.
#[test]
fn no_core_dump_holds_the_credentials() {
    let mut acc = Acceptance::start();
    acc.unset("AUTH0_CLIENT_SECRET");
    let command = json!(["sh", "-c", "ulimit -H -c > core-limit; exit 1"]);
    acc.set("AUTH0_CLIENT_ASSERTION_COMMAND", &command.to_string());
    generate(&acc, &[]).assert_code(&[1]);
    let limit = fs::read_to_string(acc.folder().join("core-limit")).unwrap();
    assert_eq!(limit.trim(), "0");
}
