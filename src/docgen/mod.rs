//! Renders the pages of `docs/` from the schemas and from `examples/`, in the format that the
//! registries show.

mod examples;
mod name;
mod page;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use name::{NotFound, find, name, summary};

use crate::framework::engine::Engine;
use examples::{GUIDES, example};

/// Pages by their path below `docs/`.
pub type Pages = BTreeMap<PathBuf, String>;

/// Every page of the provider `name`: its index, and one for each resource, data source, ephemeral
/// resource, list resource, action and function. One whose example is not in the program is an error;
/// a resource without one of an import cannot be imported.
pub fn render(engine: &Engine, name: &str) -> Result<Pages, String> {
    let mut pages = Pages::new();
    let index = page::index(name, engine.provider_schema(), example("provider/provider.tf")?);
    pages.insert("index.md".into(), index);
    for resource in engine.resources() {
        let type_name = resource.type_name();
        let folder = format!("resources/{type_name}");
        let page = page::resource(
            name,
            type_name,
            resource.schema(),
            &page::ResourceExamples {
                usage: example(&format!("{folder}/resource.tf"))?,
                notes: example(&format!("{folder}/notes.md")).unwrap_or_default(),
                import: match example(&format!("{folder}/import.tf")) {
                    Ok(block) => Some((block, example(&format!("{folder}/import.sh"))?)),
                    Err(_) => None,
                },
            },
        );
        pages.insert(PathBuf::from(format!("resources/{}.md", short(name, type_name))), page);
    }
    for source in engine.data_sources() {
        let type_name = source.type_name();
        let usage = example(&format!("data-sources/{type_name}/data-source.tf"))?;
        let page = page::data_source(name, "Data Source", type_name, source.schema(), usage);
        pages.insert(PathBuf::from(format!("data-sources/{}.md", short(name, type_name))), page);
    }
    for resource in engine.ephemeral_resources() {
        let (type_name, schema) = (resource.type_name(), resource.schema());
        let folder = format!("ephemeral-resources/{type_name}");
        let usage = example(&format!("{folder}/ephemeral-resource.tf"))?;
        let page = page::data_source(name, "Ephemeral Resource", type_name, schema, usage);
        let path = format!("ephemeral-resources/{}.md", short(name, type_name));
        pages.insert(PathBuf::from(path), page);
    }
    for list in engine.list_resources() {
        let (type_name, schema) = (list.type_name(), list.schema());
        let folder = format!("list-resources/{type_name}");
        let usage = example(&format!("{folder}/list-resource.tfquery.hcl"))?;
        let page = page::data_source(name, "List Resource", type_name, schema, usage);
        let path = format!("list-resources/{}.md", short(name, type_name));
        pages.insert(PathBuf::from(path), page);
    }
    for action in engine.actions() {
        let (type_name, schema) = (action.type_name(), action.schema());
        let usage = example(&format!("actions/{type_name}/action.tf"))?;
        let page = page::data_source(name, "Action", type_name, schema, usage);
        pages.insert(PathBuf::from(format!("actions/{}.md", short(name, type_name))), page);
    }
    for function in engine.functions() {
        let usage = example(&format!("functions/{}/function.tf", function.name()))?;
        let page = page::function(name, function.name(), &function.signature(), usage);
        pages.insert(PathBuf::from(format!("functions/{}.md", function.name())), page);
    }
    Ok(pages)
}

/// The pages that are written by hand for the registries.
pub fn guides() -> Pages {
    GUIDES.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
}

/// The name of a type without that of its provider, as the registries call its page.
fn short<'a>(provider: &str, type_name: &'a str) -> &'a str {
    type_name.strip_prefix(provider).and_then(|rest| rest.strip_prefix('_')).unwrap_or(type_name)
}

/// Writes `pages` below `docs`.
pub fn write(pages: &Pages, docs: &Path) -> io::Result<()> {
    for (path, text) in pages {
        let file = docs.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, text)?;
    }
    Ok(())
}

/// The paths of pages that differ from what is below `docs`, or are missing there.
pub fn stale(pages: &Pages, docs: &Path) -> Vec<PathBuf> {
    let differs = |path: &Path, text: &str| {
        fs::read_to_string(docs.join(path)).map_or(true, |found| found != text)
    };
    pages.iter().filter(|(path, text)| differs(path, text)).map(|(path, _)| path.clone()).collect()
}
