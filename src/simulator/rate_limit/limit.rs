//! How a rate limit is written: in numbers, or by the name of the plan that Auth0 documents.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A bucket of `burst` requests that refills at `per_second`.
///
/// Reads also `"10/2"` and the name of a plan. It is shown in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RateLimit {
    /// Requests that a full bucket serves at once; at least 1.
    pub burst: u32,
    /// Requests that come back each second; more than 0.
    pub per_second: f64,
}

impl RateLimit {
    /// The limits of the Management API that Auth0 documents, by the name of the plan.
    pub const PLANS: &[(&str, Self)] = &[
        ("free", Self { burst: 2, per_second: 2.0 }),
        ("enterprise-production", Self { burst: 50, per_second: 16.0 }),
        ("enterprise-other", Self { burst: 10, per_second: 2.0 }),
        ("private-cloud-20", Self { burst: 20, per_second: 20.0 }),
        ("private-cloud-50", Self { burst: 50, per_second: 50.0 }),
        ("private-cloud-250", Self { burst: 250, per_second: 250.0 }),
        ("private-cloud-750", Self { burst: 750, per_second: 750.0 }),
        ("private-cloud-1500", Self { burst: 1500, per_second: 1500.0 }),
        ("private-cloud-3000", Self { burst: 3000, per_second: 3000.0 }),
        ("private-cloud-5000", Self { burst: 5000, per_second: 5000.0 }),
    ];

    fn is_possible(&self) -> bool {
        self.burst >= 1 && self.per_second > 0.0 && self.per_second.is_finite()
    }

    fn of_plan(name: &str) -> Option<Self> {
        Self::PLANS.iter().find(|(plan, _)| *plan == name).map(|(_, limit)| *limit)
    }

    fn in_numbers(text: &str) -> Option<Self> {
        let (burst, per_second) = text.split_once('/')?;
        let limit = Self { burst: burst.parse().ok()?, per_second: per_second.parse().ok()? };
        limit.is_possible().then_some(limit)
    }
}

impl std::str::FromStr for RateLimit {
    type Err = String;

    /// Reads `BURST/PER_SECOND`, such as `10/2`, or the name of a plan.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::of_plan(text).or_else(|| Self::in_numbers(text)).ok_or_else(|| {
            let plans: Vec<_> = Self::PLANS.iter().map(|(plan, _)| *plan).collect();
            format!("expected BURST/PER_SECOND, such as 10/2, or a plan: {}", plans.join(", "))
        })
    }
}

impl<'de> Deserialize<'de> for RateLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    burst: u32,
    per_second: f64,
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = RateLimit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("burst and per_second, a text such as \"10/2\", or the name of a plan")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RateLimit, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<RateLimit, A::Error> {
        let Numbers { burst, per_second } =
            Numbers::deserialize(MapAccessDeserializer::new(members))?;
        let limit = RateLimit { burst, per_second };
        if limit.is_possible() {
            Ok(limit)
        } else {
            Err(A::Error::custom("a rate limit serves at least one request, and refills"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_written_in_numbers_or_by_plan() {
        for (text, burst, per_second) in [
            ("10/2.5", 10, 2.5),
            ("free", 2, 2.0),
            ("enterprise-production", 50, 16.0),
            ("enterprise-other", 10, 2.0),
            ("private-cloud-20", 20, 20.0),
            ("private-cloud-50", 50, 50.0),
            ("private-cloud-250", 250, 250.0),
            ("private-cloud-750", 750, 750.0),
            ("private-cloud-1500", 1500, 1500.0),
            ("private-cloud-3000", 3000, 3000.0),
            ("private-cloud-5000", 5000, 5000.0),
        ] {
            let want = RateLimit { burst, per_second };
            assert_eq!(text.parse(), Ok(want), "{text}");
            let json = format!("{text:?}");
            assert_eq!(serde_json::from_str::<RateLimit>(&json).unwrap(), want, "{text}");
            let shown = serde_json::to_string(&want).unwrap();
            assert_eq!(serde_json::from_str::<RateLimit>(&shown).unwrap(), want, "{shown}");
        }
    }

    #[test]
    fn what_limits_nothing_or_everything_is_refused() {
        for wrong in
            ["", "10", "10/", "/2", "0/2", "10/0", "10/-1", "10/inf", "10/nan", "a/b", "Free"]
        {
            let refusal = wrong.parse::<RateLimit>().unwrap_err();
            assert!(refusal.contains("free, enterprise-production"), "{wrong}: {refusal}");
        }
        for wrong in [
            r#"{"burst": 0, "per_second": 1}"#,
            r#"{"burst": 1, "per_second": 0}"#,
            r#"{"burst": 1}"#,
            r#"{"burst": 1, "per_second": 1, "plan": "free"}"#,
            r#""gold""#,
            "10",
        ] {
            assert!(serde_json::from_str::<RateLimit>(wrong).is_err(), "{wrong}");
        }
    }
}
