//! Whole answers compared with files that people read in review.

use std::{fs, path::Path};

/// Compares `actual` with the file at `path`, relative to the package. `UPDATE_GOLDEN=1` rewrites it.
#[track_caller]
pub fn assert_golden(path: &str, actual: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, actual).unwrap();
        return;
    }
    let wanted = fs::read_to_string(&file)
        .unwrap_or_else(|err| panic!("{path}: {err}; UPDATE_GOLDEN=1 writes it"));
    if wanted == actual {
        return;
    }
    let line = wanted.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    panic!(
        "{path} differs from line {}:\n  file:   {}\n  actual: {}\nUPDATE_GOLDEN=1 rewrites it; read the difference.",
        line + 1,
        wanted.lines().nth(line).unwrap_or("(end)"),
        actual.lines().nth(line).unwrap_or("(end)"),
    );
}
