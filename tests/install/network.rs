//! `network_mirror`: the same folder, served by HTTPS.

use super::filesystem::tamper;
use super::release::{Release, VERSION, host};
use super::site::Site;
use super::workspace::{OFFICIAL, OWN, assert_plans, init, install_from, lock_file, module, words};
use crate::support::terraform::Acceptance;

/// Core takes authorities from this variable, on systems whose trust is in files.
fn install_by_https(acc: &mut Acceptance, site: &Site) {
    install_from(acc, &format!("network_mirror {{\n    url = {:?}\n  }}", site.url()));
    let roots = acc.folder().with_file_name("site.pem");
    std::fs::write(&roots, site.certificate()).unwrap();
    acc.set("SSL_CERT_FILE", roots.to_str().unwrap());
}

#[test]
fn init_installs_and_locks_what_the_mirror_says_under_both_addresses() {
    for (mirror, address) in [("mirror", OWN), ("mirror-official-address", OFFICIAL)] {
        let release = Release::pack();
        let site = Site::serve(release.path(mirror));
        let mut acc = module(address);
        install_by_https(&mut acc, &site);
        init(&acc).ok();
        let lock = lock_file(&acc);
        assert!(lock.contains(&format!("provider \"{}/{address}\"", host())), "{lock}");
        let [h1, zh] = release.hashes();
        assert!(lock.contains(&format!("\"{h1}\"")), "no {h1} in {lock}");
        assert!(zh.starts_with("zh:"), "{zh}");
        let tree = format!("/{}/{address}", host());
        let mut asked = site.asked();
        asked.dedup(); // HEAD, then GET
        assert_eq!(
            asked,
            [
                format!("{tree}/index.json"),
                format!("{tree}/{VERSION}.json"),
                format!("{tree}/{}", release.zip()),
            ]
        );
        assert_plans(&acc);
    }
}

/// Without a lock file, too: the mirror's own hashes are checked.
#[test]
fn an_archive_that_is_not_what_the_mirror_says_is_refused() {
    let release = Release::pack();
    tamper(&release.tree("mirror", OWN).join(release.zip()));
    let site = Site::serve(release.path("mirror"));
    let mut acc = module(OWN);
    install_by_https(&mut acc, &site);
    let run = init(&acc);
    run.assert_code(&[1]);
    let said = words(&run);
    assert!(said.contains(&format!("Error while installing {OWN} v{VERSION}")), "{said}");
    assert!(said.contains("expected checksums"), "{said}");
    assert!(!acc.folder().join(".terraform.lock.hcl").exists());
}
