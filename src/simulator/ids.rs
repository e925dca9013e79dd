//! Identifiers in the shapes of Auth0.

/// Base58: without the letters and digits that look alike.
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub(crate) fn event_stream() -> String {
    format!("est_{}", random(BASE58, 22))
}

pub(crate) fn event() -> String {
    format!("evt_{}", random(BASE58, 22))
}

/// Thirty-two letters and digits.
pub(crate) fn client() -> String {
    random(ALPHANUMERIC, 32)
}

/// A random UUID, lower case: actions and their versions.
pub(crate) fn uuid() -> String {
    let bits = (fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Whether `id` has the shape of an event stream's id.
pub(crate) fn is_event_stream(id: &str) -> bool {
    is(id, "est_", |c| BASE58.contains(&c))
}

/// Whether `id` has the shape of an event's id, as the schema of events has it.
pub(crate) fn is_event(id: &str) -> bool {
    is(id, "evt_", |c| c.is_ascii_alphanumeric())
}

fn is(id: &str, prefix: &str, alphabet: fn(u8) -> bool) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| rest.len() == 22 && rest.bytes().all(alphabet))
}

fn random(alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_auth0() {
        let id = event_stream();
        assert_eq!(id.len(), 26);
        assert!(is_event_stream(&id), "{id}");
        assert!(is_event(&event()));
        assert_eq!(client().len(), 32);
        let uuid = uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        assert_eq!(uuid, uuid.to_lowercase());
    }

    #[test]
    fn other_shapes_are_no_event_streams() {
        for id in [
            "",
            "est_",
            "est_4Kq7WnXy2bVt9RmHc3PzL",
            "est_4Kq7WnXy2bVt9RmHc3PzLdd",
            "est_0Kq7WnXy2bVt9RmHc3PzLd",
            "est_does_not_exist_either",
            "evt_4Kq7WnXy2bVt9RmHc3PzLd",
            "EST_4Kq7WnXy2bVt9RmHc3PzLd",
        ] {
            assert!(!is_event_stream(id), "{id}");
        }
    }
}
