//! Switches for what nobody outside Auth0 knows. The first position of each is the default; a
//! client must be safe in every one.

/// Declares the switches: each becomes an enum with `ALL` its positions, a field of [`Switches`]
/// and a flag of the same name.
macro_rules! switches {
    ($(
        $(#[doc = $help:literal])+
        $field:ident: $switch:ident {
            $(#[doc = $first_help:literal])+ $first:ident = $first_name:literal,
            $( $(#[doc = $position_help:literal])+ $position:ident = $position_name:literal, )+
        }
    )+) => {
        $(
            $(#[doc = $help])+
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
            #[derive(serde::Serialize, serde::Deserialize)]
            pub enum $switch {
                $(#[doc = $first_help])+
                #[default]
                #[value(name = $first_name)]
                #[serde(rename = $first_name)]
                $first,
                $(
                    $(#[doc = $position_help])+
                    #[value(name = $position_name)]
                    #[serde(rename = $position_name)]
                    $position,
                )+
            }

            impl $switch {
                /// Every position, the default first.
                pub const ALL: &[Self] = &[Self::$first, $(Self::$position),+];
            }
        )+

        /// The position of every switch.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::Args)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Switches {
            $(
                $(#[doc = $help])+
                #[arg(long, value_enum, default_value_t, value_name = "POSITION", help_heading = "Switches")]
                pub $field: $switch,
            )+
        }

        impl Switches {
            /// The name of every switch, as in a control request; a flag has `-` for `_`.
            pub const NAMES: &[&str] = &[$(stringify!($field)),+];

            /// Every position of every switch, each alone among defaults, with its name.
            pub fn each() -> Vec<(String, Switches)> {
                let mut all = Vec::new();
                $(for &position in $switch::ALL {
                    let name = format!("{}: {position:?}", stringify!($field));
                    all.push((name, Switches { $field: position, ..Switches::default() }));
                })+
                all
            }
        }
    };
}

switches! {
    /// PATCH of `webhook_authorization` with a method and without its secret
    patch_without_secret: PatchWithoutSecret {
        /// 400: the schema asks for the secret
        Refuse = "refuse",
        /// the stored secret stays, unless the method is another one
        Keep = "keep",
        /// the stream loses its secret
        Clear = "clear",
    }
    /// PATCH of `destination` for an action stream
    patch_action_destination: PatchActionDestination {
        /// 400: the schema has no such destination
        Refuse = "refuse",
        /// another action of the same kind is taken over
        Accept = "accept",
    }
    /// How names of event streams are compared
    compare_names: CompareNames {
        /// letter by letter
        Exactly = "exactly",
        /// upper and lower case are the same name
        WithoutCase = "without-case",
    }
    /// PATCH of a name that another stream has
    patch_to_used_name: PatchToUsedName {
        /// 409 as on create
        Conflict = "409",
        /// two streams share the name
        Accept = "accept",
    }
    /// An `event_type` that Auth0's SDKs do not know
    unknown_event_type: UnknownEventType {
        /// 400: no match in the enum
        Refuse = "refuse",
        /// any string is stored
        Accept = "accept",
    }
    /// The same `event_type` twice in `subscriptions`
    repeated_event_type: RepeatedEventType {
        /// stored as sent
        Keep = "keep",
        /// stored once
        Drop = "drop",
        /// 400: items are not unique
        Refuse = "refuse",
    }
    /// Order of `subscriptions` in answers
    subscriptions_order: SubscriptionsOrder {
        /// the order of the request
        AsSent = "as-sent",
        /// the order of the alphabet
        Sorted = "sorted",
    }
    /// PATCH with `subscriptions: []`
    patch_empty_subscriptions: PatchEmptySubscriptions {
        /// 400: at least one item, as on create
        Refuse = "refuse",
        /// the stream delivers nothing from now on
        Accept = "accept",
    }
    /// PATCH of an event stream that does not exist
    patch_unknown_id: PatchUnknownId {
        /// 404 as on GET
        NotFound = "404",
        /// 400 with the same text
        BadRequest = "400",
    }
    /// `retry-after` on 429
    retry_after: RetryAfter {
        /// only the `x-ratelimit-*` headers
        Absent = "absent",
        /// seconds until the next request is served
        Present = "present",
    }
    /// `status` of a stream created without one
    default_status: DefaultStatus {
        /// seen since the middle of 2025
        Enabled = "enabled",
        /// seen on a trial tenant before
        Disabled = "disabled",
    }
    /// Create without `name` or without `subscriptions`, which the published schema allows
    create_incomplete: CreateIncomplete {
        /// 400: every official client sends them
        Refuse = "refuse",
        /// an empty name, no subscriptions
        Accept = "accept",
    }
    /// An empty `token`, `password` or `header_value`
    empty_secret: EmptySecret {
        /// 400
        Refuse = "refuse",
        /// stored
        Accept = "accept",
    }
    /// PATCH of a webhook with `webhook_endpoint` alone in its `configuration`
    patch_endpoint_alone: PatchEndpointAlone {
        /// 400: the schema asks for the authorization
        Refuse = "refuse",
        /// the authorization stays
        Accept = "accept",
    }
    /// A second EventBridge stream to the same AWS account and region
    same_event_bus: SameEventBus {
        /// created
        Accept = "accept",
        /// 409
        Refuse = "409",
    }
    /// A second event stream with the same action
    shared_action: SharedAction {
        /// created
        Accept = "accept",
        /// 400
        Refuse = "refuse",
    }
    /// The action of an event stream that is deleted
    action_of_deleted_stream: ActionOfDeletedStream {
        /// deleted too, as seen once
        Delete = "delete",
        /// left alone
        Keep = "keep",
    }
    /// Test event of a disabled stream
    test_of_disabled_stream: TestOfDisabledStream {
        /// 400: documented as not supported
        Refuse = "refuse",
        /// a delivery is made
        Accept = "accept",
    }
    /// Status of the answer to the deployment of an action
    deploy_answer: DeployAnswer {
        /// as recorded
        Ok = "200",
        /// as documented
        Accepted = "202",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_position_is_the_default() {
        assert_eq!(PatchWithoutSecret::ALL[0], PatchWithoutSecret::default());
        assert_eq!(PatchWithoutSecret::ALL.len(), 3);
        assert_eq!(
            serde_json::to_value(Switches::default()).unwrap(),
            serde_json::json!({
                "patch_without_secret": "refuse",
                "patch_action_destination": "refuse",
                "compare_names": "exactly",
                "patch_to_used_name": "409",
                "unknown_event_type": "refuse",
                "repeated_event_type": "keep",
                "subscriptions_order": "as-sent",
                "patch_empty_subscriptions": "refuse",
                "patch_unknown_id": "404",
                "retry_after": "absent",
                "default_status": "enabled",
                "create_incomplete": "refuse",
                "empty_secret": "refuse",
                "patch_endpoint_alone": "refuse",
                "same_event_bus": "accept",
                "shared_action": "accept",
                "action_of_deleted_stream": "delete",
                "test_of_disabled_stream": "refuse",
                "deploy_answer": "200",
            })
        );
    }

    #[test]
    fn a_position_that_does_not_exist_is_no_position() {
        let wrong = serde_json::json!({"patch_without_secret": "sometimes"});
        assert!(serde_json::from_value::<Switches>(wrong).is_err());
        let wrong = serde_json::json!({"patch_with_secret": "refuse"});
        assert!(serde_json::from_value::<Switches>(wrong).is_err());
    }
}
