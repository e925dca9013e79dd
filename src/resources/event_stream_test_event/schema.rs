//! What a test is asked for with, alike for the resource and the action.

use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::auth0::catalog::{EventType, nearest};
use crate::auth0::is_event_stream_id;
use crate::framework::schema::{Attribute, Validator, string};
use crate::framework::value::Value;
use crate::framework::{Diagnostic, Diagnostics, path};

/// A mistake, rather than patience: Auth0 begins to deliver a test event after 13 to 22 seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The arguments of a test.
pub fn arguments() -> Vec<(&'static str, Attribute)> {
    vec![
        (
            "event_stream_id",
            string()
                .required()
                .validate(Validator::text("must be `est_` and 22 letters or digits", |id| {
                    (!is_event_stream_id(id)).then(|| {
                        Diagnostic::error(
                            format!("{id:?} is not the id of an event stream"),
                            "An id has the form est_ and 22 letters or digits: take the attribute \
                             id of the event stream.",
                        )
                    })
                }))
                .description("Id of the event stream. It must be enabled."),
        ),
        (
            "event_type",
            string().required().description("Type of the event, such as `user.created`."),
        ),
        (
            "data",
            string()
                .optional()
                .validate(Validator::text("must be a JSON object", |text| {
                    let fault = serde_json::from_str::<Map<String, Json>>(text).err()?;
                    Some(Diagnostic::error(
                        "Invalid data of a test event",
                        format!("It must be a JSON object, as jsonencode writes it: {fault}."),
                    ))
                }))
                .description(
                    "Member `data` of the event as JSON, sent as it is written; by default \
                     a sample of Auth0's. It is shown in plans and kept in clear: put no secret \
                     into it.",
                ),
        ),
        (
            "wait",
            string()
                .optional()
                .validate(Validator::text("must be a duration of at most ten minutes", |text| {
                    let fault = match humantime::parse_duration(text) {
                        Ok(wait) if wait > LONGEST_WAIT => {
                            "It is longer than ten minutes.".to_owned()
                        }
                        Ok(_) => return None,
                        Err(err) => format!("{text:?} is not a duration ({err})."),
                    };
                    Some(Diagnostic::error("Invalid wait", format!("{fault} Write it like 30s.")))
                }))
                .description(
                    "How long failures are looked for, `1m` by default: Auth0 begins to \
                     deliver a test event after 13 to 22 seconds, and tries four times before it \
                     lists a failure. With `0s` the event is sent and nothing is looked for. \
                     Looking needs the scope `read:event_streams` or `read:event_deliveries`.",
                ),
        ),
    ]
}

/// A warning for a type that is not known. Auth0 may know more of them.
pub fn validate(event_type: &Value<String>) -> Diagnostics {
    let unknown = event_type.known().filter(|name| EventType::find(name).is_none());
    let warning = unknown.map(|name| {
        Diagnostic::warning(
            format!("Unknown event type {name:?}"),
            format!(
                "Auth0 may refuse it. The nearest event type known to this provider is {:?}.",
                nearest(name, EventType::names())
            ),
        )
        .at(path("event_type"))
    });
    warning.into_iter().collect()
}
