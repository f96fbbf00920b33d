//! What the tests on real nodes share.

// Each test binary uses a part of this; and in a test an unwrap is the assertion.
#![allow(dead_code, clippy::unwrap_used)]

pub mod beefy;
pub mod governance;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use smartlink_chain::{queries, Account, At, Chain, SubmitError};
use smartlink_devnet::{Consortium, Options};
use smartlink_offchain::{
    account, fleet, fleet::Roster, prices, staff::Staff, staff::PLATFORMS, up,
};
use smartlink_primitives::{
    ledger::{Supply, Totals},
    ride::{Ride, RideBatch, RideKind},
    tariff::Tariff,
    BatchNumber, CityCode, CompanyId, Money, Seat, TariffVersion,
};

/// How long a height may take to become final.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The node's binary: from SMARTLINK_NODE, or beside the tests in the target folder.
pub fn node() -> PathBuf {
    let found = match std::env::var_os("SMARTLINK_NODE") {
        Some(path) => PathBuf::from(path),
        None => {
            let test = std::env::current_exe().expect("a test has a path");
            let deps = test.parent().expect("a test lies in a folder");
            deps.parent().expect("that folder lies in target/debug").join("smartlink-node")
        }
    };
    assert!(
        found.is_file(),
        "these tests run the real node, and there is none at {}: run `cargo build -p smartlink-node` first, or set SMARTLINK_NODE",
        found.display()
    );
    found
}

/// So many validators in a folder of their own.
pub async fn start(validators: usize) -> Consortium {
    let options = Options::new(node()).validators(validators);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap_or_else(|e| panic!("{e}"));
    consortium
}

/// A platform that is ready to settle in Shenzhen.
pub struct Platform {
    pub chain: Chain,
    pub staff: Staff,
    pub roster: Roster,
    pub tariff: Tariff,
    pub city: CityCode,
}

impl Platform {
    /// Company 1 with staff, drivers, tariff and this money for clearing.
    pub async fn ready(chain: Chain, drivers: usize, clearing: Money) -> Self {
        let platform = Self::without_money(chain, drivers).await;
        up::fund(&platform.chain, &platform.staff, clearing)
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        platform
    }

    /// Company 1 with staff, drivers and tariff.
    pub async fn without_money(chain: Chain, drivers: usize) -> Self {
        let staff = Staff::new(PLATFORMS[0]).unwrap();
        staff.hire(&chain).await.unwrap_or_else(|e| panic!("{e}"));
        let roster = fleet::enrol(&chain, &staff, drivers).await.unwrap_or_else(|e| panic!("{e}"));
        let (tariff, city) = (prices::shenzhen(), prices::SHENZHEN);
        let day =
            smartlink_offchain::day::Day::new("a test".into(), city, tariff.clone(), Vec::new())
                .unwrap();
        up::put_in_force(&chain, &staff, &day, TariffVersion(1))
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        Self { chain, staff, roster, tariff, city }
    }

    pub fn company(&self) -> CompanyId {
        self.staff.company.id
    }

    /// A batch of short rides of the first driver.
    pub fn batch(&self, number: u64, rides: u64) -> RideBatch {
        let seat = self.roster.in_turn(0).seat;
        let rides: Vec<Ride> = (0..rides).map(|row| ride(number * 1_000 + row, seat)).collect();
        smartlink_offchain::day::batch(self.company(), BatchNumber(number), self.city, &rides)
            .unwrap()
    }

    pub async fn totals(&self) -> Totals {
        queries::totals(&self.at().await, self.company()).await.unwrap()
    }

    /// The chain at its best block.
    pub async fn at(&self) -> At {
        let best = self.chain.best_number().await.unwrap();
        self.chain.at_number(best).await.unwrap()
    }

    pub async fn settle(&self, batch: RideBatch) -> Result<smartlink_chain::Included, SubmitError> {
        let call = smartlink_chain::calls::settle(batch);
        self.chain.execute_in_block(&self.staff.worker, &call, PATIENCE).await
    }
}

/// A short ride.
pub fn ride(order: u64, seat: Seat) -> Ride {
    Ride {
        order,
        seat,
        pickup: 1_781_452_800 + order,
        distance_m: 3_000,
        duration_s: 600,
        waiting_s: 0,
        tolls_fen: 0,
        surge_permille: 1_000,
        kind: RideKind::Trip,
    }
}

/// All money is somewhere, and all invariants hold.
pub async fn check_money(at: &At) -> Supply {
    account::check_money(at).await.unwrap_or_else(|e| panic!("at block {}: {e}", at.block_number()))
}

/// A call must fail with this error of this pallet.
pub fn assert_refused<T>(outcome: Result<T, SubmitError>, pallet: &str, name: &str) {
    let Err(error) = outcome else {
        panic!("{pallet}::{name} was expected, but the call succeeded");
    };
    assert_eq!(error.pallet_error(), Some((pallet, name)), "{error}");
}

/// Says why a test does not run here. With SMARTLINK_REQUIRE_ALL=1 that is a failure.
pub fn skip(why: &str) {
    assert!(
        std::env::var_os("SMARTLINK_REQUIRE_ALL").is_none_or(|all| all != "1"),
        "SMARTLINK_REQUIRE_ALL=1 is set, but {why}"
    );
    eprintln!("skipped: {why}");
}

/// A file of the shared data folder: from SMARTLINK_DATA, or beside the checkout. `None`, with a notice, when
/// missing.
pub fn shared(file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("SMARTLINK_DATA") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
    };
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    skip(&format!(
        "there is no {}; put the shared data beside the checkout, or set SMARTLINK_DATA",
        path.display()
    ));
    None
}

/// An account from a development secret.
pub fn account_of(uri: &str) -> Account {
    Account::from_uri(uri).unwrap()
}
