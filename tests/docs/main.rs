//! The rendered pages are those of the schemas and examples in this tree.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;

use terraform_provider_auth0::docgen;
use terraform_provider_auth0::framework::engine::Engine;
use terraform_provider_auth0::provider::{Auth0Provider, source};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_pages_are_up_to_date() {
    let engine = Engine::new(Auth0Provider::new());
    let pages = docgen::render(&engine, "auth0", &root().join("examples")).unwrap();
    let stale = docgen::stale(&pages, &root().join("docs"));
    assert!(stale.is_empty(), "`make docs` would change {stale:?}");
    // A page whose resource is gone would stay for ever.
    for folder in ["resources"] {
        for entry in std::fs::read_dir(root().join("docs").join(folder)).unwrap() {
            let page = Path::new(folder).join(entry.unwrap().file_name());
            assert!(pages.contains_key(&page), "{} has no schema", page.display());
        }
    }
}

/// The address under which the provider is published is set in one place.
#[test]
fn examples_and_readme_name_the_address_of_the_provider() {
    for file in
        ["README.md", "docs/index.md", "examples/provider/provider.tf", "examples/demo/main.tf"]
    {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(&source()), "{file} does not name {}", source());
    }
}
