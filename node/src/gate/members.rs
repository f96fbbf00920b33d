//! Which accounts act for a company that may act, and the memory of it.

use super::refusal::Refusal;
use crate::service::FullClient;
use smartlink_runtime::{api::AllowanceApi, opaque::Block, AccountId};
use sp_api::{ApiExt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};

/// Accounts that are remembered.
const REMEMBERED: usize = 1_024;
/// Questions at a time about accounts that come: whoever makes up keys keeps no more of the machine busy than this.
const AT_THE_DOOR: usize = 2;
/// Questions at a time about accounts that are in. Those who come cannot hold them up.
const ON_ROUNDS: usize = 1;
/// Questions at a time.
pub const QUESTIONS: usize = AT_THE_DOOR + ON_ROUNDS;
/// How long a question may wait for its turn, and then for its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells who acts for a company. Its drivers do not: whoever comes in reads the state of all companies.
pub trait Members: Send + Sync + 'static {
    /// Whether an account acts for a company that may act. May take a while.
    ///
    /// # Errors
    /// It cannot be told now: says why.
    fn has(&self, account: &AccountId) -> Result<bool, String>;
}

impl Members for FullClient {
    /// As the last final block has it.
    fn has(&self, account: &AccountId) -> Result<bool, String> {
        let (api, block) = (self.runtime_api(), self.info().finalized_hash);
        let version = api.api_version::<dyn AllowanceApi<Block, AccountId>>(block);
        let company = version.and_then(|version| match version {
            // The first one does not tell drivers from the others.
            Some(1) => api.payer(block, account.clone()),
            _ => api.member(block, account.clone()),
        });
        company.map(|company| company.is_some()).map_err(|error| error.to_string())
    }
}

/// Asks, and remembers for a while who is a member. Who is none is not remembered: a stranger with many keys would push the
/// members out.
pub struct Membership {
    members: Arc<dyn Members>,
    memory: Duration,
    /// When each account was last found to be a member's.
    known: Mutex<HashMap<AccountId, Instant>>,
    at_the_door: Arc<Semaphore>,
    on_rounds: Arc<Semaphore>,
    /// Where it asks: threads for nothing else, so that no request keeps a question waiting.
    threads: Handle,
}

impl Membership {
    /// Remembers for so long, and asks on these threads, which are [`QUESTIONS`].
    pub fn new(members: Arc<dyn Members>, memory: Duration, threads: Handle) -> Self {
        Self {
            members,
            memory,
            known: Mutex::default(),
            at_the_door: Arc::new(Semaphore::new(AT_THE_DOOR)),
            on_rounds: Arc::new(Semaphore::new(ON_ROUNDS)),
            threads,
        }
    }

    /// Checks an account that comes.
    pub async fn admit(&self, account: &AccountId) -> Result<(), Refusal> {
        if self.remembers(account, Instant::now()) {
            return Ok(());
        }
        self.ask(account, &self.at_the_door).await
    }

    /// Checks an account that is in, whatever is remembered.
    pub async fn check_again(&self, account: &AccountId) -> Result<(), Refusal> {
        self.ask(account, &self.on_rounds).await
    }

    async fn ask(&self, account: &AccountId, turns: &Arc<Semaphore>) -> Result<(), Refusal> {
        let unanswered = |why: String| Refusal::Unanswered { why };
        let turn = match timeout(PATIENCE, turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(closed)) => return Err(unanswered(closed.to_string())),
            Err(_) => return Err(unanswered("too many ask at a time".into())),
        };
        let (members, asked) = (self.members.clone(), account.clone());
        let answer = self.threads.spawn_blocking(move || {
            let answer = members.has(&asked);
            // The turn is over when the question is, not when the patience is.
            drop(turn);
            answer
        });
        match timeout(PATIENCE, answer).await {
            Ok(Ok(Ok(true))) => {
                self.remember(account, Instant::now());
                Ok(())
            }
            Ok(Ok(Ok(false))) => {
                self.forget(account);
                Err(Refusal::NoMember { account: account.clone() })
            }
            Ok(Ok(Err(why))) => Err(unanswered(why)),
            Ok(Err(broken)) => Err(unanswered(broken.to_string())),
            Err(_) => Err(unanswered(format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }

    fn remembers(&self, account: &AccountId, now: Instant) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(account).is_some_and(|seen| now.saturating_duration_since(*seen) < self.memory)
    }

    fn remember(&self, account: &AccountId, now: Instant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(account) {
            known.retain(|_, seen| now.saturating_duration_since(*seen) < self.memory);
        }
        // Who does not fit is asked about each time.
        if known.len() < REMEMBERED || known.contains_key(account) {
            known.insert(account.clone(), now);
        }
    }

    fn forget(&self, account: &AccountId) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Runtime;

    struct Everybody;

    impl Members for Everybody {
        fn has(&self, _: &AccountId) -> Result<bool, String> {
            Ok(true)
        }
    }

    fn account(number: usize) -> AccountId {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        AccountId::new(key)
    }

    #[test]
    fn a_member_is_remembered_for_a_while() {
        let threads = Runtime::new().unwrap();
        let memory = Duration::from_secs(30);
        let membership = Membership::new(Arc::new(Everybody), memory, threads.handle().clone());
        let start = Instant::now();
        membership.remember(&account(1), start);
        assert!(membership.remembers(&account(1), start + Duration::from_secs(29)));
        assert!(!membership.remembers(&account(1), start + Duration::from_secs(30)));
        assert!(!membership.remembers(&account(2), start));
        membership.forget(&account(1));
        assert!(!membership.remembers(&account(1), start));
    }

    #[test]
    fn the_memory_has_an_end() {
        let threads = Runtime::new().unwrap();
        let memory = Duration::from_secs(30);
        let membership = Membership::new(Arc::new(Everybody), memory, threads.handle().clone());
        let start = Instant::now();
        for number in 0..REMEMBERED {
            membership.remember(&account(number), start);
        }
        membership.remember(&account(REMEMBERED), start);
        assert_eq!(membership.known.lock().unwrap().len(), REMEMBERED);
        assert!(!membership.remembers(&account(REMEMBERED), start));
        // Who is in is remembered anew, and who is void makes room.
        let later = start + Duration::from_secs(31);
        membership.remember(&account(0), later);
        membership.remember(&account(REMEMBERED), later);
        assert!(membership.remembers(&account(0), later));
        assert!(membership.remembers(&account(REMEMBERED), later));
        assert_eq!(membership.known.lock().unwrap().len(), 2);
    }
}
