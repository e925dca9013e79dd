//! Switches about names: how they are compared, and what a rename to a used one does.

use terraform_provider_auth0::simulator::switches::{CompareNames, PatchToUsedName};

use super::sent::assert_safe;
use super::{assert_says, bus, put, refused_by_apply, turned};

fn named(resource: &str, name: &str) -> String {
    bus(resource, name, "eu-west-1", &["user.created"], "")
}

/// Two streams of one name, or a name in another case: told before anything is made twice.
#[test]
fn a_rename_to_a_used_name_is_an_error_or_two_streams_but_never_a_lost_one() {
    for (compare_names, patch_to_used_name, taken, is_refused) in [
        (CompareNames::Exactly, PatchToUsedName::Conflict, "Other", true),
        (CompareNames::Exactly, PatchToUsedName::Conflict, "other", false),
        (CompareNames::WithoutCase, PatchToUsedName::Conflict, "other", true),
        (CompareNames::Exactly, PatchToUsedName::Accept, "Other", false),
        (CompareNames::WithoutCase, PatchToUsedName::Accept, "other", false),
    ] {
        let case = format!("{compare_names:?}, {patch_to_used_name:?}, {taken}");
        let acc = turned(|switches| {
            switches.compare_names = compare_names;
            switches.patch_to_used_name = patch_to_used_name;
        });
        let with = |name: &str| named("it", name) + &named("other", "Other");
        put(&acc, &with("audit"));
        let stored = acc.stored("it");
        if is_refused {
            acc.configure(&with(taken));
            let error = refused_by_apply(&acc);
            assert_says(&error, &["Unable to update event stream \"audit\"", "409"]);
            assert_eq!(acc.stored("it"), stored, "{case}: the state is what the tenant has");
            acc.configure(&with("audit"));
            acc.assert_settled();
        } else {
            acc.apply(&with(taken));
            assert_eq!(acc.stored("it")["name"], taken, "{case}");
            assert_eq!(acc.stored("it")["id"], stored["id"], "{case}");
        }
        assert_eq!(acc.auth0.event_streams().len(), 2, "{case}");
        assert_safe(&acc);
    }
}

#[test]
fn a_create_with_a_used_name_in_another_case_is_an_error_where_auth0_ignores_case() {
    for &position in CompareNames::ALL {
        let acc = turned(|switches| switches.compare_names = position);
        put(&acc, &named("other", "Audit"));
        let both = named("other", "Audit") + &named("it", "audit");
        let streams = match position {
            CompareNames::Exactly => {
                put(&acc, &both);
                2
            }
            CompareNames::WithoutCase => {
                acc.configure(&both);
                let error = refused_by_apply(&acc);
                assert_says(
                    &error,
                    &["Unable to create event stream \"audit\"", "already, with the id est_"],
                );
                assert!(acc.stored("it").is_null());
                assert_eq!(acc.plan().actions("it"), "create");
                1
            }
        };
        assert_eq!(acc.auth0.event_streams().len(), streams, "{position:?}");
        assert_safe(&acc);
    }
}

/// A stream's own name is no other's, in any case.
#[test]
fn a_name_may_change_its_case_alone() {
    for &position in CompareNames::ALL {
        let acc = turned(|switches| switches.compare_names = position);
        put(&acc, &named("it", "audit"));
        let plan = acc.apply(&named("it", "Audit"));
        assert_eq!(plan.actions("it"), "update", "{position:?}");
        assert!(acc.auth0.event_stream_named("Audit").is_some(), "{position:?}");
    }
}
