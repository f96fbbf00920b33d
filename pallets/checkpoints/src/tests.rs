//! Blocks that prove much, little and nothing.

use crate::{self as pallet_checkpoints, Error, Items, LatestRoot, Pallet, Roots, TelemetryItems};
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
    H256,
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

/// Room for a full run of anchors, and as much again.
const MAX_ITEMS: u32 = 2 * MAX_RUN;

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

/// Notes so many items of a kind, one after the other, and gives how many of them were taken.
fn note(kind: ItemKind, items: u32) -> u32 {
    let mut taken = 0;
    for i in 0..items {
        match Pallet::<Test>::note(kind, H256::from_low_u64_be(i.into())) {
            Ok(()) => taken += 1,
            Err(refused) => assert_eq!(refused, DispatchError::from(Error::<Test>::BlockFull)),
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
            assert_ok!(Pallet::<Test>::note(ItemKind::Vehicle, H256::repeat_byte(1)));
            assert_ok!(Pallet::<Test>::note(ItemKind::RideBatch, item));
            assert_ok!(Pallet::<Test>::note(ItemKind::RideBatch, H256::repeat_byte(2)));
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
                    Pallet::<Test>::note(kind, H256::repeat_byte(9)),
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
                    Pallet::<Test>::note(ItemKind::TelemetryAnchor, H256::repeat_byte(9)),
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
fn old_roots_make_room() {
    chain(|| {
        for number in 1..=25 {
            block(number, || ());
        }
        assert_eq!(Roots::<Test>::iter().count(), 10);
    });
}
