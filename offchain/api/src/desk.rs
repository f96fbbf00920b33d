//! What every call goes through, in this order: the connection's limits, the load, who calls, whether the
//! role may, the account's limit, the address's where anybody may change something, a place in the audit
//! log, the method itself within its time, the audit log, the answer.

use std::{
    borrow::Cow,
    net::IpAddr,
    sync::{
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
        Arc, Mutex, OnceLock, PoisonError, RwLock,
    },
    time::Duration,
};

use serde::Deserialize;
use serde_json::value::RawValue;
use smartlink_service::config::Setting;
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    audit::Entry,
    clock::Clock,
    config::ApiConfig,
    confirmations::Confirmations,
    exports::Exports,
    forwarded::counted,
    identity::{Identity, Roles},
    limits::{Admitted, Bucket, Buckets, Load},
    methods::Health,
    people::{People, Seated},
    places::Place,
    refusal::{Code, Refusal},
    sessions::{Challenges, Passwords, Sessions, Tickets},
    store::Store,
    table::{Access, Effect, Later, Method},
    types::Wanted,
    upstream::Upstream,
};

/// Characters of what an audit entry quotes.
const QUOTED: usize = 64;
/// When a connection with too many open calls has a chance again.
const OPEN_CALLS_MS: u64 = 50;

/// Tells what is set in this process, asked anew each time: some of it may change while it runs.
pub type Settings = Arc<dyn Fn() -> Vec<Setting> + Send + Sync>;

/// All that methods work with. Clones share it.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

pub(crate) struct Inner {
    pub config: ApiConfig,
    pub clock: Clock,
    pub store: Store,
    pub sessions: Arc<Sessions>,
    pub challenges: Challenges,
    pub passwords: Passwords,
    pub upstream: Upstream,
    pub people: Arc<dyn People>,
    pub settings: Settings,
    pub confirmations: Confirmations,
    pub exports: Exports,
    /// Links to files that nobody followed yet.
    pub tickets: Tickets<Wanted>,
    pub load: Arc<Load>,
    pub accounts: Buckets<u64>,
    pub names: Buckets<u64>,
    pub addresses: Buckets<IpAddr>,
    /// Calls of clients whose connections a proxy shares.
    pub forwarded: Buckets<IpAddr>,
    pub document: OnceLock<Box<RawValue>>,
    pub health: Mutex<Option<(u64, Health)>>,
    /// Calls that were refused before anybody was identified. They are not in the audit log.
    pub unidentified: AtomicU64,
    pub methods: Vec<Method>,
}

impl std::ops::Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Desk {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

/// A connection: its limits, and who logged in on it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub number: u64,
    /// Whoever opened it: a client, or a proxy.
    pub peer: IpAddr,
    bucket: Mutex<Bucket>,
    requests: AtomicU64,
    /// Calls that are being worked on.
    calls: AtomicU32,
    /// The last token of `auth_attach`. For WebSockets alone.
    attached: RwLock<Option<Arc<Identity>>>,
    /// Its place among the connections that there may be.
    _place: Option<OwnedSemaphorePermit>,
    /// Its place among those of its address. Of a WebSocket behind a proxy it is known with the handshake.
    own_place: OnceLock<Place<IpAddr>>,
}

/// A call of a connection that is being worked on.
struct Underway(Arc<Connection>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Relaxed);
    }
}

impl Connection {
    pub fn new(
        number: u64,
        peer: IpAddr,
        bucket: Bucket,
        place: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            number,
            peer,
            bucket: Mutex::new(bucket),
            requests: AtomicU64::new(0),
            calls: AtomicU32::new(0),
            attached: RwLock::default(),
            _place: place,
            own_place: OnceLock::new(),
        }
    }

    /// Keeps the place among those of its address until the connection ends.
    pub fn keep(&self, place: Place<IpAddr>) {
        // A connection becomes a WebSocket once.
        let _ = self.own_place.set(place);
    }

    /// One call more. `None` when `most` are being worked on.
    fn begin(self: &Arc<Self>, most: u32) -> Option<Underway> {
        let before = self.calls.fetch_add(1, Relaxed);
        let underway = Underway(self.clone());
        (before < most).then_some(underway)
    }

    pub fn attach(&self, identity: Arc<Identity>) {
        *self.attached.write().unwrap_or_else(PoisonError::into_inner) = Some(identity);
    }

    pub fn attached(&self) -> Option<Arc<Identity>> {
        self.attached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How a call came in.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub connection: Arc<Connection>,
    /// Where it comes from, as far as can be believed.
    pub address: IpAddr,
    /// Whether a proxy that is trusted handed it over.
    pub forwarded: bool,
    /// The token of the header, of this request or of the WebSocket's handshake.
    pub bearer: Option<http::HeaderValue>,
    pub websocket: bool,
}

/// A call on its way through a method.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub caller: Option<Arc<Identity>>,
    pub origin: Arc<Origin>,
    /// Who turned out to act, where nobody was logged in.
    acting: Arc<OnceLock<(u64, Roles)>>,
}

impl Call {
    /// Who calls.
    pub fn identity(&self) -> Result<&Arc<Identity>, Refusal> {
        self.caller.as_ref().ok_or_else(|| Code::Unauthenticated.into())
    }

    /// The account that calls.
    pub fn account(&self) -> Result<u64, Refusal> {
        Ok(self.identity()?.account)
    }

    /// The driver who calls.
    pub fn driver(&self) -> Result<Seated, Refusal> {
        self.identity()?.driver.ok_or_else(|| Code::Forbidden.into())
    }

    /// Whether the caller has one of these roles.
    pub fn is(&self, roles: Roles) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.roles.meets(roles))
    }

    /// Who calls, or turned out to act.
    fn actor(&self) -> Option<(u64, Roles)> {
        let caller = self.caller.as_ref().map(|caller| (caller.account, caller.roles));
        caller.or_else(|| self.acting.get().copied())
    }

    /// Notes who logged in, for the audit log.
    pub fn acted(&self, account: u64, roles: Roles) {
        // Set once in a call: a second word changes nothing.
        let _ = self.acting.set((account, roles));
    }
}

/// A call that passed everything but the method.
pub(crate) struct Entered {
    pub call: Call,
    _underway: Underway,
    _admitted: Admitted,
}

impl Desk {
    /// Everything before the method.
    pub fn enter(&self, method: &Method, origin: Arc<Origin>) -> Result<Entered, Refusal> {
        self.enter_by(method, origin, Self::caller)
    }

    /// The same, for who may show something else than an access token.
    pub fn enter_by(
        &self,
        method: &Method,
        origin: Arc<Origin>,
        caller: impl FnOnce(&Self, &Origin) -> Result<Option<Arc<Identity>>, Refusal>,
    ) -> Result<Entered, Refusal> {
        let now = self.clock.now_ms();
        let (underway, admitted) = self.admit(&origin, now)?;
        let caller = caller(self, &origin);
        let caller = match method.access {
            // A token that is over must not stand in the way of a new one.
            Access::Anyone => caller.unwrap_or_default(),
            Access::LoggedIn => Some(caller?.ok_or(Code::Unauthenticated)?),
            Access::Any(_) => Some(caller?.ok_or(Code::Unauthenticated)?),
        };
        if let Some(caller) = &caller {
            let taken = self.accounts.take(caller.account, now);
            taken.map_err(|ms| Refusal::from(Code::TooManyCalls).retry_after(ms))?;
        }
        let call = Call { caller, origin, acting: Arc::default() };
        Ok(Entered { call, _underway: underway, _admitted: admitted })
    }

    fn admit(&self, origin: &Origin, now: u64) -> Result<(Underway, Admitted), Refusal> {
        let limits = &self.config.limits;
        let connection = &origin.connection;
        let taken = if origin.forwarded && !origin.websocket {
            self.forwarded.take(counted(origin.address), now)
        } else {
            let mut bucket = connection.bucket.lock().unwrap_or_else(PoisonError::into_inner);
            bucket.take(limits.connection_rate, now)
        };
        taken.map_err(|ms| Refusal::from(Code::TooManyCalls).retry_after(ms))?;
        let underway = connection.begin(limits.connection_calls).ok_or_else(|| {
            let said = format!("{} calls of this connection are open", limits.connection_calls);
            Refusal::new(Code::TooManyCalls, said).retry_after(OPEN_CALLS_MS)
        })?;
        let admitted = self.load.admit();
        let admitted = admitted.map_err(|ms| Refusal::from(Code::Overloaded).retry_after(ms))?;
        Ok((underway, admitted))
    }

    /// Who calls. On a WebSocket the token attached last counts.
    pub fn caller(&self, origin: &Origin) -> Result<Option<Arc<Identity>>, Refusal> {
        if let Some(attached) = origin.connection.attached().filter(|_| origin.websocket) {
            self.sessions.check(&attached)?;
            return Ok(Some(attached));
        }
        let Some(header) = &origin.bearer else { return Ok(None) };
        let header = header.to_str().map_err(|_| Code::Unauthenticated)?;
        let token = header.strip_prefix("Bearer ").ok_or(Code::Unauthenticated)?;
        self.sessions.identify(token).map(Some)
    }

    /// Counts an attempt to log in against the address that it comes from.
    ///
    /// # Errors
    /// Too many came from there.
    pub fn attempt(&self, call: &Call) -> Result<(), Refusal> {
        let taken = self.addresses.take(counted(call.origin.address), self.clock.now_ms());
        taken.map_err(|ms| Refusal::from(Code::TooManyCalls).retry_after(ms))
    }

    /// Whether the roles of the caller may call the method.
    pub fn authorise(method: &Method, call: &Call) -> Result<(), Refusal> {
        match method.access {
            Access::Anyone | Access::LoggedIn => Ok(()),
            Access::Any(roles) if call.is(roles) => Ok(()),
            Access::Any(_) => {
                let needed = method.access.words();
                let said = format!("{} is for {needed}", method.name);
                Err(Refusal::new(Code::Forbidden, said))
            }
        }
    }

    /// A call from its beginning to its answer.
    pub async fn answer(
        &self,
        method: &Method,
        act: impl FnOnce(Desk, Call) -> Result<Later<Box<RawValue>>, Refusal> + Send,
        params: &str,
        origin: Arc<Origin>,
    ) -> Result<Box<RawValue>, Refusal> {
        let entered = self.enter(method, origin)?;
        let call = entered.call.clone();
        if method.effect != Effect::Changes {
            Self::authorise(method, &call)?;
            return self.in_time(act(self.clone(), call)?).await;
        }
        // Before anything is queued or noted: nobody has proven who they are.
        if method.access == Access::Anyone {
            self.attempt(&call)?;
        }
        // What cannot be noted is not begun.
        let slot = self.store.reserve_audit();
        let slot = slot.ok_or_else(|| Refusal::from(Code::Overloaded).retry_after(100))?;
        let acting = Self::authorise(method, &call).and_then(|()| act(self.clone(), call.clone()));
        let (desk, name, note) = (self.clone(), method.name, Note::of(params));
        // On a task of its own: what was begun is noted, also when the caller hangs up meanwhile.
        let doing = tokio::spawn(async move {
            let outcome = match acting {
                Ok(acting) => desk.in_time(acting).await,
                Err(refusal) => Err(refusal),
            };
            // Attempts that a throttle stopped would let anybody fill the log.
            let throttled =
                matches!(&outcome, Err(refused) if refused.code() == Code::TooManyCalls);
            // And so would attempts of nobody in particular.
            let nobody = match &outcome {
                Err(refusal) if call.actor().is_none() => {
                    desk.unidentified.fetch_add(1, Relaxed);
                    let address = call.origin.address;
                    tracing::debug!(%refusal, method = name, %address, "nobody was identified");
                    true
                }
                _ => false,
            };
            if !throttled && !nobody {
                slot.append(desk.entry(name, &call, note, outcome.as_ref().err())).await?;
            }
            drop(entered);
            outcome
        });
        doing.await.unwrap_or_else(|error| {
            tracing::error!(%error, method = name, "a method ended by a panic");
            Err(Code::Internal.into())
        })
    }

    /// What comes of it, if it comes in time.
    pub async fn in_time<T>(&self, acting: Later<T>) -> Result<T, Refusal> {
        let patience = Duration::from_millis(self.config.limits.call_ms);
        match tokio::time::timeout(patience, acting).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Code::TimedOut.into()),
        }
    }

    /// What the audit log says of a call.
    pub fn entry(
        &self,
        method: &'static str,
        call: &Call,
        note: Note,
        refused: Option<&Refusal>,
    ) -> Entry {
        let (account, roles) = call.actor().unwrap_or((0, Roles::NONE));
        let connection = &call.origin.connection;
        let request = connection.requests.fetch_add(1, Relaxed);
        Entry {
            sequence: 0,
            at_ms: self.clock.now_ms(),
            account,
            roles: roles.names().map(str::to_owned).collect(),
            method: method.to_owned(),
            subject: note.subject,
            idempotency_key: note.idempotency_key,
            outcome: refused.map_or(0, |refusal| refusal.code().number()),
            address: call.origin.address.to_string(),
            request: format!("{}-{request}", connection.number),
            previous: String::new(),
        }
    }
}

/// What an audit entry quotes of the parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub subject: Option<String>,
    pub idempotency_key: Option<String>,
}

/// The parameters that may be quoted. All others, secrets among them, are never looked at.
#[derive(Default, Deserialize)]
struct Quotable<'a> {
    #[serde(borrow, default)]
    idempotency_key: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    order: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    account: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    terminal: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    identity: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    alert: Option<Cow<'a, str>>,
    #[serde(default)]
    vehicle: Option<u32>,
    #[serde(default)]
    geofence: Option<u32>,
}

impl Note {
    fn of(params: &str) -> Self {
        let quotable: Quotable<'_> = serde_json::from_str(params).unwrap_or_default();
        let quoted = |text: Cow<'_, str>| text.chars().take(QUOTED).collect();
        let Quotable { order, account, id, name, terminal, identity, alert, .. } = quotable;
        let named = order.or(account).or(id).or(name).or(terminal).or(identity).or(alert);
        let numbered = quotable.vehicle.or(quotable.geofence);
        Self {
            subject: named.map(quoted).or_else(|| numbered.map(|number| number.to_string())),
            idempotency_key: quotable.idempotency_key.map(quoted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_entry_quotes_what_it_may_and_no_secret() {
        let params =
            r#"{"idempotency_key":"k","order":"7","start_code":"1234","password":"secret"}"#;
        let (subject, idempotency_key) = (Some("7".to_owned()), Some("k".to_owned()));
        assert_eq!(Note::of(params), Note { subject, idempotency_key });
        let long = format!(r#"{{"name":"{}"}}"#, "é".repeat(100));
        assert_eq!(Note::of(&long).subject.unwrap().chars().count(), QUOTED);
        assert_eq!(Note::of("no json").subject, None);
    }
}
