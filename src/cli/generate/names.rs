//! The local names of resources: from the names of the streams, and from an earlier run.

use std::collections::{BTreeMap, BTreeSet};

use crate::auth0::EventStream;

/// Local names by the id of the stream.
pub(super) type Names = BTreeMap<String, String>;

/// Names the streams, the oldest first: a stream that is new never renames an older one, and one that
/// has a name from an `earlier` run keeps it, whatever it is called by now. Another address would be
/// another object to core, and the old one be deleted.
pub(super) fn assign(oldest_first: &[EventStream], earlier: &Names) -> Names {
    let mut names = Names::new();
    let mut taken = BTreeSet::new();
    for stream in oldest_first {
        if let Some(name) = earlier.get(&stream.id)
            && taken.insert(name.clone())
        {
            names.insert(stream.id.clone(), name.clone());
        }
    }
    for stream in oldest_first {
        if names.contains_key(&stream.id) {
            continue;
        }
        let free = candidates(stream).into_iter().find(|name| taken.insert(name.clone()));
        // The last candidate holds the whole id, which is unique.
        let name = free.unwrap_or_else(|| stream.id.clone());
        names.insert(stream.id.clone(), name);
    }
    names
}

/// What a stream may be called, the shortest first.
fn candidates(stream: &EventStream) -> [String; 3] {
    const ENOUGH: usize = 8;
    let (plain, id) = (local_name(&stream.name), stream.id.trim_start_matches("est_"));
    let start: String = id.chars().take(ENOUGH).collect();
    [plain.clone(), format!("{plain}_{}", start.to_lowercase()), format!("{plain}_{id}")]
}

/// `name` in lower case, with one `_` for everything that is no letter of ASCII, digit or `_`.
fn local_name(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = name.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_").to_ascii_lowercase();
    match name.chars().next() {
        None => "stream".to_owned(),
        // No identifier begins with a digit.
        Some('0'..='9') => format!("stream_{name}"),
        Some(_) => name,
    }
}

/// The names in the import blocks of an earlier run, which a person may have changed.
pub(super) fn of(event_streams: &str) -> Names {
    let mut names = Names::new();
    let mut to = None;
    for line in event_streams.lines() {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let value = value.trim();
        match key.trim() {
            "to" => to = value.strip_prefix("auth0_event_stream.").filter(|name| is_local(name)),
            "id" => {
                let id = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                if let (Some(to), Some(id)) = (to.take(), id) {
                    names.insert(id.to_owned(), to.to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

fn is_local(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{named, stream};
    use super::*;

    fn assigned(streams: &[EventStream], earlier: &Names) -> Vec<String> {
        let names = assign(streams, earlier);
        streams.iter().map(|stream| names[&stream.id].clone()).collect()
    }

    #[test]
    fn a_local_name_is_an_identifier_that_resembles_the_name() {
        for (name, want) in [
            ("crm-sync", "crm_sync"),
            ("CRM Sync", "crm_sync"),
            ("a/b.c:d", "a_b_c_d"),
            ("  (orders)  ", "orders"),
            ("snake_case_", "snake_case_"),
            ("2fa", "stream_2fa"),
            ("Größe", "gr_e"),
            ("注文", "stream"),
            ("", "stream"),
            ("${var.x}\"\n", "var_x"),
            ("null", "null"),
        ] {
            assert_eq!(local_name(name), want, "{name:?}");
        }
    }

    #[test]
    fn of_two_equal_names_the_older_stream_has_the_plain_one() {
        let streams = [
            named("est_AAAAAAAAxxxxxxxxxxxxxx", "orders"),
            named("est_BBBBBBBBxxxxxxxxxxxxxx", "Orders"),
            named("est_BBBBBBBByyyyyyyyyyyyyy", "ORDERS"),
            named("est_CCCCCCCCxxxxxxxxxxxxxx", "orders_bbbbbbbb"),
        ];
        let want = [
            "orders",
            "orders_bbbbbbbb",
            "orders_BBBBBBBByyyyyyyyyyyyyy",
            "orders_bbbbbbbb_cccccccc",
        ];
        assert_eq!(assigned(&streams, &Names::new()), want);
    }

    #[test]
    fn a_stream_keeps_the_name_of_an_earlier_run() {
        let streams = [
            named("est_AAAAAAAAxxxxxxxxxxxxxx", "renamed"),
            named("est_BBBBBBBBxxxxxxxxxxxxxx", "orders"),
            named("est_CCCCCCCCxxxxxxxxxxxxxx", "new"),
        ];
        let earlier = of("import {\n  to = auth0_event_stream.orders\n  \
             id = \"est_AAAAAAAAxxxxxxxxxxxxxx\"\n}\n\nimport {\n  \
             to       = auth0_event_stream.new\n  provider = auth0\n  \
             id       = \"est_BBBBBBBBxxxxxxxxxxxxxx\"\n}\n");
        assert_eq!(assigned(&streams, &earlier), ["orders", "new", "new_cccccccc"]);
    }

    #[test]
    fn what_is_no_import_block_names_nothing() {
        for text in [
            "",
            "to = auth0_event_stream.x\n",
            "id = \"est_1\"\n",
            "to = auth0_event_stream.a b\nid = \"est_1\"\n",
            "to = module.m.auth0_event_stream.x\nid = \"est_1\"\n",
            "to = auth0_event_stream.x\nid = var.id\n",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_generated_tells_its_names() {
        let texts = super::super::text::texts(vec![stream("crm-sync")], &Names::new());
        let (_, event_streams) = &texts.files[0];
        let want = Names::from([(stream("crm-sync").id, "crm_sync".to_owned())]);
        assert_eq!(of(event_streams), want);
    }
}
