//! Blocks that prove much, little and nothing.

use crate::{
    self as pallet_checkpoints, Error, Items, ItemsOf, LatestRoot, Pallet, Roots, TelemetryItems,
};
use frame_support::{
    assert_noop, assert_ok, derive_impl,
    storage::with_storage_layer,
    traits::{ConstU32, ConstU64, Hooks},
};
use smartlink_primitives::{
    merkle,
    receipt::{checkpoint_leaf, ItemKind},
    telemetry::MAX_RUN,
    traits::Witness,
    CompanyId, H256,
};
use sp_runtime::{BuildStorage, DispatchError};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Checkpoints: pallet_checkpoints,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

/// Room for a full run of anchors in the quarter of a company.
const MAX_ITEMS: u32 = 4 * MAX_RUN;
/// The company that notes more than others.
const GREEDY: CompanyId = CompanyId(1_000_000);
/// Any other.
const OTHER: CompanyId = CompanyId(1_000_001);

impl pallet_checkpoints::Config for Test {
    type MaxItems = ConstU32<MAX_ITEMS>;
    type RootRetention = ConstU64<10>;
}

fn block(number: u64, run: impl FnOnce()) {
    System::set_block_number(number);
    Pallet::<Test>::on_initialize(number);
    run();
    Pallet::<Test>::on_finalize(number);
    assert_ok!(Pallet::<Test>::check_invariants());
    assert_eq!(TelemetryItems::<Test>::get() as usize, noted(ItemKind::TelemetryAnchor));
}

/// How many items of a kind the block has noted.
fn noted(kind: ItemKind) -> usize {
    Items::<Test>::get().iter().filter(|(of, _)| *of == kind).count()
}

/// Notes so many items of a kind, each of another company, and gives how many of them were taken.
fn note(kind: ItemKind, items: u32) -> u32 {
    let full = Error::<Test>::BlockFull.into();
    (0..items).map(|i| note_by(CompanyId(i), kind, 1, full)).sum()
}

/// Notes so many items of a kind of one company, and gives how many were taken; the others were refused for this reason.
fn note_by(company: CompanyId, kind: ItemKind, items: u32, refusal: DispatchError) -> u32 {
    let mut taken = 0;
    for i in 0..items {
        match Pallet::<Test>::note(company, kind, H256::from_low_u64_be(i.into())) {
            Ok(()) => taken += 1,
            Err(refused) => assert_eq!(refused, refusal),
        }
    }
    taken
}

fn chain(run: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
    sp_io::TestExternalities::new(storage.expect("an empty genesis")).execute_with(run);
}

#[test]
fn an_item_is_proven_by_the_root_of_its_block_alone() {
    chain(|| {
        let item = H256::repeat_byte(7);
        block(1, || {
            assert_ok!(Pallet::<Test>::note(OTHER, ItemKind::Vehicle, H256::repeat_byte(1)));
            assert_ok!(Pallet::<Test>::note(OTHER, ItemKind::RideBatch, item));
            assert_ok!(Pallet::<Test>::note(OTHER, ItemKind::RideBatch, H256::repeat_byte(2)));
        });
        let root = LatestRoot::<Test>::get();
        let (place, count, partners) =
            Pallet::<Test>::prove(ItemKind::RideBatch, item).expect("noted");
        let leaf = checkpoint_leaf(ItemKind::RideBatch, &item);
        assert_eq!(merkle::verify(&leaf, place, count, &partners, &root), Ok(()));
        // The same hash as another kind is another item.
        assert_eq!(Pallet::<Test>::prove(ItemKind::Vehicle, item), None);
        let vehicle = checkpoint_leaf(ItemKind::Vehicle, &item);
        assert!(merkle::verify(&vehicle, place, count, &partners, &root).is_err());

        block(2, || ());
        assert_ne!(LatestRoot::<Test>::get(), root);
        assert_eq!(Pallet::<Test>::prove(ItemKind::RideBatch, item), None);
        assert_eq!(Roots::<Test>::get(1), Some(root));
    });
}

#[test]
fn a_full_block_refuses_the_next_item() {
    chain(|| {
        block(1, || {
            assert_eq!(note(ItemKind::Vehicle, MAX_ITEMS), MAX_ITEMS);
            for kind in [ItemKind::Vehicle, ItemKind::RideBatch, ItemKind::TelemetryAnchor] {
                assert_noop!(
                    Pallet::<Test>::note(OTHER, kind, H256::repeat_byte(9)),
                    Error::<Test>::BlockFull
                );
            }
        });
        block(2, || assert!(Items::<Test>::get().is_empty()));
    });
}

#[test]
fn telemetry_that_catches_up_leaves_half_of_each_block_to_rides_and_vehicles() {
    let half = MAX_ITEMS / 2;
    chain(|| {
        for number in 1..=3 {
            block(number, || {
                assert_eq!(note(ItemKind::TelemetryAnchor, MAX_ITEMS), half);
                assert_noop!(
                    Pallet::<Test>::note(OTHER, ItemKind::TelemetryAnchor, H256::repeat_byte(9)),
                    Error::<Test>::BlockFull
                );
                assert_eq!(note(ItemKind::RideBatch, half / 2), half / 2);
                assert_eq!(note(ItemKind::Vehicle, half), half - half / 2);
            });
        }
    });
}

#[test]
fn places_go_to_whoever_comes_and_to_telemetry_up_to_its_half() {
    chain(|| {
        block(1, || {
            assert_eq!(note(ItemKind::RideBatch, MAX_ITEMS - 10), MAX_ITEMS - 10);
            assert_eq!(note(ItemKind::TelemetryAnchor, MAX_ITEMS), 10);
            assert_eq!(note(ItemKind::RideBatch, 1), 0);
        });
        // What the block before took is not counted any more.
        block(2, || {
            assert_eq!(note(ItemKind::RideBatch, 10), 10);
            assert_eq!(note(ItemKind::TelemetryAnchor, MAX_ITEMS), MAX_ITEMS / 2);
            assert_eq!(note(ItemKind::RideBatch, MAX_ITEMS), MAX_ITEMS / 2 - 10);
        });
    });
}

#[test]
fn one_company_leaves_others_a_part_of_what_telemetry_may_take() {
    chain(|| {
        block(1, || {
            let used: DispatchError = Error::<Test>::ShareUsed.into();
            let most = MAX_ITEMS / 2 - MAX_ITEMS / 8;
            assert_eq!(note_by(GREEDY, ItemKind::TelemetryAnchor, MAX_ITEMS, used), most);
            assert_eq!(note(ItemKind::TelemetryAnchor, MAX_ITEMS), MAX_ITEMS / 8);
        });
    });
}

#[test]
fn a_run_that_is_undone_gives_its_places_back() {
    chain(|| {
        block(1, || {
            let undone = with_storage_layer(|| {
                note(ItemKind::TelemetryAnchor, MAX_ITEMS);
                Err::<(), _>(DispatchError::Other("the run has no room for its last anchor"))
            });
            assert!(undone.is_err());
            assert_eq!(note(ItemKind::TelemetryAnchor, MAX_ITEMS), MAX_ITEMS / 2);
        });
    });
}

#[test]
fn one_company_leaves_an_eighth_of_a_block_to_the_others() {
    let (quarter, eighth) = (MAX_ITEMS / 4, MAX_ITEMS / 8);
    let [used, full] =
        [Error::<Test>::ShareUsed, Error::<Test>::BlockFull].map(DispatchError::from);
    chain(|| {
        for number in 1..=3 {
            block(number, || {
                // As long as there is room, nobody waits for it.
                let most = MAX_ITEMS - eighth;
                assert_eq!(note_by(GREEDY, ItemKind::Vehicle, MAX_ITEMS, used), most);
                assert_noop!(
                    Pallet::<Test>::note(GREEDY, ItemKind::RideBatch, H256::repeat_byte(9)),
                    Error::<Test>::ShareUsed
                );
                assert_eq!(ItemsOf::<Test>::get(GREEDY), (number, most));
                assert_eq!(note_by(OTHER, ItemKind::RideBatch, quarter, full), eighth);
            });
        }
    });
}

#[test]
fn what_a_company_noted_counts_neither_for_another_nor_in_the_next_block() {
    let quarter = MAX_ITEMS / 4;
    let [used, full] =
        [Error::<Test>::ShareUsed, Error::<Test>::BlockFull].map(DispatchError::from);
    chain(|| {
        block(1, || {
            let before = MAX_ITEMS - quarter;
            assert_eq!(note_by(GREEDY, ItemKind::Vehicle, before, used), before);
            assert_eq!(note_by(OTHER, ItemKind::TelemetryAnchor, quarter, full), quarter);
            assert_eq!(note(ItemKind::RideBatch, 1), 0);
        });
        // What it noted in the block before counts no more.
        block(2, || {
            assert_eq!(note_by(GREEDY, ItemKind::RideBatch, quarter, full), quarter);
            assert_eq!(ItemsOf::<Test>::get(OTHER), (1, quarter));
        });
    });
}

#[test]
fn old_roots_make_room() {
    chain(|| {
        for number in 1..=25 {
            block(number, || ());
        }
        assert_eq!(Roots::<Test>::iter().count(), 10);
    });
}
