//! The council changes the rules, and nobody else does.

mod support;

use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight},
};
use smartlink_runtime::{
    configs::{
        parameters::{dynamic_params::fees, RuntimeParameters},
        CouncilMends, CNY, LONGEST_DELAY, MAX_PER_BYTE, MAX_PER_SECOND,
    },
    AccountId, Consortium, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
    TransactionPayment,
};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{
    traits::{Dispatchable, Hash},
    DispatchError,
};
use support::{decide, on_local_chain, signed};

fn enact(call: RuntimeCall) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(call) })
}

fn upgrade(code: &[u8]) -> RuntimeCall {
    let code_hash = <Runtime as frame_system::Config>::Hashing::hash(code);
    enact(RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash }))
}

fn authorized() -> Option<H256> {
    System::authorized_upgrade().map(|upgrade| *upgrade.code_hash())
}

#[test]
fn three_of_four_companies_authorise_an_upgrade() {
    on_local_chain(|| {
        assert_ok!(decide(upgrade(b"the next runtime"), &[Alice, Bob, Charlie]));
        System::assert_has_event(RuntimeEvent::Consortium(pallet_consortium::Event::Enacted {
            result: Ok(()),
        }));
        assert!(authorized().is_some());
    });
}

#[test]
fn two_of_four_companies_change_no_rules() {
    on_local_chain(|| {
        assert_ok!(decide(upgrade(b"a coup"), &[Alice, Dave]));
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: <Runtime as frame_system::Config>::Hashing::hash_of(&upgrade(b"a coup")),
            result: Err(DispatchError::BadOrigin),
        }));
        assert_eq!(authorized(), None);
        assert_noop!(
            Consortium::enact(
                signed(Eve),
                Box::new(RuntimeCall::System(frame_system::Call::remark { remark: vec![] }))
            ),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn nobody_burns_money_drops_a_validators_keys_or_names_the_council() {
    on_local_chain(|| {
        let burn =
            RuntimeCall::Balances(pallet_balances::Call::burn { value: 1, keep_alive: true });
        let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
        let council = RuntimeCall::Council(pallet_collective::Call::set_members {
            new_members: vec![],
            prime: None,
            old_count: 4,
        });
        for call in [burn, purge, council] {
            let refused = call.dispatch(signed(Alice)).expect_err("the call is filtered");
            assert_eq!(refused.error, frame_system::Error::<Runtime>::CallFiltered.into());
        }
    });
}

/// Business stands without end, and the council, which alone can mend the state, goes on.
#[test]
fn when_a_migration_fails_business_stands_and_the_council_votes() {
    on_local_chain(|| {
        let handled = CouncilMends::failed(Some(0));
        assert_eq!(handled, FailedMigrationHandling::ForceUnstuck);
        System::set_block_number(10_000_000);
        let pay = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: Eve.to_account_id().into(),
            value: 1,
        });
        let refused = pay.clone().dispatch(signed(Alice)).expect_err("business stands");
        assert_eq!(refused.error, frame_system::Error::<Runtime>::CallFiltered.into());
        assert_ok!(decide(upgrade(b"what mends it"), &[Alice, Bob, Charlie]));
        assert!(authorized().is_some());

        // A second failure changes nothing.
        assert_eq!(CouncilMends::failed(None), FailedMigrationHandling::ForceUnstuck);
        let exit = RuntimeCall::SafeMode(pallet_safe_mode::Call::force_exit {});
        assert_ok!(decide(exit, &[Alice, Bob, Charlie]));
        assert_ok!(pay.dispatch(signed(Alice)));
    });
}

/// Both calls that change consensus after a delay, with this one.
fn delayed(delay: u32) -> [RuntimeCall; 2] {
    let stalled = pallet_grandpa::Call::note_stalled { delay, best_finalized_block_number: 1 };
    let anew = pallet_beefy::Call::set_new_genesis { delay_in_blocks: delay };
    [RuntimeCall::Grandpa(stalled), RuntimeCall::Beefy(anew)]
}

/// A call, and everything that the root has others done by, with the call in it.
fn wrapped(call: &RuntimeCall) -> Vec<RuntimeCall> {
    type Scheduler = pallet_scheduler::Call<Runtime>;
    type Utility = pallet_utility::Call<Runtime>;
    let remark = || RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
    let (boxed, calls) = (|| Box::new(call.clone()), || vec![remark(), call.clone()]);
    let root = || Box::new(OriginCaller::from(frame_system::RawOrigin::<AccountId>::Root));
    let (weight, when, after, priority, maybe_periodic) = (Weight::zero(), 100, 10, 0, None);
    let utility = [
        Utility::batch { calls: calls() },
        Utility::batch_all { calls: calls() },
        Utility::force_batch { calls: calls() },
        Utility::as_derivative { index: 0, call: boxed() },
        Utility::dispatch_as { as_origin: root(), call: boxed() },
        Utility::dispatch_as_fallible { as_origin: root(), call: boxed() },
        Utility::with_weight { call: boxed(), weight },
        Utility::if_else { main: boxed(), fallback: Box::new(remark()) },
        Utility::if_else { main: Box::new(remark()), fallback: boxed() },
    ];
    let scheduler = [
        Scheduler::schedule { when, maybe_periodic, priority, call: boxed() },
        Scheduler::schedule_named { id: [1; 32], when, maybe_periodic, priority, call: boxed() },
        Scheduler::schedule_after { after, maybe_periodic, priority, call: boxed() },
        Scheduler::schedule_named_after {
            id: [2; 32],
            after,
            maybe_periodic,
            priority,
            call: boxed(),
        },
    ];
    let utility = utility.map(RuntimeCall::Utility);
    let scheduler = scheduler.map(RuntimeCall::Scheduler);
    [call.clone(), enact(call.clone())].into_iter().chain(utility).chain(scheduler).collect()
}

#[test]
fn a_delay_that_would_stop_the_chain_is_enacted_nowhere_in_a_call() {
    let unsound: DispatchError = pallet_consortium::Error::<Runtime>::Unsound.into();
    on_local_chain(|| {
        for delay in [LONGEST_DELAY + 1, 1 << 31, u32::MAX] {
            let nested = delayed(delay).into_iter().flat_map(|call| wrapped(&call));
            for call in nested.flat_map(|once| wrapped(&once)) {
                let told = format!("{call:?}");
                let done = Consortium::enact(RuntimeOrigin::root(), Box::new(call));
                assert_eq!(done, Err(unsound), "{told}");
            }
        }
        assert_eq!(pallet_grandpa::Stalled::<Runtime>::get(), None);
        assert_eq!(pallet_beefy::GenesisBlock::<Runtime>::get(), Some(1));
    });
}

/// Without a heap no block runs any more, and with a stuck cursor no transaction: nobody could vote for the way back.
#[test]
fn what_would_end_every_vote_is_enacted_nowhere_in_a_call() {
    use pallet_migrations::{Call as Migrations, MigrationCursor};
    let unsound: DispatchError = pallet_consortium::Error::<Runtime>::Unsound.into();
    let heap = |pages| RuntimeCall::System(frame_system::Call::<Runtime>::set_heap_pages { pages });
    let cursor = Some(MigrationCursor::Stuck);
    let stuck = RuntimeCall::MultiBlockMigrations(Migrations::force_set_cursor { cursor });
    on_local_chain(|| {
        for call in [heap(0), heap(1), heap(u64::MAX), stuck] {
            for call in wrapped(&call) {
                let told = format!("{call:?}");
                let done = Consortium::enact(RuntimeOrigin::root(), Box::new(call));
                assert_eq!(done, Err(unsound), "{told}");
            }
        }
        assert_ok!(Consortium::enact(RuntimeOrigin::root(), Box::new(heap(4_096))));
    });
}

#[test]
fn a_delay_that_the_chain_bears_is_enacted_by_the_council() {
    on_local_chain(|| {
        for call in delayed(LONGEST_DELAY) {
            assert_ok!(decide(enact(call), &[Alice, Bob, Charlie]));
        }
        assert_eq!(pallet_grandpa::Stalled::<Runtime>::get(), Some((LONGEST_DELAY, 1)));
        let begins = System::block_number() + LONGEST_DELAY;
        assert_eq!(pallet_beefy::GenesisBlock::<Runtime>::get(), Some(begins));

        // The motion itself fails, and says why.
        let [stalled, _] = delayed(u32::MAX);
        assert_ok!(decide(enact(stalled.clone()), &[Alice, Bob, Charlie]));
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: <Runtime as frame_system::Config>::Hashing::hash_of(&enact(stalled)),
            result: Err(pallet_consortium::Error::<Runtime>::Unsound.into()),
        }));
    });
}

/// The council sets what a second and a byte cost.
fn set_fees(per_second: u128, per_byte: u128) -> [RuntimeCall; 2] {
    let second = fees::Parameters::PerSecond(fees::PerSecond, Some(per_second));
    let byte = fees::Parameters::PerByte(fees::PerByte, Some(per_byte));
    [second, byte].map(|parameter| {
        let key_value = RuntimeParameters::Fees(parameter);
        RuntimeCall::Parameters(pallet_parameters::Call::set_parameter { key_value })
    })
}

/// What a second and a byte cost.
fn cost() -> (u128, u128) {
    let second = Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND, 0);
    (TransactionPayment::weight_to_fee(second), TransactionPayment::length_to_fee(1))
}

/// What a signed transaction costs at most.
fn fee(call: RuntimeCall) -> u128 {
    // A signature, an account, and what the extensions say, in bytes.
    const AROUND: u32 = 200;
    let bytes = u32::try_from(call.encoded_size()).expect("a short call") + AROUND;
    TransactionPayment::compute_fee(bytes, &call.get_dispatch_info(), 0)
}

/// What each step of a motion costs at most: its proposal, a vote, and its end.
fn steps(motion: RuntimeCall) -> [u128; 3] {
    type Council = pallet_collective::Call<Runtime, pallet_collective::Instance1>;
    let proposal_hash = <Runtime as frame_system::Config>::Hashing::hash_of(&motion);
    let length_bound = u32::try_from(motion.encoded_size()).expect("a short call");
    let proposal_weight_bound = motion.get_dispatch_info().call_weight;
    let (index, approve) = (0, true);
    [
        Council::propose { threshold: 3, proposal: Box::new(motion), length_bound },
        Council::vote { proposal: proposal_hash, index, approve },
        Council::close { proposal_hash, index, proposal_weight_bound, length_bound },
    ]
    .map(|call| fee(RuntimeCall::Council(call)))
}

#[test]
fn fees_beyond_all_bounds_are_charged_up_to_one_that_the_council_can_pay_to_set_them_back() {
    const VOTERS: [Sr25519Keyring; 3] = [Alice, Bob, Charlie];
    on_local_chain(|| {
        for motion in set_fees(2_000_000, 2) {
            assert_ok!(decide(motion, &VOTERS));
        }
        assert_eq!(cost(), (2 * CNY, 2));
        for motion in set_fees(u128::MAX, u128::MAX) {
            assert_ok!(decide(motion, &VOTERS));
        }
        assert_eq!(cost(), (MAX_PER_SECOND, MAX_PER_BYTE));
        assert_eq!(cost(), (1_000 * CNY, CNY / 100));

        let back = set_fees(1_000_000, 1);
        for cost in back.clone().map(steps).concat() {
            assert!((CNY / 100..100 * CNY).contains(&cost), "{cost} for a step to set it back");
        }
        for motion in back {
            assert_ok!(decide(motion, &VOTERS));
        }
        assert_eq!(cost(), (CNY, 1));
    });
}
