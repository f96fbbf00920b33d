//! Where orders and vehicles are.

use std::{fs::File, path::Path};

use crate::{prng::SplitMix, Error};

/// The mean radius of the Earth (IUGG), in metres.
const EARTH_M: f64 = 6_371_008.8;
/// The speed of a vehicle on its way to a rider: 30 km/h.
const METRES_A_SECOND: f64 = 30.0 / 3.6;
/// From west to east and from south to north, in degrees: the city of Wuxi. Taxis that drove elsewhere
/// are left out.
const WUXI: [f64; 4] = [119.5, 120.7, 31.0, 32.1];
/// The same of the made-up city, 20 km wide.
const MADE_UP: [f64; 4] = [113.9, 114.1, 22.5, 22.7];
/// Places of the made-up city.
const MADE_UP_PLACES: u32 = 40_000;

/// A place on the Earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    longitude: f64,
    latitude: f64,
}

impl Place {
    /// Thousandths of a second for the great circle to another place.
    pub(super) fn drive_ms(&self, other: &Self) -> i64 {
        let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
        let (north, east) =
            (half(self.latitude, other.latitude), half(self.longitude, other.longitude));
        let across = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let metres = 2.0 * EARTH_M * (north + across * east).sqrt().min(1.0).asin();
        // Half the Earth's circumference takes 2.4 * 10^9.
        (metres * 1_000.0 / METRES_A_SECOND).round() as i64
    }

    /// Sorts places of one city by their distance, quickly: the square of it on a flat map.
    pub(super) fn nearness(&self, other: &Self) -> f64 {
        // The cosine of Wuxi's latitude; in the made-up city it bends the map a little.
        let east = 0.853 * (self.longitude - other.longitude);
        let north = self.latitude - other.latitude;
        east * east + north * north
    }
}

/// Places to draw from.
pub(super) struct City {
    /// What it is.
    pub(super) title: String,
    places: Vec<Place>,
}

impl City {
    /// The city of the file, if one is given, and a made-up one.
    pub(super) fn all(positions: Option<&Path>) -> Result<Vec<Self>, Error> {
        let mut cities = Vec::new();
        if let Some(file) = positions {
            let places = read(file)?;
            if places.is_empty() {
                return Err(Error::Asked(format!("{} has no position in Wuxi", file.display())));
            }
            cities.push(Self { title: "taxis of Wuxi".to_owned(), places });
        }
        let mut numbers = SplitMix::new(1);
        let mut between = |from: f64, to: f64| {
            // 32 bits fit into a float.
            from + (to - from) * f64::from(numbers.below(u32::MAX)) / f64::from(u32::MAX)
        };
        let [west, east, south, north] = MADE_UP;
        let mut place =
            |_| Place { longitude: between(west, east), latitude: between(south, north) };
        let places = (0..MADE_UP_PLACES).map(&mut place).collect();
        cities.push(Self { title: "a made-up city".to_owned(), places });
        Ok(cities)
    }

    /// So many places of the city, some perhaps twice.
    pub(super) fn draw(&self, numbers: &mut SplitMix, count: u32) -> Vec<Place> {
        let places = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        (0..count).map(|_| self.places[numbers.below(places) as usize]).collect()
    }
}

/// The positions of a CSV file that lie in the city.
fn read(file: &Path) -> Result<Vec<Place>, Error> {
    let asked = |problem: String| Error::Asked(format!("{}: {problem}", file.display()));
    let open =
        File::open(file).map_err(|source| Error::Io { what: "opening positions", source })?;
    let mut reader = csv::Reader::from_reader(open);
    let header = reader.headers().map_err(|error| asked(error.to_string()))?;
    let column = |name: &str| {
        let place = header.iter().position(|cell| cell.trim() == name);
        place.ok_or_else(|| asked(format!("there is no column '{name}'")))
    };
    let (longitude, latitude) = (column("longitude")?, column("latitude")?);
    let mut places = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| asked(error.to_string()))?;
        let degrees = |column: usize| -> Result<f64, Error> {
            let cell = record.get(column).unwrap_or_default();
            cell.trim().parse().map_err(|_| asked(format!("'{cell}' is no number of degrees")))
        };
        let place = Place { longitude: degrees(longitude)?, latitude: degrees(latitude)? };
        let [west, east, south, north] = WUXI;
        if (west..east).contains(&place.longitude) && (south..north).contains(&place.latitude) {
            places.push(place);
        }
    }
    Ok(places)
}
