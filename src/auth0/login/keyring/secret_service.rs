//! The Secret Service, which GNOME's keyring, KDE's wallet and KeePassXC offer on the session bus
//! (freedesktop.org, Secret Service API 0.2).

use std::collections::HashMap;

use secrecy::SecretString;
use tokio_stream::StreamExt;
use zbus::message::Body;
use zbus::{
    Connection, MatchRule, MessageStream, ObjectPath, OwnedObjectPath, OwnedVariant, Variant,
};

use super::text;
use crate::auth0::proxy::{Env, set};

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const PATH: &str = "/org/freedesktop/secrets";
/// The path that stands for no prompt.
const NONE: &str = "/";

/// An open session. Secrets go through it as they are: the bus is a socket of this machine.
pub(super) struct Keyring {
    bus: Connection,
    session: OwnedObjectPath,
}

/// A secret on the bus: the session, parameters, the value and its media type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

impl Keyring {
    pub(super) async fn open(env: Env) -> Result<Self, String> {
        let bus = zbus::connection::Builder::address(address(env)?.as_str()).build().await;
        let bus = bus.map_err(|err| format!("no session bus can be reached: {err}"))?;
        let plain = ("plain", Variant::from(""));
        let answer = call(&bus, PATH, SERVICE, "OpenSession", &plain).await?;
        let (_, session): (OwnedVariant, OwnedObjectPath) = read(&answer)?;
        Ok(Self { bus, session })
    }

    pub(super) async fn secret(
        &self,
        service: &str,
        user: &str,
    ) -> Result<Option<SecretString>, String> {
        let wanted = HashMap::from([("service", service), ("username", user)]);
        let answer = call(&self.bus, PATH, SERVICE, "SearchItems", &wanted).await?;
        let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = read(&answer)?;
        let item = match (unlocked.first(), locked.first()) {
            (Some(item), _) => item,
            (None, Some(item)) => {
                self.unlock(item).await?;
                item
            }
            (None, None) => return Ok(None),
        };
        let answer = call(&self.bus, item.as_str(), ITEM, "GetSecret", &self.session).await?;
        let (_, _, value, _): Secret = read(&answer)?;
        text(value).map(Some)
    }

    /// Unlocks an item, for which the keyring may ask the person at the desk.
    async fn unlock(&self, item: &ObjectPath<'_>) -> Result<(), String> {
        let answer = call(&self.bus, PATH, SERVICE, "Unlock", &vec![item]).await?;
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = read(&answer)?;
        if prompt.as_str() == NONE {
            return Ok(());
        }
        let completed = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(PROMPT)
            .member("Completed")
            .path(prompt.as_str())
            .build()
            .map_err(in_words)?;
        let completed = MessageStream::for_match_rule(completed, &self.bus, None).await;
        let mut completed = completed.map_err(in_words)?;
        call(&self.bus, prompt.as_str(), PROMPT, "Prompt", &"").await?;
        let ended = completed.next().await.ok_or("the session bus is gone")?.map_err(in_words)?;
        let (dismissed, _): (bool, OwnedVariant) = read(&ended.body())?;
        match dismissed {
            true => Err("it is locked, and was not unlocked".to_owned()),
            false => Ok(()),
        }
    }
}

/// Where the session bus is, as other programs find it.
fn address(env: Env) -> Result<String, String> {
    set(env, "DBUS_SESSION_BUS_ADDRESS")
        .or_else(|| set(env, "XDG_RUNTIME_DIR").map(|folder| format!("unix:path={folder}/bus")))
        .ok_or_else(|| "there is no session bus".to_owned())
}

async fn call<B>(
    bus: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> Result<Body, String>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
{
    let answer = bus.call_method(Some(NAME), path, Some(interface), method, body).await;
    answer.map(|answer| answer.body()).map_err(in_words)
}

fn read<'a, T>(body: &'a Body) -> Result<T, String>
where
    T: zbus::zvariant::DynamicDeserialize<'a>,
{
    body.deserialize().map_err(in_words)
}

fn in_words(err: zbus::Error) -> String {
    match &err {
        zbus::Error::FDO(err) if matches!(**err, zbus::fdo::Error::ServiceUnknown(_)) => {
            "no program on the session bus offers one".to_owned()
        }
        _ => err.to_string(),
    }
}
