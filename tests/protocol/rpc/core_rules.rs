//! What core proposes, and what it refuses in answers: the rules of protocol 6 on the values of
//! `auth0_event_stream`, whose names are unique among its blocks.

use serde_json::{Map, Value as Json};

use super::{
    streams::{authorization, stream},
    values::{REFINED, UNKNOWN},
};

/// Attributes that the provider may decide where they are not configured.
const COMPUTED: [&str; 13] = [
    "aws_partner_event_source",
    "created_at",
    "header_key",
    "header_value",
    "header_value_wo_version",
    "id",
    "password",
    "password_wo_version",
    "status",
    "token",
    "token_wo_version",
    "updated_at",
    "username",
];

const WRITE_ONLY: [&str; 3] = ["header_value_wo", "password_wo", "token_wo"];

const BLOCKS: [&str; 4] = [
    "action_configuration",
    "eventbridge_configuration",
    "webhook_authorization",
    "webhook_configuration",
];

/// What core proposes: what is configured, and what is stored where a computed attribute is not.
pub fn proposed(prior: &Json, config: &Json) -> Json {
    let Some(members) = config.as_object() else { return config.clone() };
    let propose = |(name, config): (&String, &Json)| {
        let prior = &prior[name];
        let proposed = match config.as_array() {
            Some(blocks) if BLOCKS.contains(&name.as_str()) => {
                let paired = blocks.iter().enumerate();
                paired.map(|(i, block)| proposed(&prior[i], block)).collect()
            }
            _ if config.is_null() && COMPUTED.contains(&name.as_str()) => prior.clone(),
            _ => config.clone(),
        };
        (name.clone(), proposed)
    };
    members.iter().map(propose).collect::<Map<_, _>>().into()
}

/// Core's `AssertPlanValid`: a plan is what is configured, or what is stored and means the same, or
/// something else where the provider decides.
#[track_caller]
pub fn assert_plan_is_valid(prior: &Json, config: &Json, planned: &Json) {
    let (Some(config), Some(planned)) = (config.as_object(), planned.as_object()) else {
        return assert_eq!(planned, config, "planned is not what is configured");
    };
    assert_same_names(config, planned);
    for (name, planned) in planned {
        let (config, prior) = (&config[name], &prior[name]);
        if BLOCKS.contains(&name.as_str()) {
            assert_blocks(name, config, planned, |i, config, planned| {
                assert_plan_is_valid(&prior[i], config, planned);
            });
        } else if WRITE_ONLY.contains(&name.as_str()) {
            assert!(planned.is_null(), "{name} is write-only and planned as {planned}");
        } else {
            // What is known of an unknown value may be dropped.
            let as_configured = planned == config || (planned == UNKNOWN && config == REFINED);
            let as_stored = planned == prior && !config.is_null() && !prior.is_null();
            let decided = config.is_null() && COMPUTED.contains(&name.as_str());
            assert!(
                as_configured || as_stored || decided,
                "{name} is {config} in the configuration and {planned} in the plan"
            );
        }
    }
}

/// Core's `AssertObjectCompatible`: what was planned is what is stored; what was unknown is known.
#[track_caller]
pub fn assert_result_is_as_planned(planned: &Json, new: &Json) {
    match (planned, new) {
        (planned, _) if planned == UNKNOWN => {}
        (Json::Object(planned), Json::Object(new)) => {
            assert_same_names(planned, new);
            for (name, planned) in planned {
                if BLOCKS.contains(&name.as_str()) {
                    assert_blocks(name, planned, &new[name], |_, planned, new| {
                        assert_result_is_as_planned(planned, new);
                    });
                } else {
                    assert_result_is_as_planned(planned, &new[name]);
                }
            }
        }
        (planned, new) => assert_eq!(new, planned, "the result is not what was planned"),
    }
}

/// What core demands of everything it stores: exactly the attributes of the schema, nothing unknown,
/// nothing write-only, and blocks that are not null.
#[track_caller]
pub fn assert_storable(state: &Json) {
    assert_known(state);
    let names = |object: &Json| object.as_object().unwrap().clone();
    assert_same_names(&names(&stream(&Json::Object(Map::new()))), &names(state));
    for webhook in state["webhook_configuration"].as_array().unwrap() {
        assert_eq!(names(webhook).len(), 2, "{webhook}");
        for found in webhook["webhook_authorization"].as_array().unwrap() {
            assert_same_names(&names(&authorization(&Json::Object(Map::new()))), &names(found));
            for name in WRITE_ONLY {
                assert!(found[name].is_null(), "{name} is write-only and stored");
            }
        }
    }
    for (name, count) in [("eventbridge_configuration", 3), ("action_configuration", 1)] {
        for found in state[name].as_array().unwrap() {
            assert_eq!(names(found).len(), count, "{found}");
        }
    }
}

#[track_caller]
fn assert_known(value: &Json) {
    match value {
        Json::String(text) => assert_ne!(text, UNKNOWN, "something unknown would be stored"),
        Json::Array(elements) => elements.iter().for_each(assert_known),
        Json::Object(members) => members.values().for_each(assert_known),
        _ => {}
    }
}

#[track_caller]
fn assert_same_names(wanted: &Map<String, Json>, found: &Map<String, Json>) {
    let names = |object: &Map<String, Json>| object.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(wanted), "not the attributes of the schema");
}

/// Blocks are never null. Unknown ones stay so; of others there are as many as were asked for.
#[track_caller]
fn assert_blocks(name: &str, asked: &Json, found: &Json, same: impl Fn(usize, &Json, &Json)) {
    let Some(asked) = asked.as_array() else {
        return assert_eq!(found, asked, "{name}");
    };
    let found = found.as_array().unwrap_or_else(|| panic!("{name} is {found}"));
    assert_eq!(found.len(), asked.len(), "number of blocks {name}");
    for (i, (asked, found)) in asked.iter().zip(found).enumerate() {
        same(i, asked, found);
    }
}
