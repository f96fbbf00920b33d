//! Keys that act for other accounts, and accounts that need several signatures.

use subxt::{tx::StaticPayload, utils::AccountId32, ArcMetadata};

use crate::{
    api::{
        self,
        runtime_types::{pallet_multisig::Timepoint, sp_weights::weight_v2::Weight},
    },
    calls::Call,
    encoded::EncodedCall,
    SubmitError,
};

/// What a proxy may do for its account.
pub type ProxyType = api::runtime_types::smartlink_runtime::configs::wallets::ProxyType;

/// Lets another account act for the one that signs, as far as the kind goes. With a delay of blocks, it has to announce what
/// it does.
pub fn add_proxy(
    delegate: AccountId32,
    kind: ProxyType,
    delay: u32,
) -> StaticPayload<api::proxy::calls::AddProxy> {
    api::transactions().proxy().add_proxy(delegate.into(), kind, delay)
}

/// Takes from another account what [`add_proxy`] gave it.
pub fn remove_proxy(
    delegate: AccountId32,
    kind: ProxyType,
    delay: u32,
) -> StaticPayload<api::proxy::calls::RemoveProxy> {
    api::transactions().proxy().remove_proxy(delegate.into(), kind, delay)
}

/// Does a call for another account, by the permission of any kind, or of this. What came of the call is in the event
/// `ProxyExecuted`.
pub fn proxy(
    real: AccountId32,
    kind: Option<ProxyType>,
    call: Call,
) -> StaticPayload<api::proxy::calls::Proxy> {
    api::transactions().proxy().proxy(real.into(), kind, call)
}

/// The transaction with which a call of several signatures was first approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstApproval {
    /// The height of its block.
    pub height: u32,
    /// Its place among the block's extrinsics, from 0.
    pub index: u32,
}

/// Who signs together with the account that signs the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatories {
    /// How many signatures are needed.
    pub threshold: u16,
    /// The other accounts.
    others: Vec<AccountId32>,
}

impl Signatories {
    /// In any order: the chain wants them sorted.
    pub fn new(threshold: u16, mut others: Vec<AccountId32>) -> Self {
        others.sort_unstable();
        Self { threshold, others }
    }
}

/// The most that a call of several signatures may weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostWeight {
    /// Picoseconds.
    pub ref_time: u64,
    /// Bytes of proof.
    pub proof_size: u64,
}

impl From<MostWeight> for Weight {
    fn from(most: MostWeight) -> Self {
        Self { ref_time: most.ref_time, proof_size: most.proof_size }
    }
}

/// Approves a call by its hash ([`call_hash`]). The first to approve has no `first`.
pub fn approve_as_multi(
    signatories: Signatories,
    first: Option<FirstApproval>,
    call_hash: [u8; 32],
    most: MostWeight,
) -> StaticPayload<api::multisig::calls::ApproveAsMulti> {
    let Signatories { threshold, others } = signatories;
    let first = first.map(|FirstApproval { height, index }| Timepoint { height, index });
    let multisig = api::transactions().multisig();
    multisig.approve_as_multi(threshold, others, first, call_hash, most.into())
}

/// Approves a call, and has it done if this was the last signature that it needed. What came of it is in the event
/// `MultisigExecuted`.
pub fn as_multi(
    signatories: Signatories,
    first: Option<FirstApproval>,
    call: Call,
    most: MostWeight,
) -> StaticPayload<api::multisig::calls::AsMulti> {
    let Signatories { threshold, others } = signatories;
    let first = first.map(|FirstApproval { height, index }| Timepoint { height, index });
    api::transactions().multisig().as_multi(threshold, others, first, call, most.into())
}

/// The hash by which a call is approved.
///
/// # Errors
/// The chain's metadata has no such call.
pub fn call_hash(metadata: &ArcMetadata, call: &Call) -> Result<[u8; 32], SubmitError> {
    Ok(EncodedCall::of(metadata, call)?.hash().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatories_are_sorted_as_the_chain_wants_them() {
        let [low, high] = [[1; 32], [2; 32]].map(AccountId32);
        assert_eq!(Signatories::new(2, vec![high, low]), Signatories::new(2, vec![low, high]));
        assert_eq!(Signatories::new(2, vec![high, low]).others, [low, high]);
    }
}
