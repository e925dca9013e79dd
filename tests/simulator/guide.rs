//! The page for those who test their own modules leaves nothing out, and its scripts are scripts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use terraform_provider_auth0::simulator::{CONTROL_ROUTES, Fault, RateLimit, Script, Settings};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/guides/simulator.md")).unwrap()
}

/// The scripts in `examples/simulator`.
pub fn examples() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("examples/simulator")).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// The refusal of an effect that does not exist lists all that do.
fn effects() -> Vec<String> {
    let refusal = serde_json::from_str::<Fault>(r#"{"effect": ""}"#).unwrap_err().to_string();
    let (_, names) = refusal.split_once("expected one of ").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn it_names_every_effect_plan_and_setting() {
    let page = page();
    let effects = effects();
    assert_eq!(effects.len(), 9, "{effects:?}");
    for effect in effects {
        assert!(page.contains(&format!("\n`{effect}`: ")), "{effect}");
    }
    for (plan, RateLimit { burst, per_second }) in RateLimit::PLANS {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{plan}`"))).expect(plan);
        assert!(row.ends_with(&format!(" | {burst} | {per_second} |")), "{row}");
    }
    let settings = serde_json::to_value(Settings::default()).unwrap();
    for setting in settings.as_object().unwrap().keys() {
        assert!(page.contains(&format!("\n| `{setting}` | ")), "{setting}");
    }
}

#[test]
fn it_names_every_route_of_the_control_door() {
    let page = page();
    let mut routes = 0;
    for line in CONTROL_ROUTES.lines() {
        let mut words = line.split_whitespace();
        let (Some(method), Some(path)) = (words.next(), words.next()) else { continue };
        if line.starts_with("   ") || !path.starts_with('/') {
            continue;
        }
        routes += 1;
        let path = path.split('[').next().unwrap();
        assert!(page.contains(&format!("`{method} {path}`")), "{method} {path}");
    }
    assert_eq!(routes, 22);
}

#[test]
fn its_scripts_can_be_played() {
    let page = page();
    let scripts: Vec<_> = page.split("```json\n").skip(1).collect();
    assert!(scripts.len() > 8);
    for script in scripts {
        let script = script.split("```").next().unwrap();
        assert!(script.parse::<Script>().is_ok_and(|read| read != Script::default()), "{script}");
    }
}

#[test]
fn it_names_every_example() {
    let page = page();
    let examples: BTreeSet<_> = examples()
        .iter()
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    for name in &examples {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    assert!(page.contains("`examples/simulator/`"));
    assert!(!page.contains("](../../"), "a registry has no page there");
}
