//! The shapes of geofences.
//!
//! Whether a place is in a polygon is decided in integers, exactly, by counting the edges to its east: it is inside when
//! their number is odd, so that holes are holes and the parts of a multi-polygon do not matter. Edges are kept in bands of
//! latitude, of which one is looked at. How near a border is, and circles and corridors, is computed in metres.

use crate::analysis::geometry::{cosine, Place, METRES_PER_E6};

/// The most vertices of one fence.
pub const MOST_VERTICES: usize = 100_000;

/// Where a fence is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Polygons, with their holes: rings, each without the repeated last vertex.
    Polygons {
        /// For each polygon the outer ring, then its holes.
        polygons: Vec<Vec<Vec<Place>>>,
        /// Its edges, to look at.
        edges: Edges,
    },
    /// Everything within some metres of a place.
    Circle {
        /// The place.
        centre: Place,
        /// The metres.
        radius_m: u32,
    },
    /// Everything within some metres of a line.
    Corridor {
        /// The line.
        line: Vec<Place>,
        /// The metres, to either side.
        reach_m: u32,
    },
}

/// Edges by bands of latitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Edges {
    south: i32,
    /// The height of a band, in 10⁻⁶ degrees.
    height: i32,
    /// Where each band begins in `edges`, and where the last ends.
    starts: Vec<u32>,
    edges: Vec<(Place, Place)>,
}

/// South, north, west and east.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub south: i32,
    pub north: i32,
    pub west: i32,
    pub east: i32,
}

impl Bounds {
    pub(crate) fn of<'a>(places: impl IntoIterator<Item = &'a Place>) -> Self {
        let none = Self { south: i32::MAX, north: i32::MIN, west: i32::MAX, east: i32::MIN };
        places.into_iter().fold(none, |bounds, place| Self {
            south: bounds.south.min(place.latitude),
            north: bounds.north.max(place.latitude),
            west: bounds.west.min(place.longitude),
            east: bounds.east.max(place.longitude),
        })
    }

    /// With so many metres around it.
    pub(crate) fn widened(self, metres: u32) -> Self {
        let tall = f64::from(metres) / METRES_PER_E6 + 1.0;
        let farthest = i64::from(self.south.unsigned_abs().max(self.north.unsigned_abs()));
        let wide = tall / cosine((farthest + tall as i64).min(89_000_000)).max(0.01);
        // Places lie within 180 million, what is added within a few million: bounded here in any case.
        let (tall, wide) = (tall.min(9e7) as i32, wide.min(1.8e8) as i32);
        Self {
            south: (self.south - tall).max(-90_000_000),
            north: (self.north + tall).min(90_000_000),
            west: (self.west - wide).max(-180_000_000),
            east: (self.east + wide).min(180_000_000),
        }
    }
}

impl Shape {
    /// Polygons of rings that were checked: at least three vertices each, not closed by a repeated one.
    pub(crate) fn polygons(polygons: Vec<Vec<Vec<Place>>>) -> Self {
        let edges = Edges::of(polygons.iter().flatten());
        Self::Polygons { polygons, edges }
    }

    /// Whether a place is inside.
    pub fn contains(&self, place: Place) -> bool {
        match self {
            Self::Polygons { edges, .. } => edges.contain(place),
            Self::Circle { centre, radius_m } => centre.metres_to(place) <= f64::from(*radius_m),
            Self::Corridor { line, reach_m } => {
                line_metres(line, place, f64::from(*reach_m)) <= f64::from(*reach_m)
            }
        }
    }

    /// Whether the border is within so many metres of a place.
    pub fn is_near_border(&self, place: Place, metres: f64) -> bool {
        match self {
            Self::Polygons { edges, .. } => edges.are_near(place, metres),
            Self::Circle { centre, radius_m } => {
                (centre.metres_to(place) - f64::from(*radius_m)).abs() <= metres
            }
            Self::Corridor { line, reach_m } => {
                let reach = f64::from(*reach_m);
                (line_metres(line, place, reach + metres) - reach).abs() <= metres
            }
        }
    }

    pub(crate) fn bounds(&self) -> Bounds {
        match self {
            Self::Polygons { polygons, .. } => Bounds::of(polygons.iter().flatten().flatten()),
            Self::Circle { centre, radius_m } => Bounds::of([centre]).widened(*radius_m),
            Self::Corridor { line, reach_m } => Bounds::of(line).widened(*reach_m),
        }
    }

    /// Boxes that cover its border. What lies in none of them is inside or outside as a whole.
    pub(crate) fn border(&self) -> Vec<Bounds> {
        match self {
            Self::Polygons { polygons, .. } => {
                let rings = polygons.iter().flatten();
                rings.flat_map(|ring| edges_of(ring)).map(|(a, b)| Bounds::of([&a, &b])).collect()
            }
            Self::Circle { .. } => vec![self.bounds()],
            Self::Corridor { line, reach_m } => {
                line.windows(2).map(|pair| Bounds::of(pair).widened(*reach_m)).collect()
            }
        }
    }
}

fn edges_of(ring: &[Place]) -> impl Iterator<Item = (Place, Place)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

impl Edges {
    fn of<'a>(rings: impl Iterator<Item = &'a Vec<Place>>) -> Self {
        let all: Vec<_> = rings.flat_map(|ring| edges_of(ring)).collect();
        let bounds = Bounds::of(all.iter().map(|(a, _)| a));
        // A band holds about eight edges when they are short, so that the lists stay as long as the edges are many.
        let bands = i64::try_from(all.len() / 8).unwrap_or(0).clamp(1, 8_192);
        let tall = i64::from(bounds.north) - i64::from(bounds.south);
        // At most 180 million.
        let height = (tall / bands + 1) as i32;
        let band = |latitude: i32| ((latitude - bounds.south) / height) as usize;
        let spans: Vec<_> = all
            .iter()
            .map(|(a, b)| band(a.latitude.min(b.latitude))..=band(a.latitude.max(b.latitude)))
            .collect();
        let mut counts = vec![0_u32; band(bounds.north.max(bounds.south)) + 2];
        for span in &spans {
            span.clone().for_each(|band| counts[band + 1] += 1);
        }
        let mut starts = counts;
        for band in 1..starts.len() {
            starts[band] += starts[band - 1];
        }
        let mut next = starts.clone();
        let nothing = (Place::default(), Place::default());
        let mut edges = vec![nothing; *starts.last().unwrap_or(&0) as usize];
        for (edge, span) in all.into_iter().zip(spans) {
            for band in span {
                edges[next[band] as usize] = edge;
                next[band] += 1;
            }
        }
        Self { south: bounds.south, height, starts, edges }
    }

    fn band(&self, latitude: i32) -> Option<&[(Place, Place)]> {
        let above = i64::from(latitude) - i64::from(self.south);
        let band = usize::try_from(above).ok()? / self.height.unsigned_abs() as usize;
        let (start, end) = (*self.starts.get(band)?, *self.starts.get(band + 1)?);
        self.edges.get(start as usize..end as usize)
    }

    fn contain(&self, place: Place) -> bool {
        let Some(edges) = self.band(place.latitude) else { return false };
        let mut inside = false;
        for (a, b) in edges {
            if (a.latitude > place.latitude) == (b.latitude > place.latitude) {
                continue;
            }
            // Where the edge crosses the latitude, against the place. Differences are below 3.6e8, products below 1.3e17.
            let difference = |x: i32, y: i32| i64::from(x) - i64::from(y);
            let left =
                difference(b.longitude, a.longitude) * difference(place.latitude, a.latitude);
            let right =
                difference(place.longitude, a.longitude) * difference(b.latitude, a.latitude);
            let east = if b.latitude > a.latitude { left > right } else { left < right };
            inside ^= east;
        }
        inside
    }

    fn are_near(&self, place: Place, metres: f64) -> bool {
        // At most a kilometre and what rules allow, in 10⁻⁶ degrees.
        let span = (metres / METRES_PER_E6) as i32 + 1;
        let bounds = Bounds::of([&place]).widened(metres as u32 + 1);
        let mut latitude = place.latitude.saturating_sub(span);
        let last = place.latitude.saturating_add(span);
        loop {
            for (a, b) in self.band(latitude).unwrap_or(&[]) {
                let edge = Bounds::of([a, b]);
                let apart = edge.south > bounds.north
                    || edge.north < bounds.south
                    || edge.west > bounds.east
                    || edge.east < bounds.west;
                if !apart && segment_metres(*a, *b, place) <= metres {
                    return true;
                }
            }
            if latitude == last {
                return false;
            }
            latitude = latitude.saturating_add(self.height).min(last);
        }
    }
}

/// Metres from a place to a segment, in the plane around the place.
fn segment_metres(a: Place, b: Place, place: Place) -> f64 {
    let (ay, ax) = place.offset_to(a);
    let (by, bx) = place.offset_to(b);
    let (dy, dx) = (by - ay, bx - ax);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (y, x) = (ay + along * dy, ax + along * dx);
    (x * x + y * y).sqrt()
}

/// Metres from a place to a line. What is farther than `reach` from a segment's box is not computed.
fn line_metres(line: &[Place], place: Place, reach: f64) -> f64 {
    let bounds = Bounds::of([&place]).widened(reach as u32 + 1);
    let near = |a: &Place, b: &Place| {
        let segment = Bounds::of([a, b]);
        segment.south <= bounds.north
            && segment.north >= bounds.south
            && segment.west <= bounds.east
            && segment.east >= bounds.west
    };
    let segments = line.windows(2).filter(|pair| near(&pair[0], &pair[1]));
    segments.map(|pair| segment_metres(pair[0], pair[1], place)).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(latitude: i32, longitude: i32) -> Place {
        Place { latitude, longitude }
    }

    fn square(south: i32, west: i32, side: i32) -> Vec<Place> {
        vec![
            place(south, west),
            place(south, west + side),
            place(south + side, west + side),
            place(south + side, west),
        ]
    }

    #[test]
    fn a_hole_is_outside_and_an_island_in_it_inside() {
        let shape = Shape::polygons(vec![
            vec![square(0, 0, 10_000), square(2_000, 2_000, 6_000)],
            vec![square(4_000, 4_000, 2_000)],
        ]);
        assert!(shape.contains(place(1_000, 1_000)));
        assert!(!shape.contains(place(3_000, 3_000)));
        assert!(shape.contains(place(5_000, 5_000)));
        assert!(!shape.contains(place(11_000, 5_000)));
        assert!(!shape.contains(place(-1, 5_000)));
    }

    #[test]
    fn borders_are_near_by_metres() {
        let shape = Shape::polygons(vec![vec![square(22_000_000, 114_000_000, 10_000)]]);
        // 300 millionths are 33 m to the north, and 31 m to the east there.
        assert!(shape.is_near_border(place(22_000_300, 114_005_000), 34.0));
        assert!(!shape.is_near_border(place(22_000_300, 114_005_000), 33.0));
        assert!(shape.is_near_border(place(22_005_000, 113_999_700), 31.0));
        assert!(!shape.is_near_border(place(22_005_000, 113_999_700), 30.0));
    }

    #[test]
    fn circles_and_corridors_reach_as_far_as_they_say() {
        let circle = Shape::Circle { centre: place(22_000_000, 114_000_000), radius_m: 100 };
        assert!(circle.contains(place(22_000_890, 114_000_000)));
        assert!(!circle.contains(place(22_000_910, 114_000_000)));
        let line = vec![
            place(22_000_000, 114_000_000),
            place(22_000_000, 114_010_000),
            place(22_010_000, 114_010_000),
        ];
        let corridor = Shape::Corridor { line, reach_m: 50 };
        assert!(corridor.contains(place(22_000_440, 114_005_000)));
        assert!(!corridor.contains(place(22_000_460, 114_005_000)));
        assert!(corridor.contains(place(22_005_000, 114_010_400)));
        assert!(!corridor.contains(place(22_005_000, 114_005_000)));
    }

    proptest! {
        /// Bands find what looking at every edge finds.
        #[test]
        fn bands_lose_no_edge(
            ring in proptest::collection::vec((-50_000..50_000i32, -50_000..50_000i32), 3..60),
            latitude in -60_000..60_000i32, longitude in -60_000..60_000i32,
        ) {
            let ring: Vec<_> = ring.into_iter().map(|(a, b)| place(a, b)).collect();
            let here = place(latitude, longitude);
            let every = Edges {
                south: -90_000_000,
                height: i32::MAX,
                starts: vec![0, ring.len() as u32],
                edges: edges_of(&ring).collect(),
            };
            let shape = Shape::polygons(vec![vec![ring]]);
            let Shape::Polygons { edges, .. } = &shape else { unreachable!() };
            prop_assert_eq!(edges.contain(here), every.contain(here));
            for metres in [10.0, 500.0] {
                prop_assert_eq!(edges.are_near(here, metres), every.are_near(here, metres));
            }
            let bounds = shape.bounds();
            let within = (bounds.south..=bounds.north).contains(&latitude)
                && (bounds.west..=bounds.east).contains(&longitude);
            prop_assert!(!shape.contains(here) || within);
        }
    }
}
