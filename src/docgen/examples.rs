//! What the pages take from `examples/` and `docs/guides/`, in the program, so that it can print them
//! anywhere.

/// A folder's files by their path below it.
macro_rules! files {
    ($folder:literal: $($file:literal)*) => {
        &[$(($file, include_str!(concat!("../../", $folder, "/", $file)))),*]
    };
}

const EXAMPLES: &[(&str, &str)] = files!["examples":
    "provider/provider.tf"
    "resources/auth0_event_stream/resource.tf"
    "resources/auth0_event_stream/notes.md"
    "resources/auth0_event_stream/import.tf"
    "resources/auth0_event_stream/import.sh"
    "resources/auth0_event_stream_test_event/resource.tf"
    "actions/auth0_event_stream_test/action.tf"
    "list-resources/auth0_event_stream/list-resource.tfquery.hcl"
    "data-sources/auth0_event_stream/data-source.tf"
    "data-sources/auth0_event_streams/data-source.tf"
    "data-sources/auth0_event_types/data-source.tf"
    "ephemeral-resources/auth0_access_token/ephemeral-resource.tf"
    "functions/event_types/function.tf"
    "functions/eventbridge_pattern/function.tf"
    "functions/example_event/function.tf"
    "functions/parse_partner_event_source/function.tf"
];

/// The guides, which are written by hand.
pub(super) const GUIDES: &[(&str, &str)] = files!["docs":
    "guides/brownfield.md" "guides/eventbridge.md" "guides/installation.md" "guides/migrate.md"
    "guides/simulator.md"
];

/// The example at a path below `examples/`.
pub(super) fn example(path: &str) -> Result<&'static str, String> {
    match EXAMPLES.iter().find(|(name, _)| *name == path) {
        Some((_, text)) => Ok(text.trim_end()),
        None => Err(format!("no example {path}: src/docgen/examples.rs has to list it")),
    }
}
