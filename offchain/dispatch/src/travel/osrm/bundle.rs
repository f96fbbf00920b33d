//! Packs journeys into requests of a bounded number of coordinates. Neighbouring orders have candidates in
//! common, so one table answers for several of them.

use std::collections::HashMap;

use super::Journey;
use crate::geo::Point;

/// What one request asks for.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    pub(super) sources: Vec<Point>,
    pub(super) destinations: Vec<Point>,
    pub(super) pairs: Vec<Pair>,
}

/// Which cell of the table answers which journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) journey: usize,
    pub(super) source: usize,
    pub(super) destination: usize,
}

/// The indices of the places that a bundle has already.
#[derive(Default)]
struct Known {
    sources: HashMap<(i32, i32), usize>,
    destinations: HashMap<(i32, i32), usize>,
}

impl Known {
    fn more(&self, journey: &Journey) -> usize {
        usize::from(!self.sources.contains_key(&key(&journey.from)))
            + usize::from(!self.destinations.contains_key(&key(&journey.to)))
    }
}

fn key(point: &Point) -> (i32, i32) {
    (point.latitude_e6(), point.longitude_e6())
}

fn index(places: &mut Vec<Point>, known: &mut HashMap<(i32, i32), usize>, place: &Point) -> usize {
    *known.entry(key(place)).or_insert_with(|| {
        places.push(*place);
        places.len() - 1
    })
}

/// Bundles of at most `coordinates` places each, 2 at least, that hold every journey once. Orders are packed from north
/// to south.
pub(super) fn bundles(journeys: &[Journey], coordinates: usize) -> Vec<Bundle> {
    let mut order: Vec<usize> = (0..journeys.len()).collect();
    order.sort_by_key(|place| {
        let to = &journeys[*place].to;
        // Bands of a kilometre or so, so that neighbours to the east follow each other.
        (to.latitude_e6() / 10_000, to.longitude_e6(), to.latitude_e6(), *place)
    });
    let mut all: Vec<Bundle> = Vec::new();
    let mut known = Known::default();
    for place in order {
        let journey = &journeys[place];
        let fits = all.last().is_some_and(|bundle| {
            let places = bundle.sources.len() + bundle.destinations.len();
            places + known.more(journey) <= coordinates.max(2)
        });
        if !fits {
            all.push(Bundle::default());
            known = Known::default();
        }
        if let Some(bundle) = all.last_mut() {
            let source = index(&mut bundle.sources, &mut known.sources, &journey.from);
            let destination = index(&mut bundle.destinations, &mut known.destinations, &journey.to);
            bundle.pairs.push(Pair { journey: place, source, destination });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_journey_is_asked_for_once_within_the_bound(
            ends in prop::collection::vec((0..20_i32, 0..20_i32), 0..80), coordinates in 2_usize..30,
        ) {
            let point = |n: i32| Point::new(22_000_000 + n * 5_000, 114_000_000 - n * 1_000).unwrap();
            let journeys: Vec<Journey> =
                ends.iter().map(|(from, to)| Journey { from: point(*from), to: point(*to) }).collect();
            let mut asked = Vec::new();
            for bundle in bundles(&journeys, coordinates) {
                prop_assert!(bundle.sources.len() + bundle.destinations.len() <= coordinates);
                for pair in &bundle.pairs {
                    prop_assert_eq!(bundle.sources[pair.source], journeys[pair.journey].from);
                    prop_assert_eq!(bundle.destinations[pair.destination], journeys[pair.journey].to);
                    asked.push(pair.journey);
                }
            }
            asked.sort_unstable();
            prop_assert_eq!(asked, (0..journeys.len()).collect::<Vec<_>>());
        }
    }
}
