//! For whom a worker works.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use smartlink_primitives::CompanyId;
use sp_runtime::offchain::storage::StorageValueRef;

/// Bytes that an address may have.
pub const MAX_URL: usize = 256;

/// For which company a node carries something, and from where. The node writes it at its start into the
/// persistent storage of off-chain workers, each worker's under a key of its own. Without it that worker
/// does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Assignment {
    /// The company.
    pub company: CompanyId,
    /// The address of its service without a slash at the end, such as `http://127.0.0.1:9100`: UTF-8, at
    /// most [`MAX_URL`] bytes.
    pub url: Vec<u8>,
}

impl Assignment {
    /// What the node wrote under `key`. `None` when it has no such worker, or wrote what this runtime does
    /// not understand.
    pub fn read(key: &[u8]) -> Option<Self> {
        let written: Option<Self> = StorageValueRef::persistent(key).get().unwrap_or_default();
        written.filter(|assignment| assignment.url.len() <= MAX_URL)
    }
}
