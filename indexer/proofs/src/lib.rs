//! Bundles: one file that proves an item of the chain to somebody who trusts a set of validators, and nobody else.
//!
//! ```text
//!  receipt, vehicle, anchor ─▶ checkpoint root ─┐
//!                                               ├─▶ MMR leaf ─▶ MMR root ─▶ commitment ─▶ signatures ─▶ set of validators
//!  value in the state ─▶ state root ─▶ header ──┘                                                        (what is trusted)
//! ```
//!
//! [`Bundle::parse`] takes one text a bundle and no other; [`verify()`] walks every step from the item to the set, without a
//! network, and says what it proves. What a set is known by is its root ([`roster::root`]): whoever does not name the one
//! that is trusted ([`Trust`]) is told by whom a bundle was signed, and no more.
//!
//! `docs/proofs.md` has the format, field by field.

#![deny(missing_docs)]

pub mod bundle;
pub mod commitment;
pub mod hexadecimal;
pub mod item;
pub mod leaf;
pub mod mmr;
pub mod refused;
pub mod roster;
pub mod storage;
pub mod trie;
pub mod vehicle;
pub mod verify;

pub use bundle::{Bundle, Ethereum, Format, NoBundle};
pub use commitment::{Commitment, Entry, Signature};
pub use hexadecimal::{Address, Bytes, Fixed, Hash};
pub use item::{AnchorItem, Batch, Item, Place, Receipt, ReceiptItem, VehicleItem};
pub use leaf::{Leaf, NextSet};
pub use refused::Refused;
pub use storage::StorageItem;
pub use vehicle::Vehicle;
pub use verify::{signers, verify, SignedBy, Trust, Verified};
