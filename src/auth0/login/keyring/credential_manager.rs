//! The Credential Manager of Windows.

use std::collections::HashMap;

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;
use secrecy::SecretString;
use windows_native_keyring_store::Store;

use super::text;
use crate::auth0::proxy::Env;

pub(super) struct Keyring(std::sync::Arc<Store>);

impl Keyring {
    pub(super) async fn open(_: Env) -> Result<Self, String> {
        Store::new().map(Self).map_err(|err| err.to_string())
    }

    pub(super) async fn secret(
        &self,
        service: &str,
        user: &str,
    ) -> Result<Option<SecretString>, String> {
        let target = format!("{service}:{user}");
        let named = HashMap::from([("target", target.as_str())]);
        let entry = self.0.build(service, user, Some(&named)).map_err(|err| err.to_string())?;
        match entry.get_secret() {
            Ok(secret) => text(secret).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(err) => Err(err.to_string()),
        }
    }
}
