//! Replays the inputs of the fuzz targets, those that were chosen and those that once failed.

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let inputs: Vec<_> = fs::read_dir(&folder).expect("the corpus is there").collect();
    assert!(inputs.len() >= 3, "{} has too few inputs", folder.display());
    for input in inputs {
        let path = input.expect("a readable folder").path();
        let bytes = fs::read(&path).expect("a readable input");
        eprintln!("{}", path.display()); // shown where the target panics
        target(&bytes);
    }
}

#[test]
fn msgpack() {
    replay("msgpack", targets::msgpack);
}

#[test]
fn state() {
    replay("state", targets::state);
}

#[test]
fn change() {
    replay("change", targets::change);
}

#[test]
fn answer() {
    replay("answer", targets::answer);
}
