//! How each pallet is configured, one file a concern.

mod business;
mod consensus;
mod governance;
mod money;
pub mod parameters;
pub(crate) mod system;
mod wallets;

pub use consensus::{EPOCH_BLOCKS, SLOT_MILLIS};
pub use money::CNY;
pub use wallets::ProxyType;
