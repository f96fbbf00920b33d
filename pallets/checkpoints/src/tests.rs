//! Blocks that prove much, little and nothing.

use crate::{self as pallet_checkpoints, Error, Items, LatestRoot, Pallet, Roots};
use frame_support::{
    assert_noop, assert_ok, derive_impl,
    traits::{ConstU32, ConstU64, Hooks},
};
use smartlink_primitives::{
    merkle,
    receipt::{checkpoint_leaf, ItemKind},
    traits::Witness,
    H256,
};
use sp_runtime::BuildStorage;

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

impl pallet_checkpoints::Config for Test {
    type MaxItems = ConstU32<8>;
    type RootRetention = ConstU64<10>;
}

fn block(number: u64, run: impl FnOnce()) {
    System::set_block_number(number);
    Pallet::<Test>::on_initialize(number);
    run();
    Pallet::<Test>::on_finalize(number);
    assert_ok!(Pallet::<Test>::check_invariants());
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
            for i in 0..8 {
                assert_ok!(Pallet::<Test>::note(ItemKind::Vehicle, H256::repeat_byte(i)));
            }
            assert_noop!(
                Pallet::<Test>::note(ItemKind::Vehicle, H256::repeat_byte(9)),
                Error::<Test>::BlockFull
            );
        });
        block(2, || assert!(Items::<Test>::get().is_empty()));
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
