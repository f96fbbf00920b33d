//! Who is who, in memory.

use std::{collections::HashMap, sync::Mutex};

use smartlink_api::{Answer, People, Seated, Standing, Vehicle};
use smartlink_chain::{AccountId32, ChainError};
use smartlink_primitives::{
    ledger::DriverLedger,
    receipt::{BatchRecord, Receipt, ReceiptProof},
    ride::RideKind,
    vehicle::VehicleClass,
    BatchNumber, CityCode, CompanyId, DriverId, Money, Permissions, Seat, TariffVersion, H256,
};
use subxt_signer::sr25519::{dev, Keypair};

/// The people of company 1.
#[derive(Default)]
pub struct Town {
    standings: Mutex<HashMap<[u8; 32], Standing>>,
}

/// Drives, with id 7.
pub fn driver() -> Keypair {
    dev::alice()
}

/// Runs orders and dispatch.
pub fn operator() -> Keypair {
    dev::bob()
}

/// Has no role.
pub fn stranger() -> Keypair {
    dev::eve()
}

impl Town {
    pub fn new() -> Self {
        let town = Self::default();
        let seated = Some(Seated { driver: 7, seat: 3 });
        town.set(&driver(), Standing { driver: seated, ..Default::default() });
        town.set(
            &operator(),
            Standing { permissions: Permissions::DISPATCH, ..Default::default() },
        );
        town
    }

    pub fn set(&self, who: &Keypair, standing: Standing) {
        self.set_account(who.public_key().0, standing);
    }

    pub fn set_account(&self, account: [u8; 32], standing: Standing) {
        self.standings.lock().unwrap().insert(account, standing);
    }
}

fn proof(batch: u64, order: u64) -> ReceiptProof {
    let receipt = Receipt {
        company: CompanyId(1),
        batch: BatchNumber(batch),
        order,
        driver: DriverId(7),
        account: [1; 32],
        tariff: TariffVersion(1),
        kind: RideKind::Trip,
        pickup: 1_700_000_000,
        distance_m: 8_000,
        duration_s: 900,
        waiting_s: 0,
        surge_permille: 1_000,
        fare: 25_000_000,
        tolls: 0,
        driver_share: 20_000_000,
    };
    let batch = BatchRecord {
        company: CompanyId(1),
        number: BatchNumber(batch),
        city: CityCode(440_300),
        block: 7,
        rides: 1,
        receipts_root: H256::repeat_byte(2),
        evidence_root: H256::repeat_byte(3),
        gross: Money(25_000_000),
        drivers: Money(20_000_000),
        platform: Money(5_000_000),
        third_parties: Money(0),
    };
    let partners = vec![H256::repeat_byte(4)];
    ReceiptProof {
        receipt,
        row: 0,
        receipt_partners: partners,
        batch,
        item: 0,
        items: 1,
        item_partners: vec![],
    }
}

impl People for Town {
    fn genesis(&self) -> [u8; 32] {
        [9; 32]
    }

    fn standing(&self, account: [u8; 32]) -> Answer<'_, Standing> {
        let standing = self.standings.lock().unwrap().get(&account).copied().unwrap_or_default();
        Box::pin(async move { Ok(standing) })
    }

    fn vehicle(&self, id: u32) -> Answer<'_, Option<Vehicle>> {
        let vehicle =
            |owner, class, in_service| Some(Vehicle { owner: CompanyId(owner), class, in_service });
        let vehicle = match id {
            5 => vehicle(1, VehicleClass::Comfort, true),
            6 => vehicle(1, VehicleClass::HeavyTruck, true),
            7 => vehicle(1, VehicleClass::Economy, false),
            8 => vehicle(2, VehicleClass::Comfort, true),
            _ => None,
        };
        Box::pin(async move { Ok(vehicle) })
    }

    fn ledger(&self, driver: u32) -> Answer<'_, Option<DriverLedger<AccountId32>>> {
        let ledger = DriverLedger {
            driver: DriverId(driver),
            seat: Seat(3),
            account: AccountId32([1; 32]),
            active: true,
            balance: Money(20_000_000),
        };
        Box::pin(async move { Ok((driver == 7).then_some(ledger)) })
    }

    fn receipt(&self, batch: u64, order: u64) -> Answer<'_, ReceiptProof> {
        Box::pin(async move {
            match batch {
                1 => Ok(proof(batch, order)),
                _ => Err(ChainError::Missing { what: "such batch".into() }),
            }
        })
    }

    fn height(&self) -> Answer<'_, u64> {
        Box::pin(async { Ok(7) })
    }
}
