//! What holds for every market.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use proptest::prelude::*;
use smartlink_dispatch::{
    class::{upgrade_steps, VehicleClass},
    config::DispatchConfig,
    engine::Tick,
    market::{DriverNews, OrderNews, Phase},
    policy::Policy,
    travel::{Legs, Source},
    DispatchEngine,
};
use support::*;

#[derive(Clone, Debug)]
struct Market {
    orders: Vec<OrderNews>,
    drivers: Vec<(DriverNews, smartlink_dispatch::geo::Point, u64)>,
}

fn class() -> impl Strategy<Value = VehicleClass> {
    use VehicleClass::*;
    prop_oneof![4 => Just(Economy), 2 => Just(Comfort), 1 => Just(Premium), 1 => Just(Van)]
}

fn market() -> impl Strategy<Value = Market> {
    let spot = || (-6_000..6_000, -6_000..6_000).prop_map(|(east, north)| place(east, north));
    let one_order = (spot(), class(), prop::collection::vec(1_u32..30, 0..4), 0_u64..400, 0..8_u32);
    let orders = prop::collection::vec(one_order, 0..25);
    let drivers = prop::collection::vec((spot(), class(), 0_u64..60, any::<bool>()), 0..30);
    (orders, drivers).prop_map(|(orders, drivers)| Market {
        orders: (1..)
            .zip(orders)
            .map(|(id, (pickup, class, excluded, age_s, kind))| OrderNews {
                class,
                excluded,
                at_ms: NOW_MS - age_s * 1_000,
                phase: if kind == 0 { Phase::Riding } else { Phase::Searching },
                // A rider of a driver of her own.
                driver: (kind == 0).then_some(u32::try_from(id).unwrap()),
                pickup_at_ms: (kind == 1).then_some(NOW_MS + 300_000),
                ..order(id, pickup)
            })
            .collect(),
        drivers: (1..)
            .zip(drivers)
            .map(|(id, (at, class, age_s, on_duty))| {
                let news = DriverNews { class, on_duty, ..driver(id) };
                (news, at, NOW_MS - age_s * 1_000)
            })
            .collect(),
    })
}

fn filled(market: &Market, policy: Policy, backwards: bool) -> DispatchEngine {
    let mut engine = DispatchEngine::new(DispatchConfig { policy, ..Default::default() }).unwrap();
    let mut orders = market.orders.clone();
    let mut drivers = market.drivers.clone();
    if backwards {
        orders.reverse();
        drivers.reverse();
    }
    orders.into_iter().for_each(|order| assert!(engine.order(order)));
    for (news, at, at_ms) in drivers {
        let id = news.driver;
        engine.driver(news);
        engine.report(position(id, at, at_ms), NOW_MS);
    }
    engine
}

/// What no tick may do, whatever the policy.
fn check(market: &Market, tick: &Tick) -> Result<(), TestCaseError> {
    let mut drivers = HashSet::new();
    let mut orders = HashSet::new();
    for offer in &tick.offers {
        prop_assert!(drivers.insert(offer.driver), "driver {} twice", offer.driver);
        prop_assert!(orders.insert(offer.order), "order {} twice", offer.order);
        let order = market.orders.iter().find(|order| order.order == offer.order).unwrap();
        let (driver, _, at_ms) =
            market.drivers.iter().find(|(news, ..)| news.driver == offer.driver).unwrap();
        prop_assert!(!order.excluded.contains(&offer.driver));
        prop_assert!(upgrade_steps(order.class, driver.class).is_some());
        prop_assert!(driver.on_duty && NOW_MS - at_ms <= 30_000);
        prop_assert_eq!(order.phase, Phase::Searching);
    }
    for decision in &tick.decisions {
        let chosen: Vec<u32> = decision
            .candidates
            .iter()
            .filter(|candidate| candidate.binding.is_none())
            .map(|candidate| candidate.driver)
            .collect();
        let offer = tick.offers.iter().find(|offer| offer.order == decision.order);
        prop_assert_eq!(chosen, offer.map(|offer| offer.driver).into_iter().collect::<Vec<_>>());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_driver_twice_and_nobody_who_must_not(market in market(), greedy in any::<bool>()) {
        let policy = if greedy { Policy::Greedy } else { Policy::Batch };
        let mut engine = filled(&market, policy, false);
        let first = engine.tick(NOW_MS);
        check(&market, &first)?;
        // Nothing was answered yet: neither order nor driver comes up again.
        let again = engine.tick(NOW_MS + 1_000);
        for offer in &again.offers {
            prop_assert!(first.offers.iter().all(|one| one.order != offer.order && one.driver != offer.driver));
        }
    }

    /// Not even the order in which news arrives matters.
    #[test]
    fn the_same_input_gives_the_same_offers(market in market()) {
        let mut one = filled(&market, Policy::Batch, false);
        let mut other = filled(&market, Policy::Batch, true);
        for second in 0..3 {
            let now_ms = NOW_MS + second * 1_000;
            prop_assert_eq!(one.tick(now_ms), other.tick(now_ms));
        }
    }

    /// Roads that agree with the great circle change nothing, whoever is asked.
    #[test]
    fn legs_from_outside_are_taken_in_the_order_of_the_journeys(market in market()) {
        let mut one = filled(&market, Policy::Batch, false);
        let mut other = one.clone();
        let plan = one.plan(NOW_MS);
        let roads = smartlink_dispatch::travel::GreatCircle { detour_permille: 1_350, speed_m_per_h: 26_000 };
        let legs = Legs { legs: roads.all(&plan.journeys()), source: Source::Osrm, note: None };
        let verdict = plan.decide(Some(legs));
        prop_assert_eq!(one.commit(verdict, NOW_MS), other.tick(NOW_MS));
    }

    /// The batch is never dearer than what greedy makes of the same market, where both serve all.
    #[test]
    fn a_batch_costs_no_more_than_greedy(market in market()) {
        let waits = i64::from(DispatchConfig::default().cost.unassigned_s) * 1_000;
        let serve = |policy| {
            let mut engine = filled(&market, policy, false);
            let tick = engine.tick(NOW_MS);
            let cost = tick.decisions.iter().map(|decision| {
                let chosen = decision.candidates.iter().find(|one| one.binding.is_none());
                chosen.map_or(waits, |chosen| chosen.cost.unwrap().total())
            });
            cost.sum::<i64>()
        };
        prop_assert!(serve(Policy::Batch) <= serve(Policy::Greedy));
    }
}
