//! What an app, a wallet or an auditor asks the chain. The node answers these as `smartlink_*` JSON-RPC.

use alloc::{string::String, vec::Vec};
use smartlink_primitives::{
    ledger::{DriverLedger, Supply, Totals},
    receipt::{BatchRecord, ReceiptProof},
    telemetry::{AnchorHead, AnchorProof, AnchorRecord, DeviceBinding, DeviceId},
    AnchorNumber, BatchNumber, CompanyId, DriverId, H256,
};

sp_api::decl_runtime_apis! {
    /// Whose machines may join the network.
    pub trait NodesApi {
        /// The ed25519 keys of their libp2p identities. `None`: the network is open to everybody.
        fn admitted_nodes() -> Option<Vec<[u8; 32]>>;
    }

    /// What companies transact without fees, and who acts for them. Version 1 had no `member`.
    #[api_version(2)]
    pub trait AllowanceApi<AccountId> where AccountId: codec::Codec {
        /// The company on whose allowance an account draws now. `None`: it pays fees.
        fn payer(account: AccountId) -> Option<CompanyId>;

        /// The company that may act for which an account acts: with a role, or as its treasury or the account of one of
        /// its validators. `None`: it is a driver, a stranger, or of a company that may not act.
        fn member(account: AccountId) -> Option<CompanyId>;

        /// What is left of a company's allowance, what it can be at most, and what comes back in a block, in units of
        /// 10⁻⁶ CNY of fees.
        fn allowance(company: CompanyId) -> (u128, u128, u128);
    }

    /// Settlement, ledgers, telemetry, proofs and audit.
    pub trait SmartlinkApi<AccountId> where AccountId: codec::Codec {
        /// The running totals of a company. Zero for a company without batches.
        fn totals(company: CompanyId) -> Totals;

        /// What was kept of a settled batch. `None` when it is unknown or older than the retention.
        fn batch(company: CompanyId, number: BatchNumber) -> Option<BatchRecord>;

        /// A driver's ledger in a company. `None` when the driver has no seat there.
        fn driver_ledger(company: CompanyId, driver: DriverId) -> Option<DriverLedger<AccountId>>;

        /// Proves a ride of a batch up to the checkpoint root of the block that settled it. Ask at that
        /// block, with all its extrinsics.
        fn receipt_proof(
            body: Vec<<Block as sp_runtime::traits::Block>::Extrinsic>,
            company: CompanyId,
            number: BatchNumber,
            order: u64,
        ) -> Result<ReceiptProof, String>;

        /// How far a company's anchors of telemetry go.
        fn telemetry_head(company: CompanyId) -> AnchorHead;

        /// An anchor of a company. `None` when there is none of this number, or it is older than the
        /// retention.
        fn telemetry_anchor(company: CompanyId, number: AnchorNumber) -> Option<AnchorRecord>;

        /// The anchor of the batch that holds the record of this sequence. `None` when none does, or it is
        /// older than the retention.
        fn telemetry_anchor_of(company: CompanyId, sequence: u64) -> Option<AnchorRecord>;

        /// Proves an anchor up to the checkpoint root of the block that took it. Ask at that block.
        fn telemetry_proof(
            company: CompanyId,
            number: AnchorNumber,
        ) -> Result<AnchorProof, String>;

        /// Where a company's device is. `None` when it is bound to no vehicle.
        fn device(company: CompanyId, device: DeviceId) -> Option<DeviceBinding>;

        /// The checkpoint root of this block.
        fn checkpoint_root() -> H256;

        /// Where all money is. Reads every account: for auditors, not for apps.
        fn supply() -> Supply;

        /// Checks every invariant of every pallet of ours. Reads the whole state: for auditors.
        fn check_invariants() -> Result<(), String>;
    }
}
