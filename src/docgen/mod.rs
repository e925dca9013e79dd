//! Renders the pages of `docs/` from the schemas and from `examples/`, in the format that the
//! registries show.

mod page;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::framework::engine::Engine;

/// Pages by their path below `docs/`.
pub type Pages = BTreeMap<PathBuf, String>;

/// Every page of the provider `name`: its index, and one for each resource, data source, ephemeral
/// resource, list resource, action and function. An example that is missing in `examples` is an error;
/// a resource without one of an import cannot be imported.
pub fn render(engine: &Engine, name: &str, examples: &Path) -> io::Result<Pages> {
    let example = |path: &str| read(&examples.join(path));
    let if_there_is_one = |path: &str| match examples.join(path).exists() {
        true => example(path).map(Some),
        false => Ok(None),
    };
    let mut pages = Pages::new();
    let index = page::index(name, engine.provider_schema(), &example("provider/provider.tf")?);
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
                notes: if_there_is_one(&format!("{folder}/notes.md"))?.unwrap_or_default(),
                import: match if_there_is_one(&format!("{folder}/import.tf"))? {
                    Some(block) => Some((block, example(&format!("{folder}/import.sh"))?)),
                    None => None,
                },
            },
        );
        pages.insert(PathBuf::from(format!("resources/{}.md", short(name, type_name))), page);
    }
    for source in engine.data_sources() {
        let type_name = source.type_name();
        let usage = example(&format!("data-sources/{type_name}/data-source.tf"))?;
        let page = page::data_source(name, "Data Source", type_name, source.schema(), &usage);
        pages.insert(PathBuf::from(format!("data-sources/{}.md", short(name, type_name))), page);
    }
    for resource in engine.ephemeral_resources() {
        let (type_name, schema) = (resource.type_name(), resource.schema());
        let folder = format!("ephemeral-resources/{type_name}");
        let usage = example(&format!("{folder}/ephemeral-resource.tf"))?;
        let page = page::data_source(name, "Ephemeral Resource", type_name, schema, &usage);
        let path = format!("ephemeral-resources/{}.md", short(name, type_name));
        pages.insert(PathBuf::from(path), page);
    }
    for list in engine.list_resources() {
        let (type_name, schema) = (list.type_name(), list.schema());
        let folder = format!("list-resources/{type_name}");
        let usage = example(&format!("{folder}/list-resource.tfquery.hcl"))?;
        let page = page::data_source(name, "List Resource", type_name, schema, &usage);
        let path = format!("list-resources/{}.md", short(name, type_name));
        pages.insert(PathBuf::from(path), page);
    }
    for action in engine.actions() {
        let (type_name, schema) = (action.type_name(), action.schema());
        let usage = example(&format!("actions/{type_name}/action.tf"))?;
        let page = page::data_source(name, "Action", type_name, schema, &usage);
        pages.insert(PathBuf::from(format!("actions/{}.md", short(name, type_name))), page);
    }
    for function in engine.functions() {
        let usage = example(&format!("functions/{}/function.tf", function.name()))?;
        let page = page::function(name, function.name(), &function.signature(), &usage);
        pages.insert(PathBuf::from(format!("functions/{}.md", function.name())), page);
    }
    Ok(pages)
}

/// The name of a type without that of its provider, as the registries call its page.
fn short<'a>(provider: &str, type_name: &'a str) -> &'a str {
    type_name.strip_prefix(provider).and_then(|rest| rest.strip_prefix('_')).unwrap_or(type_name)
}

fn read(path: &Path) -> io::Result<String> {
    let named = |err: io::Error| io::Error::new(err.kind(), format!("{}: {err}", path.display()));
    Ok(fs::read_to_string(path).map_err(named)?.trim_end().to_owned())
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
