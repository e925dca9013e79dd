//! Log lines on stderr, in the JSON that core takes apart and shows at its own levels.
//!
//! Only this crate logs: a line of the HTTP or TLS libraries could quote a header or a body.

use std::{
    ffi::OsString,
    io::{self, Write},
};

use log::{
    LevelFilter, Metadata, Record,
    kv::{self, Key, Value, VisitSource, VisitValue},
};
use serde_json::{Map, Value as Json};
use time::OffsetDateTime;

use crate::redact;

/// Core cuts a longer line into pieces, none of which it can read.
const MAX_LINE: usize = 64 * 1024 - 2;

/// Sends the `log` macros of this crate to core. `name` is the provider's, as in
/// `TF_LOG_PROVIDER_<NAME>`. A second call changes nothing.
pub fn init(name: &str) {
    // Fails only if a logger is there already.
    if log::set_logger(&Hclog).is_ok() {
        log::set_max_level(level(name, |variable| std::env::var_os(variable)));
    }
}

/// The first variable that is set decides. Without any, core shows nothing below `warn` either.
fn level(name: &str, env: impl Fn(&str) -> Option<OsString>) -> LevelFilter {
    [&*format!("TF_LOG_PROVIDER_{}", name.to_uppercase()), "TF_LOG_PROVIDER", "TF_LOG"]
        .into_iter()
        .filter_map(env)
        .find(|value| !value.is_empty())
        .map_or(LevelFilter::Warn, |value| {
            // Core takes `JSON` and what it does not know for `TRACE`.
            value.to_str().and_then(|text| text.parse().ok()).unwrap_or(LevelFilter::Trace)
        })
}

struct Hclog;

impl log::Log for Hclog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_ours(metadata.target()) && metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            write_line(rendered(record, OffsetDateTime::now_utc()));
        }
    }

    fn flush(&self) {}
}

fn is_ours(target: &str) -> bool {
    let crate_name = env!("CARGO_CRATE_NAME");
    target.strip_prefix(crate_name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The one way out for every line.
fn write_line(mut line: String) {
    line.push('\n');
    // One call, so that lines do not mix. Core may be gone, and then nobody reads.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// A record as one line of JSON. Core panics unless `@level`, `@message` and `@timestamp` are
/// strings, and takes no other form of time than six digits of a second.
fn rendered(record: &Record<'_>, now: OffsetDateTime) -> String {
    let mut line = Fields(Map::new());
    // Fails only if a value cannot be displayed; the rest is worth logging without it.
    let _ = record.key_values().visit(&mut line);
    for value in line.0.values_mut() {
        if let Json::String(text) = value {
            *text = redact::redact(text).into_owned();
        }
    }
    for (key, value) in [
        ("@level", record.level().as_str().to_lowercase()),
        ("@message", redact::redact(&record.args().to_string()).into_owned()),
        ("@module", module(record.target())),
        ("@timestamp", timestamp(now)),
    ] {
        line.0.insert(key.to_owned(), value.into());
    }
    within_limit(line.0)
}

/// Cuts long texts, and as a last resort drops the fields, until core can read the line.
fn within_limit(mut line: Map<String, Json>) -> String {
    let mut longest = MAX_LINE;
    loop {
        let text = serde_json::to_string(&line).expect("keys and values are JSON already");
        if text.len() <= MAX_LINE {
            return text;
        }
        longest /= 2;
        for value in line.values_mut() {
            if let Json::String(text) = value {
                cut(text, longest);
            }
        }
        if longest < 256 {
            // Not the length of a field but their number is at fault.
            line.retain(|key, _| key.starts_with('@'));
        }
    }
}

fn cut(text: &mut String, longest: usize) {
    if text.len() > longest {
        let end = (0..=longest).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push_str(" (cut)");
    }
}

/// The key-values of a record. Keys that begin with `@` are core's and not for them.
struct Fields(Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        let mut field = Field(Json::Null);
        value.visit(&mut field)?;
        self.0.insert(key.as_str().trim_start_matches('@').to_owned(), field.0);
        Ok(())
    }
}

/// A value in its natural JSON, else as text.
struct Field(Json);

impl VisitValue<'_> for Field {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), kv::Error> {
        self.0 = value.to_string().into();
        Ok(())
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        self.0 = Json::Null;
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.0 = value.into();
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.0 = value.into();
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.0 = value.into();
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.0 = value.into();
        Ok(())
    }

    fn visit_str(&mut self, value: &str) -> Result<(), kv::Error> {
        self.0 = value.into();
        Ok(())
    }
}

/// `terraform_provider_auth0::plugin::tls` is `plugin.tls` to core.
fn module(target: &str) -> String {
    let rest = target.strip_prefix(env!("CARGO_CRATE_NAME")).unwrap_or(target);
    rest.trim_start_matches("::").replace("::", ".")
}

fn timestamp(now: OffsetDateTime) -> String {
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, micro) = now.to_hms_micro();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z")
}

#[cfg(test)]
mod tests {
    use log::Level;
    use time::Duration;

    use super::*;

    /// 2026-01-02T03:04:05.000006789Z
    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_767_323_045).unwrap() + Duration::nanoseconds(6_789)
    }

    fn line(message: std::fmt::Arguments<'_>, fields: &[(&str, Value<'_>)]) -> String {
        let record = Record::builder()
            .level(Level::Warn)
            .target("terraform_provider_auth0::plugin::tls")
            .args(message)
            .key_values(&fields)
            .build();
        rendered(&record, now())
    }

    /// A new line cannot forget it.
    #[test]
    fn no_line_holds_a_secret_that_the_process_has_seen() {
        redact::register("log-\"canary\"");
        let got = line(
            format_args!("sent {}", "log-\"canary\""),
            &[("header", Value::from("Bearer log-\"canary\""))],
        );
        assert!(!got.contains("canary"), "{got}");
        let fields: Map<String, Json> = serde_json::from_str(&got).unwrap();
        assert_eq!(fields["header"], "Bearer (sensitive value)");
    }

    #[test]
    fn a_line_has_what_core_reads_and_the_fields_besides() {
        let got = line(
            format_args!("refused \"{}\"\n", 1),
            &[
                ("text", Value::from("a\nb")),
                ("number", Value::from(-7)),
                ("half", Value::from(0.5)),
                ("yes", Value::from(true)),
                ("shown", Value::from_display(&format_args!("x{}", 1))),
                ("@message", Value::from(7)),
            ],
        );
        assert_eq!(
            got,
            r#"{"@level":"warn","@message":"refused \"1\"\n","@module":"plugin.tls","@timestamp":"2026-01-02T03:04:05.000006Z","half":0.5,"message":7,"number":-7,"shown":"x1","text":"a\nb","yes":true}"#
        );
    }

    #[test]
    fn a_line_is_never_longer_than_core_reads() {
        let long = "é".repeat(MAX_LINE);
        let controls = "\u{1}".repeat(MAX_LINE);
        let many: Vec<_> = (0..10_000).map(|n| format!("field{n}")).collect();
        let many: Vec<_> = many.iter().map(|key| (key.as_str(), Value::from("value"))).collect();
        for (case, got) in [
            ("message", line(format_args!("{long}"), &[])),
            ("field", line(format_args!("short"), &[("a", Value::from(&*long))])),
            ("escapes", line(format_args!("{controls}"), &[])),
            ("many fields", line(format_args!("short"), &many)),
        ] {
            assert!(got.len() <= MAX_LINE, "{case}: {}", got.len());
            let parsed: Map<String, Json> = serde_json::from_str(&got).unwrap();
            assert!(parsed["@message"].is_string(), "{case}");
            assert_eq!(parsed["@timestamp"], "2026-01-02T03:04:05.000006Z", "{case}");
        }
    }

    #[test]
    fn only_this_crate_logs() {
        for (target, ours) in [
            ("terraform_provider_auth0", true),
            ("terraform_provider_auth0::auth0::client", true),
            ("terraform_provider_auth0x", false),
            ("hyper::client", false),
            ("", false),
        ] {
            assert_eq!(is_ours(target), ours, "{target}");
        }
    }

    #[test]
    fn the_most_specific_variable_sets_the_level() {
        for (variables, want) in [
            (&[][..], LevelFilter::Warn),
            (&[("TF_LOG", "debug")], LevelFilter::Debug),
            (&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "ERROR")], LevelFilter::Error),
            (&[("TF_LOG_PROVIDER", "OFF"), ("TF_LOG_PROVIDER_AUTH0", "INFO")], LevelFilter::Info),
            (&[("TF_LOG_PROVIDER_AUTH0", ""), ("TF_LOG", "OFF")], LevelFilter::Off),
            (&[("TF_LOG", "JSON")], LevelFilter::Trace),
            (&[("TF_LOG", "loud")], LevelFilter::Trace),
        ] {
            let env = |name: &str| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
            };
            assert_eq!(level("auth0", env), want, "{variables:?}");
        }
    }
}
