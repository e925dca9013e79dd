//! `PlanResourceChange`: what will be stored, what replaces the object, and what there is to say.

use serde_json::{Value as Json, json};

use super::{
    answers::{self, assert_answer, assert_holds_no, errors},
    as_core::Core,
    core_rules::assert_result_is_as_planned,
    requests::plan_request,
    streams::{CANARY, action, bearer, eventbridge, stored, with},
    values::{REFINED, UNKNOWN, decode},
};

#[tokio::test]
async fn each_kind_of_change_has_its_plan() {
    let core = Core::start().await;
    let (webhook, bus) = (bearer(CANARY, 1), eventbridge("eu-west-1"));
    for (case, prior, config) in [
        ("create_webhook", Json::Null, webhook.clone()),
        ("create_eventbridge", Json::Null, bus.clone()),
        ("rename", stored(&webhook), with(&webhook, &json!({"name": "renamed"}))),
        ("rename_eventbridge", stored(&bus), with(&bus, &json!({"name": "renamed"}))),
        ("new_version_of_a_secret", stored(&webhook), bearer(CANARY, 2)),
        ("replace_eventbridge", stored(&bus), eventbridge("eu-central-1")),
        ("replace_by_another_kind", stored(&webhook), action()),
        ("destroy_webhook", stored(&webhook), Json::Null),
        ("destroy_action", stored(&action()), Json::Null),
    ] {
        let answer = core.plan(&prior, &config).await;
        assert_answer(&format!("plan_resource_change/{case}"), &answers::plan(&answer));
        assert_holds_no(CANARY, &answer);
    }
    assert_eq!(core.auth0.connections(), 0, "a plan asks nobody");
}

#[tokio::test]
async fn what_is_stored_already_is_planned_as_it_is() {
    let core = Core::start().await;
    for config in [bearer(CANARY, 1), eventbridge("eu-west-1"), action()] {
        let respelled = with(
            &config,
            &json!({"subscriptions": ["user.updated", "user.created", "user.updated"]}),
        );
        for config in [&config, &respelled] {
            let prior = stored(config);
            let answer = core.plan(&prior, config).await;
            assert_eq!(decode(answer.planned_state.as_ref()), prior);
            assert_eq!((answer.requires_replace, answer.diagnostics), (vec![], vec![]));
        }
    }
    let prior = stored(&bearer(CANARY, 1));
    let other_order =
        with(&bearer(CANARY, 1), &json!({"subscriptions": ["user.updated", "user.created"]}));
    let answer = core.plan(&prior, &other_order).await;
    assert_eq!(decode(answer.planned_state.as_ref()), prior, "order alone is no change");
}

/// The second half of a replacement gets the private bytes of the first, and no prior state.
#[tokio::test]
async fn a_replacement_that_would_destroy_its_action_is_an_error_in_its_second_half() {
    let core = Core::start().await;
    let first = core.plan(&stored(&action()), &action()).await;
    let mut request = plan_request(&Json::Null, &action());
    request.prior_private = first.planned_private;
    let second = core.client.clone().plan_resource_change(request).await.unwrap().into_inner();
    assert_answer("plan_resource_change/replace_with_the_same_action", &answers::plan(&second));
    let alone = core.plan(&Json::Null, &action()).await;
    assert_eq!(errors(&alone.diagnostics), [], "a create of its own");
}

/// Core plans again during apply, when it knows what other resources have become.
#[tokio::test]
async fn the_plan_of_an_apply_refines_the_first_one() {
    let core = Core::start().await;
    let known = bearer(CANARY, 2);
    for prior in [Json::Null, stored(&bearer(CANARY, 1))] {
        let mut first = known.clone();
        first["name"] = REFINED.into();
        first["webhook_configuration"][0]["webhook_endpoint"] = UNKNOWN.into();
        let authorization = &mut first["webhook_configuration"][0]["webhook_authorization"][0];
        authorization["token_wo"] = UNKNOWN.into();
        authorization["token_wo_version"] = UNKNOWN.into();
        let first = core.plan(&prior, &first).await;
        let second = core.plan(&prior, &known).await;
        assert_result_is_as_planned(
            &decode(first.planned_state.as_ref()),
            &decode(second.planned_state.as_ref()),
        );
        assert_eq!(first.planned_private, second.planned_private);
        assert_eq!(core.plan(&prior, &known).await, second, "the same question");
    }
}

/// A dynamic block whose `for_each` is not known is planned exactly so.
#[tokio::test]
async fn blocks_that_are_not_known_yet_are_planned_as_unknown() {
    let core = Core::start().await;
    let config = with(&bearer(CANARY, 1), &json!({"webhook_configuration": UNKNOWN}));
    for prior in [Json::Null, stored(&bearer(CANARY, 1))] {
        let answer = core.plan(&prior, &config).await;
        assert_eq!(errors(&answer.diagnostics), []);
        let planned = decode(answer.planned_state.as_ref());
        assert_eq!(planned["webhook_configuration"], UNKNOWN);
        assert_eq!(planned["updated_at"], UNKNOWN);
    }
}
