//! PEM as people give it: as a text, or as the path of a file of it.

use secrecy::{ExposeSecret, SecretString};

use crate::redact;

/// The PEM that is given, or that the file holds whose path is given. A fault is told without
/// repeating what was given: a path that does not exist may be a key that was cut.
pub(super) fn read(given: &str) -> Result<SecretString, String> {
    if is_pem(given) {
        return Ok(unfolded(given));
    }
    let file = std::fs::read_to_string(given.trim()).map(SecretString::from);
    let file = file.map_err(|err| {
        format!("it is no PEM, and no file whose path it is can be read ({})", err.kind())
    })?;
    match is_pem(file.expose_secret()) {
        true => Ok(unfolded(file.expose_secret())),
        false => Err("the file that it names holds no PEM".to_owned()),
    }
}

/// The same for a private key, which is hidden from now on, as a whole and line by line.
pub(super) fn read_key(given: &str) -> Result<SecretString, String> {
    let key = read(given)?;
    redact::register(key.expose_secret());
    for line in key.expose_secret().lines().filter(|line| !line.starts_with("-----")) {
        redact::register(line);
    }
    if key.expose_secret().contains("ENCRYPTED") {
        return Err("the key is encrypted; a passphrase cannot be given".to_owned());
    }
    Ok(key)
}

pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN")
}

/// A variable of the environment often has `\n` in place of each line break, and a text within a
/// configuration is often indented.
pub(super) fn unfolded(text: &str) -> SecretString {
    let lines = SecretString::from(text.replace("\\n", "\n"));
    let lines: Vec<&str> = lines.expose_secret().lines().map(str::trim).collect();
    lines.join("\n").into()
}
