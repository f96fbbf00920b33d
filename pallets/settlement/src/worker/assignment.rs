//! For whom the worker of a node works.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use smartlink_primitives::CompanyId;
use sp_runtime::offchain::storage::StorageValueRef;

/// Where a node writes the assignment, in the persistent storage of off-chain workers. Without it nothing
/// runs.
pub const ASSIGNMENT: &[u8] = b"smartlink/worker";

/// Bytes that an address may have.
pub const MAX_URL: usize = 256;

/// For which company a node carries batches, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Assignment {
    /// The company.
    pub company: CompanyId,
    /// The address of its orders service without a slash at the end, such as `http://127.0.0.1:9100`:
    /// UTF-8, at most [`MAX_URL`] bytes.
    pub url: Vec<u8>,
}

impl Assignment {
    /// What the node wrote at its start. `None` when it has no worker, or wrote what this runtime does not
    /// understand.
    pub(super) fn read() -> Option<Self> {
        let written: Option<Self> =
            StorageValueRef::persistent(ASSIGNMENT).get().unwrap_or_default();
        written.filter(|assignment| assignment.url.len() <= MAX_URL)
    }
}
