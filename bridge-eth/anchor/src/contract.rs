//! The contract: what it holds, and what it says to a call.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, B256};
use smartlink_proofs::{Fixed, Hash};

use crate::{
    abi::{number, words, Call, Value},
    artifact::artifact,
    ethereum::{self, At, Ethereum, EthereumError, Event},
    reverted,
    source::{connect, Source},
    AnchorError,
};

/// The contract on Ethereum. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Anchor {
    ethereum: Ethereum,
    address: Address,
    chain_id: u64,
    source: Arc<Source>,
}

/// A set of validators, as the contract knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// Its number.
    pub id: u64,
    /// How many they are.
    pub length: u32,
    /// The root over their addresses.
    pub root: Hash,
}

/// What the contract held after a block of Ethereum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// That block.
    pub at: u64,
    /// The last block of the chain that it has a root for. 0: none yet.
    pub latest: u32,
    /// The set whose signatures it takes.
    pub current: Set,
    /// The set after it, whose signatures hand over.
    pub next: Set,
}

impl Set {
    fn read(answer: &[u8]) -> Option<Self> {
        let [id, length, root] = words(answer)?;
        let length = u32::try_from(number(&length)?).ok()?;
        Some(Self { id: number(&id)?, length, root: Fixed(root.0) })
    }
}

impl Anchor {
    /// The contract that is configured.
    ///
    /// # Errors
    /// None is, there is none, or the node is on another chain of Ethereum.
    pub async fn open(source: impl Into<Source>) -> Result<Self, AnchorError> {
        let source = source.into();
        let address = source.contract.ok_or(AnchorError::NoneConfigured)?;
        let (ethereum, chain_id) = connect(source.clone()).await?;
        if !ethereum.has_code(address).await? {
            return Err(AnchorError::NoContract { address, chain_id });
        }
        Ok(Self { ethereum, address, chain_id, source: Arc::new(source) })
    }

    /// Its address.
    pub const fn address(&self) -> Address {
        self.address
    }

    /// The id of Ethereum's chain that it is on.
    pub const fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// The node that is asked.
    pub const fn ethereum(&self) -> &Ethereum {
        &self.ethereum
    }

    /// What it holds after the last block.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn view(&self) -> Result<View, AnchorError> {
        let block = self.ethereum.head().await?.number;
        let at = At::Block(block);
        let height = |answer: &[u8]| {
            let [height] = words(answer)?;
            u32::try_from(number(&height)?).ok()
        };
        let (latest, current, next) = tokio::try_join!(
            self.ask(Call::plain("latest"), at, height),
            self.ask(Call::plain("currentSet"), at, Set::read),
            self.ask(Call::plain("nextSet"), at, Set::read),
        )?;
        Ok(View { at: block, latest, current, next })
    }

    /// The hash of block 0 of the chain that it is of.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn genesis(&self) -> Result<Hash, AnchorError> {
        let hash = |answer: &[u8]| words(answer).map(|[hash]: [B256; 1]| Fixed(hash.0));
        self.ask(Call::plain("GENESIS"), At::Latest, hash).await
    }

    /// Checks that it is of the chain with this block 0.
    ///
    /// # Errors
    /// It is not, or there is no answer.
    pub async fn check_chain(&self, node: Hash) -> Result<(), AnchorError> {
        let contract = self.genesis().await?;
        match contract == node {
            true => Ok(()),
            false => Err(AnchorError::OtherChain { contract, node }),
        }
    }

    /// Whether it holds a root for a block.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn holds(&self, height: u32, root: Hash) -> Result<bool, AnchorError> {
        let arguments = vec![Value::Number(height.into()), Value::Word(B256::from(root.0))];
        let is_so = |answer: &[u8]| words(answer).and_then(|[truth]: [B256; 1]| number(&truth));
        Ok(self.ask(Call { name: "holds", arguments }, At::Latest, is_so).await? == 1)
    }

    /// Calls it without a transaction, as `from`.
    ///
    /// # Errors
    /// It refuses, or there is no answer.
    pub async fn attempt(
        &self,
        from: Option<Address>,
        data: Bytes,
        at: At,
    ) -> Result<Bytes, AnchorError> {
        let call = ethereum::Call { from, to: Some(self.address), data };
        self.ethereum.call(&call, at).await.map_err(reverted::told)
    }

    /// Gas that a call of it would take.
    ///
    /// # Errors
    /// It refuses, or there is no answer.
    pub async fn estimate(&self, from: Address, data: Bytes) -> Result<u64, AnchorError> {
        let call = ethereum::Call { from: Some(from), to: Some(self.address), data };
        self.ethereum.estimate(&call).await.map_err(reverted::told)
    }

    /// The event of the checkpoint of a block, the last one where there are several. It is looked for from the last block of
    /// Ethereum back.
    ///
    /// # Errors
    /// There is none in the blocks that are looked at, or no answer.
    pub async fn event_of(&self, height: u32) -> Result<Event, AnchorError> {
        let mut topic = [0; 32];
        topic[28..].copy_from_slice(&height.to_be_bytes());
        let topics = [Some(artifact().topic("Checkpoint")), Some(B256::from(topic))];
        let head = self.ethereum.head().await?.number;
        let lowest = head.saturating_sub(self.source.events_back);
        let mut last = head;
        loop {
            let first = (last + 1).saturating_sub(self.source.events_at_once).max(lowest);
            let events = self.ethereum.events(self.address, &topics, first, last).await?;
            if let Some(event) = events.into_iter().next_back() {
                return Ok(event);
            }
            if first == lowest {
                let back = self.source.events_back;
                return Err(AnchorError::NoEvent { height, back });
            }
            last = first - 1;
        }
    }

    async fn ask<T>(
        &self,
        call: Call,
        at: At,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, AnchorError> {
        let answer = self.attempt(None, call.encode(), at).await?;
        read(&answer).ok_or_else(|| {
            AnchorError::Ethereum(EthereumError::Garbled {
                host: self.ethereum.host(),
                method: call.name,
                reason: format!("is {} the bridge's contract?", self.address),
            })
        })
    }
}
