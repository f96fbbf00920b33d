//! Why the chain does not take a batch, as the company's service hears it.

use super::service::OrdersError;
use crate::{Config, Error, Pallet};
use alloc::{
    format,
    string::{String, ToString},
};
use codec::{Decode, Encode};
use frame_support::traits::PalletInfoAccess;
use smartlink_primitives::{
    ride::{RideBatch, RowFault},
    BatchNumber, H256,
};
use sp_core::offchain::Timestamp;
use sp_io::hashing::blake2_256;
use sp_runtime::{DispatchError, ModuleError};

/// Why the chain does not take a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Which version of the batch: its root of evidence. `None` when the answer was no batch.
    evidence_root: Option<H256>,
    /// The name of the error.
    reason: &'static str,
    /// The row that is wrong, from 0, and its fault.
    row: Option<(u16, RowFault)>,
}

impl Refusal {
    /// What a dry run said.
    pub(super) fn of<T: Config>(batch: &RideBatch, why: DispatchError) -> Self {
        let row = match own_error::<T>(&why) {
            Some(Error::Row { row, why }) => Some((row, why)),
            _ => None,
        };
        Self { evidence_root: Some(batch.evidence_root), reason: why.into(), row }
    }

    /// The service's answer was not the batch that was asked for.
    pub(super) fn answer(wrong: OrdersError) -> Self {
        let reason = match wrong {
            OrdersError::AnotherBatch => "AnotherBatch",
            _ => "NotABatch",
        };
        Self { evidence_root: None, reason, row: None }
    }

    /// Whether it passes by itself: a ride that ended by this node's clock ends in the future of a chain
    /// whose clock stands at its last block.
    pub(super) fn passes(&self, batch: &RideBatch, now: Timestamp) -> bool {
        let Some((row, RowFault::Future)) = self.row else { return false };
        let Some(Ok(ride)) = batch.ride(row.into()) else { return false };
        ride.pickup.saturating_add(ride.duration_s.into()) <= now.unix_millis() / 1_000
    }

    /// `{"evidence_root":"0x…","reason":"Row","row":3,"fault":"UnknownDriver"}`; what does not apply is
    /// `null`. Every string is a name of this runtime or hexadecimal: nothing needs escaping.
    pub(super) fn to_json(&self) -> String {
        let root = match &self.evidence_root {
            Some(root) => format!("\"{root:?}\""),
            None => "null".to_string(),
        };
        let (row, fault) = match &self.row {
            Some((row, fault)) => (row.to_string(), format!("\"{fault:?}\"")),
            None => ("null".to_string(), "null".to_string()),
        };
        let reason = self.reason;
        format!(
            "{{\"evidence_root\":{root},\"reason\":\"{reason}\",\"row\":{row},\"fault\":{fault}}}"
        )
    }

    /// Tells this refusal from others.
    pub(super) fn hash(&self, number: BatchNumber) -> [u8; 32] {
        (number, self.to_json()).using_encoded(blake2_256)
    }
}

fn own_error<T: Config>(why: &DispatchError) -> Option<Error<T>> {
    let DispatchError::Module(ModuleError { index, error, .. }) = why else { return None };
    if usize::from(*index) != Pallet::<T>::index() {
        return None;
    }
    // The variant with its fields, filled with zeros to four bytes.
    Error::<T>::decode(&mut &error[..]).ok()
}
