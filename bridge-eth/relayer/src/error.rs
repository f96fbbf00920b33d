//! Why the relayer cannot go on.

use alloy_primitives::{utils::format_ether, Address, U256};
use smartlink_chain::{raw::RawError, ChainError};
use smartlink_proving::ProveError;
use smartlink_service::config::ConfigError;

use crate::{
    anchor::{AnchorError, Reverted},
    checkpoint::Refusal,
    ethereum::{printable, EthereumError},
};

/// Why the relayer cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// What was asked for cannot be.
    #[error("{0}")]
    Asked(String),
    /// The node of the chain cannot serve what is needed.
    #[error("{}", printable(&.0.to_string()))]
    Node(ProveError),
    /// The node of the chain has not what another one has.
    #[error("{0}")]
    Lacking(String),
    /// The node of Ethereum cannot serve what is needed.
    #[error("{0}")]
    Ethereum(#[from] EthereumError),
    /// What the node of the chain answers would not pass on Ethereum.
    #[error("what the node answers is refused: {0}. Nothing is sent; ask another node (`node`)")]
    Refused(#[from] Refusal),
    /// The contract refuses what passed here.
    #[error("the contract refuses it: {0}")]
    Reverted(#[from] Reverted),
    /// The contract is not there, or not what it should be.
    #[error("{0}")]
    Contract(AnchorError),
    /// The contract has no root from which the block can be proven.
    #[error(
        "block {block} cannot be proven on Ethereum yet: the contract's last block is {latest}, and it takes a later one. A \
         relayer brings one with the next session at the latest; ask a running one with --wait, or try again then"
    )]
    NotHeld {
        /// The block of the item.
        block: u32,
        /// The last one that the contract has.
        latest: u32,
    },
    /// Not enough money.
    #[error("{address} has {} ETH, and the transaction may cost {} ETH: send it some", ether(.has), ether(.wanted))]
    Poor {
        /// Whose account.
        address: Address,
        /// What it has, in wei.
        has: U256,
        /// What it needs, in wei.
        wanted: U256,
    },
    /// Ethereum is too expensive now.
    #[error(
        "a unit of gas costs {base_gwei} gwei, and fees.most_gwei is {most_gwei}: waiting until it is cheaper, or the bound \
         higher"
    )]
    Expensive {
        /// What a block wants, in gwei, rounded up.
        base_gwei: u64,
        /// What may be paid, in gwei.
        most_gwei: u64,
    },
    /// A transaction waits that cannot be replaced.
    #[error(
        "transaction {nonce} of this key waits in the pool, and what would replace it offers more than fees.most_gwei \
         ({most_gwei}) or fees.most_tip_gwei ({most_tip_gwei}): waiting until it is in a block, or the bound higher"
    )]
    Stuck {
        /// Its nonce.
        nonce: u64,
        /// What may be paid, in gwei.
        most_gwei: u64,
        /// Of it to the block's author, in gwei.
        most_tip_gwei: u64,
    },
    /// More gas than may be.
    #[error(
        "the node of Ethereum says that it takes {estimated} gas, and with a tenth more that is over {bound} ({most}): nothing \
         is sent; ask another node (ethereum.url), or raise the bound where a set is as large"
    )]
    MuchGas {
        /// What the node estimates.
        estimated: u64,
        /// What may be.
        most: u64,
        /// Which bound that is.
        bound: &'static str,
    },
    /// What may be paid within a day is paid.
    #[error(
        "it may cost more than is left of what may be paid within a day (fees.most_gwei_a_day, {most_gwei}): waiting for the \
         next day in {seconds} s, or the bound higher"
    )]
    DayIsPaid {
        /// What may be paid, in gwei.
        most_gwei: u64,
        /// Until the day is over.
        seconds: u64,
    },
    /// No key.
    #[error("{0}")]
    Key(#[from] crate::ethereum::KeyError),
    /// A part of the program has ended by itself.
    #[error("{part} broke off: {why}; look at the log, and start the relayer again")]
    BrokeOff {
        /// Which part.
        part: &'static str,
        /// What it says.
        why: String,
    },
}

fn ether(wei: &U256) -> String {
    format_ether(*wei)
}

impl From<ProveError> for Error {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Ethereum(error) => error.into(),
            ProveError::NotHeld { block, latest } => Self::NotHeld { block, latest },
            error => Self::Node(error),
        }
    }
}

impl From<AnchorError> for Error {
    fn from(error: AnchorError) -> Self {
        match error {
            AnchorError::Ethereum(error) => Self::Ethereum(error),
            AnchorError::Reverted(why) => Self::Reverted(why),
            error => Self::Contract(error),
        }
    }
}

impl From<ChainError> for Error {
    fn from(error: ChainError) -> Self {
        Self::Node(error.into())
    }
}

impl From<RawError> for Error {
    fn from(error: RawError) -> Self {
        Self::Node(error.into())
    }
}

impl Error {
    /// Whether the same step may go well later, with nothing changed but the chains and their nodes.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Node(_)
                | Self::Lacking(_)
                | Self::Ethereum(_)
                | Self::Refused(_)
                | Self::Reverted(_)
                | Self::Poor { .. }
                | Self::Expensive { .. }
                | Self::Stuck { .. }
                | Self::MuchGas { .. }
                | Self::DayIsPaid { .. }
                | Self::BrokeOff { .. }
        )
    }
}
