//! Captures what is logged at any level by anybody in the process.

use std::sync::{Mutex, Once};

struct Capture(Mutex<Vec<String>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl log::Log for Capture {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut line = format!("{} {}: {}", record.level(), record.target(), record.args());
        let mut pairs = Pairs(&mut line);
        let _ = record.key_values().visit(&mut pairs);
        self.0.lock().unwrap().push(line);
    }

    fn flush(&self) {}
}

struct Pairs<'a>(&'a mut String);

impl<'kvs> log::kv::VisitSource<'kvs> for Pairs<'_> {
    fn visit_pair(
        &mut self,
        key: log::kv::Key<'kvs>,
        value: log::kv::Value<'kvs>,
    ) -> Result<(), log::kv::Error> {
        self.0.push_str(&format!(" {key}={value}"));
        Ok(())
    }
}

pub(super) fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&CAPTURE).expect("no other test of the room installs a logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
}

pub(super) fn lines() -> Vec<String> {
    CAPTURE.0.lock().unwrap().clone()
}
