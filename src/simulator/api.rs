//! The Management API: its checks, in the order in which they refuse.

use super::answer::Answer;
use super::auth0::{Site, State, media_type};
use super::errors::ApiError;
use super::schema::{Place, Schema, object, read_query, refuse_faults, validate};
use super::store::Objects;
use super::switches::Switches;
use super::token::is_jwt_shaped;
use super::{actions, deliveries, event_streams};
use bytes::Bytes;
use hyper::header::AUTHORIZATION;
use hyper::{Request, StatusCode};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where the paths of the Management API begin.
pub(crate) const BASE: &str = "/api/v2/";

/// Every route, by area.
static ROUTES: [&[Route]; 3] = [event_streams::ROUTES, deliveries::ROUTES, actions::ROUTES];

/// A call that the API knows.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// The path after the base, with parameters in braces.
    pub(crate) path: &'static str,
    /// One of these is enough.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) shape: fn(&Switches) -> Shape,
    pub(crate) handle: fn(&mut Call<'_>) -> Result<Answer, ApiError>,
}

/// What path parameters, query and body of a call must be.
pub(crate) struct Shape {
    path: Schema,
    query: Schema,
    body: Option<Schema>,
}

impl Shape {
    /// Neither parameters, nor query, nor body.
    pub(crate) fn new() -> Self {
        Self { path: object([]), query: object([]), body: None }
    }

    pub(crate) fn path(mut self, path: Schema) -> Self {
        self.path = path;
        self
    }

    pub(crate) fn query(mut self, query: Schema) -> Self {
        self.query = query;
        self
    }

    pub(crate) fn body(mut self, body: Schema) -> Self {
        self.body = Some(body);
        self
    }
}

/// Shapes made so far for the present switches, by method and path of their route.
#[derive(Default)]
pub(crate) struct Shapes(HashMap<(&'static str, &'static str), Arc<Shape>>);

impl Shapes {
    fn of(&mut self, route: &'static Route, switches: &Switches) -> Arc<Shape> {
        let shape = self.0.entry((route.method, route.path));
        Arc::clone(shape.or_insert_with(|| Arc::new((route.shape)(switches))))
    }

    /// To be called when a switch was turned.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// A call that passed every check of its form.
pub(crate) struct Call<'a> {
    pub(crate) site: &'a Site,
    pub(crate) state: &'a mut State,
    pub(crate) path: Value,
    pub(crate) query: Value,
    pub(crate) body: Value,
    earlier: Option<Arc<Objects>>,
}

impl Call<'_> {
    /// The objects as a read sees them, which may be how they stood a while ago.
    pub(crate) fn seen(&self) -> &Objects {
        self.earlier.as_deref().unwrap_or(&self.state.objects)
    }

    /// A parameter of the path.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.path[name].as_str().expect("every parameter of a route is in its path")
    }

    pub(crate) fn switches(&self) -> Switches {
        self.state.settings.switches
    }
}

/// Answers a request that came in through `issuer`.
pub(crate) fn answer(
    state: &mut State,
    site: &Site,
    issuer: &str,
    request: &Request<Bytes>,
) -> Answer {
    let answer =
        check_and_execute(state, site, issuer, request).unwrap_or_else(|refusal| refusal.answer());
    let standing = state.api_bucket.standing(state.settings.rate_limit, Instant::now());
    let answer = standing.describe(answer, state.clock.now());
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => {
            standing.retry_after(answer, state.settings.switches.retry_after)
        }
        _ => answer,
    }
}

fn check_and_execute(
    state: &mut State,
    site: &Site,
    issuer: &str,
    request: &Request<Bytes>,
) -> Result<Answer, ApiError> {
    let scopes = authenticate(state, site, issuer, request)?;
    let (limit, now) = (state.settings.rate_limit, Instant::now());
    if !state.api_bucket.take(limit, now) {
        return Err(ApiError::too_many_requests());
    }
    let (route, parameters) = find(request).ok_or_else(ApiError::no_such_route)?;
    if !route.scopes.iter().any(|wanted| scopes.split(' ').any(|scope| scope == *wanted)) {
        return Err(ApiError::insufficient_scope(route.scopes));
    }

    let switches = state.settings.switches;
    let shape = state.shapes.of(route, &switches);
    let path = Value::Object(parameters);
    refuse_faults(Place::Path, &validate(&shape.path, &path))?;
    let query = read_query(&shape.query, request.uri().query());
    refuse_faults(Place::Query, &validate(&shape.query, &query))?;
    let body = read_body(shape.body.as_ref(), request)?;

    deliveries::fail_due(state);
    let lag = Duration::from_millis(state.settings.stale_reads_ms);
    let earlier = if route.method == "GET" {
        state.history.as_of(lag, now)
    } else {
        state.history.before_write(&state.objects, lag, now);
        None
    };
    (route.handle)(&mut Call { site, state, path, query, body, earlier })
}

/// Whether `body` fits the schema of a call, for changes that come without a request.
pub(crate) fn check_body(
    state: &mut State,
    method: &str,
    path: &str,
    body: &Value,
) -> Result<(), ApiError> {
    let mut routes = ROUTES.iter().flat_map(|routes| routes.iter());
    let route = routes.find(|route| route.method == method && route.path == path);
    let route = route.ok_or_else(ApiError::no_such_route)?;
    let shape = state.shapes.of(route, &state.settings.switches);
    let faults = shape.body.as_ref().map(|schema| validate(schema, body)).unwrap_or_default();
    refuse_faults(Place::Payload, &faults)
}

/// The scopes of a good token.
fn authenticate(
    state: &mut State,
    site: &Site,
    issuer: &str,
    request: &Request<Bytes>,
) -> Result<String, ApiError> {
    let header =
        request.headers().get(AUTHORIZATION).ok_or_else(ApiError::missing_authentication)?;
    let token = header
        .to_str()
        .ok()
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && is_jwt_shaped(token))
        .map(|(_, token)| token)
        .ok_or_else(ApiError::bad_authentication_header)?;
    let now = state.clock.now();
    let claims = state.tokens.verify(&site.key, token, (issuer, &site.audience), now)?;
    Ok(claims.scope.clone())
}

/// The route of a request, and the parameters in its path.
fn find(request: &Request<Bytes>) -> Option<(&'static Route, Map<String, Value>)> {
    let path = request.uri().path().strip_prefix(BASE)?;
    let method = request.method().as_str();
    ROUTES
        .iter()
        .flat_map(|routes| routes.iter())
        .filter(|route| route.method == method)
        .find_map(|route| Some((route, parameters(route.path, path)?)))
}

fn parameters(template: &str, path: &str) -> Option<Map<String, Value>> {
    let mut parameters = Map::new();
    let (mut names, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (names.next(), segments.next()) {
            (None, None) => return Some(parameters),
            (Some(name), Some(segment)) => {
                match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) if !segment.is_empty() => {
                        parameters.insert(name.to_owned(), decoded(segment).into());
                    }
                    None if name == segment => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

/// A segment without its percent-encoding. What is not UTF-8 then fails every format.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The body, valid by its schema. A call without one takes no body, `null` or `{}`, which is what
/// clients send instead.
fn read_body(schema: Option<&Schema>, request: &Request<Bytes>) -> Result<Value, ApiError> {
    let bytes = request.body();
    let Some(schema) = schema else {
        let body = if bytes.is_empty() { Value::Null } else { parse(bytes)? };
        let faults = if body.is_null() { Vec::new() } else { validate(&object([]), &body) };
        return refuse_faults(Place::Payload, &faults).map(|()| Value::Null);
    };
    let body = match media_type(request).as_deref() {
        _ if bytes.is_empty() => Value::Null,
        Some("application/json") => parse(bytes)?,
        // Permitted by the published description. A form has only text, which is not coerced.
        Some("application/x-www-form-urlencoded") => url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), Value::from(value)))
            .collect::<Map<_, _>>()
            .into(),
        _ => {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "Unsupported Media Type"));
        }
    };
    refuse_faults(Place::Payload, &validate(schema, &body))?;
    Ok(body)
}

fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "Invalid request payload JSON format"))
}
