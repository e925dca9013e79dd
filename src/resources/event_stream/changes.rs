//! What an update has to send.

use super::model::{EventStreamModel, Method, Secret, WebhookAuthorization, is_unset, is_zero};

/// The top-level members of Auth0's object that differ between two models. An unknown value counts
/// as different. Spellings have been settled by the plan already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The name.
    pub name: bool,
    /// The status, where one is planned.
    pub status: bool,
    /// The members of the subscriptions.
    pub subscriptions: bool,
    endpoint: bool,
    authorization: bool,
    secret: Option<SecretChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SecretChange {
    /// The state records no secret for this method, so nobody knows whether it differs.
    First,
    /// It differs from the recorded one, or has another version.
    Other,
}

impl Changes {
    /// The differences that an update from `prior` to `planned` has to send.
    pub fn between(prior: &EventStreamModel, planned: &EventStreamModel) -> Self {
        let endpoint = |model: &EventStreamModel| {
            model.webhook().map(|webhook| webhook.webhook_endpoint.clone())
        };
        let (authorization, secret) = match (prior.authorization(), planned.authorization()) {
            (Some(prior), Some(planned)) => {
                let (prior, planned) = (prior, planned);
                (authorization_differs(prior, planned), secret_change(prior, planned))
            }
            // A block that is unknown, or was never there.
            (prior, planned) => (prior.is_some() || planned.is_some(), None),
        };
        Self {
            name: prior.name != planned.name,
            status: !planned.status.is_null() && prior.status != planned.status,
            subscriptions: prior.subscriptions != planned.subscriptions,
            endpoint: endpoint(prior) != endpoint(planned)
                || planned.webhook_configuration.is_unknown(),
            authorization,
            secret,
        }
    }

    /// True when nothing has to be sent.
    pub fn is_empty(&self) -> bool {
        !(self.name || self.status || self.subscriptions || self.destination())
    }

    /// True when the destination has to be sent, which is always whole and with its secret.
    pub fn destination(&self) -> bool {
        self.endpoint || self.authorization || self.secret.is_some()
    }

    /// True when a secret that the state does not record is all that makes the destination differ.
    pub fn is_first_secret(&self) -> bool {
        !self.endpoint && !self.authorization && self.secret == Some(SecretChange::First)
    }
}

fn authorization_differs(prior: &WebhookAuthorization, planned: &WebhookAuthorization) -> bool {
    prior.method != planned.method
        || planned.known_method().is_some_and(|method| {
            let (prior, planned) = (prior.public_value(method), planned.public_value(method));
            prior != planned && !(is_unset(prior) && is_unset(planned))
        })
}

/// A secret that is no longer configured is forgotten, not sent.
fn secret_change(
    prior: &WebhookAuthorization,
    planned: &WebhookAuthorization,
) -> Option<SecretChange> {
    let method: Method = planned.known_method()?;
    let (prior, planned): (Secret<'_>, Secret<'_>) = (prior.secret(method), planned.secret(method));
    let plain = !is_unset(planned.plain) && planned.plain != prior.plain;
    let version = !is_zero(planned.version) && planned.version != prior.version;
    (plain || version)
        .then(|| if prior.is_recorded() { SecretChange::Other } else { SecretChange::First })
}

#[cfg(test)]
mod tests {
    use super::super::model::WebhookConfiguration;
    use super::*;
    use crate::framework::value::{Number, Value};

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

    #[test]
    fn a_destination_is_sent_only_when_it_or_its_secret_differs() {
        for (case, prior, planned, sent, first) in [
            ("nothing", bearer(A, None, Some(1)), bearer(A, None, Some(1)), false, false),
            (
                "endpoint",
                bearer(A, None, Some(1)),
                bearer("https://b.test", None, Some(1)),
                true,
                false,
            ),
            ("version raised", bearer(A, None, Some(1)), bearer(A, None, Some(2)), true, false),
            ("version lowered", bearer(A, None, Some(2)), bearer(A, None, Some(1)), true, false),
            ("other token", bearer(A, Some("x"), None), bearer(A, Some("y"), None), true, false),
            (
                "plain to write-only",
                bearer(A, Some("x"), None),
                bearer(A, None, Some(1)),
                true,
                false,
            ),
            (
                "write-only to plain",
                bearer(A, None, Some(1)),
                bearer(A, Some("x"), None),
                true,
                false,
            ),
            ("after an import", bearer(A, None, None), bearer(A, None, Some(1)), true, true),
            (
                "after an import, plain",
                bearer(A, None, None),
                bearer(A, Some("x"), None),
                true,
                true,
            ),
            ("version 0 is none", bearer(A, None, None), bearer(A, None, Some(0)), false, false),
            (
                "secret no longer configured",
                bearer(A, Some("x"), None),
                bearer(A, None, None),
                false,
                false,
            ),
            (
                "version no longer configured",
                bearer(A, None, Some(1)),
                bearer(A, None, None),
                false,
                false,
            ),
        ] {
            let changes = Changes::between(&prior, &planned);
            assert_eq!(changes.destination(), sent, "{case}");
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
        assert!(Changes::between(&prior, &name).name);
        assert!(Changes::between(&prior, &status).status);
        assert!(!Changes::between(&prior, &name).destination());
        assert!(!Changes::between(&prior, &status).destination());
        assert!(Changes::between(&prior, &unset).is_empty());
    }

    #[test]
    fn what_is_unknown_may_differ() {
        let prior = bearer(A, None, Some(1));
        let mut planned = prior.clone();
        planned.webhook_configuration = Value::Unknown;
        assert!(Changes::between(&prior, &planned).destination());
    }
}
