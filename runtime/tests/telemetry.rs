//! Anchors that a worker signed, through the whole of the runtime: roles, pauses, fees, blocks, proofs.

use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    storage::{with_transaction, TransactionOutcome},
    traits::Hooks,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use pallet_telemetry::authorization::{payload, Refusal};
use smartlink_primitives::{
    telemetry::{AnchorRun, ClosedBatch, DeviceBinding, DeviceId, MAX_RECORDS, MAX_RUN},
    vehicle::VehicleClass,
    AnchorNumber, CompanyId, Permissions, VehicleId, H256,
};
use smartlink_runtime::{
    api::runtime_decl_for_smartlink_api::SmartlinkApiV1, genesis, AccountId, Block, Checkpoints,
    Consortium, Executive, Runtime, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, SafeMode,
    System, Telemetry, UncheckedExtrinsic, Vehicles,
};
use sp_core::{sr25519, Pair};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring::{self, Alice, Eve};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
    BuildStorage, DispatchError,
};

const COMPANY: CompanyId = CompanyId(1);
/// The clock of the chain, in milliseconds of the Unix epoch.
const NOW_MS: u64 = 1_790_000_000_000;

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

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

fn worker() -> sr25519::Pair {
    sr25519::Pair::from_string("//Alice//worker", None).expect("a secret of development")
}

fn grant(permissions: Permissions) {
    let who = AccountId::from(worker().public().0);
    assert_ok!(Consortium::grant_role(signed(Alice), COMPANY, who, permissions, None));
}

/// The local chain, where company 1 has a worker with a role.
fn on_chain(story: impl FnOnce()) {
    let preset = genesis::preset(&PresetId::from(genesis::LOCAL)).expect("the preset exists");
    let preset = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("JSON");
    merge(&mut config, preset);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a whole genesis");
    let mut chain: sp_io::TestExternalities = config.build_storage().expect("it builds").into();
    chain.execute_with(|| {
        System::set_block_number(1);
        pallet_timestamp::Now::<Runtime>::put(NOW_MS);
        grant(Permissions::TELEMETRY);
        story();
        assert_ok!(Telemetry::check_invariants());
    });
}

fn run(first: u64, first_sequence: u64, batches: u32) -> AnchorRun {
    let batch = |number| ClosedBatch {
        count: MAX_RECORDS,
        root: H256::from_low_u64_be(number),
        closed_at_ms: NOW_MS,
    };
    let batches: Vec<ClosedBatch> = (first..).take(batches as usize).map(batch).collect();
    let batches = batches.try_into().expect("at most MAX_RUN");
    AnchorRun { company: COMPANY, first: AnchorNumber(first), first_sequence, batches }
}

/// What the worker in a node makes of a run.
fn extrinsic(run: AnchorRun) -> UncheckedExtrinsic {
    type Call = pallet_telemetry::Call<Runtime>;
    let signature = worker().sign(&payload::<Runtime>(&run));
    let call = Call::anchor_by_worker { run, worker: worker().public(), signature };
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

#[test]
fn an_anchor_is_taken_without_a_fee_and_its_worker_needs_no_money() {
    on_chain(|| {
        let first = extrinsic(run(1, 1, 3));
        assert!(pool(first.clone()).is_ok());
        let account = AccountId::from(worker().public().0);
        let before = System::account(&account);
        assert_eq!(Executive::apply_extrinsic(first.clone()), Ok(Ok(())));
        assert_eq!(Telemetry::head(COMPANY).last, AnchorNumber(3));
        assert_eq!(System::account(&account), before);
        assert_eq!(pool(first), Err(InvalidTransaction::Stale.into()));
    });
}

#[test]
fn only_the_role_for_telemetry_anchors_and_it_does_nothing_else() {
    on_chain(|| {
        grant(Permissions::SETTLEMENT | Permissions::FLEET | Permissions::AUDIT);
        assert_eq!(pool(extrinsic(run(1, 1, 1))), Err(Refusal::NotPermitted.into()));
        grant(Permissions::TELEMETRY);
        assert!(pool(extrinsic(run(1, 1, 1))).is_ok());
        let elsewhere = AnchorRun { company: CompanyId(2), ..run(1, 1, 1) };
        assert_eq!(pool(extrinsic(elsewhere)), Err(Refusal::NotPermitted.into()));
        assert_ok!(SafeMode::force_enter(RuntimeOrigin::root()));
        assert_eq!(pool(extrinsic(run(1, 1, 1))), Err(Refusal::Closed.into()));
    });
}

/// Four companies that catch up with 64 anchors each take a small part of a block.
#[test]
fn a_full_run_is_a_small_part_of_a_block() {
    on_chain(|| {
        let weight = extrinsic(run(1, 1, MAX_RUN)).get_dispatch_info().total_weight();
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        let block = limits.get(DispatchClass::Normal).max_total.expect("a limit");
        assert!(weight.saturating_mul(40).all_lte(block), "{weight:?} of {block:?}");
        let one = extrinsic(run(1, 1, 1)).get_dispatch_info().total_weight();
        assert!(one.saturating_mul(100).all_lte(block), "{one:?} of {block:?}");
    });
}

#[test]
fn every_anchor_of_a_block_is_proven_by_its_checkpoint() {
    on_chain(|| {
        assert_eq!(Executive::apply_extrinsic(extrinsic(run(1, 1, 5))), Ok(Ok(())));
        Checkpoints::on_finalize(1);
        type Answers = Runtime;
        let root = <Answers as SmartlinkApiV1<Block, AccountId>>::checkpoint_root();
        for number in (1..=5).map(AnchorNumber) {
            let proof =
                <Answers as SmartlinkApiV1<Block, AccountId>>::telemetry_proof(COMPANY, number)
                    .expect("this block took it");
            assert_eq!((proof.anchor.number, proof.block), (number, 1));
            assert_eq!(proof.verify(root), Ok(()));
        }
        // The next block knows it, and did not take it.
        System::set_block_number(2);
        Checkpoints::on_initialize(2);
        let refused = <Answers as SmartlinkApiV1<Block, AccountId>>::telemetry_proof(
            COMPANY,
            AnchorNumber(1),
        );
        assert!(refused.expect_err("another block").contains("ask at block 1"));
    });
}

#[test]
fn a_device_is_asked_for_by_its_company() {
    on_chain(|| {
        let model = b"Qin".to_vec().try_into().expect("short");
        let plate = b"A1".to_vec().try_into().expect("short");
        let vin = *b"1M8GDM9AXKP042788";
        let class = VehicleClass::Comfort;
        assert_ok!(Vehicles::register(signed(Alice), COMPANY, vin, plate, model, class));
        let device = DeviceId::salted(&[1; 32], b"13912345678");
        let key = Some([2; 32].into());
        assert_ok!(Vehicles::bind_device(signed(Alice), VehicleId(1), device, key));
        assert!(Vehicles::bind_device(signed(Eve), VehicleId(1), device, key).is_err());
        let binding = DeviceBinding { vehicle: VehicleId(1), key };
        let known =
            |company| <Runtime as SmartlinkApiV1<Block, AccountId>>::device(company, device);
        assert_eq!(known(COMPANY), Some(binding));
        assert_eq!(known(CompanyId(2)), None);
    });
}

#[test]
fn a_proxy_for_telemetry_anchors_and_does_nothing_else() {
    use frame_support::traits::InstanceFilter;
    let telemetry = smartlink_runtime::configs::ProxyType::Telemetry;
    let anchor = RuntimeCall::Telemetry(pallet_telemetry::Call::anchor { run: run(1, 1, 1) });
    let loss = pallet_telemetry::Call::declare_loss { company: COMPANY, from: 1, next: 2 };
    assert!(telemetry.filter(&anchor));
    assert!(!telemetry.filter(&RuntimeCall::Telemetry(loss)));
    assert!(!smartlink_runtime::configs::ProxyType::Settlement.filter(&anchor));
}
