//! The `smartlink_*` methods: settlement, ledgers, telemetry, proofs and audit. `docs/rpc.md` describes them
//! for their callers.

mod error;

pub use error::Error;

use super::wide::Wide;
use jsonrpsee::{proc_macros::rpc, Extensions};
use sc_client_api::BlockBackend;
use serde::Serialize;
use smartlink_primitives::{
    ledger::{DriverLedger, Supply, Totals},
    receipt::{BatchRecord, ReceiptProof},
    telemetry::{AnchorHead, AnchorProof, AnchorRecord, DeviceBinding, DeviceId},
    AnchorNumber, BatchNumber, CompanyId, DriverId,
};
use smartlink_runtime::{api::SmartlinkApi, opaque::Block, AccountId, Hash};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockStatus;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// What an audit of the invariants found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The block that was audited.
    pub block: Hash,
    /// Whether every invariant holds.
    pub holds: bool,
    /// The first that does not, and how.
    pub violation: Option<String>,
}

/// Settlement, ledgers, telemetry, proofs and audit. `at` is the block to read, the best one when it is left
/// out.
#[rpc(server)]
pub trait SmartlinkRpc {
    /// The running totals of a company's settled rides.
    #[method(name = "smartlink_totals", blocking)]
    fn totals(&self, company: CompanyId, at: Option<Hash>) -> Result<Totals, Error>;

    /// What the chain keeps of a settled batch; null when there is none.
    #[method(name = "smartlink_batch", blocking)]
    fn batch(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<Option<BatchRecord>, Error>;

    /// A driver's ledger in a company; null when the driver has no seat there.
    #[method(name = "smartlink_driverLedger", blocking)]
    fn driver_ledger(
        &self,
        company: CompanyId,
        driver: DriverId,
        at: Option<Hash>,
    ) -> Result<Option<DriverLedger<AccountId>>, Error>;

    /// Proves a ride up to the checkpoint root of the block that settled it.
    #[method(name = "smartlink_receiptProof", blocking)]
    fn receipt_proof(
        &self,
        company: CompanyId,
        number: Wide,
        order: Wide,
    ) -> Result<ReceiptProof, Error>;

    /// How far a company's anchors of telemetry go.
    #[method(name = "smartlink_telemetryHead", blocking)]
    fn telemetry_head(&self, company: CompanyId, at: Option<Hash>) -> Result<AnchorHead, Error>;

    /// An anchor of a company's telemetry; null when there is none.
    #[method(name = "smartlink_telemetryAnchor", blocking)]
    fn telemetry_anchor(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<Option<AnchorRecord>, Error>;

    /// The anchor of the batch that holds a record; null when none does.
    #[method(name = "smartlink_telemetryAnchorOf", blocking)]
    fn telemetry_anchor_of(
        &self,
        company: CompanyId,
        sequence: Wide,
        at: Option<Hash>,
    ) -> Result<Option<AnchorRecord>, Error>;

    /// Proves an anchor up to the checkpoint root of the block that took it. `at` is the block at which it is
    /// looked up, the last final one when it is left out.
    #[method(name = "smartlink_telemetryProof", blocking)]
    fn telemetry_proof(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<AnchorProof, Error>;

    /// Where a company's device is; null when it is bound to no vehicle.
    #[method(name = "smartlink_device", blocking)]
    fn device(
        &self,
        company: CompanyId,
        device: DeviceId,
        at: Option<Hash>,
    ) -> Result<Option<DeviceBinding>, Error>;

    /// The checkpoint root of a block.
    #[method(name = "smartlink_checkpointRoot", blocking)]
    fn checkpoint_root(&self, at: Option<Hash>) -> Result<Hash, Error>;

    /// Where all money is. Reads every account.
    #[method(name = "smartlink_supply", blocking, with_extensions)]
    fn supply(&self, at: Option<Hash>) -> Result<Supply, Error>;

    /// Checks every invariant of the chain. Reads the whole state.
    #[method(name = "smartlink_checkInvariants", blocking, with_extensions)]
    fn check_invariants(&self, at: Option<Hash>) -> Result<Audit, Error>;
}

/// Answers from the chain as this node knows it.
pub struct Smartlink<C> {
    client: Arc<C>,
    /// Long answers in the making: proofs, and those that read the whole state.
    long: Arc<Semaphore>,
}

/// Long answers at a time. More would take the time in which a validator makes its blocks.
const LONG_ANSWERS: usize = 2;

impl<C> Smartlink<C>
where
    C: HeaderBackend<Block> + BlockBackend<Block> + ProvideRuntimeApi<Block>,
    C::Api: SmartlinkApi<Block, AccountId>,
{
    /// Answers from `client`.
    pub fn new(client: Arc<C>) -> Self {
        Self { client, long: Arc::new(Semaphore::new(LONG_ANSWERS)) }
    }

    /// A place for a long answer, for as long as it is held.
    fn long_answer(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.long.try_acquire().map_err(|_| Error::Busy { limit: LONG_ANSWERS })
    }

    /// The block to read, after a look whether this node has its state.
    fn readable(&self, at: Option<Hash>) -> Result<Hash, Error> {
        let block = at.unwrap_or_else(|| self.client.info().best_hash);
        match self.client.block_status(block)? {
            // A queued block is this moment's import: its state may be there already.
            BlockStatus::InChainWithState | BlockStatus::Queued => Ok(block),
            BlockStatus::InChainPruned => Err(Error::StatePruned { block }),
            BlockStatus::KnownBad | BlockStatus::Unknown => Err(Error::UnknownBlock { block }),
        }
    }

    /// Asks the runtime at a block.
    fn ask<T>(
        &self,
        block: Hash,
        question: impl FnOnce(&C::Api) -> Result<T, ApiError>,
    ) -> Result<T, Error> {
        question(&self.client.runtime_api()).map_err(|error| match error {
            ApiError::UnknownBlock(_) => Error::UnknownBlock { block },
            other => Error::Runtime { block, reason: other.to_string() },
        })
    }

    fn record(
        &self,
        at: Option<Hash>,
        company: CompanyId,
        number: BatchNumber,
    ) -> Result<Option<BatchRecord>, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.batch(block, company, number))
    }

    /// The final block that settled a batch.
    fn settled_in(&self, company: CompanyId, number: BatchNumber) -> Result<Hash, Error> {
        let info = self.client.info();
        if let Some(record) = self.record(Some(info.finalized_hash), company, number)? {
            let block = record.block;
            return self.client.block_hash(block)?.ok_or(Error::BlockMissing { block });
        }
        Err(match self.record(Some(info.best_hash), company, number)? {
            Some(record) => Error::NotFinal { company, number, block: record.block },
            None => Error::UnknownBatch { company, number },
        })
    }

    /// The proof of a ride from the extrinsics of `block`.
    fn prove(
        &self,
        block: Hash,
        company: CompanyId,
        number: BatchNumber,
        order: u64,
    ) -> Result<ReceiptProof, Error> {
        let body = self.client.block_body(block)?.ok_or(Error::BodyPruned { block })?;
        self.ask(block, |api| api.receipt_proof(block, body, company, number, order))?
            .map_err(|reason| Error::UnknownOrder { company, number, order, reason })
    }
}

/// Anchors of telemetry.
impl<C> Smartlink<C>
where
    C: HeaderBackend<Block> + BlockBackend<Block> + ProvideRuntimeApi<Block>,
    C::Api: SmartlinkApi<Block, AccountId>,
{
    /// An anchor at a block.
    fn anchor(
        &self,
        at: Option<Hash>,
        company: CompanyId,
        number: AnchorNumber,
    ) -> Result<Option<AnchorRecord>, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.telemetry_anchor(block, company, number))
    }

    /// The final block that took an anchor, which is known at `at`.
    fn anchored_in(
        &self,
        company: CompanyId,
        number: AnchorNumber,
        at: Option<Hash>,
    ) -> Result<Hash, Error> {
        let info = self.client.info();
        let look_at = at.unwrap_or(info.finalized_hash);
        let known = match self.anchor(Some(look_at), company, number)? {
            Some(record) => Some(record),
            None => self.anchor(Some(info.best_hash), company, number)?,
        };
        let block = known.ok_or(Error::UnknownAnchor { company, number })?.block;
        if block > info.finalized_number {
            return Err(Error::AnchorNotFinal { company, number, block });
        }
        self.client.block_hash(block)?.ok_or(Error::BlockMissing { block })
    }
}

/// Refuses a call that reads the whole state where such calls are not allowed.
fn whole_state(method: &'static str, ext: &Extensions) -> Result<(), Error> {
    sc_rpc_api::check_if_safe(ext).map_err(|_| Error::Refused { method })
}

impl<C> SmartlinkRpcServer for Smartlink<C>
where
    C: HeaderBackend<Block> + BlockBackend<Block> + ProvideRuntimeApi<Block>,
    C: Send + Sync + 'static,
    C::Api: SmartlinkApi<Block, AccountId>,
{
    fn totals(&self, company: CompanyId, at: Option<Hash>) -> Result<Totals, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.totals(block, company))
    }

    fn batch(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<Option<BatchRecord>, Error> {
        self.record(at, company, BatchNumber(number.0))
    }

    fn driver_ledger(
        &self,
        company: CompanyId,
        driver: DriverId,
        at: Option<Hash>,
    ) -> Result<Option<DriverLedger<AccountId>>, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.driver_ledger(block, company, driver))
    }

    fn receipt_proof(
        &self,
        company: CompanyId,
        number: Wide,
        order: Wide,
    ) -> Result<ReceiptProof, Error> {
        let _place = self.long_answer()?;
        let number = BatchNumber(number.0);
        let block = self.readable(Some(self.settled_in(company, number)?))?;
        let proof = self.prove(block, company, number, order.0)?;
        let root = self.ask(block, |api| api.checkpoint_root(block))?;
        match proof.verify(root) {
            Ok(()) => Ok(proof),
            Err(reason) => Err(Error::Unproven { block, root, reason: reason.to_string() }),
        }
    }

    fn telemetry_head(&self, company: CompanyId, at: Option<Hash>) -> Result<AnchorHead, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.telemetry_head(block, company))
    }

    fn telemetry_anchor(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<Option<AnchorRecord>, Error> {
        self.anchor(at, company, AnchorNumber(number.0))
    }

    fn telemetry_anchor_of(
        &self,
        company: CompanyId,
        sequence: Wide,
        at: Option<Hash>,
    ) -> Result<Option<AnchorRecord>, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.telemetry_anchor_of(block, company, sequence.0))
    }

    fn telemetry_proof(
        &self,
        company: CompanyId,
        number: Wide,
        at: Option<Hash>,
    ) -> Result<AnchorProof, Error> {
        let _place = self.long_answer()?;
        let number = AnchorNumber(number.0);
        let block = self.readable(Some(self.anchored_in(company, number, at)?))?;
        let root = self.ask(block, |api| api.checkpoint_root(block))?;
        let unproven = |reason| Error::Unproven { block, root, reason };
        let proof = self
            .ask(block, |api| api.telemetry_proof(block, company, number))?
            .map_err(unproven)?;
        match proof.verify(root) {
            Ok(()) => Ok(proof),
            Err(reason) => Err(unproven(reason.to_string())),
        }
    }

    fn device(
        &self,
        company: CompanyId,
        device: DeviceId,
        at: Option<Hash>,
    ) -> Result<Option<DeviceBinding>, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.device(block, company, device))
    }

    fn checkpoint_root(&self, at: Option<Hash>) -> Result<Hash, Error> {
        let block = self.readable(at)?;
        self.ask(block, |api| api.checkpoint_root(block))
    }

    fn supply(&self, ext: &Extensions, at: Option<Hash>) -> Result<Supply, Error> {
        whole_state("smartlink_supply", ext)?;
        let _place = self.long_answer()?;
        let block = self.readable(at)?;
        self.ask(block, |api| api.supply(block))
    }

    fn check_invariants(&self, ext: &Extensions, at: Option<Hash>) -> Result<Audit, Error> {
        whole_state("smartlink_checkInvariants", ext)?;
        let _place = self.long_answer()?;
        let block = self.readable(at)?;
        let violation = self.ask(block, |api| api.check_invariants(block))?.err();
        Ok(Audit { block, holds: violation.is_none(), violation })
    }
}
