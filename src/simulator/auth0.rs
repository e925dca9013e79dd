//! One tenant of Auth0: what never changes, what does, and the one way in for a request.

use super::answer::Answer;
use super::api;
use super::clock::Clock;
use super::cursor::CursorKey;
use super::deliveries::UnderWay;
use super::errors::ApiError;
use super::faults::{Departure, Faults};
use super::ids;
use super::options::{ClientAuthentication, Options, Settings};
use super::rate_limit::Bucket;
use super::request_log::RequestLog;
use super::store::{History, Objects};
use super::tls::{self, Tls};
use super::token::{self, Accepted, Client, Credential, SigningKey, Tokens};
use bytes::Bytes;
use hyper::Request;
use hyper::header::HOST;
use ring::rand::{SecureRandom, SystemRandom};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A simulated Auth0 with one tenant and one client. Clones are the same Auth0.
#[derive(Clone)]
pub struct Auth0 {
    pub(crate) site: Arc<Site>,
    state: Arc<Mutex<State>>,
    connections: Arc<AtomicUsize>,
}

/// What stays as it is from start to end.
pub(crate) struct Site {
    /// The tenant's own domain, with the port.
    pub(crate) domain: String,
    /// The tenant's domain and its custom ones.
    hosts: Vec<String>,
    pub(crate) tenant: String,
    /// Identifier of the Management API. A custom domain does not change it.
    pub(crate) audience: String,
    pub(crate) client: Client,
    /// Whether the client has registered the key that is built in.
    built_in_key: bool,
    pub(crate) key: SigningKey,
    pub(crate) cursors: CursorKey,
    pub(crate) tls: Tls,
    pub(crate) prints_requests: bool,
}

/// What requests, the handle and the control door change.
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) shapes: api::Shapes,
    pub(crate) clock: Clock,
    pub(crate) api_bucket: Bucket,
    pub(crate) token_bucket: Bucket,
    pub(crate) tokens: Tokens,
    pub(crate) assertions: Accepted,
    pub(crate) faults: Faults,
    pub(crate) objects: Objects,
    pub(crate) history: History,
    pub(crate) under_way: UnderWay,
    pub(crate) log: RequestLog,
}

impl Auth0 {
    /// A tenant without objects, to be served at `address`. Makes certificate and credentials.
    pub fn new(options: Options, address: SocketAddr) -> io::Result<Self> {
        let site = Arc::new(Site::new(&options, address)?);
        let (settings, now) = (options.settings, Instant::now());
        let state = State {
            api_bucket: Bucket::full(settings.rate_limit, now),
            token_bucket: Bucket::full(settings.token_rate_limit, now),
            settings,
            shapes: api::Shapes::default(),
            clock: Clock::default(),
            tokens: Tokens::default(),
            assertions: Accepted::default(),
            faults: Faults::default(),
            objects: Objects::default(),
            history: History::default(),
            under_way: UnderWay::default(),
            log: RequestLog::default(),
        };
        let auth0 = Self { site, state: Arc::new(Mutex::new(state)), connections: Arc::default() };
        if let Some(script) = options.faults {
            auth0.play(script);
        }
        Ok(auth0)
    }

    /// The tenant's domain: what a client is configured with.
    pub fn domain(&self) -> &str {
        &self.site.domain
    }

    /// The certificate authority that a client must trust, as PEM.
    pub fn ca_pem(&self) -> &str {
        &self.site.tls.ca_pem
    }

    /// The id of the one client.
    pub fn client_id(&self) -> &str {
        &self.site.client.id
    }

    /// The secret of the one client.
    pub fn client_secret(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.site.client.secret)
    }

    /// The private key of a client that is registered for `private_key_jwt`, as PEM. None where the
    /// client has another way, or a key of its own.
    pub fn client_key_pem(&self) -> Option<String> {
        self.site.built_in_key.then(token::built_in_key_pem)
    }

    /// The algorithm that the key of the client is registered for.
    pub fn client_signing_alg(&self) -> &'static str {
        self.site.client.credential.alg().name()
    }

    /// Number of TCP connections accepted so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// A lock for as long as one request is judged; it is never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic in a test's closure must not hide behind a second one here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a request, executes it unless a fault forbids, and says how the answer leaves.
    pub(crate) fn judge(&self, request: &Request<Bytes>) -> Departure {
        let state = &mut *self.state();
        let path = request.uri().path();
        let effect = state.faults.next(request.method().as_str(), path);
        if let Some(effect) = &effect {
            let standing = state.api_bucket.standing(state.settings.rate_limit, Instant::now());
            if let Some(departure) = effect.instead(request, &standing, state.clock.now()) {
                return departure;
            }
            if let Some(lag) = effect.stale_reads() {
                // A lag beyond what a clock can hold is one that nobody sees the end of.
                let until = Instant::now().checked_add(lag).unwrap_or_else(far_away);
                state.history.hold(&state.objects, until);
            }
        }
        let answer = self.site.answer(state, request);
        match effect {
            Some(effect) => effect.after(answer),
            None => Departure::Answer(answer),
        }
    }
}

impl Site {
    fn new(options: &Options, address: SocketAddr) -> io::Result<Self> {
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let port = address.port();
        let domain = SocketAddr::new(ip, port).to_string();
        let mut hosts = vec![domain.clone()];
        // Other names of this machine are custom domains of the tenant, too.
        let names = ["localhost", "127.0.0.1", "[::1]"].into_iter();
        let names = names.chain(options.custom_domains.iter().map(String::as_str));
        hosts.extend(names.map(|name| format!("{name}:{port}")));
        let mut secret = [0; 48];
        SystemRandom::new().fill(&mut secret).map_err(|_| no_randomness())?;
        let secret = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, secret);
        Ok(Self {
            audience: format!("https://{domain}/api/v2/"),
            domain,
            hosts,
            tenant: options.tenant.clone(),
            client: Client {
                id: ids::client(),
                secret: secret.into(),
                authentication: options.client_authentication,
                credential: Credential::register(
                    options.client_public_key.as_deref(),
                    options.client_signing_alg,
                )?,
            },
            built_in_key: options.client_authentication == ClientAuthentication::PrivateKeyJwt
                && options.client_public_key.is_none(),
            key: SigningKey::load(),
            cursors: CursorKey::random()?,
            tls: tls::make(ip, &options.custom_domains)?,
            prints_requests: options.print_requests,
        })
    }

    fn answer(&self, state: &mut State, request: &Request<Bytes>) -> Answer {
        let Some(host) = self.host(request) else {
            return ApiError::no_such_route().answer();
        };
        let issuer = format!("https://{host}/");
        let path = request.uri().path();
        if path == token::PATH && request.method() == hyper::Method::POST {
            token::answer(state, self, &issuer, request)
        } else if path.starts_with(api::BASE) {
            api::answer(state, self, &issuer, request)
        } else {
            ApiError::no_such_route().answer()
        }
    }

    /// The domain that a request was sent to, if it is one of the tenant's.
    fn host(&self, request: &Request<Bytes>) -> Option<&str> {
        let asked = match request.uri().authority() {
            Some(authority) => authority.as_str(),
            None => request.headers().get(HOST)?.to_str().ok()?,
        };
        self.hosts.iter().map(String::as_str).find(|host| host.eq_ignore_ascii_case(asked))
    }
}

fn far_away() -> Instant {
    Instant::now() + std::time::Duration::from_secs(86_400)
}

/// `ring` says no more than that.
pub(crate) fn no_randomness() -> io::Error {
    io::Error::other("the system gives no random numbers")
}

/// The media type of a body without its parameters, in lower case.
pub(crate) fn media_type(request: &Request<Bytes>) -> Option<String> {
    let value = request.headers().get(hyper::header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}
