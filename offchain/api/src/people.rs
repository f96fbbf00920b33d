//! What the api asks the chain: who somebody is, and what is settled. [`OnChain`] asks a node.

mod line;

use std::{future::Future, pin::Pin};

use smartlink_chain::{people, queries, AccountId32, Chain, ChainError};
use smartlink_primitives::{
    ledger::DriverLedger, receipt::ReceiptProof, vehicle::VehicleClass, BatchNumber, CompanyId,
    DriverId, Permissions, VehicleId,
};

use line::Line;

/// An answer that comes later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ChainError>> + Send + 'a>>;

/// A driver's place in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seated {
    /// The driver's id.
    pub driver: u32,
    /// The place in the company's ledger.
    pub seat: u32,
}

/// What an account is in the company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What its role in the company permits now. Empty without a role.
    pub permissions: Permissions,
    /// The driver, when the account is an active one of the company.
    pub driver: Option<Seated>,
    /// Whether it audits for a company whose kind is auditor or regulator.
    pub audits: bool,
}

/// A vehicle as far as it matters for taking orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Whose it is.
    pub owner: CompanyId,
    /// What it is for.
    pub class: VehicleClass,
    /// Whether it may serve.
    pub in_service: bool,
}

/// What the chain knows of people, vehicles and settled orders, seen from one company.
pub trait People: Send + Sync + 'static {
    /// The hash of block 0: what a login is bound to.
    fn genesis(&self) -> [u8; 32];

    /// What an account is in the company now.
    fn standing(&self, account: [u8; 32]) -> Answer<'_, Standing>;

    /// A vehicle. `None` when there is none with this id.
    fn vehicle(&self, id: u32) -> Answer<'_, Option<Vehicle>>;

    /// What the company owes a driver. `None` when she has no seat.
    fn ledger(&self, driver: u32) -> Answer<'_, Option<DriverLedger<AccountId32>>>;

    /// The receipt of a settled order with its proof.
    fn receipt(&self, batch: u64, order: u64) -> Answer<'_, ReceiptProof>;

    /// The height of the last final block.
    fn height(&self) -> Answer<'_, u64>;
}

/// The chain, asked through a node, at its last final block. When the connection is cut, or the node falls
/// silent, it connects anew to the same address and asks once more.
#[derive(Clone, Debug)]
pub struct OnChain {
    line: Line,
    company: CompanyId,
}

impl OnChain {
    /// Sees the chain as `company` does.
    pub fn new(chain: Chain, company: CompanyId) -> Self {
        Self { line: Line::new(chain), company }
    }
}

async fn standing(
    chain: Chain,
    company: CompanyId,
    account: AccountId32,
) -> Result<Standing, ChainError> {
    let at = chain.at_finalized().await?;
    let permissions = people::permissions(&at, company, &account).await?;
    let employed = people::employment(&at, company, &account).await?;
    let driver = employed
        .filter(|employment| employment.active)
        .map(|employment| Seated { driver: employment.driver.0, seat: employment.seat.0 });
    let audits = people::audits(&at, &account).await?;
    Ok(Standing { permissions, driver, audits })
}

impl People for OnChain {
    fn genesis(&self) -> [u8; 32] {
        self.line.genesis()
    }

    fn standing(&self, account: [u8; 32]) -> Answer<'_, Standing> {
        let company = self.company;
        Box::pin(self.line.ask(move |chain| standing(chain, company, AccountId32(account))))
    }

    fn vehicle(&self, id: u32) -> Answer<'_, Option<Vehicle>> {
        Box::pin(self.line.ask(move |chain| async move {
            let at = chain.at_finalized().await?;
            let vehicle = people::vehicle(&at, VehicleId(id)).await?;
            Ok(vehicle.map(|known| Vehicle {
                owner: known.owner,
                class: known.class,
                in_service: known.in_service,
            }))
        }))
    }

    fn ledger(&self, driver: u32) -> Answer<'_, Option<DriverLedger<AccountId32>>> {
        let company = self.company;
        Box::pin(self.line.ask(move |chain| async move {
            let at = chain.at_finalized().await?;
            queries::driver_ledger(&at, company, DriverId(driver)).await
        }))
    }

    fn receipt(&self, batch: u64, order: u64) -> Answer<'_, ReceiptProof> {
        let company = self.company;
        Box::pin(self.line.ask(move |chain| async move {
            chain.receipt_proof(company, BatchNumber(batch), order).await
        }))
    }

    fn height(&self) -> Answer<'_, u64> {
        Box::pin(self.line.ask(|chain| async move { chain.finalized_number().await }))
    }
}
