//! Switches about updates of a webhook without its secret, which we never send.

use serde_json::json;
use terraform_provider_auth0::simulator::switches::{
    PatchEndpointAlone, PatchWithoutSecret, Switches,
};

use super::super::with_authorization;
use super::sent::assert_safe;
use super::{assert_says, put, refused_by_plan, turned};
use crate::support::terraform::Acceptance;

const OLD: &str = "https://old.example.com/auth0";
const NEW: &str = "https://new.example.com/auth0";

/// Whatever Auth0 would make of an update without the secret: it stays the one that it was.
#[test]
fn a_secret_that_is_not_configured_is_neither_lost_nor_needed_until_the_destination_changes() {
    let mut positions: Vec<_> = PatchWithoutSecret::ALL
        .iter()
        .map(|&position| Switches { patch_without_secret: position, ..Switches::default() })
        .collect();
    let patch_endpoint_alone = PatchEndpointAlone::Accept;
    positions.push(Switches { patch_endpoint_alone, ..Switches::default() });
    for position in positions {
        let acc = turned(|switches| *switches = position);
        let secret_is = |secret: &str| {
            let [stream] = &acc.auth0.event_streams()[..] else { panic!("not one stream") };
            assert_eq!(stream.secret(), Some(secret), "{position:?}");
        };
        let with = |name: &str, endpoint: &str, secret: &str| {
            with_authorization(name, endpoint, &format!("method = \"bearer\"\n      {secret}"))
        };
        import(&acc, &with("orders", OLD, ""));
        put(&acc, &with("orders-2", OLD, ""));
        secret_is("made-by-hand");

        acc.configure(&with("orders-2", NEW, ""));
        assert_says(&refused_by_plan(&acc), &["Missing secret", "token_wo"]);
        assert_eq!(acc.bodies("PATCH"), [json!({"name": "orders-2"})], "{position:?}");
        secret_is("made-by-hand");

        let secret = "token_wo = \"from-now-on\"\n      token_wo_version = 1";
        put(&acc, &with("orders-2", NEW, secret));
        secret_is("from-now-on");
        assert_safe(&acc);
    }
}

/// Takes a stream over that was made by hand.
fn import(acc: &Acceptance, hcl: &str) {
    let made = json!({
        "name": "orders",
        "subscriptions": [{"event_type": "user.created"}, {"event_type": "user.updated"}],
        "destination": {"type": "webhook", "configuration": {
            "webhook_endpoint": OLD,
            "webhook_authorization": {"method": "bearer", "token": "made-by-hand"},
        }},
    });
    let id = acc.auth0.create_event_stream(&made).unwrap().id;
    acc.configure(hcl);
    acc.run(&["import", "-input=false", "auth0_event_stream.it", &id]).ok();
}

/// Another method needs another secret, also where Auth0 would keep the one it has.
#[test]
fn another_method_is_sent_with_its_own_secret() {
    for &position in PatchWithoutSecret::ALL {
        let acc = turned(|switches| switches.patch_without_secret = position);
        let bearer = "method = \"bearer\"\n      token_wo = \"first\"\n      token_wo_version = 1";
        put(&acc, &with_authorization("orders", OLD, bearer));
        acc.configure(&with_authorization(
            "orders",
            OLD,
            "method = \"basic\"\n username = \"hook\"",
        ));
        assert_says(&refused_by_plan(&acc), &["Missing secret", "password_wo"]);
        let basic = "method = \"basic\"\n username = \"hook\"\n password_wo = \"second\"\n password_wo_version = 1";
        put(&acc, &with_authorization("orders", OLD, basic));
        assert_eq!(acc.auth0.event_streams()[0].secret(), Some("second"), "{position:?}");
        assert_safe(&acc);
    }
}
