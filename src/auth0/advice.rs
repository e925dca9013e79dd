use reqwest::{Method, StatusCode};

use super::domain::Domain;
use super::error::{Call, Existing, Failure, OutcomeUnknown, Refusal};
use super::likely;
use super::login::{NoProof, Way};
use super::no_answer::no_answer;
use super::proxy::{Env, Proxy};
use super::token;

/// What advice may name: settings that are no secret.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) domain: Domain,
    /// What requests go through, where they do.
    pub(super) proxy: Option<Proxy>,
    pub(super) audience: String,
    pub(super) audience_is_default: bool,
    /// Whether the audience is the API that the client itself calls.
    pub(super) is_own_api: bool,
    /// None with a token that was given ready-made.
    pub(super) client_id: Option<String>,
    pub(super) way: Way,
    pub(super) env: Env,
}

const ITS_APIS: &str = "In the Auth0 Dashboard: Applications > APIs > Auth0 Management API";
const FOUR_SCOPES: &str =
    "read:event_streams, create:event_streams, update:event_streams, delete:event_streams";

pub(super) fn advice(call: &Call, failure: &Failure, facts: &Facts) -> Option<String> {
    match failure {
        Failure::Refused(_) if call.path() == token::PATH => no_token(call, failure, facts),
        Failure::Refused(refusal) => refused(call, refusal, facts),
        Failure::NotJson { status, .. } if status.is_server_error() => Some(later()),
        Failure::NotJson { .. } | Failure::Redirect { .. } => Some(check_domain(facts)),
        Failure::Unreadable { .. } => Some(
            "Auth0 may have changed its API: see whether there is a newer version of this provider, \
             and report this if there is none."
                .to_owned(),
        ),
        Failure::NoAnswer(cause) => Some(no_answer(cause, facts)),
        Failure::NoProof(NoProof { advice, .. }) => Some(advice.clone()),
        Failure::NoToken(error) => no_token(error.call(), error.failure(), facts),
        Failure::OutcomeUnknown { unknown, .. } => Some(settle(unknown)),
        // Only what was certainly not carried out is waited for with a create.
        Failure::Stopped { .. } if call.method() == Method::POST => {
            Some("Nothing was created. Run again to go on.".to_owned())
        }
        Failure::Stopped { .. } => {
            Some("Run again to go on; the next plan sees what was changed.".to_owned())
        }
        Failure::NoRoom { own: false } => Some(no_room()),
        Failure::NoRoom { own: true } => Some(
            "Nothing was sent. Raise `max_requests_per_second`, or send fewer requests at once \
             (-parallelism=2)."
                .to_owned(),
        ),
        Failure::OutOfTime { .. } => Some(
            "Give the operation more time in the block timeouts, or run again to go on; the next \
             plan sees what was changed."
                .to_owned(),
        ),
        Failure::Exists(existing) => Some(exists(existing)),
        Failure::MalformedId => Some(id_looks_like()),
        Failure::Setup(_) => None,
    }
}

fn refused(call: &Call, refusal: &Refusal, facts: &Facts) -> Option<String> {
    let scopes = refusal.missing_scopes();
    match refusal.status {
        _ if refusal.is_malformed_id() => Some(id_looks_like()),
        StatusCode::BAD_REQUEST if refusal.message.contains("'oneOf'") => Some(
            "Auth0 does not say which member is at fault: it lies within the destination or its \
             authorization."
                .to_owned(),
        ),
        StatusCode::BAD_REQUEST if refusal.code.as_deref() == Some("Bearer") => Some(unauthorized(facts)),
        StatusCode::UNAUTHORIZED => Some(unauthorized(facts)),
        StatusCode::FORBIDDEN if !scopes.is_empty() => Some(grant(&scopes, facts)),
        StatusCode::FORBIDDEN => Some(
            "The token was accepted, so this is not about credentials: what was asked for is \
             beyond the tenant's plan or a limit of it."
                .to_owned(),
        ),
        _ if refusal.is_unknown_route() => Some(format!(
            "There is no such part of the Management API at {}: check `domain`, and whether the \
             tenant's plan has event streams.",
            facts.domain
        )),
        // How Auth0 refuses one that is disabled is not known.
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT
            if call.path().ends_with("/test") && !refusal.message.contains("validation error") =>
        {
            Some(
                "Auth0 tests event streams that are enabled, and no others: check the status of \
                 this one. No event was sent."
                    .to_owned(),
            )
        }
        StatusCode::CONFLICT if call.method() == Method::POST => Some(
            "The list of the tenant shows no event stream of this name, so unless the message above \
             says otherwise, the tenant has as many as its plan allows, or the list could not be \
             read. Auth0 answers a name that is in use in the same way. Delete one that is not \
             needed, choose another name, or import the one that exists."
                .to_owned(),
        ),
        StatusCode::CONFLICT if call.method() == Method::PATCH => Some(
            "The name is in use by another event stream of the tenant. Choose another name, or \
             delete or rename that one first. Nothing has been changed."
                .to_owned(),
        ),
        StatusCode::TOO_MANY_REQUESTS => Some(no_room()),
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => Some(later()),
        _ => None,
    }
}

/// How to give the token a scope of which it has none.
pub(super) fn grant(scopes: &[&str], facts: &Facts) -> String {
    let wanted = match scopes {
        [one] => format!("the scope {one}"),
        several => format!("one of the scopes {}", several.join(", ")),
    };
    match &facts.client_id {
        Some(client) => format!(
            "Grant {wanted} to the application with the client id {client}. {ITS_APIS} > \
             Application Access. The provider uses {FOUR_SCOPES}."
        ),
        None if facts.way == Way::CliLogin => format!(
            "The token of the Auth0 CLI lacks {wanted}. Log in again with `auth0 login --scopes \
             {}`.",
            FOUR_SCOPES.replace(' ', "")
        ),
        None => format!(
            "The token in `api_token` lacks {wanted}. Use a token that has it; the provider uses \
             {FOUR_SCOPES}."
        ),
    }
}

fn unauthorized(facts: &Facts) -> String {
    match &facts.client_id {
        None if facts.way == Way::CliLogin => format!(
            "The token of the Auth0 CLI is revoked, or belongs to another tenant than {}. Log in \
             again with `auth0 login`.",
            facts.domain
        ),
        None => format!(
            "The token in `api_token` is expired or revoked, was cut while being copied, or belongs \
             to another tenant than {}. Such tokens are valid for a day unless set otherwise. Get a \
             new one, or use `client_id` and `client_secret`, which never go stale.",
            facts.domain
        ),
        Some(_) => format!(
            "Auth0 refused a token that it had just issued for {}. A token is accepted only at the \
             domain that issued it and only for its audience: check that `domain` ({}) and \
             `audience` belong to the same tenant.",
            facts.audience, facts.domain
        ),
    }
}

/// The token endpoint has errors of its own, and each has one cure.
fn no_token(call: &Call, failure: &Failure, facts: &Facts) -> Option<String> {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        // Of JSON without a token, another server is the likelier author.
        Failure::Unreadable { .. } => return Some(check_domain(facts)),
        failure => return advice(call, failure, facts),
    };
    let client = facts.client_id.as_deref().unwrap_or_default();
    let says = |words: &str| refusal.message.contains(words);
    match (refusal.status.as_u16(), refusal.code.as_deref()) {
        (403, Some("unauthorized_client")) => Some(format!(
            "The application with the client id {client} may not log in by itself. In the Auth0 \
             Dashboard: Applications > the application > Settings > Advanced Settings > Grant \
             Types, and tick Client Credentials; an application of the type Machine to Machine has \
             it already."
        )),
        (403, _) if says("Service not enabled within domain") => Some(unknown_audience(facts)),
        (403, _)
            if (says("is not authorized to access") || says("client-grant"))
                && !facts.is_own_api =>
        {
            Some(format!(
                "Authorize the application with the client id {client} for the API {}. In the Auth0 \
                 Dashboard: Applications > APIs > that API > Application Access.",
                facts.audience
            ))
        }
        (403, _) if says("is not authorized to access") || says("client-grant") => Some(format!(
            "Authorize the application with the client id {client} for the API {}. {ITS_APIS} > \
             Application Access. The provider uses the scopes {FOUR_SCOPES}.",
            facts.audience
        )),
        (401, _) | (_, Some("invalid_client")) if facts.way != Way::ClientSecret => {
            Some(bad_assertion(client, facts))
        }
        (401, _) | (_, Some("invalid_client")) => Some(with_likely_mistake(
            format!(
                "`client_id` or `client_secret` is wrong, or they belong to another tenant than \
                 {}. In the Auth0 Dashboard: Applications > the application > Settings shows both; \
                 its Credentials must use the method Client Secret (Post).",
                facts.domain
            ),
            facts,
        )),
        (429, _) => Some(
            "The limit of tokens for this application or tenant is reached. Run again later."
                .to_owned(),
        ),
        (404, _) => Some(check_domain(facts)),
        (500.., _) | (408, _) => Some(later()),
        _ => None,
    }
}

/// Auth0 says no more than that the client is not authenticated.
fn bad_assertion(client: &str, facts: &Facts) -> String {
    let domain = &facts.domain;
    let made = match facts.way {
        Way::ReadyMade => {
            "`client_assertion` is good for one token: Auth0 refuses one that it has seen, also in a \
             later run. `client_assertion_command` makes a new one each time. It must be"
                .to_owned()
        }
        Way::Command => "What the program of `client_assertion_command` prints must be".to_owned(),
        _ => {
            return format!(
                "In the Auth0 Dashboard, Applications > the application with the client id {client} \
                 > Credentials must use the method Private Key JWT, and list the public key of \
                 `client_assertion_private_key` with the algorithm of \
                 `client_assertion_signing_alg`. Check also that `domain` ({domain}) is of the same \
                 tenant, and the clock of this machine."
            );
        }
    };
    format!(
        "{made} new, with iss and sub = {client}, aud = https://{domain}/, and exp within five \
         minutes, and be signed with a key that the application lists under Credentials > Private \
         Key JWT, by the algorithm that is listed there."
    )
}

fn unknown_audience(facts: &Facts) -> String {
    let (audience, domain) = (&facts.audience, &facts.domain);
    if !facts.is_own_api {
        return format!(
            "The tenant has no API with the identifier {audience}. Correct `audience`: in the Auth0 \
             Dashboard, Applications > APIs shows the identifier of each."
        );
    }
    if facts.audience_is_default {
        format!(
            "The tenant has no API with the identifier {audience}. If {domain} is a custom domain, \
             set `audience` to the identifier of the tenant's own Management API, which a custom \
             domain does not change: https://TENANT.REGION.auth0.com/api/v2/, with the slash at the \
             end. Otherwise check `domain`."
        )
    } else {
        format!(
            "The tenant has no API with the identifier {audience}. Correct `audience`: the \
             Management API has the identifier https://TENANT.REGION.auth0.com/api/v2/, with the \
             slash at the end and also for a custom domain."
        )
    }
}

fn check_domain(facts: &Facts) -> String {
    let answered = match &facts.proxy {
        Some(proxy) => format!("the proxy of {}", proxy.named()),
        None => "a proxy or a login page of the network".to_owned(),
    };
    let advice = format!(
        "Check `domain`: {} does not answer as an Auth0 tenant. It is the tenant's domain \
         (TENANT.REGION.auth0.com) or a custom domain of it, not the address of the Dashboard; \
         {answered} may also have answered.",
        facts.domain
    );
    with_likely_mistake(advice, facts)
}

/// `advice`, and what the domain looks like a slip of.
pub(super) fn with_likely_mistake(advice: String, facts: &Facts) -> String {
    match likely::mistake(&facts.domain) {
        Some(mistake) => format!("{advice} {mistake}"),
        None => advice,
    }
}

fn no_room() -> String {
    "The tenant's rate limit left no room for this request for as long as we wait. Run again later, \
     send fewer requests at once (-parallelism=2), and see what else uses the Management API of the \
     tenant."
        .to_owned()
}

pub(super) fn later() -> String {
    "This is a fault at Auth0 or on the way to it. Run again later; https://status.auth0.com tells \
     of faults that Auth0 knows of."
        .to_owned()
}

fn id_looks_like() -> String {
    "The id of an event stream is \"est_\" and 22 letters and digits.".to_owned()
}

/// What to do about an object that is where another one was to be created.
fn exists(existing: &Existing) -> String {
    let Existing { kind, name, ids, equal, after_loss, held } = existing;
    let why = match (equal, after_loss) {
        (true, _) => {
            "It equals what was to be created in all that Auth0 shows, but it was there before: an \
             earlier run that was killed may have left it. With adopt_existing = true in the provider \
             block (AUTH0_ADOPT_EXISTING) the provider takes such a one over. Or import it"
        }
        (false, true) => {
            "The answer to its creation was lost, and what is there now differs from what was to be \
             created, so somebody else may have made it. Choose another name, or import it"
        }
        (false, false) => {
            "It differs from what was to be created. Choose another name, or import it"
        }
    };
    if *held {
        return format!(
            "Another resource of this run has it. Two resources cannot have the same {kind}: give each \
             a name of its own. Where one takes the place of the other, tell by a moved block, or let \
             the old one be destroyed first."
        );
    }
    let [id] = ids.as_slice() else {
        return format!(
            "More than one {kind} has the name {name:?}, so none of them is taken for the one that \
             was to be created. Delete those that are not needed, import the one that is, or choose \
             another name."
        );
    };
    format!("{why}, with the name of your resource in place of NAME:\n\n{}", import_block(kind, id))
}

fn import_block(kind: &str, id: &str) -> String {
    format!("import {{\n  to = auth0_{}.NAME\n  id = \"{id}\"\n}}", kind.replace(' ', "_"))
}

/// How to settle whether a lost create made something.
fn settle(unknown: &OutcomeUnknown) -> String {
    let OutcomeUnknown { kind, name, id, collection, unread, second, .. } = unknown;
    let unread = unread
        .as_ref()
        .map(|why| format!("The list of the tenant, which would tell, could not be read: {why}. "));
    let second =
        second.as_ref().map(|said| format!("It was sent once more, which ended so: {said} "));
    let unread = unread.unwrap_or_default() + &second.unwrap_or_default();
    match id {
        Some(id) => format!(
            "The {kind} {name:?} is in the tenant and in no state. Import it, with the name of your \
             resource in place of NAME:\n\n{}",
            import_block(kind, id)
        ),
        None => format!(
            "{unread}The {kind} {name:?} may be in the tenant, and it is in no state. Look for its name \
             with `auth0 {collection} list`, in the Auth0 Dashboard, or with GET \
             /api/v2/{collection}. If it is not there, run again; to do so without looking does no \
             harm, for a name that is in use is refused. If it is there, take its id and import it, \
             with the name of your resource in place of NAME:\n\n{}",
            import_block(kind, "THE_ID")
        ),
    }
}
