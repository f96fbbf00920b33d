//! Sessions: begun by a wallet's signature or a password, kept alive by refresh tokens, ended by logging
//! out, by revocation, or by theft that was noticed.
//!
//! ```text
//!   challenge ── signature ──┐
//!                            ├──▶ session ──▶ access token (10 minutes), checked in memory at every call
//!   name ─────── password ───┘      │  ▲
//!                                   │  └── refresh token, good once: the next one comes with it
//!                                   ▼
//!               ended: log-out, revocation, or a refresh token that came a second time
//! ```
//!
//! For whom the answer to a refresh was lost: the same token gives the same successor once more for a short time,
//! as long as nobody has used that one.
//!
//! Refresh tokens are stored as hashes. What is ended is written before it is answered, and held in
//! memory for as long as a token of the session could be good.

mod busy;
mod challenge;
mod password;
mod random;
mod record;
mod revoked;
mod signature;
mod ticket;
mod token;

pub(crate) use challenge::Challenges;
pub(crate) use password::{check_name, check_password, Passwords};
pub(crate) use signature::Signature;
pub(crate) use ticket::Tickets;
pub use token::KeyError;
pub(crate) use token::Tokens;

use std::sync::{Arc, Mutex, PoisonError};

use rocksdb::Direction;
use smartlink_primitives::snowflake::Snowflakes;

use crate::{
    clock::Clock,
    config::Login,
    identity::{Identity, Roles},
    people::Seated,
    refusal::{Code, Refusal},
    store::{key, key_of, table, Store, StoreError, Write},
};
use record::{Account, Refresh, Session};
use revoked::Revoked;

pub(crate) use busy::{Busy, Claim};
pub(crate) use random::digits;
pub(crate) use record::{Account as AccountRecord, Proof};

/// What a session begins or goes on with.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub access_token: String,
    pub refresh_token: String,
    pub identity: Identity,
}

/// All sessions of this deployment.
pub(crate) struct Sessions {
    store: Store,
    clock: Clock,
    login: Login,
    tokens: Tokens,
    revoked: Revoked,
    busy: Busy,
    ids: Mutex<Snowflakes>,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::new(Code::Unavailable, "the store of the api failed").retry_after(1_000)
    }
}

impl Sessions {
    /// The sessions of a store. Clears away what is over.
    pub fn open(
        store: Store,
        clock: Clock,
        login: Login,
        tokens: Tokens,
        ids: Snowflakes,
    ) -> Result<Self, StoreError> {
        let sessions = Self {
            revoked: Revoked::default(),
            busy: Busy::default(),
            ids: Mutex::new(ids),
            store,
            clock,
            login,
            tokens,
        };
        let over = sessions.over()?;
        sessions.store.commit_now(over)?;
        let mut revoked = Vec::new();
        sessions.store.scan(&[table::REVOKED], Direction::Forward, |at, until| {
            revoked.extend(record::number(at, 1).zip(record::number(until, 0)));
            true
        })?;
        for (session, until_ms) in revoked {
            sessions.revoked.insert(session, until_ms);
        }
        Ok(sessions)
    }

    /// What can be deleted now: sessions and refresh tokens that are too old, revocations that no token
    /// needs any more.
    fn over(&self) -> Result<Vec<Write>, StoreError> {
        let now = self.clock.now_ms();
        let mut over: Vec<Write> = Vec::new();
        self.store.scan(&[table::SESSION], Direction::Forward, |at, bytes| {
            let session = Session::decode(bytes).filter(|session| session.expires_ms <= now);
            if let (Some(session), Some(id)) = (session, record::number(at, 1)) {
                over.push((at.to_vec(), None));
                over.push((session_of(session.account, id), None));
            }
            true
        })?;
        self.store.scan(&[table::REFRESH], Direction::Forward, |at, bytes| {
            if Refresh::decode(bytes).is_none_or(|refresh| refresh.expires_ms <= now) {
                over.push((at.to_vec(), None));
            }
            true
        })?;
        self.store.scan(&[table::REVOKED], Direction::Forward, |at, until| {
            if record::number(until, 0).is_none_or(|until| until <= now) {
                over.push((at.to_vec(), None));
            }
            true
        })?;
        Ok(over)
    }

    /// Clears away what is over. Called now and then.
    pub async fn sweep(self: &Arc<Self>) -> Result<(), StoreError> {
        let sessions = self.clone();
        let over = tokio::task::spawn_blocking(move || sessions.over()).await;
        let over = over.map_err(|_| StoreError::Closed)??;
        self.revoked.forget(self.clock.now_ms());
        for part in over.chunks(1_000) {
            self.store.commit(part.to_vec()).await?;
        }
        Ok(())
    }

    /// The identity that a token stands for.
    ///
    /// # Errors
    /// The token is not of this service or company, its time is over, or its session was ended.
    pub fn identify(&self, token: &str) -> Result<Arc<Identity>, Refusal> {
        let identity = self.tokens.read(token)?;
        self.check(&identity)?;
        Ok(identity)
    }

    /// Whether a token that was read before is still good.
    pub fn check(&self, identity: &Identity) -> Result<(), Refusal> {
        if identity.expires_ms <= self.clock.now_ms() {
            return Err(Code::TokenExpired.into());
        }
        if self.revoked.contains(identity.session) {
            return Err(Code::SessionRevoked.into());
        }
        Ok(())
    }

    /// Whether a session was ended, by log-out or revocation.
    pub fn has_ended(&self, session: u64) -> bool {
        self.revoked.contains(session)
    }

    /// A number that nobody and nothing else has.
    pub fn new_id(&self) -> Result<u64, Refusal> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.next(self.clock.now_ms())
            .map_err(|error| Refusal::new(Code::Overloaded, error.to_string()).retry_after(1))
    }

    /// The account with this name.
    pub fn by_name(&self, name: &str) -> Result<Option<Account>, Refusal> {
        self.account_at(key_of(table::NAME, name.as_bytes()))
    }

    fn account_at(&self, index: Vec<u8>) -> Result<Option<Account>, Refusal> {
        let Some(id) = self.store.get(&index)?.and_then(|bytes| record::number(&bytes, 0)) else {
            return Ok(None);
        };
        self.account(id)
    }

    fn account(&self, id: u64) -> Result<Option<Account>, Refusal> {
        let bytes = self.store.get(&key(table::ACCOUNT, id))?;
        Ok(bytes.and_then(|bytes| Account::decode(&bytes)))
    }

    /// A new account for a name.
    ///
    /// # Errors
    /// Somebody has the name, or takes it at this moment.
    pub async fn register(&self, name: &str, hash: String) -> Result<Account, Refusal> {
        let index = key_of(table::NAME, name.as_bytes());
        let _busy = self.busy.claim(&index).ok_or(Code::NameTaken)?;
        if self.store.get(&index)?.is_some() {
            return Err(Code::NameTaken.into());
        }
        self.create(index, Proof::Password { name: name.to_owned(), hash }).await
    }

    /// The account of a wallet: a new one the first time.
    pub async fn of_wallet(&self, wallet: [u8; 32]) -> Result<Account, Refusal> {
        let index = key_of(table::WALLET, &wallet);
        let busy = Refusal::new(Code::Overloaded, "the same wallet logs in at this moment");
        let _busy = self.busy.claim(&index).ok_or(busy.retry_after(100))?;
        match self.account_at(index.clone())? {
            Some(account) => Ok(account),
            None => self.create(index, Proof::Wallet { public: wallet }).await,
        }
    }

    async fn create(&self, index: Vec<u8>, proof: Proof) -> Result<Account, Refusal> {
        let account = Account { id: self.new_id()?, proof, created_ms: self.clock.now_ms() };
        let writes = vec![
            (key(table::ACCOUNT, account.id), Some(account.encode())),
            (index, Some(account.id.to_be_bytes().to_vec())),
        ];
        self.store.commit(writes).await?;
        Ok(account)
    }

    /// Begins a session. The oldest one of the account ends when there are too many.
    pub async fn begin(
        &self,
        account: u64,
        roles: Roles,
        driver: Option<Seated>,
    ) -> Result<Opened, Refusal> {
        let now = self.clock.now_ms();
        let id = random::number();
        let expires_ms = now.saturating_add(self.login.session_s.saturating_mul(1_000));
        let session = Session { account, created_ms: now, expires_ms, revoked: false };
        let mut writes = self.too_many(account)?;
        writes.push((key(table::SESSION, id), Some(session.encode())));
        writes.push((session_of(account, id), Some(now.to_be_bytes().to_vec())));
        let (refresh_token, hash) = random::token();
        let refresh = Refresh { session: id, used_ms: None, expires_ms };
        writes.push((key_of(table::REFRESH, &hash), Some(refresh.encode())));
        let identity = self.identity(account, roles, driver, id, expires_ms, now);
        let access_token = self.tokens.sign(&identity, now)?;
        self.store.commit(writes).await?;
        Ok(Opened { access_token, refresh_token, identity })
    }

    /// Ends the oldest sessions of an account, so that one more fits.
    fn too_many(&self, account: u64) -> Result<Vec<Write>, Refusal> {
        let mut open = self.sessions_of(account)?;
        open.sort_unstable();
        let excess = (open.len() + 1).saturating_sub(self.login.sessions_per_account);
        let mut writes = Vec::new();
        for (_, session) in open.into_iter().take(excess) {
            writes.extend(self.ending(session)?);
        }
        Ok(writes)
    }

    /// When each session of an account began, and its id.
    fn sessions_of(&self, account: u64) -> Result<Vec<(u64, u64)>, Refusal> {
        let prefix = key(table::SESSION_OF, account);
        let mut found = Vec::new();
        self.store.scan(&prefix, Direction::Forward, |at, began| {
            if !at.starts_with(&prefix) {
                return false;
            }
            found.extend(record::number(began, 0).zip(record::number(at, 9)));
            true
        })?;
        Ok(found)
    }

    /// When a token that is issued now is over.
    fn token_end(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add(self.login.token_s.saturating_mul(1_000))
    }

    /// Who a token of `now_ms` is about.
    fn identity(
        &self,
        account: u64,
        roles: Roles,
        driver: Option<Seated>,
        session: u64,
        session_end_ms: u64,
        now_ms: u64,
    ) -> Identity {
        // A token tells whole seconds.
        let expires_ms = self.token_end(now_ms).min(session_end_ms) / 1_000 * 1_000;
        Identity { account, roles, driver, session, expires_ms }
    }

    fn refresh(&self, at: &[u8]) -> Result<Option<Refresh>, Refusal> {
        Ok(self.store.get(at)?.and_then(|bytes| Refresh::decode(&bytes)))
    }

    /// Whose session a refresh token goes on with. Ends the session when the token was used before, unless that was
    /// a moment ago and nothing came after it.
    pub async fn redeem(&self, token: &str) -> Result<Redeemed<'_>, Refusal> {
        let at = key_of(table::REFRESH, &random::hash(token));
        let busy = Refusal::new(Code::Overloaded, "the same refresh token is used at this moment");
        let busy = self.busy.claim(&at).ok_or(busy.retry_after(100))?;
        let refresh = self.refresh(&at)?.ok_or(Code::RefreshUnknown)?;
        let record = self.store.get(&key(table::SESSION, refresh.session))?;
        let record = record.and_then(|bytes| Session::decode(&bytes));
        let record = record.ok_or(Code::RefreshUnknown)?;
        if record.revoked || record.expires_ms <= self.clock.now_ms() {
            return Err(Code::RefreshUnknown.into());
        }
        let successor = self.tokens.successor(token)?;
        if let Some(used_ms) = refresh.used_ms {
            if !self.is_repeated(used_ms, &successor)? {
                self.end(refresh.session).await?;
                return Err(Code::RefreshReused.into());
            }
        }
        let account = self.account(record.account)?.ok_or(Code::RefreshUnknown)?;
        Ok(Redeemed { sessions: self, account, at, refresh, record, successor, _busy: busy })
    }

    /// Whether a token that was used before is the last but one, and so lately that its answer may have been lost.
    fn is_repeated(&self, used_ms: u64, successor: &str) -> Result<bool, Refusal> {
        let grace_ms = self.login.refresh_grace_s.saturating_mul(1_000);
        if self.clock.now_ms().saturating_sub(used_ms) >= grace_ms {
            return Ok(false);
        }
        let next = self.refresh(&key_of(table::REFRESH, &random::hash(successor)))?;
        Ok(next.is_some_and(|next| next.used_ms.is_none()))
    }

    /// Whose a refresh token is or was. `None` when it is not known.
    pub fn owner(&self, token: &str) -> Result<Option<u64>, Refusal> {
        let at = key_of(table::REFRESH, &random::hash(token));
        let Some(refresh) = self.refresh(&at)? else { return Ok(None) };
        let bytes = self.store.get(&key(table::SESSION, refresh.session))?;
        Ok(bytes.and_then(|bytes| Session::decode(&bytes)).map(|session| session.account))
    }

    /// What ends a session. In memory it has ended already when this returns.
    fn ending(&self, id: u64) -> Result<Vec<Write>, Refusal> {
        let Some(bytes) = self.store.get(&key(table::SESSION, id))? else { return Ok(Vec::new()) };
        let Some(mut session) = Session::decode(&bytes) else { return Ok(Vec::new()) };
        session.revoked = true;
        let until_ms = self.token_end(self.clock.now_ms());
        self.revoked.insert(id, until_ms);
        Ok(vec![
            (key(table::SESSION, id), Some(session.encode())),
            (session_of(session.account, id), None),
            (key(table::REVOKED, id), Some(until_ms.to_be_bytes().to_vec())),
        ])
    }

    /// Ends a session. Ending it again changes nothing.
    pub async fn end(&self, session: u64) -> Result<(), Refusal> {
        let writes = self.ending(session)?;
        Ok(self.store.commit(writes).await?)
    }

    /// Ends all sessions of an account. Gives their number.
    pub async fn end_all(&self, account: u64) -> Result<u32, Refusal> {
        let mut writes = Vec::new();
        let open = self.sessions_of(account)?;
        for (_, session) in &open {
            writes.extend(self.ending(*session)?);
        }
        self.store.commit(writes).await?;
        Ok(u32::try_from(open.len()).unwrap_or(u32::MAX))
    }

    /// Whether there is such an account.
    pub fn knows(&self, account: u64) -> Result<bool, Refusal> {
        Ok(self.account(account)?.is_some())
    }
}

fn session_of(account: u64, session: u64) -> Vec<u8> {
    let mut at = key(table::SESSION_OF, account);
    at.extend_from_slice(&session.to_be_bytes());
    at
}

/// A refresh token that is good, held so that nobody else uses it meanwhile.
pub(crate) struct Redeemed<'a> {
    sessions: &'a Sessions,
    pub account: Account,
    at: Vec<u8>,
    refresh: Refresh,
    record: Session,
    successor: String,
    _busy: busy::Claim<'a>,
}

impl Redeemed<'_> {
    /// Uses the token up, and goes on with the session. A token that is used up already gives what it gave: with the
    /// same roles it is the same pair to the letter.
    pub async fn renew(mut self, roles: Roles, driver: Option<Seated>) -> Result<Opened, Refusal> {
        let sessions = self.sessions;
        let began_ms = self.refresh.used_ms.unwrap_or_else(|| sessions.clock.now_ms());
        let (session, end_ms) = (self.refresh.session, self.record.expires_ms);
        let identity = sessions.identity(self.account.id, roles, driver, session, end_ms, began_ms);
        let access_token = sessions.tokens.sign(&identity, began_ms)?;
        if self.refresh.used_ms.is_none() {
            self.refresh.used_ms = Some(began_ms);
            let next = Refresh { session, used_ms: None, expires_ms: end_ms };
            let at_next = key_of(table::REFRESH, &random::hash(&self.successor));
            let writes = vec![
                (self.at.clone(), Some(self.refresh.encode())),
                (at_next, Some(next.encode())),
            ];
            sessions.store.commit(writes).await?;
        }
        Ok(Opened { access_token, refresh_token: self.successor, identity })
    }
}
