//! What costs on Ethereum: the key that signs, transactions, and what gas costs. The node is asked by [`smartlink_anchor`].

mod fees;
mod key;
mod keystore;
mod transaction;

pub use fees::{gas_with_margin, Bounds, Fees};
pub use key::{Key, KeyError, Order};
pub use smartlink_anchor::ethereum::{
    At, Block, Call, Ethereum, EthereumError, Event, Receipt, Transaction,
};

pub(crate) use smartlink_anchor::ethereum::printable;
pub(crate) use transaction::made_by;
