//! A batch that a worker signed, through the whole of the runtime: roles, pauses, fees, the pool's question.

use frame_support::{
    assert_ok,
    storage::{with_transaction, TransactionOutcome},
};
use frame_system::offchain::CreateAuthorizedTransaction;
use pallet_settlement::authorization::{payload, Refusal};
use smartlink_primitives::{
    ride::{Ride, RideBatch, RideKind},
    tariff::{FareTable, SplitPolicy, Tariff},
    BatchNumber, CityCode, CompanyId, Money, Permissions, Seat,
};
use smartlink_runtime::{
    genesis, AccountId, Balances, Consortium, Drivers, Executive, Runtime, RuntimeCall,
    RuntimeGenesisConfig, RuntimeOrigin, SafeMode, Settlement, System, Tariffs, TxPause,
    UncheckedExtrinsic,
};
use sp_core::{sr25519, Pair};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring::{self, Alice, Eve, Ferdie};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
    BuildStorage, DispatchError,
};

const COMPANY: CompanyId = CompanyId(1);
const CITY: CityCode = CityCode(440_300);
/// The clock of the chain, in seconds of the Unix epoch.
const NOW: u64 = 1_790_000_000;

/// Puts what a preset says over the defaults.
fn merge(under: &mut serde_json::Value, over: serde_json::Value) {
    match (under, over) {
        (serde_json::Value::Object(under), serde_json::Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn account(who: Sr25519Keyring) -> AccountId {
    who.to_account_id()
}

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

fn worker() -> sr25519::Pair {
    sr25519::Pair::from_string("//Alice//worker", None).expect("a secret of development")
}

fn tariff() -> Tariff {
    let table = FareTable {
        base: 10_000_000,
        included_m: 2_000,
        per_km: 2_600_000,
        per_minute: 500_000,
        free_waiting_s: 180,
        per_waiting_minute: 800_000,
        minimum: 12_000_000,
        cancellation: 5_000_000,
        rounding: 10_000,
        utc_offset_minutes: 480,
        windows: Default::default(),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 43_200,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    let split = SplitPolicy {
        driver_ppm: 800_000,
        platform_ppm: 200_000,
        third_parties: Default::default(),
    };
    Tariff { table, split }
}

fn set_clock(seconds: u64) {
    pallet_timestamp::Now::<Runtime>::put(seconds * 1_000);
}

fn grant(permissions: Permissions, expires: Option<u64>) {
    let who = AccountId::from(worker().public().0);
    assert_ok!(Consortium::grant_role(signed(Alice), COMPANY, who, permissions, expires));
}

/// The local chain, where company 1 has a driver, a tariff, money in clearing, and a worker with a role.
fn on_chain(expires: Option<u64>, story: impl FnOnce()) {
    let preset = genesis::preset(&PresetId::from(genesis::LOCAL)).expect("the preset exists");
    let preset = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("JSON");
    merge(&mut config, preset);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a whole genesis");
    let mut chain: sp_io::TestExternalities = config.build_storage().expect("it builds").into();
    chain.execute_with(|| {
        System::set_block_number(1);
        set_clock(NOW);
        let maker = Permissions::TARIFF_MAKER;
        assert_ok!(Consortium::grant_role(signed(Alice), COMPANY, account(Eve), maker, None));
        assert_ok!(Tariffs::propose(signed(Eve), COMPANY, CITY, NOW - 86_400, Box::new(tariff())));
        assert_ok!(Tariffs::approve(signed(Alice), COMPANY, CITY, 1.into()));
        assert_ok!(Drivers::enrol(signed(Alice), COMPANY, account(Ferdie)));
        assert_ok!(Settlement::fund(signed(Alice), COMPANY, Money::yuan(10_000)));
        grant(Permissions::SETTLEMENT, expires);
        story();
    });
}

fn batch(number: u64) -> RideBatch {
    let mut batch = RideBatch::new(COMPANY, BatchNumber(number), CITY, NOW - 3_600);
    let ride = Ride {
        order: number,
        seat: Seat(0),
        pickup: NOW - 3_600,
        distance_m: 5_000,
        duration_s: 600,
        waiting_s: 0,
        tolls_fen: 0,
        surge_permille: 1_000,
        kind: RideKind::Trip,
    };
    batch.push(&ride).expect("room");
    batch
}

/// What the worker in a node makes of a batch.
fn extrinsic(batch: RideBatch) -> UncheckedExtrinsic {
    type Call = pallet_settlement::Call<Runtime>;
    let signature = worker().sign(&payload::<Runtime>(&batch));
    let call = Call::settle_by_worker { batch, worker: worker().public(), signature };
    <Runtime as CreateAuthorizedTransaction<Call>>::create_authorized_transaction(call.into())
}

fn pool(extrinsic: UncheckedExtrinsic) -> TransactionValidity {
    let source = TransactionSource::External;
    with_transaction(|| {
        let validity = Executive::validate_transaction(source, extrinsic, Default::default());
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(validity))
    })
    .expect("an answer is no error")
}

fn refused(why: Refusal) -> TransactionValidity {
    Err(why.into())
}

#[test]
fn it_settles_without_a_fee_and_its_worker_needs_no_money() {
    on_chain(None, || {
        assert!(pool(extrinsic(batch(1))).is_ok());
        assert_eq!(Settlement::next_number(COMPANY), BatchNumber(1));
        let worker = AccountId::from(worker().public().0);
        let treasury_and_worker =
            || (Balances::free_balance(account(Alice)), System::account(&worker));
        let before = treasury_and_worker();
        assert_eq!(Executive::apply_extrinsic(extrinsic(batch(1))), Ok(Ok(())));
        assert_eq!(Settlement::next_number(COMPANY), BatchNumber(2));
        let after = treasury_and_worker();
        // 10 + 3 × 2.60 + 10 × 0.50 = 22.80, of which the platform's fifth is its treasury's.
        assert_eq!(after.0 - before.0, 4_560_000);
        assert_eq!(after.1, before.1);
        assert_eq!(pool(extrinsic(batch(1))), Err(InvalidTransaction::Stale.into()));
    });
}

#[test]
fn a_role_that_was_revoked_or_has_expired_settles_nothing() {
    on_chain(Some(NOW + 60), || {
        assert!(pool(extrinsic(batch(1))).is_ok());
        set_clock(NOW + 61);
        assert_eq!(pool(extrinsic(batch(1))), refused(Refusal::NotPermitted));
        grant(Permissions::SETTLEMENT, None);
        assert!(pool(extrinsic(batch(1))).is_ok());
        let who = AccountId::from(worker().public().0);
        assert_ok!(Consortium::revoke_role(signed(Alice), COMPANY, who));
        assert_eq!(pool(extrinsic(batch(1))), refused(Refusal::NotPermitted));
        assert!(Executive::apply_extrinsic(extrinsic(batch(1))).is_err());
        // Other permissions are not this one.
        grant(Permissions::DISPATCH | Permissions::AUDIT | Permissions::FINANCE, None);
        assert_eq!(pool(extrinsic(batch(1))), refused(Refusal::NotPermitted));
    });
}

#[test]
fn a_company_settles_its_own_rides_alone() {
    on_chain(None, || {
        let elsewhere = RideBatch { company: CompanyId(2), ..batch(1) };
        assert_eq!(pool(extrinsic(elsewhere)), refused(Refusal::NotPermitted));
    });
}

#[test]
fn safe_mode_and_a_pause_keep_it_out() {
    on_chain(None, || {
        assert_ok!(SafeMode::force_enter(RuntimeOrigin::root()));
        assert_eq!(pool(extrinsic(batch(1))), refused(Refusal::Closed));
        assert_ok!(SafeMode::force_exit(RuntimeOrigin::root()));
        assert!(pool(extrinsic(batch(1))).is_ok());
        let name = (
            b"Settlement".to_vec().try_into().expect("short"),
            b"settle_by_worker".to_vec().try_into().expect("short"),
        );
        assert_ok!(TxPause::pause(RuntimeOrigin::root(), name));
        assert_eq!(pool(extrinsic(batch(1))), refused(Refusal::Closed));
    });
}

#[test]
fn a_full_batch_fits_a_block() {
    use frame_support::dispatch::GetDispatchInfo;
    let mut full = batch(1);
    for order in 2..=u64::from(smartlink_primitives::ride::MAX_ROWS) {
        full.push(&Ride { order, ..full.ride(0).expect("a row").expect("a ride") }).expect("room");
    }
    on_chain(None, || {
        let extrinsic = extrinsic(full);
        let weight = extrinsic.get_dispatch_info().total_weight();
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        let most = limits.get(frame_support::dispatch::DispatchClass::Normal).max_extrinsic;
        assert!(weight.all_lte(most.expect("a limit")), "{weight:?} of {most:?}");
        assert!(matches!(extrinsic.function, RuntimeCall::Settlement(_)));
    });
}
