//! Plans and requests, without core and without Auth0.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::EventStreams;
use super::expand::{expand_create, expand_update};
use super::flatten::flatten;
use super::model::{
    ActionConfiguration, EventStreamModel, EventbridgeConfiguration, WebhookAuthorization,
    WebhookConfiguration,
};
use crate::auth0::{ClientSlot, Destination, WebhookAuthorization as SentAuthorization};
use crate::framework::engine::{
    AnyResource, PlanAnswer, PlanRequest, plan, resource, upgrade, validate,
};
use crate::framework::private::Private;
use crate::framework::value::{FromRaw, IntoRaw, Number, Raw, Value};

fn streams() -> Arc<dyn AnyResource> {
    resource(EventStreams::new(ClientSlot::default()))
}

fn bearer(endpoint: &str) -> EventStreamModel {
    let authorization = WebhookAuthorization {
        method: "bearer".into(),
        token_wo: "s3cr3t".into(),
        token_wo_version: Value::Known(Number::from(1_i64)),
        ..Default::default()
    };
    EventStreamModel {
        destination_type: "webhook".into(),
        webhook_configuration: Value::Known(vec![WebhookConfiguration {
            webhook_endpoint: endpoint.into(),
            webhook_authorization: Value::Known(vec![authorization]),
        }]),
        ..named("orders")
    }
}

fn named(name: &str) -> EventStreamModel {
    EventStreamModel {
        name: name.into(),
        subscriptions: Value::Known(vec!["user.created".into()]),
        webhook_configuration: Value::Known(vec![]),
        eventbridge_configuration: Value::Known(vec![]),
        action_configuration: Value::Known(vec![]),
        ..Default::default()
    }
}

fn eventbridge(account: &str, region: &str) -> EventStreamModel {
    EventStreamModel {
        destination_type: "eventbridge".into(),
        eventbridge_configuration: Value::Known(vec![EventbridgeConfiguration {
            aws_account_id: account.into(),
            aws_region: region.into(),
            aws_partner_event_source: Value::Null,
        }]),
        ..named("orders")
    }
}

fn action(id: &str) -> EventStreamModel {
    EventStreamModel {
        destination_type: "action".into(),
        action_configuration: Value::Known(vec![ActionConfiguration { action_id: id.into() }]),
        ..named("orders")
    }
}

/// `config` as it is stored once it was created.
fn stored(config: &EventStreamModel) -> EventStreamModel {
    let mut stored = EventStreamModel {
        id: "est_4Kq7WnXy2bVt9RmHc3PzLd".into(),
        status: "enabled".into(),
        created_at: "2026-03-02T09:15:27.041Z".into(),
        updated_at: "2026-03-02T09:15:27.041Z".into(),
        ..config.clone()
    };
    if let Value::Known(webhooks) = &mut stored.webhook_configuration {
        for webhook in webhooks {
            if let Value::Known(authorizations) = &mut webhook.webhook_authorization {
                authorizations.iter_mut().for_each(|a| a.token_wo = Value::Null);
            }
        }
    }
    if let Value::Known(eventbridges) = &mut stored.eventbridge_configuration {
        eventbridges.iter_mut().for_each(|e| e.aws_partner_event_source = "aws.partner/x".into());
    }
    stored
}

/// What core proposes: computed values that are not configured keep what is stored.
fn proposed(config: &EventStreamModel, prior: &EventStreamModel) -> EventStreamModel {
    let keep = |configured: &Value<String>, stored: &Value<String>| match configured {
        Value::Null => stored.clone(),
        configured => configured.clone(),
    };
    let mut proposed = EventStreamModel {
        id: prior.id.clone(),
        created_at: prior.created_at.clone(),
        updated_at: prior.updated_at.clone(),
        status: keep(&config.status, &prior.status),
        ..config.clone()
    };
    if let (Value::Known(new), Some(old)) =
        (&mut proposed.eventbridge_configuration, prior.eventbridge())
    {
        new.iter_mut().for_each(|e| {
            e.aws_partner_event_source = old.aws_partner_event_source.clone();
        });
    }
    proposed
}

fn plan_update(prior: &EventStreamModel, config: &EventStreamModel) -> PlanAnswer {
    let request = PlanRequest {
        prior_state: prior.clone().into_raw(),
        proposed_new_state: proposed(config, prior).into_raw(),
        config: config.clone().into_raw(),
        prior_private: Private::default(),
    };
    plan(streams().as_ref(), request)
}

fn plan_create(config: &EventStreamModel) -> PlanAnswer {
    let request = PlanRequest {
        prior_state: Raw::Null,
        proposed_new_state: config.clone().into_raw(),
        config: config.clone().into_raw(),
        prior_private: Private::default(),
    };
    plan(streams().as_ref(), request)
}

fn model(state: Raw) -> EventStreamModel {
    EventStreamModel::from_raw(state).unwrap()
}

fn planned_update(prior: &EventStreamModel, config: &EventStreamModel) -> EventStreamModel {
    model(plan_update(prior, config).planned_state)
}

const A: &str = "https://a.test";
const B: &str = "https://b.test";

#[test]
fn the_model_is_the_schema() {
    assert_eq!(streams().problems(), Vec::<String>::new());
}

#[test]
fn replaces_only_what_auth0_cannot_change() {
    let other_kind = EventStreamModel { name: "orders".into(), ..action("act_1") };
    for (case, prior, config, want) in [
        ("endpoint", bearer(A), bearer(B), vec![]),
        ("name", bearer(A), EventStreamModel { name: "x".into(), ..bearer(A) }, vec![]),
        (
            "account",
            eventbridge("123456789012", "eu-west-1"),
            eventbridge("210987654321", "eu-west-1"),
            vec!["eventbridge_configuration[0].aws_account_id"],
        ),
        (
            "region",
            eventbridge("123456789012", "eu-west-1"),
            eventbridge("123456789012", "eu-west-2"),
            vec!["eventbridge_configuration[0].aws_region"],
        ),
        ("action", action("act_1"), action("act_2"), vec!["action_configuration[0].action_id"]),
        (
            "kind",
            bearer(A),
            other_kind,
            vec!["action_configuration[0].action_id", "destination_type"],
        ),
    ] {
        let answer = plan_update(&stored(&prior), &config);
        let paths: Vec<_> = answer.requires_replace.iter().map(ToString::to_string).collect();
        assert_eq!(paths, want, "{case}");
        assert_eq!(answer.diagnostics.is_empty(), want.is_empty(), "{case}: a replacement warns");
    }
}

#[test]
fn updated_at_is_unknown_exactly_when_something_is_sent() {
    let prior = stored(&bearer(A));
    let reordered = EventStreamModel {
        subscriptions: Value::Known(vec!["user.created".into(), "user.created".into()]),
        ..bearer(A)
    };
    let mut without_version = bearer(A);
    if let Value::Known(webhooks) = &mut without_version.webhook_configuration
        && let Value::Known(authorizations) = &mut webhooks[0].webhook_authorization
    {
        authorizations[0].token_wo = Value::Null;
        authorizations[0].token_wo_version = Value::Null;
    }
    for (case, config, sent) in [
        ("nothing", bearer(A), false),
        ("order", reordered, false),
        ("the state alone", without_version, false),
        ("endpoint", bearer(B), true),
        ("name", EventStreamModel { name: "x".into(), ..bearer(A) }, true),
        ("status", EventStreamModel { status: "disabled".into(), ..bearer(A) }, true),
        ("a name not known yet", EventStreamModel { name: Value::Unknown, ..bearer(A) }, true),
    ] {
        let planned = planned_update(&prior, &config);
        assert_eq!(planned.updated_at.is_unknown(), sent, "{case}");
        assert_eq!(planned.created_at, prior.created_at, "{case}");
        assert_eq!(planned.id, prior.id, "{case}");
        if !sent {
            assert!(expand_update(&prior, &planned, &config).unwrap().is_empty(), "{case}");
        }
    }
}

#[test]
fn a_rename_leaves_the_partner_event_source_known() {
    let config = EventStreamModel { name: "x".into(), ..eventbridge("123456789012", "eu-west-1") };
    let prior = stored(&eventbridge("123456789012", "eu-west-1"));
    let planned = planned_update(&prior, &config);
    let source = &planned.eventbridge().unwrap().aws_partner_event_source;
    assert_eq!(*source, "aws.partner/x".into());
}

#[test]
fn a_create_decides_nothing_that_auth0_decides() {
    let planned = model(plan_create(&eventbridge("123456789012", "eu-west-1")).planned_state);
    assert!(planned.id.is_unknown() && planned.status.is_unknown());
    assert!(planned.created_at.is_unknown() && planned.updated_at.is_unknown());
    assert!(planned.eventbridge().unwrap().aws_partner_event_source.is_unknown());
    let planned = model(plan_create(&bearer(A)).planned_state);
    let authorization = planned.authorization().unwrap();
    assert_eq!(authorization.token_wo, Value::Null, "write-only");
    assert_eq!(authorization.username, Value::Null, "not set, and not unknown");
}

/// It is missed by the plan that would have to send it, and by no other.
#[test]
fn a_secret_is_demanded_only_when_it_has_to_be_sent() {
    let without = |endpoint| {
        let mut model = bearer(endpoint);
        if let Value::Known(webhooks) = &mut model.webhook_configuration
            && let Value::Known(authorizations) = &mut webhooks[0].webhook_authorization
        {
            authorizations[0].token_wo = Value::Null;
            authorizations[0].token_wo_version = Value::Null;
        }
        model
    };
    let errors = |answer: PlanAnswer| answer.diagnostics.has_errors();
    let prior = stored(&without(A));
    assert!(errors(plan_create(&without(A))));
    assert!(!errors(plan_update(&prior, &without(A))));
    assert!(!errors(plan_update(&prior, &EventStreamModel { name: "x".into(), ..without(A) })));
    let endpoint = plan_update(&prior, &without(B));
    let path = "webhook_configuration[0].webhook_authorization[0].token";
    assert_eq!(endpoint.diagnostics.iter().next().unwrap().path.to_string(), path);
    assert!(!errors(plan_update(&prior, &bearer(B))), "configured by now");
}

fn bearer_token(destination: Option<Destination>) -> String {
    let Some(Destination::Webhook {
        webhook_authorization: SentAuthorization::Bearer { token },
        ..
    }) = destination
    else {
        panic!("no webhook with a token")
    };
    token.expose_secret().to_owned()
}

#[test]
fn a_write_only_secret_is_taken_from_the_configuration() {
    let planned = model(plan_create(&bearer(A)).planned_state);
    let create = expand_create(&planned, &bearer(A)).unwrap();
    assert_eq!(bearer_token(Some(create.destination)), "s3cr3t");

    let prior = stored(&bearer(A));
    let update = expand_update(&prior, &planned_update(&prior, &bearer(B)), &bearer(B)).unwrap();
    assert!(update.name.is_none() && update.status.is_none() && update.subscriptions.is_none());
    assert_eq!(bearer_token(update.destination), "s3cr3t");
}

#[test]
fn a_secret_of_another_method_is_not_carried_on() {
    let answer = |method: &str| {
        serde_json::from_value(serde_json::json!({
            "id": "est_4Kq7WnXy2bVt9RmHc3PzLd", "name": "orders", "status": "enabled",
            "subscriptions": [], "created_at": "", "updated_at": "",
            "destination": {"type": "webhook", "configuration": {
                "webhook_endpoint": A, "webhook_authorization": {"method": method, "username": "u"},
            }},
        }))
        .unwrap()
    };
    let known = stored(&bearer(A));
    let same = flatten(answer("bearer"), &known);
    assert_eq!(same.authorization().unwrap().token_wo_version, Value::Known(Number::from(1_i64)));
    let other = flatten(answer("basic"), &known);
    let authorization = other.authorization().unwrap();
    assert_eq!(authorization.token_wo_version, Value::Null);
    assert_eq!(authorization.username, "u".into());
}

/// `""` and `0` stand for "not set" there, and times are spelled as Go prints them.
#[test]
fn state_of_the_official_provider_plans_nothing_and_is_not_respelled() {
    let state: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/official-states/updated.tfstate"))
            .unwrap();
    let instance = state["resources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|resource| resource["name"] == "bearer_wo")
        .unwrap()["instances"][0]["attributes"]
        .to_string();
    let prior = model(upgrade(streams().as_ref(), instance.as_bytes()).unwrap());
    let authorization = prior.authorization().unwrap();
    assert_eq!(authorization.username, "".into(), "an output of it must not change");

    let config = EventStreamModel {
        name: "bearer-wo".into(),
        destination_type: "webhook".into(),
        subscriptions: Value::Known(vec!["user.created".into()]),
        webhook_configuration: Value::Known(vec![WebhookConfiguration {
            webhook_endpoint: "https://hooks.example.com/auth0".into(),
            webhook_authorization: Value::Known(vec![WebhookAuthorization {
                method: "bearer".into(),
                token_wo: "wo-token".into(),
                token_wo_version: Value::Known(Number::from(3_i64)),
                ..Default::default()
            }]),
        }]),
        eventbridge_configuration: Value::Known(vec![]),
        action_configuration: Value::Known(vec![]),
        ..Default::default()
    };
    assert_eq!(planned_update(&prior, &config), prior);
}

#[tokio::test]
async fn only_ids_of_event_streams_are_imported() {
    for (id, fits) in [
        ("est_4Kq7WnXy2bVt9RmHc3PzLd", true),
        ("est_4Kq7WnXy2bVt9RmHc3PzL", false),
        ("est_4Kq7WnXy2bVt9RmHc3PzLdd", false),
        ("est_4Kq7WnXy2bVt9RmHc3Pz__", false),
        ("EST_4Kq7WnXy2bVt9RmHc3PzLd", false),
        ("", false),
        ("orders", false),
    ] {
        assert_eq!(streams().import(&Default::default(), id).await.is_ok(), fits, "{id}");
    }
}

#[test]
fn secrets_are_in_no_message() {
    let mut config = bearer("https://h.test/?token=canary-1");
    config.subscriptions = Value::Known(vec!["typo".into()]);
    if let Value::Known(webhooks) = &mut config.webhook_configuration
        && let Value::Known(authorizations) = &mut webhooks[0].webhook_authorization
    {
        let authorization = &mut authorizations[0];
        authorization.token_wo = "Bearer canary-2\n".into();
        authorization.token = "bearer canary-3".into();
        authorization.password = "canary-4".into();
        authorization.header_value_wo = "canary-5".into();
    }
    let found = validate(streams().as_ref(), &config.into_raw(), false);
    assert!(found.iter().count() >= 8, "{found:?}");
    for message in found.iter() {
        assert!(!format!("{message:?}").contains("canary"), "{message:?}");
    }
}
