//! What there is on the chain about a company and its validators, at the final block of a node.
//!
//! Keys of the state are computed from the runtime's own types. That is why a binary of another version may read
//! nothing, or refuse what it reads.

use super::{
    ask::{Node, State},
    Machine, Question,
};
use crate::company::{account::address, application::lower, error::Error, keys, name, node_key};
use codec::Encode;
use pallet_consortium::{Company, Standing};
use pallet_nodes::{Node as Registered, NodeKey};
use pallet_validators::{Leaver, Offence, Validator};
use serde::Serialize;
use smartlink_primitives::{CompanyId, Money};
use smartlink_runtime::{AccountId, BlockNumber, Hash, Runtime, SessionKeys, VERSION};
use sp_core::{bytes, crypto::KeyTypeId};
use sp_staking::{offence::OffenceSeverity, SessionIndex};
use tokio::try_join;

/// What there is.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// The chain and the node that was asked.
    pub chain: Chain,
    /// The company, if one was asked about, or runs the validator that was.
    pub company: Option<Member>,
    /// Its validators, or the one that was asked about.
    pub validators: Vec<ValidatorState>,
    /// Its machines.
    pub nodes: Vec<NodeState>,
    /// The peer id of this machine's node, if it is known.
    pub this_machine: Option<String>,
}

/// The chain and the node that was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// Whose rules it has.
    pub spec_name: String,
    /// Which of them.
    pub spec_version: u32,
    /// The version that this binary knows.
    pub own_spec_version: u32,
    /// The final block, of which everything here is.
    pub final_block: BlockNumber,
    /// The newest block that the node has.
    pub best_block: BlockNumber,
    /// Seconds of the Unix epoch of the final block.
    pub time: u64,
    /// The session of the final block.
    pub session: SessionIndex,
    /// Validators in this session.
    pub validators: usize,
    /// Nodes that the node is connected with.
    pub peers: usize,
    /// Whether it ought to be connected with some.
    pub should_have_peers: bool,
    /// Whether it is far behind.
    pub syncing: bool,
    /// Whether strangers are kept out.
    pub permissioned: bool,
}

/// A member.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: String,
    /// What the council thinks of it: active, suspended or expelled.
    pub standing: String,
    /// The first second of the Unix epoch at which its membership is void.
    pub until: Option<u64>,
    /// The account that votes for it.
    pub seat: Option<String>,
    /// What is left of its allowance, in CNY units as a string.
    pub allowance_left: Money,
    /// The most of it.
    pub allowance_most: Money,
    /// What comes back with each block.
    pub allowance_per_block: Money,
}

/// A validator.
#[derive(Clone, Debug, Serialize)]
pub struct ValidatorState {
    /// Its account.
    pub account: String,
    /// Who runs it, if it is one.
    pub company: Option<u32>,
    /// Whether it is in the present session.
    pub present: bool,
    /// The first session that it is planned for, if it is in none yet.
    pub from: Option<SessionIndex>,
    /// The first session without it, if the council removed it.
    pub gone: Option<SessionIndex>,
    /// The keys that its account set.
    pub keys: Vec<Key>,
    /// The first session in which these keys are used. Not later than the present one: they are in use.
    pub keys_from: Option<SessionIndex>,
    /// Whether it may not take part now.
    pub disabled: bool,
    /// The block that it made last, or with which it came into the set.
    pub last_block: Option<BlockNumber>,
    /// What waits for the council.
    pub offence: Option<Charge>,
}

/// A session key.
#[derive(Clone, Debug, Serialize)]
pub struct Key {
    /// What it is for.
    pub name: &'static str,
    /// The public key.
    pub public: String,
    /// Whether the keystore of this machine holds it, if it was looked into.
    pub held: Option<bool>,
}

/// What waits for the council.
#[derive(Clone, Debug, Serialize)]
pub struct Charge {
    /// What it did: equivocation or unavailable.
    pub kind: String,
    /// How often it was reported.
    pub reports: u32,
    /// The session of the last report.
    pub session: SessionIndex,
}

/// A machine of a company.
#[derive(Clone, Debug, Serialize)]
pub struct NodeState {
    /// Who it is on the network.
    pub peer_id: String,
    /// What it does.
    pub kind: String,
    /// How the company calls it.
    pub label: String,
    /// The block of its registration.
    pub since: BlockNumber,
}

/// What concerns all validators.
struct Session {
    index: SessionIndex,
    present: Vec<AccountId>,
    queued: Vec<(AccountId, SessionKeys)>,
    disabled: Vec<(u32, OffenceSeverity)>,
    authorities: Vec<(sp_consensus_babe::AuthorityId, u64)>,
    validators: Vec<Validator<AccountId>>,
    leavers: Vec<Leaver<AccountId>>,
}

/// Reads what there is at the final block of a node.
///
/// # Errors
/// The node does not answer, or there is no such company.
pub async fn read(node: &Node, question: &Question, machine: &Machine) -> Result<Facts, Error> {
    let at = node.final_hash().await?;
    let (chain, session) = globals(node, at).await?;
    let company = question
        .company
        .or_else(|| question.account.as_ref().and_then(|account| session.company_of(account)));
    let member = match company {
        Some(company) => Some(member(node, company, at).await?),
        None => None,
    };
    let nodes = match company {
        Some(company) => machines(node, company, at).await?,
        None => vec![],
    };
    let accounts = match (&question.account, company) {
        (Some(account), _) => vec![account.clone()],
        (None, Some(company)) => session.accounts_of(company),
        (None, None) => vec![],
    };
    let validators = validator_states(node, &session, accounts, machine, at).await?;
    let this_machine = machine.identity.map(|identity| identity.peer.to_base58());
    Ok(Facts { chain, company: member, validators, nodes, this_machine })
}

/// What concerns everybody.
async fn globals(node: &Node, at: Hash) -> Result<(Chain, Session), Error> {
    let index = pallet_session::CurrentIndex::<Runtime>::hashed_key();
    let present = pallet_session::Validators::<Runtime>::hashed_key();
    let queued = pallet_session::QueuedKeys::<Runtime>::hashed_key();
    let disabled = pallet_session::DisabledValidators::<Runtime>::hashed_key();
    let authorities = pallet_babe::Authorities::<Runtime>::hashed_key();
    let validators = pallet_validators::Validators::<Runtime>::hashed_key();
    let leavers = pallet_validators::Leavers::<Runtime>::hashed_key();
    let now = pallet_timestamp::Now::<Runtime>::hashed_key();
    let permissioned = pallet_nodes::Permissioned::<Runtime>::hashed_key();
    let keys =
        [index, present, queued, disabled, authorities, validators, leavers, now, permissioned];
    let (name, health, version, best_block, final_block, state) = try_join!(
        node.chain(),
        node.health(),
        node.version(at),
        node.number(None),
        node.number(Some(at)),
        node.state(keys.iter().map(|key| key.to_vec()).collect(), at),
    )?;

    let session = Session {
        index: state.get("the session", &index)?.unwrap_or_default(),
        present: state.get("the session's validators", &present)?.unwrap_or_default(),
        queued: state.get("the next session's keys", &queued)?.unwrap_or_default(),
        disabled: state.get("who is disabled", &disabled)?.unwrap_or_default(),
        authorities: state.get("the authorities of BABE", &authorities)?.unwrap_or_default(),
        validators: state.get("the validators", &validators)?.unwrap_or_default(),
        leavers: state.get("the validators that leave", &leavers)?.unwrap_or_default(),
    };
    let millis: u64 = state.get("the time", &now)?.unwrap_or_default();
    let chain = Chain {
        name,
        spec_name: version.spec_name,
        spec_version: version.spec_version,
        own_spec_version: VERSION.spec_version,
        final_block,
        best_block,
        time: millis / 1000,
        session: session.index,
        validators: session.present.len(),
        peers: health.peers,
        should_have_peers: health.should_have_peers,
        syncing: health.is_syncing,
        permissioned: state.get("who may join the network", &permissioned)?.unwrap_or_default(),
    };
    Ok((chain, session))
}

/// A company, its seat and its allowance.
async fn member(node: &Node, company: CompanyId, at: Hash) -> Result<Member, Error> {
    let entry_key = pallet_consortium::Companies::<Runtime>::hashed_key_for(company);
    let seat_key = pallet_consortium::Seats::<Runtime>::hashed_key_for(company);
    let keys = vec![entry_key.clone(), seat_key.clone()];
    let state = node.state(keys, at).await?;
    let entry: Company<AccountId> =
        state.get("a company", &entry_key)?.ok_or(Error::UnknownCompany(company.0))?;
    let seat: Option<AccountId> = state.get("a seat", &seat_key)?;
    let (left, most, per_block): (u128, u128, u128) =
        node.call("AllowanceApi_allowance", company.encode(), at).await?;
    let standing = match entry.standing {
        Standing::Active => "active",
        Standing::Suspended => "suspended",
        Standing::Expelled => "expelled",
    };
    Ok(Member {
        id: company.0,
        name: name::text(&entry.name),
        kind: lower(entry.kind),
        standing: standing.into(),
        until: entry.until,
        seat: seat.as_ref().map(address),
        allowance_left: Money(left),
        allowance_most: Money(most),
        allowance_per_block: Money(per_block),
    })
}

/// The machines of a company.
async fn machines(node: &Node, company: CompanyId, at: Hash) -> Result<Vec<NodeState>, Error> {
    let list_key = pallet_nodes::NodesOf::<Runtime>::hashed_key_for(company);
    let state = node.state(vec![list_key.clone()], at).await?;
    let list: Vec<NodeKey> = state.get("the machines of a company", &list_key)?.unwrap_or_default();
    let key_of = |machine: &NodeKey| pallet_nodes::Nodes::<Runtime>::hashed_key_for(*machine);
    let state = node.state(list.iter().map(key_of).collect(), at).await?;
    let mut machines = Vec::new();
    for key in &list {
        let entry: Option<Registered<BlockNumber>> = state.get("a machine", &key_of(key))?;
        machines.extend(entry.map(|entry| NodeState {
            peer_id: node_key::peer_id(*key),
            kind: lower(entry.kind),
            label: name::text(&entry.label),
            since: entry.since,
        }));
    }
    Ok(machines)
}

/// The keys of the state that concern a validator.
struct KeysOf {
    next: Vec<u8>,
    offence: Vec<u8>,
    last: Vec<u8>,
}

impl KeysOf {
    fn new(account: &AccountId) -> Self {
        Self {
            next: pallet_session::NextKeys::<Runtime>::hashed_key_for(account),
            offence: pallet_validators::Offences::<Runtime>::hashed_key_for(account),
            last: pallet_validators::LastAuthored::<Runtime>::hashed_key_for(account),
        }
    }
}

/// How validators stand.
async fn validator_states(
    node: &Node,
    session: &Session,
    accounts: Vec<AccountId>,
    machine: &Machine,
    at: Hash,
) -> Result<Vec<ValidatorState>, Error> {
    let keys =
        accounts.iter().map(KeysOf::new).flat_map(|keys| [keys.next, keys.offence, keys.last]);
    let state = node.state(keys.collect(), at).await?;
    accounts.iter().map(|account| session.state_of(account, &state, machine)).collect()
}

impl Session {
    /// The company that runs a validator.
    fn company_of(&self, account: &AccountId) -> Option<CompanyId> {
        let validator = self.validators.iter().find(|one| one.account == *account);
        let leaver = self.leavers.iter().find(|one| one.account == *account);
        validator.map(|one| one.company).or(leaver.map(|one| one.company))
    }

    /// The validators of a company, also those that leave.
    fn accounts_of(&self, company: CompanyId) -> Vec<AccountId> {
        let staying = self.validators.iter().filter(|one| one.company == company);
        let leaving = self.leavers.iter().filter(|one| one.company == company);
        staying
            .map(|one| one.account.clone())
            .chain(leaving.map(|one| one.account.clone()))
            .collect()
    }

    /// How a validator stands.
    fn state_of(
        &self,
        account: &AccountId,
        state: &State,
        machine: &Machine,
    ) -> Result<ValidatorState, Error> {
        let at = KeysOf::new(account);
        let next: Option<SessionKeys> = state.get("session keys", &at.next)?;
        let offence: Option<Offence> = state.get("an offence", &at.offence)?;
        let place = self.present.iter().position(|one| one == account);
        let place = place.and_then(|place| u32::try_from(place).ok());
        let gone = self.leavers.iter().find(|one| one.account == *account).map(|one| one.gone);
        Ok(ValidatorState {
            account: address(account),
            company: self.company_of(account).map(|company| company.0),
            present: place.is_some(),
            from: self.enters(account).filter(|_| place.is_none()),
            gone,
            keys_from: next.as_ref().and_then(|keys| self.keys_from(account, keys)),
            keys: next.as_ref().map_or_else(Vec::new, |keys| shown(keys, machine)),
            disabled: self.disabled.iter().any(|(disabled, _)| Some(*disabled) == place),
            last_block: state.get("who made blocks", &at.last)?,
            offence: offence.map(|offence| Charge {
                kind: lower(offence.kind),
                reports: offence.reports,
                session: offence.session,
            }),
        })
    }

    /// The first of the sessions to come in which a validator is: the next one is planned already.
    fn enters(&self, account: &AccountId) -> Option<SessionIndex> {
        if self.queued.iter().any(|(queued, _)| queued == account) {
            return self.index.checked_add(1);
        }
        let planned = self.validators.iter().any(|one| one.account == *account);
        self.index.checked_add(2).filter(|_| planned)
    }

    /// The first session in which a validator uses these keys.
    fn keys_from(&self, account: &AccountId, keys: &SessionKeys) -> Option<SessionIndex> {
        if self.authorities.iter().any(|(authority, _)| *authority == keys.babe) {
            return Some(self.index);
        }
        let next = self.queued.iter().any(|(queued, with)| queued == account && with == keys);
        if next {
            return self.index.checked_add(1);
        }
        let stays = self.validators.iter().any(|one| one.account == *account);
        self.index.checked_add(2).filter(|_| stays)
    }
}

/// Session keys to read, and whether this machine holds them.
fn shown(session: &SessionKeys, machine: &Machine) -> Vec<Key> {
    let held = |kind: KeyTypeId, public: &[u8]| {
        machine.keystore.as_ref().map(|keystore| keystore.holds_key(kind, public))
    };
    keys::named(session)
        .into_iter()
        .map(|(kind, name, public)| Key {
            name,
            held: held(kind, &public),
            public: bytes::to_hex(&public, false),
        })
        .collect()
}
