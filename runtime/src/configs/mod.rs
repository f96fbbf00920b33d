//! How each pallet is configured, one file a concern.

mod business;
pub(crate) mod consensus;
mod governance;
mod money;
pub mod parameters;
mod sound;
pub(crate) mod system;
mod wallets;

pub use consensus::{EPOCH_BLOCKS, SLOT_MILLIS};
pub use money::{CNY, MAX_PER_BYTE, MAX_PER_SECOND};
pub use sound::LONGEST_DELAY;
pub use system::CouncilMends;
pub use wallets::ProxyType;
