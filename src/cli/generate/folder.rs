//! The folder that is written to: what it has, and what may be replaced.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::text::{FILES, FIRST_LINE};
use crate::framework::{Diagnostic, Diagnostics};

/// A folder, and the files of an earlier run in it.
pub(super) struct Folder {
    path: PathBuf,
    earlier: BTreeMap<&'static str, String>,
}

/// What has become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    New,
    Replaced,
    Unchanged,
}

impl Change {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Replaced => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Folder {
    /// Looks at what is there. Files that would be replaced are an error that names them all, unless
    /// they are to be overwritten and were generated. Nothing is changed yet.
    pub(super) fn open(path: &Path, overwrite: bool) -> Result<Self, Diagnostics> {
        let mut earlier = BTreeMap::new();
        let (mut in_the_way, mut of_others) = (Vec::new(), Vec::new());
        for name in FILES {
            let file = path.join(name);
            match fs::read(&file) {
                Err(err) if err.kind() == ErrorKind::NotFound => {}
                Err(err) => return Err(failed("read", &file, &err).into()),
                Ok(_) if !overwrite => in_the_way.push(shown(&file)),
                Ok(bytes) if !bytes.starts_with(FIRST_LINE.as_bytes()) => {
                    of_others.push(shown(&file));
                }
                Ok(bytes) => {
                    earlier.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        if !in_the_way.is_empty() {
            let detail = format!(
                "{}. Nothing was changed. Choose another folder with --out, or let --overwrite \
                 replace what an earlier run has generated.",
                in_the_way.join(", ")
            );
            return Err(Diagnostic::error("There are files already", detail).into());
        }
        if !of_others.is_empty() {
            let detail = format!(
                "{}. Nothing was changed: --overwrite replaces only files that begin with the line\n\n\
                 {FIRST_LINE}\n\nMove them away, or choose another folder with --out.",
                of_others.join(", ")
            );
            return Err(Diagnostic::error("There are files that were not generated", detail).into());
        }
        Ok(Self { path: path.to_owned(), earlier })
    }

    /// The text of a file of an earlier run; empty where there is none.
    pub(super) fn earlier(&self, name: &str) -> &str {
        self.earlier.get(name).map_or("", String::as_str)
    }

    /// Writes the files that differ, each as a whole: whoever reads meanwhile sees the old one or the
    /// new one.
    pub(super) fn write(
        &self,
        files: &[(&'static str, String)],
    ) -> Result<Vec<(&'static str, Change)>, Diagnostic> {
        fs::create_dir_all(&self.path)
            .map_err(|err| failed("make the folder", &self.path, &err))?;
        let change = |name: &str, text: &String| match self.earlier.get(name) {
            None => Change::New,
            Some(earlier) if earlier == text => Change::Unchanged,
            Some(_) => Change::Replaced,
        };
        let changes: Vec<_> =
            files.iter().map(|(name, text)| (*name, change(name, text))).collect();
        let due = || files.iter().zip(&changes).filter(|(_, (_, it))| *it != Change::Unchanged);
        let beside = |name| self.path.join(format!(".{name}.{}", std::process::id()));
        // All of them before the first one takes its place: a full disk changes nothing.
        let mut written = Ok(());
        for ((name, text), _) in due() {
            let put = put(&beside(name), text)
                .map_err(|err| failed("write", &self.path.join(name), &err));
            written = written.and(put);
        }
        for ((name, _), _) in due() {
            let place = self.path.join(name);
            if written.is_ok() {
                let moved = fs::rename(beside(name), &place);
                written = moved.map_err(|err| failed("write", &place, &err));
            }
            if written.is_err() {
                let _ = fs::remove_file(beside(name));
            }
        }
        written.map(|()| changes)
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(what: &str, path: &Path, err: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("Unable to {what} {}", shown(path)), format!("{err}."))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
