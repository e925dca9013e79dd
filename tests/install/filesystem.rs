//! `filesystem_mirror`: packed as `make dist` makes it, and unpacked.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use zip::ZipArchive;

use super::release::{Release, VERSION, host, platform};
use super::workspace::{
    OWN, assert_plans, assert_works, filesystem_mirror, init, install_from, lock_file, module,
    words,
};

#[test]
fn init_locks_the_hash_of_what_is_packed_and_plans_and_applies_work() {
    let release = Release::pack();
    let mut acc = module(OWN);
    install_from(&mut acc, &filesystem_mirror(&release.path("mirror")));
    init(&acc).ok();
    let lock = lock_file(&acc);
    assert!(lock.contains(&format!("provider \"{}/{OWN}\"", host())), "{lock}");
    assert!(lock.contains(&format!("version     = \"{VERSION}\"")), "{lock}");
    // Core has computed it from what it has unpacked, the script from what it has packed.
    let [h1, _] = release.hashes();
    assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
    assert_works(&acc);
}

/// An unpacked mirror is not copied but linked to, and its hash is that of the archive.
#[test]
fn what_is_unpacked_has_the_hash_of_the_archive() {
    let release = Release::pack();
    let mirror = TempDir::new().unwrap();
    let folder = mirror.path().join(host()).join(OWN).join(VERSION).join(platform());
    let archive = fs::File::open(release.path(&release.zip())).unwrap();
    ZipArchive::new(archive).unwrap().extract(folder).unwrap();
    let mut acc = module(OWN);
    install_from(&mut acc, &filesystem_mirror(mirror.path()));
    init(&acc).ok();
    let (lock, [h1, _]) = (lock_file(&acc), release.hashes());
    assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
    assert_plans(&acc);
}

/// A program that is changed by one byte, and an archive that is cut: what somebody has put into the
/// mirror after the lock file was written is not run.
#[test]
fn what_is_changed_after_it_was_locked_is_refused() {
    let release = Release::pack();
    let mut acc = module(OWN);
    install_from(&mut acc, &filesystem_mirror(&release.path("mirror")));
    init(&acc).ok();
    let lock = lock_file(&acc);
    let archive = release.tree("mirror", OWN).join(release.zip());
    let good = fs::read(&archive).unwrap();

    tamper(&archive);
    fs::remove_dir_all(acc.folder().join(".terraform")).unwrap();
    let run = init(&acc);
    run.assert_code(&[1]);
    let said = words(&run);
    assert!(said.contains(&format!("Error while installing {OWN} v{VERSION}")), "{said}");
    assert!(
        said.contains(
            "doesn't match any of the checksums previously recorded in the dependency lock file"
        ),
        "{said}"
    );
    assert_eq!(lock_file(&acc), lock);
    acc.plan().run.assert_code(&[1]);

    fs::write(&archive, &good[..good.len() / 2]).unwrap();
    let run = init(&acc);
    run.assert_code(&[1]);
    assert!(words(&run).contains(&format!("Error while installing {OWN} v{VERSION}")));

    fs::write(&archive, &good).unwrap();
    init(&acc).ok();
    assert_plans(&acc);
}

/// Packs the same files again, with a licence of somebody else's.
pub fn tamper(archive: &Path) {
    use std::io::{Read, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    let mut source = ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let new = archive.with_extension("new");
    let mut target = ZipWriter::new(fs::File::create(&new).unwrap());
    for i in 0..source.len() {
        let mut member = source.by_index(i).unwrap();
        let name = member.name().unwrap().into_owned();
        let options = SimpleFileOptions::default().unix_permissions(member.unix_mode().unwrap());
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        content.push(b'\n');
        target.start_file(name, options).unwrap();
        target.write_all(&content).unwrap();
    }
    target.finish().unwrap();
    fs::rename(new, archive).unwrap();
}

/// `make install` and the demo lay the program out by this script.
#[test]
fn what_make_install_lays_out_is_installed() {
    let mirror = TempDir::new().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/mirror.sh");
    let status = std::process::Command::new("sh").arg(script).arg(mirror.path()).status().unwrap();
    assert!(status.success());
    let mut acc = module(OWN);
    install_from(&mut acc, &filesystem_mirror(mirror.path()));
    init(&acc).ok();
    assert!(lock_file(&acc).contains("\"h1:"));
    assert_plans(&acc);
}

/// How a team locks the hashes of all its platforms.
#[test]
fn the_hashes_of_a_platform_are_locked_from_the_mirror() {
    let release = Release::pack();
    let acc = module(OWN);
    let mirror = format!("-fs-mirror={}", release.path("mirror").display());
    let platform = format!("-platform={}", platform());
    acc.run(&["providers", "lock", "-no-color", &mirror, &platform]).ok();
    let (lock, [h1, _]) = (lock_file(&acc), release.hashes());
    assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
}
