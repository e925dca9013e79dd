//! Cursors of lists: opaque, and refused when they are not of this list of this start.

use super::auth0::no_randomness;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use std::io;

/// Seals positions in lists.
pub(crate) struct CursorKey(hmac::Key);

impl CursorKey {
    pub(crate) fn random() -> io::Result<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        key.map(Self).map_err(|_| no_randomness())
    }

    pub(crate) fn seal(&self, list: &str, position: u64) -> String {
        let mut bytes = position.to_be_bytes().to_vec();
        bytes.extend(&self.tag(list, position).as_ref()[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn open(&self, list: &str, cursor: &str) -> Option<u64> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (position, tag) = bytes.split_first_chunk()?;
        let position = u64::from_be_bytes(*position);
        (self.tag(list, position).as_ref()[..16] == *tag).then_some(position)
    }

    fn tag(&self, list: &str, position: u64) -> hmac::Tag {
        hmac::sign(&self.0, format!("{position} {list}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_list_and_start_only() {
        let key = CursorKey::random().unwrap();
        let cursor = key.seal("event-streams", 7);
        assert_eq!(key.open("event-streams", &cursor), Some(7));
        assert_eq!(key.open("deliveries", &cursor), None);
        assert_eq!(CursorKey::random().unwrap().open("event-streams", &cursor), None);
        for foreign in ["", "Zm9vYmFy", "50", "not base64!"] {
            assert_eq!(key.open("event-streams", foreign), None, "{foreign}");
        }
    }
}
