//! What the workers in a company's node share.
//!
//! A worker is a part of a pallet: the node runs it after each new best block, and it carries what a service
//! of the company has ready to the chain. Each finds here for whom it works ([`Assignment`]), with which
//! [`WorkerKey`], how it asks its [`Service`] within bounds, what it remembers ([`Memory`]), and that it
//! runs [`alone`].

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]

extern crate alloc;

mod assignment;
mod key;
mod memory;
mod service;
mod turn;

pub use assignment::{Assignment, MAX_URL};
pub use key::{first_key, payload, WorkerKey, WorkerSignature, KEY_TYPE};
pub use memory::{Memory, REPORT_AGAIN, SEND_AGAIN};
pub use service::{Failure, Service, PATIENCE};
pub use turn::alone;
