//! Laws that hold whatever companies do.

use crate::{
    mock::*,
    tests::{collected, paid, transact, used, BYTES},
    Allowance, Usage,
};
use frame_support::assert_ok;
use proptest::prelude::*;
use smartlink_primitives::CompanyId;

/// Somebody, and the company on which she draws.
const PEOPLE: [(u64, Option<CompanyId>); 3] =
    [(SWIFT_ADMIN, Some(SWIFT)), (OXCART_ADMIN, Some(OXCART)), (STRANGER, None)];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Each fee is paid once, by the allowance or in money; money goes where it went before; no
    /// company touches another's allowance; nobody uses more than there is.
    #[test]
    fn every_fee_is_paid_once(
        steps in proptest::collection::vec(
            (0usize..3, 0u64..900, 0u64..100, 0u64..20, 0u64..8),
            1..60,
        ),
    ) {
        on_chain(|| {
            let issuance = Balances::total_issuance();
            for (place, time, unused, tip, blocks) in steps {
                System::set_block_number(System::block_number() + blocks);
                let (who, company) = PEOPLE[place];
                let before = [SWIFT, OXCART].map(used);
                let money = PEOPLE.map(|(who, _)| paid(who));
                let (held, actual) = (collected(), time.saturating_sub(unused));
                let room = company.is_some_and(|company| {
                    Allowances::left(company).0 >= u128::from(time + BYTES)
                });
                assert_ok!(transact(who, time, actual, tip));

                let fee = actual + BYTES;
                let in_money = if room { tip } else { fee + tip };
                assert_eq!(collected() - held, in_money);
                for (index, (other, _)) in PEOPLE.into_iter().enumerate() {
                    let pays = if other == who { in_money } else { 0 };
                    assert_eq!(paid(other) - money[index], pays);
                }
                for (index, other) in [SWIFT, OXCART].into_iter().enumerate() {
                    let drawn = if room && company == Some(other) { fee } else { 0 };
                    assert_eq!(used(other), before[index] + u128::from(drawn));
                    assert!(used(other) <= Max::get());
                }
                assert_eq!(Balances::total_issuance(), issuance);
            }
        });
    }

    /// What is used only falls while nothing is drawn, and is zero after as many blocks as it takes.
    #[test]
    fn recovery_is_monotone_and_ends(
        used in 0u128..100_000,
        recovery_per_block in 1u128..5_000,
        start in 0u64..1_000_000,
    ) {
        let allowance = Allowance { max: 100_000, recovery_per_block };
        let usage = Usage { used, at_block: start, total: used };
        let blocks = u64::try_from(used.div_ceil(recovery_per_block)).expect("it is small");
        let mut last = used;
        for passed in 0..=blocks.min(2_000) {
            let now = usage.at(start + passed, &allowance).used;
            prop_assert!(now <= last);
            // Looking at it on the way changes nothing.
            let halfway = usage.at(start + passed / 2, &allowance);
            prop_assert_eq!(halfway.at(start + passed, &allowance).used, now);
            last = now;
        }
        prop_assert_eq!(usage.at(start + blocks, &allowance).used, 0);
        if blocks > 0 {
            prop_assert!(usage.at(start + blocks - 1, &allowance).used > 0);
        }
    }

    /// Nothing overflows, whatever numbers the council and the clock give.
    #[test]
    fn usage_is_within_the_allowance_for_all_numbers(
        (used, fee, max, recovery_per_block) in any::<(u128, u128, u128, u128)>(),
        (at_block, now) in any::<(u64, u64)>(),
    ) {
        let allowance = Allowance { max, recovery_per_block };
        let usage = Usage { used, at_block, total: used };
        let later = usage.at(now, &allowance);
        prop_assert!(later.used <= max && later.used <= used);
        prop_assert_eq!(later.at_block, now);
        let drawn = later.drawn(fee);
        prop_assert!(drawn.used >= later.used && drawn.used <= drawn.total);
        let back = drawn.returned(fee);
        prop_assert!(back.used <= drawn.used && back.used <= back.total);
    }
}
