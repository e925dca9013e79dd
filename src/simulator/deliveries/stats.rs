//! `GET /event-streams/{id}/stats`.

use super::super::answer::Answer;
use super::super::api::Call;
use super::super::clock::milliseconds;
use super::super::errors::ApiError;
use super::super::event_streams::find;
use super::schema::read_date;
use hyper::StatusCode;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// More than a page of a chart; a longer window is a mistake.
const MOST_BUCKETS: i64 = 10_000;

#[derive(Serialize)]
struct Stats<'a> {
    id: &'a str,
    name: &'a str,
    window: Window,
    buckets: Vec<String>,
    metrics: [Metric; 2],
}

#[derive(Serialize)]
struct Window {
    date_from: String,
    date_to: String,
    bucket_interval: Interval,
}

#[derive(Serialize)]
struct Interval {
    scale_factor: i64,
}

#[derive(Serialize)]
struct Metric {
    name: &'static str,
    window_total: u64,
    r#type: &'static str,
    data: Vec<u64>,
}

/// Without a window: 14 days up to the end of the present hour. Nothing succeeds here.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let stream = find(call.seen(), call.parameter("id"))?;
    let now = call.state.clock.now();
    let date_to = read_date(&call.query["date_to"])
        .map_or_else(|| floor(now, HOUR) + Duration::HOUR, |to| floor(to, HOUR));
    let date_from = read_date(&call.query["date_from"])
        .map_or_else(|| floor(now, HOUR) - Duration::days(14), |from| floor(from, HOUR));
    let scale = if date_to - date_from > Duration::DAY { DAY } else { HOUR };
    let first = floor(date_from, scale);
    let count = (date_to - first).whole_seconds().div_euclid(scale) + 1;
    if date_to < date_from || count > MOST_BUCKETS {
        return Err(
            ApiError::new(StatusCode::BAD_REQUEST, "Invalid window.").code("invalid_query_string")
        );
    }
    let mut failed = vec![0; usize::try_from(count).expect("between 1 and the most")];
    for delivery in call.seen().deliveries.of(&stream.id) {
        let bucket = (delivery.time - first).whole_seconds().div_euclid(scale);
        if let Some(failed) = usize::try_from(bucket).ok().and_then(|at| failed.get_mut(at)) {
            *failed += 1;
        }
    }
    let bucket = |index| milliseconds(first + Duration::seconds(index * scale));
    Ok(Answer::ok(&Stats {
        id: &stream.id,
        name: &stream.name,
        window: Window {
            date_from: milliseconds(date_from),
            date_to: milliseconds(date_to),
            bucket_interval: Interval { scale_factor: scale },
        },
        buckets: (0..count).map(bucket).collect(),
        metrics: [
            metric("auth0.event_streams.successful_deliveries", vec![0; failed.len()]),
            metric("auth0.event_streams.failed_deliveries", failed),
        ],
    }))
}

fn metric(name: &'static str, data: Vec<u64>) -> Metric {
    Metric { name, window_total: data.iter().sum(), r#type: "sum", data }
}

/// The last whole multiple of `scale` seconds, in UTC.
fn floor(at: OffsetDateTime, scale: i64) -> OffsetDateTime {
    let second = at.unix_timestamp();
    // At the very end of time there is no UTC for some offsets.
    OffsetDateTime::from_unix_timestamp(second - second.rem_euclid(scale)).unwrap_or(at)
}
