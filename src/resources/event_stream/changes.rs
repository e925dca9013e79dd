//! What an update has to send.

use super::model::{
    EventStreamModel, Secret, WebhookAuthorization, WebhookConfiguration, is_unset,
};
use crate::framework::value::Value;

/// The top-level members of Auth0's object that differ between two models. Spellings have been
/// settled by the plan already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The name. An unknown one counts as different, here and below.
    pub name: bool,
    /// The status, where one is planned.
    pub status: bool,
    /// The members of the subscriptions.
    pub subscriptions: bool,
    endpoint: Difference,
    authorization: Difference,
    secret: Difference,
    /// The state records no secret for this method, so nobody knows whether it differs.
    unrecorded: bool,
}

/// How sure it is that two values differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    None,
    /// One of them is not known yet.
    Possible,
    Certain,
}

impl Difference {
    fn of<T: PartialEq>(prior: &Value<T>, planned: &Value<T>) -> Self {
        match (prior, planned) {
            (Value::Unknown, _) | (_, Value::Unknown) => Self::Possible,
            (prior, planned) if prior == planned => Self::None,
            _ => Self::Certain,
        }
    }
}

impl Changes {
    /// The differences that an update from `prior` to `planned` has to send. `config` tells which
    /// secrets are configured; a plan holds no write-only ones.
    pub fn between(
        prior: &EventStreamModel,
        planned: &EventStreamModel,
        config: &EventStreamModel,
    ) -> Self {
        let (endpoint, authorization, secret) = match (prior.webhook(), planned.webhook()) {
            (Some(prior), Some(planned)) => {
                let (authorization, secret) = authorization(prior, planned, config);
                let endpoint = Difference::of(&prior.webhook_endpoint, &planned.webhook_endpoint);
                (endpoint, authorization, secret)
            }
            _ if planned.webhook_configuration.is_unknown() => {
                (Difference::Possible, Difference::Possible, Difference::None)
            }
            (None, None) => (Difference::None, Difference::None, Difference::None),
            _ => (Difference::Certain, Difference::Certain, Difference::None),
        };
        Self {
            name: prior.name != planned.name,
            status: !planned.status.is_null() && prior.status != planned.status,
            subscriptions: prior.subscriptions != planned.subscriptions,
            endpoint,
            authorization,
            secret,
            unrecorded: !is_recorded(prior, planned),
        }
    }

    /// True when nothing has to be sent.
    pub fn is_empty(&self) -> bool {
        !(self.name || self.status || self.subscriptions || self.destination())
    }

    /// True when the destination has to be sent, which is always whole and with its secret.
    pub fn destination(&self) -> bool {
        self.destination_difference() != Difference::None
    }

    /// True when no value that is still unknown can spare the destination from being sent.
    pub fn destination_for_certain(&self) -> bool {
        self.destination_difference() == Difference::Certain
    }

    /// True when a secret is sent that the state does not record, for the method that is in use.
    pub fn is_first_secret(&self) -> bool {
        self.secret == Difference::Certain && self.unrecorded
    }

    fn destination_difference(&self) -> Difference {
        self.endpoint.max(self.authorization).max(self.secret)
    }
}

/// Whether the authorization differs beside its secret, and whether the secret does.
fn authorization(
    prior: &WebhookConfiguration,
    planned: &WebhookConfiguration,
    config: &EventStreamModel,
) -> (Difference, Difference) {
    match (prior.authorization(), planned.authorization()) {
        (Some(prior), Some(planned)) => {
            let config = config.authorization().unwrap_or(planned);
            (beside_the_secret(prior, planned), secret(prior, planned, config))
        }
        (None, None) => (Difference::None, Difference::None),
        _ if planned.webhook_authorization.is_unknown() => (Difference::Possible, Difference::None),
        _ => (Difference::Certain, Difference::None),
    }
}

fn beside_the_secret(prior: &WebhookAuthorization, planned: &WebhookAuthorization) -> Difference {
    let public = planned.known_method().map_or(Difference::None, |method| {
        let (prior, planned) = (prior.public_value(method), planned.public_value(method));
        if is_unset(prior) && is_unset(planned) {
            return Difference::None;
        }
        Difference::of(prior, planned)
    });
    Difference::of(&prior.method, &planned.method).max(public)
}

/// A secret that is no longer configured is forgotten, not sent. A version counts only beside the
/// secret that it is the version of: 0 stands for "not set" in many modules, and for a version
/// where there is a secret.
fn secret(
    prior: &WebhookAuthorization,
    planned: &WebhookAuthorization,
    config: &WebhookAuthorization,
) -> Difference {
    let Some(method) = planned.known_method() else { return Difference::None };
    let config: Secret<'_> = config.secret(method);
    let (prior, planned): (Secret<'_>, Secret<'_>) = (prior.secret(method), planned.secret(method));
    let plain = match is_unset(planned.plain) {
        true => Difference::None,
        false => Difference::of(prior.plain, planned.plain),
    };
    let version = match config.write_only.is_null() || planned.version.is_null() {
        true => Difference::None,
        false => Difference::of(prior.version, planned.version),
    };
    plain.max(version)
}

/// True where the state says which secret Auth0 holds, or held for a method that is given up.
fn is_recorded(prior: &EventStreamModel, planned: &EventStreamModel) -> bool {
    let (Some(prior), Some(planned)) = (prior.authorization(), planned.authorization()) else {
        return true;
    };
    prior.method != planned.method
        || planned.known_method().is_none_or(|method| prior.secret(method).is_recorded())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::value::Number;

    fn bearer(endpoint: &str, token: Option<&str>, version: Option<i64>) -> EventStreamModel {
        EventStreamModel {
            name: "orders".into(),
            destination_type: "webhook".into(),
            subscriptions: Value::Known(vec!["user.created".into()]),
            status: "enabled".into(),
            webhook_configuration: Value::Known(vec![WebhookConfiguration {
                webhook_endpoint: endpoint.into(),
                webhook_authorization: Value::Known(vec![WebhookAuthorization {
                    method: "bearer".into(),
                    token: token.map(str::to_owned).into(),
                    token_wo_version: version.map(Number::from).into(),
                    ..Default::default()
                }]),
            }]),
            ..Default::default()
        }
    }

    const A: &str = "https://a.test";

    /// `model` as it is configured, with a write-only secret beside a version.
    fn config(model: &EventStreamModel, write_only: bool) -> EventStreamModel {
        let mut config = model.clone();
        if let Value::Known(webhooks) = &mut config.webhook_configuration
            && let Value::Known(authorizations) = &mut webhooks[0].webhook_authorization
            && write_only
        {
            authorizations[0].token_wo = "write-only".into();
        }
        config
    }

    const B: &str = "https://b.test";

    #[test]
    fn a_destination_is_sent_only_when_it_or_its_secret_differs() {
        for (case, prior, planned, write_only, sent, first) in [
            ("nothing", bearer(A, None, Some(1)), bearer(A, None, Some(1)), true, false, false),
            ("endpoint", bearer(A, None, Some(1)), bearer(B, None, Some(1)), true, true, false),
            (
                "version raised",
                bearer(A, None, Some(1)),
                bearer(A, None, Some(2)),
                true,
                true,
                false,
            ),
            (
                "version lowered",
                bearer(A, None, Some(2)),
                bearer(A, None, Some(1)),
                true,
                true,
                false,
            ),
            ("version to 0", bearer(A, None, Some(1)), bearer(A, None, Some(0)), true, true, false),
            (
                "other token",
                bearer(A, Some("x"), None),
                bearer(A, Some("y"), None),
                false,
                true,
                false,
            ),
            (
                "plain to write-only",
                bearer(A, Some("x"), None),
                bearer(A, None, Some(1)),
                true,
                true,
                false,
            ),
            (
                "write-only to plain",
                bearer(A, None, Some(1)),
                bearer(A, Some("x"), None),
                false,
                true,
                false,
            ),
            ("imported", bearer(A, None, None), bearer(A, None, Some(1)), true, true, true),
            (
                "imported, version 0",
                bearer(A, None, None),
                bearer(A, None, Some(0)),
                true,
                true,
                true,
            ),
            (
                "imported, plain",
                bearer(A, None, None),
                bearer(A, Some("x"), None),
                false,
                true,
                true,
            ),
            (
                "imported, endpoint too",
                bearer(A, None, None),
                bearer(B, None, Some(1)),
                true,
                true,
                true,
            ),
            (
                "0 without a secret",
                bearer(A, None, None),
                bearer(A, None, Some(0)),
                false,
                false,
                false,
            ),
            (
                "0 of another provider",
                bearer(A, Some(""), Some(0)),
                bearer(A, None, Some(0)),
                true,
                false,
                false,
            ),
            (
                "no secret any more",
                bearer(A, Some("x"), None),
                bearer(A, None, None),
                false,
                false,
                false,
            ),
            (
                "no version any more",
                bearer(A, None, Some(1)),
                bearer(A, None, None),
                false,
                false,
                false,
            ),
        ] {
            let changes = Changes::between(&prior, &planned, &config(&planned, write_only));
            assert_eq!(changes.destination(), sent, "{case}");
            assert_eq!(changes.destination_for_certain(), sent, "{case}");
            assert_eq!(changes.is_empty(), !sent, "{case}");
            assert_eq!(changes.is_first_secret(), first, "{case}");
        }
    }

    #[test]
    fn other_members_do_not_touch_the_destination() {
        let prior = bearer(A, None, Some(1));
        let name = EventStreamModel { name: "other".into(), ..prior.clone() };
        let status = EventStreamModel { status: "disabled".into(), ..prior.clone() };
        let unset = EventStreamModel { status: Value::Null, ..prior.clone() };
        let between = |planned| Changes::between(&prior, planned, &config(planned, true));
        assert!(between(&name).name);
        assert!(between(&status).status);
        assert!(!between(&name).destination());
        assert!(!between(&status).destination());
        assert!(between(&unset).is_empty());
    }

    #[test]
    fn what_is_unknown_may_differ_and_is_no_certain_difference() {
        let prior = bearer(A, None, Some(1));
        let mut block = prior.clone();
        block.webhook_configuration = Value::Unknown;
        let endpoint = |authorization: &EventStreamModel| {
            let mut planned = authorization.clone();
            if let Value::Known(webhooks) = &mut planned.webhook_configuration {
                webhooks[0].webhook_endpoint = Value::Unknown;
            }
            planned
        };
        for (case, planned, certain) in [
            ("the block", block, false),
            ("the endpoint", endpoint(&prior), false),
            ("the endpoint, beside a new version", endpoint(&bearer(A, None, Some(2))), true),
        ] {
            let changes = Changes::between(&prior, &planned, &config(&planned, true));
            assert!(changes.destination(), "{case}");
            assert_eq!(changes.destination_for_certain(), certain, "{case}");
        }
    }
}
